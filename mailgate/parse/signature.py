"""Signatures: what stands at the end of the new text and only says who wrote it, on what, and what lawyers add.

Conservative: a line is a signature only where a mark ("-- "), a closing ("Mit freundlichen Grüßen"), contact data or a
name on the last line speak for it, and new text is left above. Looks at the last hundred lines of each part.
"""

from mailgate.parse.quote import Split, Tag
from mailgate.parse.quote_line import Line, is_rule
from mailgate.parse.signature_lines import (
    closes,
    is_contact,
    is_delimiter,
    is_farewell,
    is_name,
    is_name_first,
    is_note,
    is_note_heading,
    is_signature_like,
    is_signed_dash,
    is_signer,
    is_text,
    is_title,
    is_wish,
    strong_contacts,
    thanks,
    thanks_and_name,
    title_cut,
)
from mailgate.parse.signature_marks import is_sent_from

_MAX_LINES = 100
_MAX_MARKED = 60
_MAX_BLOCK = 15


def tag_signature(split: Split, marked: frozenset[int] = frozenset()) -> None:
    """Tag the signature lines of a split body. `marked` are the lines where the HTML says that a signature starts."""
    parts = _parts(split)
    final = True
    for place, part in reversed(list(enumerate(parts))):
        lines = [split.lines[index] for index in part]
        start = _start(lines, {at for at, index in enumerate(part) if index in marked}, final=final, first=place == 0)
        for index in part[start:]:
            split.tags[index] = Tag.SIGNATURE
        # Below the quote stands only what a mailing list or a scanner adds: the author has ended above it.
        final = final and not any(line.says for line in lines[:start])


def _parts(split: Split) -> list[list[int]]:
    """The runs of new lines between quotes that say something."""
    parts: list[list[int]] = [[]]
    for index, tag in enumerate(split.tags):
        if tag is Tag.NEW:
            parts[-1].append(index)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if any(split.lines[index].says for index in part)]


def _start(lines: list[Line], marked: set[int], *, final: bool, first: bool) -> int:
    """Where the signature starts, or the number of lines where there is none."""
    end = len(lines)
    while end and not lines[end - 1].says:
        end -= 1
    floor = max(end - _MAX_LINES, 0)
    start = _delimited(lines, floor, end, marked)
    start = min(start, _trailing(lines, floor, start))
    if final or first:
        start = _signed(lines, floor, start, below=start < end)
    if final and start == end:
        start = _named(lines, floor, end)
    return start if start < end else len(lines)


def _delimited(lines: list[Line], floor: int, end: int, marked: set[int]) -> int:
    """The line "-- " (RFC 3676 §4.3), a mark of the HTML, or a ruling line above contact data."""
    for at in range(floor, end):
        if at in marked and end - at <= _MAX_MARKED:
            return at
        if is_delimiter(lines[at].raw) and _said(lines, at + 1, end) <= _MAX_MARKED:
            return at
        if is_rule(lines[at].says) and at + 1 < end and _is_block(lines, at + 1, end):
            return at
    return end


def _trailing(lines: list[Line], floor: int, end: int) -> int:
    """Phone marks and notes, paragraph by paragraph upwards."""
    start = end
    while start > floor:
        top, bottom = _paragraph(lines, floor, start)
        said = [line.says for line in lines[top:bottom]]
        note = top < bottom and top > floor and (is_note_heading(said[0]) or is_note(" ".join(said)))
        if top == bottom or not (note or is_sent_from(said[-1])):
            break
        if not note:
            top = bottom - 1
            while top > floor and (is_sent_from(lines[top - 1].says) or is_rule(lines[top - 1].says)):
                top -= 1
            start = top
            break
        start = top
    heading_at = next((at for at in range(floor, start) if is_note_heading(lines[at].says)), start)
    return min(start, heading_at)


def _signed(lines: list[Line], floor: int, end: int, *, below: bool) -> int:
    """A closing with a name, or contact data, above what is known to be signature."""
    bottom = end
    while bottom > floor and not lines[bottom - 1].says:
        bottom -= 1
    start = end
    block = _contact_block(lines, floor, bottom)
    if block < bottom and (_said(lines, floor, block) or below):
        start = block
    closing = _closing(lines, floor, bottom)
    if closing < bottom:
        start = min(start, closing)
    alone = bottom - 1 >= floor and _is_alone(lines, bottom - 1) and _written(lines, bottom - 1)
    if start == end and below and alone:
        last = lines[bottom - 1].says
        start = bottom - 1 if is_name(last) or is_signed_dash(last) else end
    return start


def _closing(lines: list[Line], floor: int, bottom: int) -> int:
    """The last closing below which all looks like a signature."""
    below = 0
    for at in range(bottom - 1, floor - 1, -1):
        says = lines[at].says
        if not says:
            continue
        if thanks_and_name(says) and below <= _MAX_BLOCK and at > floor and _written(lines, at):
            return at
        if closes(says) and _written(lines, at) and (not below or _names_follow(lines, at + 1, bottom)):
            return _with_thanks(lines, floor, at)
        if below and _is_polite(lines, at) and _written(lines, at) and _names_follow(lines, at + 1, bottom):
            return at
        below += 1
        if below > _MAX_BLOCK or not is_signature_like(says):
            break
    return bottom


def _is_polite(lines: list[Line], at: int) -> bool:
    """Thanks, or a wish that a blank line does not part from the name below: such a one is said for itself."""
    says = lines[at].says
    return thanks(says) or (is_farewell(says) and (says.endswith(",") or not lines[at + 1].blank))


def _with_thanks(lines: list[Line], floor: int, at: int) -> int:
    """Thanks right above a closing belong to it where no text stands in the same paragraph."""
    above = at - 1
    while above > floor and not lines[above].says:
        above -= 1
    alone = above > floor and not lines[above - 1].says
    return (
        above if alone and thanks(lines[above].says) and len(lines[above].says) <= 30 and _written(lines, above) else at
    )


def _names_follow(lines: list[Line], start: int, bottom: int) -> bool:
    first = next((line.says for line in lines[start:bottom] if line.says), "")
    return is_signer(first) or is_contact(first) or is_rule(first) or is_signed_dash(first)


def _contact_block(lines: list[Line], floor: int, bottom: int) -> int:
    """The last paragraphs that hold only name, post and contact data."""
    start = bottom
    found = 0
    while start > floor:
        top, end = _paragraph(lines, floor, start)
        if top < end:
            top = _name_within(lines, top, end, found=bool(found))
        if top == end or not _is_block_like(lines, top, end):
            break
        said = [line.says for line in lines[top:end]]
        contacts = strong_contacts(said)
        if contacts and (is_name_first(said[0]) or contacts >= 2 or (found and is_contact(said[0]))):
            start, found = top, found + contacts
        elif found and is_name(title_cut(said[0])) and end - top <= 4:
            start = top
            break
        else:
            break
    return start if found and _written(lines, start) and not _announced(lines, start) else bottom


def _name_within(lines: list[Line], top: int, end: int, *, found: bool) -> int:
    """Where a name and its contact data start right below text, without a blank line between; else `top`."""
    for at in range(end - 1, max(top, end - _MAX_BLOCK), -1):
        says, above = lines[at].says, lines[at - 1].says
        named = is_name(title_cut(says)) and (" " in title_cut(says) or above.endswith((".", "!", "?")))
        if named and is_text(above) and not above.endswith(","):
            return at if found or strong_contacts([line.says for line in lines[at:end]]) else top
        if not is_signature_like(says):
            break
    return top


def _named(lines: list[Line], floor: int, end: int) -> int:
    """A name as the last line, below text that ends."""
    last = lines[end - 1].says
    if end - 1 <= floor or not _written(lines, end - 1):
        return _named_and_post(lines, floor, end)
    if is_signed_dash(last) and lines[end - 2].says[:1] != last[:1]:
        return end - 1
    if is_name(last) and not _announced(lines, end - 1):
        above = _above(lines, end - 1)
        if (_is_alone(lines, end - 1) and (is_text(above) or is_wish(above))) or _ends(lines[end - 2].says, last):
            return end - 1
    return _named_and_post(lines, floor, end)


def _named_and_post(lines: list[Line], floor: int, end: int) -> int:
    """Two or three short lines after a blank one: name, post, company."""
    top, bottom = _paragraph(lines, floor, end)
    size = bottom - top
    if not 2 <= size <= 3 or not _written(lines, top) or _announced(lines, top) or not is_text(_above(lines, top)):
        return end
    named = is_name(lines[top].says) and " " in lines[top].says
    return top if named and all(is_title(line.says) for line in lines[top + 1 : bottom]) else end


def _ends(above: str, last: str) -> bool:
    """The name right below a sentence, without a blank line: only one name, and not a list."""
    return above.endswith((".", "!", "?", "…")) and " " in above and " and " not in last and " und " not in last


def _above(lines: list[Line], at: int) -> str:
    """The last line above that says something."""
    return next((line.says for line in reversed(lines[:at]) if line.says), "")


def _announced(lines: list[Line], at: int) -> bool:
    """Below a colon stands what was announced, such as a new postal address, and no signature."""
    return _above(lines, at).endswith(":")


def _is_alone(lines: list[Line], at: int) -> bool:
    return at > 0 and not lines[at - 1].says


def _written(lines: list[Line], before: int) -> bool:
    """Text of more than a greeting stands above. A word with a full stop is an answer: "Passt."."""
    said = [line.says for line in lines[:before] if line.says]
    return len(said) > 1 or any(" " in says or len(says) > 12 or says.endswith(".") for says in said)


def _is_block(lines: list[Line], start: int, end: int) -> bool:
    said = [line.says for line in lines[start:end] if line.says]
    if not said or len(said) > _MAX_BLOCK or not all(is_signature_like(says) for says in said):
        return False
    return strong_contacts(said) >= 1 or is_note(" ".join(said))


def _is_block_like(lines: list[Line], top: int, end: int) -> bool:
    return end - top <= _MAX_BLOCK and all(is_signature_like(line.says) for line in lines[top:end])


def _paragraph(lines: list[Line], floor: int, end: int) -> tuple[int, int]:
    """The last lines before `end` without a blank one between."""
    while end > floor and not lines[end - 1].says:
        end -= 1
    top = end
    while top > floor and lines[top - 1].says:
        top -= 1
    return top, end


def _said(lines: list[Line], start: int, end: int) -> int:
    return sum(bool(line.says) for line in lines[start:end])
