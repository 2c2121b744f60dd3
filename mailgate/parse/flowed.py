"""format=flowed text back to whole paragraphs (RFC 3676)."""

_SIGNATURE = "-- "


def unflow(text: str, delsp: bool) -> str:  # noqa: FBT001
    """Join the soft-broken lines of a `format=flowed` body; quote depth stays as leading `>` marks.

    `delsp` is the DelSp parameter: the space before the soft break goes with it (RFC 3676 §4.1). Linear time.
    """
    out: list[str] = []
    joined: list[str] = []
    depth = 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        level = len(line) - len(body)
        content = body.removeprefix(" ")
        if joined and (level != depth or content == _SIGNATURE):
            out.append(_finish(depth, joined))
            joined = []
        depth = level
        soft = content.endswith(" ") and content != _SIGNATURE
        joined.append(content[:-1] if soft and delsp else content)
        if not soft:
            out.append(_finish(depth, joined))
            joined = []
    if joined:
        out.append(_finish(depth, joined))
    return "\n".join(out)


def _finish(depth: int, pieces: list[str]) -> str:
    line = "".join(pieces)
    if not depth:
        return line
    return ">" * depth + (" " + line if line else "")
