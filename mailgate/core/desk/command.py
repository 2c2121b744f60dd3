"""From the text of an agent's mail to its commands. Linear in the text; mail clients' habits are forgiven."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mailgate.core.desk.command_kinds import (
    MOST_COMMANDS,
    Ack,
    AddPeople,
    Assign,
    BadLine,
    Block,
    Close,
    Command,
    Confirm,
    Deny,
    Help,
    MarkSpam,
    Merge,
    Move,
    Note,
    OnBehalf,
    Release,
    Reopen,
    SetAccount,
    SetPriority,
    Stop,
    Take,
    Wait,
    Wrong,
)
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.address import canonical
from mailgate.core.who.request import Priority

__all__ = ["SPELLINGS", "Block", "Command", "Spelling", "is_command_line", "misplaced", "name_of", "read_block"]

_LONGEST_SHOWN = 120
_LONGEST_VALUE = 500
_LONGEST_WAIT = timedelta(days=366)
_MOST_PEOPLE = 20


class _Unreadable(ValueError):
    """A value that cannot be read, and what would be right."""

    def __init__(self, wrong: Wrong, value: str = "", hint: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.value, self.hint = wrong, value, hint


@dataclass(frozen=True, slots=True)
class Spelling:
    """A command as agents write it: its names (English first), an example of its value, and what makes it.

    `takes_text` goes on to the next blank line, for mail clients wrap long lines and half a note must not be sent.
    `takes_reason` is its line and no more: what stands right below could be an answer, which must not be lost in it.
    """

    names: tuple[str, ...]
    value: str
    make: Callable[[str], Command]
    needs_value: bool = False
    takes_text: bool = False
    takes_reason: bool = False


def _bare(command: Command) -> Callable[[str], Command]:
    def make(value: str) -> Command:
        if value:
            raise _Unreadable(Wrong.SURPLUS, value)
        return command

    return make


def _help(_: str) -> Command:
    return Help()


_UNITS = {
    "minutes": "m min mins minute minutes minuten",
    "hours": "h std hour hours stunde stunden",
    "days": "d t day days tag tage tagen",
    "weeks": "w wk week weeks woche wochen",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}


def _wait(value: str) -> Command:
    if not value:
        return Wait()
    found = re.fullmatch(r"(\d{1,4}) ?([a-z]{1,10})", value.lower())
    unit = _UNIT.get(found[2]) if found else None
    span = timedelta(**{unit: int(found[1])}) if found and unit else timedelta()
    if not timedelta() < span <= _LONGEST_WAIT:
        raise _Unreadable(Wrong.BAD_SPAN, value, "3d")
    return Wait(span)


_PRIORITIES = {
    "high": Priority.HIGH,
    "hoch": Priority.HIGH,
    "urgent": Priority.HIGH,
    "dringend": Priority.HIGH,
    "normal": Priority.NORMAL,
}


def _priority(value: str) -> Command:
    found = _PRIORITIES.get(value.lower())
    if found is None:
        raise _Unreadable(Wrong.BAD_PRIORITY, value, _nearest(value, _PRIORITIES) or "high")
    return SetPriority(found)


def _merge(value: str) -> Command:
    found = re.fullmatch(r"\[?#?(\d{1,9})\]?", value)
    if found is None:
        raise _Unreadable(Wrong.BAD_NUMBER, value, "1042")
    return Merge(int(found[1]))


def _account_number(value: str) -> str:
    number = value.removeprefix("#")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}", number):
        raise _Unreadable(Wrong.BAD_NUMBER, value, "12345")
    return number


def _people(value: str) -> Command:
    found: dict[str, Mailbox] = {}
    for piece in re.split(r"[,;]", value):
        if piece.strip():
            person = _person(piece.strip())
            found.setdefault(person.address, person)
    if not found or len(found) > _MOST_PEOPLE:
        raise _Unreadable(Wrong.BAD_ADDRESS, value, "name@example.org")
    return AddPeople(tuple(found.values()))


def _person(piece: str) -> Mailbox:
    """`a@b`, `Name <a@b>`, and `a@b<mailto:a@b>` as mail programs make text of a link."""
    name, mark, address = piece.rpartition("<")
    address = address.rstrip("> ").strip() if mark else piece
    address = address.removeprefix("mailto:").strip("'\"")
    plain = canonical(address)
    if plain is None or not plain.isascii() or any(char.isspace() or char in '"<>()[]' for char in plain):
        raise _Unreadable(Wrong.BAD_ADDRESS, piece, "name@example.org")
    return Mailbox("" if "@" in name else name.strip(" \"'"), plain)


SPELLINGS = (
    Spelling(("ack", "gesehen"), "", _bare(Ack())),
    Spelling(("take", "übernehmen", "uebernehmen"), "", _bare(Take())),
    Spelling(("assign", "zuweisen"), "NAME", Assign, needs_value=True),
    Spelling(("close", "schließen", "schliessen"), "", _bare(Close())),
    Spelling(("open", "öffnen", "oeffnen"), "", _bare(Reopen())),
    Spelling(("wait", "warten"), "3d", _wait),
    Spelling(("note", "notiz"), "TEXT", Note, takes_text=True),
    Spelling(("priority", "priorität", "prioritaet"), "high", _priority, needs_value=True),
    Spelling(("department", "abteilung"), "NAME", Move, needs_value=True),
    Spelling(("account", "konto"), "N", lambda value: SetAccount(_account_number(value)), needs_value=True),
    Spelling(("confirm", "bestätigen", "bestaetigen"), "REASON", Confirm, takes_reason=True),
    Spelling(("release", "freigeben"), "REASON", Release, needs_value=True, takes_reason=True),
    Spelling(("deny", "ablehnen"), "REASON", Deny, takes_reason=True),
    Spelling(("merge", "zusammenführen", "zusammenfuehren"), "N", _merge, needs_value=True),
    Spelling(("cc",), "ADDR", _people, needs_value=True),
    Spelling(("spam",), "", _bare(MarkSpam())),
    Spelling(("for", "für", "fuer"), "N", lambda value: OnBehalf(_account_number(value)), needs_value=True),
    Spelling(("stop",), "", _bare(Stop())),
    Spelling(("help", "hilfe"), "", _help),
)
_BY_NAME = {name.casefold(): spelling for spelling in SPELLINGS for name in spelling.names}

# Of each group a mail may hold one: they say different things about where the ticket goes.
_EXCLUSIVE = (
    (Close, Reopen, Wait, Merge, MarkSpam, Deny),
    (Confirm, Release, Deny, MarkSpam, Merge),
    (Take, Assign),
)
_REPEATABLE = (Note, AddPeople)

_MARKS = "!\u2757\u2755"  # phones make a sign of the exclamation mark
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_AROUND = " \t*_`'\"\u201e\u201c\u201d\u201a\u2018\u2019\u00ab\u00bb\u2039\u203a"


def read_block(text: str) -> Block:
    """Read the commands at the top of an agent's new text.

    Blank lines before and between commands do not matter. A note goes on to the next blank line or command; `!note`
    alone makes a note of all the rest.
    """
    reader = _Reader(text.split("\n"))
    reader.run()
    return reader.block()


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.commands: list[Command] = []
        self.typed: list[str] = []
        self.errors: list[BadLine] = []
        self.rest_is_note: str | None = None

    def run(self) -> None:
        while self.at < len(self.lines):
            line = _visible(self.lines[self.at])
            if line and not is_command_line(line):
                return
            self.at += 1
            if line:
                self._read(line)

    def block(self) -> Block:
        rest = "\n".join(self.lines[self.at :]).strip("\n")
        if self.rest_is_note is not None:
            if _visible(rest):
                self._add(Note(rest.strip()), self.rest_is_note)
            else:
                self.errors.append(BadLine(self.rest_is_note, Wrong.NO_VALUE, hint="!note TEXT"))
            rest = ""
        if len(self.commands) > MOST_COMMANDS:
            self.errors.append(BadLine(self.typed[MOST_COMMANDS], Wrong.TOO_MANY, str(MOST_COMMANDS)))
        return Block(tuple(self.commands), tuple(self.typed), rest, tuple(self.errors))

    def _read(self, line: str) -> None:
        shown = _cut(line)
        name, _, value = _words(line)
        spelling = _BY_NAME.get(_folded(name))
        if spelling is None:
            near = _nearest(_folded(name), _BY_NAME)
            self.errors.append(BadLine(shown, Wrong.UNKNOWN_COMMAND, f"!{name}"[:40], f"!{near}" if near else ""))
            return
        if spelling.takes_reason and (below := self._right_below()):
            self.errors.append(BadLine(shown, Wrong.NO_GAP, _cut(below)))
            return
        value = "\n".join([value, *self._continued()]).strip() if spelling.takes_text else _reason(value, spelling)
        if spelling.make is Note and not value:
            self._note_of_the_rest(shown)
            return
        try:
            self._add(_made(spelling, value), shown)
        except _Unreadable as error:
            self.errors.append(BadLine(shown, error.wrong, _cut(error.value), error.hint))

    def _right_below(self) -> str:
        """The next line where it is neither blank nor a command."""
        line = _visible(self.lines[self.at]) if self.at < len(self.lines) else ""
        return "" if is_command_line(line) else line

    def _continued(self) -> list[str]:
        """The lines up to the next blank one or command."""
        start = self.at
        while self.at < len(self.lines):
            line = _visible(self.lines[self.at])
            if not line or is_command_line(line):
                break
            self.at += 1
        return self.lines[start : self.at]

    def _note_of_the_rest(self, shown: str) -> None:
        if self.rest_is_note is not None:
            self.errors.append(BadLine(shown, Wrong.TWICE, "!note"))
        self.rest_is_note = shown

    def _add(self, command: Command, shown: str) -> None:
        kinds = [type(item) for item in self.commands]
        mine = type(command)
        if isinstance(command, OnBehalf) and self.commands:
            self.errors.append(BadLine(shown, Wrong.NOT_FIRST))
        elif mine in kinds and not isinstance(command, _REPEATABLE):
            self.errors.append(BadLine(shown, Wrong.TWICE, name_of(command)))
        elif other := _contradicted(mine, kinds):
            self.errors.append(BadLine(shown, Wrong.CONTRADICTS, self.typed[other - 1]))
        self.commands.append(command)
        self.typed.append(shown)


def _contradicted(mine: type[Command], kinds: list[type[Command]]) -> int:
    """Which of the commands so far (1-based) says otherwise; 0 for none."""
    for number, kind in enumerate(kinds, 1):
        if any(mine in group and kind in group for group in _EXCLUSIVE):
            return number
    return 0


def _made(spelling: Spelling, value: str) -> Command:
    if spelling.needs_value and not value:
        raise _Unreadable(Wrong.NO_VALUE, hint=f"!{spelling.names[0]} {spelling.value}")
    if not (spelling.takes_text or spelling.takes_reason) and len(value) > _LONGEST_VALUE:
        raise _Unreadable(Wrong.SURPLUS, value)
    return spelling.make(value)


def _reason(value: str, spelling: Spelling) -> str:
    return value.strip() if spelling.takes_reason else _tidy(value)


def name_of(command: Command) -> str:
    """The English name of a command, with its mark."""
    return f"!{_NAMES[type(command)]}"


_NAMES: dict[type[Command], str] = {
    Ack: "ack",
    Take: "take",
    Assign: "assign",
    Close: "close",
    Reopen: "open",
    Wait: "wait",
    Note: "note",
    SetPriority: "priority",
    Move: "department",
    SetAccount: "account",
    Confirm: "confirm",
    Release: "release",
    Deny: "deny",
    Merge: "merge",
    AddPeople: "cc",
    MarkSpam: "spam",
    OnBehalf: "for",
    Stop: "stop",
    Help: "help",
}


def misplaced(text: str) -> tuple[BadLine, ...]:
    """Lines below an answer that name a command: it would go to the customer, the text of a note above all."""
    lines = (line for line in map(_visible, text.split("\n")) if is_command_line(line))
    named = (line for line in lines if _folded(_words(line)[0]) in _BY_NAME)
    return tuple(BadLine(_cut(line), Wrong.NOT_ON_TOP) for line in named)[:MOST_COMMANDS]


def is_command_line(line: str) -> bool:
    """True where a line starts with an exclamation mark, be it full-width, a sign, or set in bold."""
    start = unicodedata.normalize("NFKC", line[:8].translate(_INVISIBLE)).lstrip(_AROUND)
    return bool(start) and start[0] in _MARKS


def _visible(line: str) -> str:
    return line.translate(_INVISIBLE).strip()


def _words(line: str) -> tuple[str, str, str]:
    """The name of the command, what parts it from its value, and the value as typed."""
    bare = line.lstrip(_AROUND + _MARKS + "\uff01\ufe57\u203c\u2049").lstrip()
    found = re.match(r"([^\s:=]{0,60})([\s:=]{0,20})", bare)
    assert found is not None
    return unicodedata.normalize("NFC", found[1]), found[2], bare[found.end() :]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip(_AROUND + ".,;:!?\u2026").casefold()


def _tidy(value: str) -> str:
    """A value without what mail programs put around and into it."""
    plain = unicodedata.normalize("NFKC", value).translate(_DASHES)
    return " ".join(plain.split()).rstrip(".,;:!?").strip(_AROUND)


def _nearest(word: str, known: "dict[str, Spelling] | dict[str, Priority]") -> str:
    found = difflib.get_close_matches(word.casefold()[:60], list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _cut(line: str) -> str:
    plain = " ".join(line.split())
    return plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1] + "…"
