"""Writes the generated parts of docs/: the rules, the commands, the standards. `--check` only says what differs."""

import re
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from typer.main import get_command

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mailgate.cli.main import app  # noqa: E402 - the path comes first
from mailgate.core.desk.notice import Notice, Template  # noqa: E402 - the path comes first
from mailgate.core.desk.policy import RULES  # noqa: E402 - the path comes first
from mailgate.core.mail.mail import Mailbox  # noqa: E402 - the path comes first
from mailgate.render.compose import Desk, render  # noqa: E402 - the path comes first
from mailgate.render.environment import environment  # noqa: E402 - the path comes first

DOCS = ROOT / "docs"
_PLAIN: dict[str, Any] = {"terminal_width": 80, "max_content_width": 80, "color": False}
_RFC = re.compile(r"RFC (\d{4})(?:'s)?(?: ((?:§[\d.]+\d(?:, )?|Appendix [A-Z])+))?")
_TITLES = {
    "2033": "Local Mail Transfer Protocol",
    "2034": "enhanced status codes",
    "2045": "MIME: format of bodies",
    "2046": "MIME: media types",
    "2047": "MIME: encoded words",
    "2183": "Content-Disposition",
    "2231": "MIME parameters",
    "2369": "List-* fields",
    "2822": "Internet Message Format (old)",
    "2919": "List-Id",
    "2920": "command pipelining",
    "3207": "STARTTLS",
    "3461": "DSN extension",
    "3463": "enhanced status codes",
    "3464": "delivery reports",
    "3676": "format=flowed",
    "3696": "checking of names",
    "3834": "automatic responses",
    "4226": "HOTP",
    "4648": "base32",
    "4954": "SMTP AUTH",
    "5321": "SMTP",
    "5322": "Internet Message Format",
    "5546": "iTIP",
    "5891": "IDNA2008",
    "5892": "IDNA code points",
    "5965": "feedback reports",
    "6238": "TOTP",
    "6376": "DKIM",
    "6522": "multipart/report",
    "6532": "internationalized headers",
    "6761": "special-use names",
    "7103": "handling malformed mail",
    "7208": "SPF",
    "8020": "NXDOMAIN",
    "8098": "disposition notifications",
    "8301": "DKIM keys and hashes",
    "8314": "implicit TLS",
    "8446": "TLS 1.3",
    "8463": "Ed25519 for DKIM",
    "8601": "Authentication-Results",
    "9989": "DMARC",
    "1870": "SIZE",
    "6152": "8BITMIME",
    "5234": "ABNF",
    "6854": "groups in From",
    "7489": "DMARC (old)",
    "2606": "example names",
}


_ID = re.compile(r"(?<=_)(id|th|ag|lo|bs|mb|in|sm|im|cr|ob|pr)_(\d\d)(?=_|$)")


def rules() -> str:
    """The table of RULES."""
    rows = [f"| {number} | `{rule.name}` | {rule.asks} |" for number, rule in enumerate(RULES, 1)]
    return "\n".join(["| | rule | asks |", "|---|---|---|", *rows])


def commands() -> str:
    """The help of each command, as the program prints it."""
    parts = [
        "# Commands",
        "",
        "Made from the program's own help by `python tools/docs.py`. Exit codes: 0 ok, 1 failed, 2 wrong",
        "configuration or usage, 75 try again (stdin intake).",
        "",
    ]
    nouns = _help([])
    parts += ["```", nouns, "```", ""]
    for noun in _listed(nouns):
        text = _help([noun])
        verbs = _listed(text)
        parts += [f"## mailgate {noun}", ""]
        parts += ["```", text, "```", ""] if not verbs else []
        for verb in verbs:
            parts += ["```", _help([noun, verb]), "```", ""]
    return "\n".join(parts)


def _help(words: list[str]) -> str:
    """The help that the program prints, without a process for each."""
    command: Any = get_command(app)
    context = command.make_context("mailgate", ["--help"], resilient_parsing=True, **_PLAIN)
    for word in words:
        command = command.commands[word]
        context = command.make_context(word, [], parent=context, resilient_parsing=True, **_PLAIN)
    return "\n".join(line.rstrip() for line in command.get_help(context).strip("\n").split("\n"))


def _listed(text: str) -> list[str]:
    """The commands that a help text lists."""
    _, _, listed = text.partition("Commands:")
    return re.findall(r"^  ([a-z-]+)(?:  |$)", listed, re.MULTILINE)


def standards() -> str:
    """Which RFC is followed where: read from the references in the code, so that the two cannot part."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted((ROOT / "mailgate").rglob("*.py")):
        for number, sections in _RFC.findall(path.read_text("utf-8")):
            for section in re.findall(r"§[\d.]*\d|Appendix [A-Z]", sections) or [""]:
                found[number][section].add(str(path.relative_to(ROOT / "mailgate")))
    rows = []
    for number in sorted(found, key=int):
        for section in sorted(found[number], key=_section_key):
            files = ", ".join(f"`{name}`" for name in sorted(found[number][section]))
            rows.append(f"| RFC {number} {section}".rstrip() + f" | {_TITLES.get(number, '')} | {files} |")
    head = [
        "# Standards",
        "",
        "Which section is followed in which file; made from the code by `python tools/docs.py`.",
        "",
        "| section | | files below mailgate/ |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _section_key(section: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", section)) or (0,)


def threats() -> str:
    """Which test shows what becomes of a threat: read from the names of the tests."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE):
            for kind, number in _ID.findall(name):
                found[f"{kind.upper()}-{number}"].add(f"`{path.relative_to(ROOT / 'tests')}` {name}")
    rows = [f"| {name} | {'<br>'.join(sorted(found[name]))} |" for name in sorted(found)]
    head = [
        "# Threats and the tests that show them",
        "",
        "Made from the names of the tests by `python tools/docs.py`. What the letters mean",
        'stands in docs/architecture.md, "Tests".',
        "",
        "| id | tests |",
        "|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def agents() -> str:
    """What `!help` sends, in each language that ships."""
    example = Notice(
        effect="", template=Template.HELP, to=Mailbox("", ""), language="", department="support", ticket=None,
        message_id="", auto_submitted=None, values={"departments": [], "agents": []}, agent="alex",
    )  # fmt: skip
    desk = Desk("", "example.org", "UTC", "#", "+", {"support": "support@example.org"})
    parts = ["# For people who answer mail", "", "What `!help` and `!hilfe` send, in the language of the agent."]
    for language, title in (("en", "In English"), ("de", "Auf Deutsch")):
        _, text = render(replace(example, language=language), desk, environment(None))
        parts += ["", f"## {title}", "", "```", text.rstrip("\n"), "```"]
    return "\n".join([*parts, ""])


def wanted() -> dict[Path, str]:
    """Each page with its text as it should be."""
    policy = (DOCS / "policy.md").read_text("utf-8")
    between = re.compile(r"(<!-- rules -->\n).*?(<!-- end -->)", re.DOTALL)
    return {
        DOCS / "policy.md": between.sub(lambda found: f"{found[1]}{rules()}\n{found[2]}", policy),
        DOCS / "agents.md": agents(),
        DOCS / "commands.md": commands(),
        DOCS / "standards.md": standards(),
        ROOT / "tests" / "README.md": threats(),
    }


def main() -> int:
    """Write, or with --check compare."""
    check, differs = "--check" in sys.argv[1:], 0
    for path, text in wanted().items():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        differs = 1
        print(f"{path.relative_to(ROOT)} is out of date" + ("; run python tools/docs.py" if check else ", written"))
        if not check:
            path.write_text(text, "utf-8")
    return differs if check else 0


if __name__ == "__main__":
    sys.exit(main())
