"""What is wrong with a configuration: all of it at once, each with its line and the nearest right name."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` is 1-based, 0 where the whole file is meant; `key` as the file spells it."""

    line: int
    key: str
    text: str

    def show(self, file: str) -> str:
        """`file:line: key: what is wrong`, without the parts that are not known."""
        place = f"{file}:{self.line}" if self.line else file
        return ": ".join(part for part in (place, self.key, self.text) if part)


class ConfigError(Exception):
    """A configuration that is refused, with every problem in the order of the file."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(problem.show(file) for problem in self.problems))


def quoted(value: object) -> str:
    """A value on one line, as TOML would write it, near enough to be found in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in value) + '"'


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "smtp"` for the known word that looks most like `word`, "" where none is near."""
    names = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f'; did you mean "{names[found[0]]}"' if found else ""
