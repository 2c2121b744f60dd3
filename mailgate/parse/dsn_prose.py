"""Reads a delivery report that people were meant to read: who was not reached, and why.

Mail systems write lists of addresses, labelled lines, sentences or parts of an SMTP dialogue. Each line is looked at
once; what speaks of a recipient most plainly wins.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mailgate.parse.dsn_parts import addresses
from mailgate.parse.dsn_words import (
    DELAY_SUBJECTS,
    DELAY_WORDS,
    DELIVERED_WORDS,
    FAILED_WORDS,
    FINAL_WORDS,
    LABELS,
    NOT_BEFORE,
    ORIGINAL_HEADS,
    OTHERS,
)

MAX_NOTICE: Final = 64 * 1024  # characters of a notice that are read
MAX_LINES: Final = 1500
MAX_RECIPIENTS: Final = 200
_MAX_LINE: Final = 1000
_RULE: Final = "-=*_#|~ \t>+."
_BULLETS: Final = " \t*>-•·|\"'<([+"
_CLOSERS: Final = "\"'>)]"
_ORIGINAL_FIELDS: Final = ("received:", "return-path:", "x-originating-ip:", "delivered-to:", "mime-version:")
_HEADER_FIELDS: Final = ("message-id:", "mime-version:", "x-mailer:", "user-agent:")
_MESSAGE_PARTS: Final = ("content-type: message/rfc822", "content-type: text/rfc822-headers")
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}+:(?=[ \t]|$)")
_MIN_FIELDS: Final = 4  # a notice may tell subject and date of the mail; more is its header
_EXPANDED: Final = (
    "expanded from",
    "expanded from:",
    "original address",
    "original address:",
    "originally addressed to",
)
_AND: Final = frozenset({"", "and", "und", "et", "y", "e", "en", "i", "\u0438", "&"})
_ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_REPLY_CODE: Final = re.compile(r"(?<![\w.:\[-])([45])[0-5]\d(?=[ \-:]|$)")
_DIALOGUE: Final = (">>>", "<<<", "rcpt to", "mail from", "smtp:", "sent <<<", "received >>>")


@dataclass(slots=True)
class Found:
    """A recipient that the notice names, and the words about it."""

    address: str
    words: list[str] = field(default_factory=list)


def flat(text: str) -> str:
    """Lower case, single spaces, straight apostrophes: what the word lists are compared with."""
    return " ".join(text[:MAX_NOTICE].replace("\u2019", "'").lower().split())


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text."""
    return any(word in text for word in words)


def cut_notice(text: str) -> tuple[list[str], list[str]]:
    """The lines of the notice, and those of the original mail that follow it."""
    lines = [line[:_MAX_LINE].rstrip() for line in text[:MAX_NOTICE].split("\n")[:MAX_LINES]]
    said, named = 0, False
    for number, line in enumerate(lines):
        if said and (_heads_original(line) or _holds_message(line, lines[number - 1])):
            return lines[:number], lines[number:]
        if named and (begin := _begin_of_header(lines, number)):
            return lines[:begin], lines[begin:]
        said += bool(line.strip(_RULE))
        named = named or ("@" in line and _begins_with_address(line))
    return lines, []


def _holds_message(line: str, before: str) -> bool:
    """A returned mail as a part of a message whose own header got lost: its delimiters stand in the text."""
    return before.startswith("--") and line.lower().startswith(_MESSAGE_PARTS)


def _begin_of_header(lines: Sequence[str], number: int) -> int:
    """Where the header begins that the line is a field of; 0 where it is none, or where there are too few fields."""
    if not lines[number].lower().startswith(_HEADER_FIELDS):
        return 0
    begin, fields = number, 1
    while begin > max(0, number - 50) and (_FIELD.match(lines[begin - 1]) or lines[begin - 1][:1] in {" ", "\t"}):
        begin -= 1
        fields += lines[begin][:1] not in {" ", "\t"}
    for line in lines[number + 1 : number + 20]:
        if not _FIELD.match(line) and line[:1] not in {" ", "\t"}:
            break
        fields += line[:1] not in {" ", "\t"}
    return begin if fields >= _MIN_FIELDS else 0


def _begins_with_address(line: str) -> bool:
    here = addresses(line)
    return bool(here) and not line[: here[0][0]].strip(_BULLETS)


def _heads_original(line: str) -> bool:
    """Whether the original mail begins here: a ruled or closing heading, or the first field of a header."""
    low = line.lower()
    if low.startswith(_ORIGINAL_FIELDS):
        return True
    bare = low.strip()
    if len(bare) > 200 or not has_any(bare, ORIGINAL_HEADS):
        return False
    ruled = bare[:2] in {"--", "==", "**", "__", "|-", "##", "++", "~~", "- "} or bare.endswith("---")
    said = bare.strip(_RULE)
    if not ruled and has_any(said, ("address", "recipient", "empfänger", "transcript", " not ")):
        return False
    return ruled or said.endswith((":", "below this line", "headers", "header")) or "follow" in said


def recipients(lines: Sequence[str], own: frozenset[str], known: frozenset[str] = frozenset()) -> list[Found]:
    """The recipients that a notice names, each once, in order.

    `own` are addresses of whom the report was sent to, `known` of whom the original went to: both in lower case.
    """
    plain, told, spoken = _Finds(own), _Finds(own), _Finds(own)
    before, depth, reached = "", -1, False
    for line in lines:
        here = addresses(line)
        low = flat(line)
        if low == "--" and (plain.found or told.found):
            break  # the signature of who reports
        indent = len(line) - len(line.lstrip())
        if not low:
            _blank_line(plain, told, spoken)
            before, depth = ("" if not before.endswith((":", "to", "for")) else before), -1
            continue
        if low.startswith(("---", "***", "===")):
            reached = "success" in low  # heads a list of those who got the mail
        if here and (reached or has_any(low, DELIVERED_WORDS)):
            before = low
            continue
        entry = _entry(line, here, before) if here and not (0 <= depth < indent) else ""
        if entry and (_is_colon_entry(line, here[0][1]) or not _is_of_others(low)):
            _add_entry(plain, entry, line, here)
            depth = indent
        elif here:
            _spoken(line, low, here, plain, told, spoken, before)
        _hear(line, plain, told, spoken)
        before = low
    if plain.found:
        return list(plain.found.values())
    found = list((told.found or spoken.found).values())
    return [item for item in found if item.address.lower() in known] or found


class _Finds:
    """Recipients of one strength; lines that follow one belong to it until the next."""

    def __init__(self, own: frozenset[str]) -> None:
        self.found: dict[str, Found] = {}
        self._own = own
        self._last: list[Found] = []
        self._paused = False

    def add(self, address: str) -> None:
        key = address.lower()
        if key in self._own or len(self.found) >= MAX_RECIPIENTS:
            return
        if self._paused or not self._last or len(self._last[-1].words) > 1:
            self._last = []
        self._paused = False
        if key not in self.found:
            self.found[key] = Found(address)
            self._last.append(self.found[key])

    def replace_last(self, address: str) -> None:
        """The recipient named last was the inner name of this one."""
        key = address.lower()
        if self._last and key not in self._own and self._last[-1].address.lower() in self.found:
            del self.found[self._last[-1].address.lower()]
            self._last[-1].address = address
            self.found[key] = self._last[-1]

    def hear(self, line: str) -> None:
        for item in self._last:
            if len(item.words) < 40:
                item.words.append(line)

    def pause(self) -> None:
        self._paused = True


def _blank_line(*all_finds: _Finds) -> None:
    for finds in all_finds:
        finds.pause()


def _hear(line: str, *all_finds: _Finds) -> None:
    for finds in all_finds:
        finds.hear(line)


def _entry(line: str, here: Sequence[tuple[int, int, str]], before: str) -> str:
    """The address that the line is an entry for, as in a list of recipients; "" where it is none."""
    begin, end, address = here[0]
    if line[:begin].strip(_BULLETS):
        return _named(line, here, before)
    if _last_word(before) in NOT_BEFORE:
        return ""
    tail = line[end:].lstrip(_CLOSERS)
    if not tail or tail[0] in " \t:;,.([-=<":
        return address
    return ""


def _is_colon_entry(line: str, end: int) -> bool:
    """`<user@example.com>: reason`: whatever the reason speaks of, the entry is the recipient's."""
    return line[end : end + 2] == ">:"


def _add_entry(plain: _Finds, entry: str, line: str, here: Sequence[tuple[int, int, str]]) -> None:
    """The recipient of an entry; those that follow on its line after a comma; or whom it was expanded from."""
    plain.add(entry)
    end = here[0][1]
    for begin, stop, address in here[1:]:
        between = flat(line[end:begin])
        if between.strip(_BULLETS + _CLOSERS).endswith(_EXPANDED):
            plain.replace_last(address)
        elif between.strip(_BULLETS + _CLOSERS + " ,;") in _AND:
            plain.add(address)
        else:
            return
        end = stop


def _is_of_others(low: str) -> bool:
    """Whether a line speaks of somebody else; `in reply to RCPT TO` is no invitation to reply to anybody."""
    return has_any(low.replace("in reply to", ""), OTHERS)


def _last_word(text: str) -> str:
    return text.rpartition(" ")[2]


def _named(line: str, here: Sequence[tuple[int, int, str]], before: str) -> str:
    """`Name <address>` alone on a line below a heading for recipients."""
    begin, end, address = here[0]
    name = line[:begin].strip(_BULLETS + " ")
    closed = line[begin - 1] == "<" and not line[end:].strip(">:;, ")
    heading = before.endswith(":") and has_any(before, LABELS)
    return address if closed and heading and ":" not in name and len(name.split()) <= 5 else ""


def _spoken(
    line: str,
    low: str,
    here: Sequence[tuple[int, int, str]],
    plain: _Finds,
    told: _Finds,
    spoken: _Finds,
    before: str,
) -> None:
    """Addresses that a label or a sentence names."""
    end, said = 0, ""
    for begin, stop, address in here:
        ahead = flat(line[end:begin])
        end = stop
        bare = ahead.rstrip(" <(\"'[*")
        if said and ahead.strip(_BULLETS + _CLOSERS + " ,;") in _AND:
            bare = said  # the next of several
        if not bare:
            bare = before
        said = bare
        if bare.endswith(_EXPANDED):
            plain.replace_last(address)
            told.add(address)
        elif bare.endswith(("generated from", "generated by")):
            spoken.add(address)
        elif _last_word(bare) in NOT_BEFORE or _is_of_others(low) or bare.startswith(("from", "to:", "subject", "von")):
            continue
        elif low.startswith(_DIALOGUE) or low[:3].isdigit():
            spoken.add(address)
        elif bare.endswith((":", "=")) and has_any(bare, LABELS) and len(bare) <= 60:
            plain.add(address)
        elif has_any(f"{before} {low}", FAILED_WORDS) or has_any(bare, LABELS):
            told.add(address)


def mentioned(lines: Sequence[str], own: frozenset[str]) -> list[Found]:
    """The first address that may be the recipient's, where no line says so plainly."""
    for line in lines:
        end = 0
        for begin, stop, address in addresses(line):
            ahead = flat(line[end:begin]).rstrip(" <(\"'[*")
            end = stop
            if address.lower() not in own and _last_word(ahead) not in NOT_BEFORE and not _is_of_others(flat(line)):
                return [Found(address, [line])]
    return []


def bare_names(lines: Sequence[str]) -> list[str]:
    """Names without a domain that stand as entries below a heading for recipients, as a system's own users do."""
    found: list[str] = []
    heading = False
    for line in lines:
        low = flat(line)
        words = line.strip(_BULLETS).split()
        gap = line.strip(_BULLETS)[len(words[0]) :] if words else ""
        if not low and found:
            break
        if not low:
            continue
        if heading and words and line[:1] in " \t" and _ends_name(gap) and _is_name(words[0].rstrip(":;,\">'")):
            found.append(words[0].rstrip(":;,\">'"))
        elif heading and found:
            break
        else:
            heading = low.endswith(":") and has_any(low, LABELS)
    return found[:MAX_RECIPIENTS]


def _ends_name(gap: str) -> bool:
    """What stands behind a name in a list: nothing, a column of its own, or a remark; more words make a sentence."""
    return not gap.strip() or gap.startswith(("  ", "\t", " (", " <", " -", " ["))


def _is_name(word: str) -> bool:
    return 0 < len(word) <= 64 and word.isascii() and all(char.isalnum() or char in "._-+" for char in word)


def status_of(words: Iterable[str]) -> tuple[str | None, str | None]:
    """The enhanced code (RFC 3463) and the class of an SMTP reply code (RFC 5321 §4.2.1) in these lines, if any.

    A permanent or transient code is preferred to one of success.
    """
    code = reply = None
    for line in words:
        for match in _ENHANCED.finditer(line[:_MAX_LINE]):
            if code is None or (code[0] == "2" and match.group(1)[0] != "2"):
                code = match.group(1)
        if reply is None and (said := _REPLY_CODE.search(line[:_MAX_LINE])):
            reply = said.group(1)
    return (None if code is not None and code[0] == "2" else code), reply


def has_refusal(lines: Iterable[str]) -> bool:
    """Whether a line is an entry of a list of recipients with a code of refusal: `<user@example.com>: 550 ...`."""
    return any(_begins_with_address(line) and any(status_of([line])) for line in lines if "@" in line)


def is_delay(subject: str, notice: str) -> bool:
    """Whether the notice (both in `flat` form) says that delivery goes on."""
    if has_any(notice, FINAL_WORDS):
        return False
    return has_any(notice, DELAY_WORDS) or (has_any(subject, DELAY_SUBJECTS) and "fail" not in subject)
