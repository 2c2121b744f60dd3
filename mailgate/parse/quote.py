"""New text and quotes apart: each line of a body gets a tag, none is dropped.

A line scanner, linear on the whole (threat MB-13): a fixed number of looks at each line, no expression that backtracks.
Answers may stand above the quote, below it or within; what is not marked as quoted is new, as long as the program
marks quotes at all (`>`); where it does not (Outlook, Yahoo), everything below the first header block is quoted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from mailgate.parse.quote_attribution import Attribution, Surety, find_attributions
from mailgate.parse.quote_block import (
    Block,
    Divider,
    divider,
    ends_forward,
    read_bare_block,
    read_block,
    read_foreign_block,
    role_of,
    rule_above,
)
from mailgate.parse.quote_line import Line, is_rule, read_lines
from mailgate.parse.quote_words import FORWARD_PREFIXES, REPLY_PREFIXES

MAX_LINES = 20_000
_MARKER_START, _MARKER_END = "##-", "-##"
_LOOK_AHEAD = 8
_FORWARDS = frozenset(FORWARD_PREFIXES)
_REPLIES = frozenset(REPLY_PREFIXES)


class Tag(IntEnum):
    """Whose words a line holds."""

    NEW = 0
    QUOTE = 1
    SIGNATURE = 2


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote that the HTML marks as such: from this line to `end` (exclusive)."""

    end: int


@dataclass(frozen=True, slots=True)
class Region:
    """The forwarded mail: its lines, where its text starts, and the header block above the text."""

    start: int
    text: int
    end: int
    block: Block | None


@dataclass(slots=True)
class Split:
    """The lines and a tag for each; `breaks` are lines that the splitter made out of one."""

    lines: list[Line]
    tags: list[Tag]
    forward: Region | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the header says about the mail."""

    answers: bool
    forwards: bool


def context_of(*, is_reply: bool, subject: str | None) -> Context:
    """An answer by its header fields or its subject; the subject's first prefix decides whether it is a forward."""
    prefix = _prefix((subject or "")[:200])
    # "VS:" answers in Finnish and forwards in Danish.
    forwards = prefix in _FORWARDS and not (is_reply and prefix in _REPLIES)
    return Context(answers=(is_reply or prefix in _REPLIES) and not forwards, forwards=forwards)


def _prefix(subject: str) -> str:
    """What stands before the first colon, without tags: "[desk #12] AW: x" and "Re[2]: x" → aw, re."""
    rest = subject.strip()
    for _ in range(4):
        tag, bracket, after = rest.partition("]")
        if not bracket or not tag.startswith("["):
            break
        rest = after.strip()
    return rest.partition(":")[0].partition("\uff1a")[0].partition("[")[0].strip().lower()


def split_quotes(
    raws: list[str], context: Context, cuts: Mapping[int, Cut] | None = None, own: frozenset[int] = frozenset()
) -> Split:
    """Tag the lines of a body; `own` are lines where the author's own quotation starts.

    What stands after the 20,000th line comes as one line and gets the tag of the last one before it.
    """
    head = read_lines(raws[:MAX_LINES])
    scan = _Scan(head, context, dict(cuts or {}), find_attributions(head), own)
    scan.run()
    split = scan.result()
    rest = raws[MAX_LINES:]
    if rest:
        last = next(
            (tag for line, tag in zip(reversed(split.lines), reversed(split.tags), strict=True) if line.says), Tag.NEW
        )
        joined = "\n".join(rest).rstrip()
        split.lines.append(Line(joined, 0, joined.strip()))
        split.tags.append(last)
        if split.forward is not None and split.forward.end == len(split.lines) - 1:
            split.forward = replace(split.forward, end=len(split.lines))
    return split


@dataclass(slots=True)
class _Scan:
    lines: list[Line]
    context: Context
    cuts: dict[int, Cut]
    attributions: dict[int, Attribution]
    own: frozenset[int]
    tags: list[Tag] = field(default_factory=list)
    runs: list[tuple[int, int]] = field(default_factory=list)
    first_opener: int | None = None
    written: bool = False
    forward: Region | None = None
    columns: dict[int, int] = field(default_factory=dict)

    def run(self) -> None:
        self.tags = [Tag.NEW] * len(self.lines)
        at = 0
        while at < len(self.lines):
            step = self._opener(at)
            if step is not None and step <= at:  # it took no line: an empty container, or one of marked lines
                step = None
            if step is None and self.lines[at].depth:
                step = self._quoted_run(at)
            if step is None:
                self.written = self.written or not self.lines[at].blank
                step = at + 1
            at = step
        self._tag_runs()

    def result(self) -> Split:
        """The tags, with the lines divided that hold an answer and an attribution."""
        out = Split(self.lines, self.tags, self.forward, self.first_opener is not None)
        for at in sorted(self.columns, reverse=True):
            raw, column = self.lines[at].raw, self.columns[at]
            before = raw[:column].rstrip(" -\u2013\u2014")
            out.lines[at : at + 1] = [Line(before, 0, before.strip()), Line(raw[column:], 0, raw[column:].strip())]
            out.tags[at : at + 1] = [Tag.NEW, Tag.QUOTE]
        return out

    # -------------------------------------------------------------- what opens a quote

    def _opener(self, at: int) -> int | None:
        """Tag the quote that opens at a line and say where to go on, or None where none opens."""
        line = self.lines[at]
        if line.blank and at not in self.cuts:
            return None
        if is_rule(line.says) and at not in self.cuts:
            below = self._next_said(at + 1)
            found = self._block(below) if below < len(self.lines) and below - at <= 3 else None
            return found if found is not None and self.tags[at] is Tag.QUOTE else None
        return (
            self._marker(at)
            or self._announced(at)
            or (self._cut(at) if at in self.cuts else None)
            or self._block(at)
            or self._attribution(at)
        )

    def _marker(self, at: int) -> int | None:
        """Our own "##- Please reply above this line -##", which beats all guessing."""
        says = self.lines[at].says
        if _MARKER_START not in says:
            return None
        near = " ".join(line.says for line in self.lines[at : at + 3])
        if _MARKER_END not in near or (not self.written and not self.lines[at].depth):
            return None
        start = self._unknown_opener(at)
        self._open(start, at)
        return self._quoted_run(at) if self.lines[at].depth else self._close(at, len(self.lines))

    def _announced(self, at: int) -> int | None:
        """A divider with words: "-----Original Message-----"."""
        kind = divider(self.lines[at].says)
        if kind is None:
            return None
        announced, drawn = kind
        block_at = self._next_said(at + 1)
        block = self._any_block(block_at) if block_at < len(self.lines) else None
        if not drawn and block is None and not (announced is Divider.FORWARD and self._carries(at, block_at)):
            return None
        forward = announced is Divider.FORWARD or self._is_forward()
        return self._below(at, block.end if block else at + 1, block, forward=forward)

    def _carries(self, at: int, below: int) -> bool:
        """The words alone ("Begin forwarded message:") tell a forward if the subject does too, or a quote follows."""
        if self.context.answers or below >= len(self.lines) or self.lines[at].says[-1] not in ":\uff1a":
            return False
        return self.context.forwards or self.lines[below].depth > self.lines[at].depth

    def _any_block(self, at: int) -> Block | None:
        block = read_block(self.lines, at)
        return block if block is not None and block.possible else read_bare_block(self.lines, at)

    def _block(self, at: int) -> int | None:
        """Header lines alone: Outlook, GMX, web.de."""
        line = self.lines[at]
        if ":" not in line.says[:40] and "\uff1a" not in line.says[:40]:
            return None
        start = rule_above(self.lines, at)
        block = read_block(self.lines, at)
        if block is None and start < at and self._expects():
            block = read_foreign_block(self.lines, at)
        if block is None:
            return None
        if self._expects():
            trusted = block.sure or block.likely or (start < at and block.possible)
        else:
            trusted = block.complete and self.written
        if not trusted:
            return None
        if self.context.answers and not self.written and not line.depth:
            # An answer that starts with a header block has it as its own text: nothing new would be left.
            self.written = True
            return block.end
        return self._below(start, block.end, block, forward=self._is_forward())

    def _attribution(self, at: int) -> int | None:
        found = self.attributions.get(at)
        if found is None:
            return None
        depth = self.lines[at].depth
        below = self._next_said(found.end)
        quoted = below < len(self.lines) and self.lines[below].depth > depth
        if quoted or depth:
            self._open_attribution(found)
            return self._quoted_run(at) if depth else found.end
        text = " ".join(line.says for line in self.lines[at : found.end])
        sure = found.surety is Surety.ALONE and (self._expects() or "@" in text)
        sure = sure or (found.surety is Surety.EXPECTED and self.context.answers)
        if not sure or not (self.written or found.column):
            return None
        self._open_attribution(found)
        return self._close(at, len(self.lines))

    def _cut(self, at: int) -> int | None:
        """A quote container of the HTML: header or attribution at its top, then quoted or unmarked text."""
        end = min(self.cuts[at].end, len(self.lines))
        if not self.written and not self.context.answers and not self.context.forwards:
            return None
        top = self._next_said(at)
        at = rule_above(self.lines, at)
        for index in range(top, min(top + _LOOK_AHEAD, end)):
            inner = self._announced(index) or self._block(index) if not self.lines[index].blank else None
            if inner is not None:
                self._open(at, index)
                return inner
            if self.lines[index].depth:
                self._open(at, index)
                return index
        self._open(at, at)
        return self._close(at, end)

    # -------------------------------------------------------------- tagging

    def _below(self, start: int, end: int, block: Block | None, *, forward: bool) -> int:
        """What an opener of lines `start` to `end` stands above: marked lines, or all the rest."""
        depth = self.lines[start].depth
        text = self._next_said(end)
        marked = text < len(self.lines) and self.lines[text].depth > depth
        stop = self._run_end(text if marked else start) if marked or depth else self._unmarked_end(end)
        if forward and self.forward is None and self.first_opener is None:
            self.forward = Region(start, min(text, stop), stop, block)
        self._open(start, end)
        return self._close(start, stop)

    def _open(self, start: int, end: int) -> None:
        if self.first_opener is None:
            self.first_opener = start
        self.tags[start:end] = [Tag.QUOTE] * (end - start)

    def _open_attribution(self, found: Attribution) -> None:
        self._open(found.start, found.end)
        if found.column and not self.lines[found.start].depth:
            self.columns[found.start] = found.column

    def _close(self, start: int, stop: int) -> int:
        self.tags[start:stop] = [Tag.QUOTE] * (stop - start)
        return stop

    def _unmarked_end(self, at: int) -> int:
        for index in range(at, len(self.lines)):
            if ends_forward(self.lines[index].says):
                return index + 1
        return len(self.lines)

    def _quoted_run(self, at: int) -> int:
        """Lines with quote marks; which of them are quotes is known when all openers are."""
        stop = self._run_end(at)
        start = self._unknown_opener(at) if self._expects() and self.first_opener is None else at
        if start < at:
            self._open(start, at)
        self.runs.append((at, stop))
        return stop

    def _run_end(self, at: int) -> int:
        end = index = at
        while index < len(self.lines):
            line = self.lines[index]
            if line.depth or (not line.blank and self._residue(index)):
                end = index + 1
            elif not line.blank:
                break
            index += 1
        return max(end, at + 1)

    def _tag_runs(self) -> None:
        """Without an opener only an answer has quotes; before the first one a quote is the author's own choice."""
        first = self.first_opener
        for start, stop in self.runs:
            only_quote = first is None and self.context.answers and start not in self.own
            if only_quote or (first is not None and start >= first):
                self._close(start, stop)

    # -------------------------------------------------------------- looking around

    def _expects(self) -> bool:
        return self.context.answers or self.context.forwards

    def _is_forward(self) -> bool:
        return not self.context.answers

    def _next_said(self, at: int) -> int:
        while at < len(self.lines) and self.lines[at].blank:
            at += 1
        return at

    def _residue(self, index: int) -> bool:
        """The end of a quoted line that a program has wrapped without marking it."""
        if index == 0 or index + 1 >= len(self.lines):
            return False
        above, line, below = self.lines[index - 1], self.lines[index], self.lines[index + 1]
        if not above.depth or not below.depth:
            return False
        if line.says.endswith(">") and "(" in line.says:
            return True
        if above.says.count("(") > above.says.count(")") and line.says.count(")") > line.says.count("("):
            return True
        return len(above.raw) >= 70 and len(line.says) <= 30 and line.says[:1].islower()

    def _unknown_opener(self, at: int) -> int:
        """The start of the paragraph above that ends with a colon and holds an address or header lines, else `at`."""
        last = at - 1
        while last >= 0 and self.lines[last].blank and at - last <= 2:
            last -= 1
        if last < 0 or self.lines[last].blank or self.lines[last].depth or self.tags[last] is not Tag.NEW:
            return at
        start = last
        while start > 0 and last - start < _LOOK_AHEAD and self._joins(start - 1):
            start -= 1
            if self._addressed(start + 1, last):
                return start + 1
        text = " ".join(line.says for line in self.lines[start : last + 1])
        headed = last > start and "@" in text and all(_is_headed(line.says) for line in self.lines[start : last + 1])
        return start if self._addressed(start, last) or headed or is_rule(text) else at

    def _addressed(self, start: int, last: int) -> bool:
        """At most four lines that end with a colon and hold an address in brackets, or one and a date.

        Anything else is a sentence of the author's that introduces something.
        """
        text = " ".join(line.says for line in self.lines[start : last + 1])
        if last - start >= 4 or not text.endswith((":", "\uff1a")) or "@" not in text or text.count(" ") > 20:
            return False
        return "<" in text or any(char.isdigit() for char in text)

    def _joins(self, index: int) -> bool:
        line = self.lines[index]
        return not line.blank and not line.depth and self.tags[index] is Tag.NEW


def _is_headed(says: str) -> bool:
    """Looks like a header line, in whatever language."""
    name, colon, value = says.partition(":")
    return role_of(says) is not None or bool(colon and value.strip() and len(name) <= 30 and name.count(" ") <= 2)
