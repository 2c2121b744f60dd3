"""Where in a TOML file each key and table stands.

`tomllib` reads values and forgets lines. This scanner finds the lines and ignores the values: it runs over text that
tomllib has already accepted, so it only has to tell strings, brackets and comments apart.
"""

import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]+")
_STRINGS = ('"""', "'''", '"', "'")
_SCALAR = re.compile(r"[^,\]}#\n]+")


def line_numbers(text: str) -> dict[Path, int]:
    """The 1-based line of each key, table and list item of a valid TOML text, by its path."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.found: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}  # index of the last table of each array of tables

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Move over what the pattern matches; False at the end of the text."""
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return self.at < len(self.text)

    def _note(self, path: Path) -> None:
        self.found.setdefault(path, bisect_right(self.starts, self.at))

    def _header(self) -> Path:
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        names = self._key()
        path = self._enter(names[:-1])
        if is_array:
            whole = (*path, names[-1])
            self.arrays[whole] = self.arrays.get(whole, -1) + 1
            path = (*whole, self.arrays[whole])
            self._note(whole)
        else:
            path = (*path, names[-1])
        self._note(path)
        self.at = self.text.index("]", self.at) + (2 if is_array else 1)
        return path

    def _enter(self, names: list[str]) -> Path:
        """The path of nested tables: a name of an array of tables means its last table."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.arrays:
                path = (*path, self.arrays[path])
            self._note(path)
        return path

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            names.append(self._key_part())
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _key_part(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._string()
            return str(tomllib.loads(f"x = {self.text[start : self.at]}")["x"])
        self._skip(_BARE)
        return self.text[start : self.at]

    def _pair(self, table: Path) -> None:
        """One `key = value`; a dotted key notes each of its tables."""
        line_at = self.at
        names = self._key()
        end, self.at = self.at, line_at
        path = table
        for name in names:
            path = (*path, name)
            self._note(path)
        self.at = end + 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._list(path)
        elif char == "{":
            self._inline(path)
        else:
            self._skip(_SCALAR)

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._skip(_BLANK) and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._note((*path, index))
            self._value((*path, index))
            index += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip(_BLANK) and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
        self.at += 1

    def _string(self) -> None:
        """Move over one string of any of the four kinds (TOML 1.0, "String")."""
        mark = next(mark for mark in _STRINGS if self.text.startswith(mark, self.at))
        self.at += len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if mark[0] == '"' and self.text[self.at] == "\\" else 1
        self.at += len(mark)
        while len(mark) == 3 and self.text.startswith(mark[0], self.at):
            self.at += 1  # up to two quotes may stand right before the closing three
