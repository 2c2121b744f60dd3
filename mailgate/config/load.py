"""config.toml to `Settings`: read, validate, and say everything that is wrong with line and nearest name."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailgate.config.checks import cross_checks
from mailgate.config.problems import ConfigError, Problem, nearest, quoted
from mailgate.config.settings import Settings
from mailgate.config.toml_lines import Path as Key
from mailgate.config.toml_lines import line_numbers

_LARGEST = 1 << 20
_SECTION = {"departments": "[[{}]]"}
_SYNTAX = re.compile(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", re.DOTALL)


def load(path: Path, *, secrets: bool = True) -> Settings:
    """Read a config file. ConfigError holds every problem of it; the file is opened once and never written.

    Without `secrets` credentials of systemd may be absent: who only looks at the desk logs in nowhere.
    """
    return parse(_read(path), file=str(path), base=path.absolute().parent, secrets=secrets)


def parse(text: str, *, file: str, base: Path, secrets: bool = True) -> Settings:
    """Like `load`, from text; relative paths are relative to `base`."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file, [_syntax(str(error), text)]) from error
    except RecursionError as error:
        raise ConfigError(file, [Problem(0, "", "is nested too deeply")]) from error
    lines = line_numbers(text)
    try:
        settings = Settings.model_validate(data, context={"base": base, "secrets": secrets})
    except ValidationError as error:
        found = [item for item in error.errors() if not _follows(item)]
        raise ConfigError(file, {_problem(item, data, lines) for item in found}) from error
    wrong = {Problem(_line(key, lines), show_key(key), why) for key, why in cross_checks(settings)}
    if wrong:
        raise ConfigError(file, wrong)
    return settings


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except FileNotFoundError as error:
        near = nearest(path.name, _neighbours(path))
        raise ConfigError(str(path), [Problem(0, "", f"there is no such file{near}")]) from error
    except OSError as error:
        raise ConfigError(str(path), [Problem(0, "", f"cannot be read: {error.strerror}")]) from error
    if len(raw) > _LARGEST:
        raise ConfigError(str(path), [Problem(0, "", "is larger than 1 MiB; is it a configuration?")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        text = f"byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise ConfigError(str(path), [Problem(line, "", text)]) from error


def _neighbours(path: Path) -> list[str]:
    try:
        return [item.name for item in path.absolute().parent.iterdir()]
    except OSError:
        return []  # the folder is missing too, which the message about the file says


def _syntax(message: str, text: str) -> Problem:
    match = _SYNTAX.fullmatch(message)
    if match is None:  # "… (at end of document)"
        return Problem(text.rstrip("\n").count("\n") + 1, "", f"is no TOML: {message}")
    return Problem(int(match[2]), "", f"is no TOML: {match[1]} (column {match[3]})")


def show_key(key: Key) -> str:
    """A path as people read it: `departments[2].agents`, counted from one."""
    shown = ""
    for part in key:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _line(key: Key, lines: Mapping[Key, int]) -> int:
    """The line of the longest part of a path that stands in the file."""
    for end in range(len(key), 0, -1):
        if key[:end] in lines:
            return lines[key[:end]]
    return 0


def _follows(error: ErrorDetails) -> bool:
    """True for "too short" of a list that is short only because pydantic left out its wrong items."""
    return error["type"] == "too_short" and bool(error["input"])


def _problem(error: ErrorDetails, data: Mapping[str, Any], lines: Mapping[Key, int]) -> Problem:
    key = tuple(part for part in error["loc"] if not (isinstance(part, str) and part == "[key]"))
    return Problem(_line(key, lines), show_key(key), _explain(error, key, data))


def _explain(error: ErrorDetails, key: Key, data: Mapping[str, Any]) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(key, data)
    if kind == "missing":
        return (
            f"is missing; write {_SECTION.get(str(key[0]), '[{}]').format(key[0])}" if len(key) == 1 else "is missing"
        )
    if kind == "value_error":
        return str(context["error"])
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", str(context["expected"]))
        return f"{quoted(value)} is not one of {', '.join(known)}{nearest(str(value), known)}"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        if isinstance(value, list) and len(key) == 1:
            return f"is one table; write [{key[0]}], not [[{key[0]}]]"
        return "is a table of keys"
    if kind == "tuple_type":
        if isinstance(value, dict):
            return f"is a list of tables; write [[{key[-1]}]], not [{key[-1]}]"
        return f"is a list; write {key[-1]} = [{quoted(value)}]"
    return _simple(kind, value, context, error["msg"])


def _simple(kind: str, value: object, context: Mapping[str, Any], message: str) -> str:
    texts = {
        "int_type": f"{quoted(value)} is no whole number; write it without quotes",
        "bool_type": f"{quoted(value)} is neither true nor false; write it without quotes",
        "string_type": f"{quoted(value)} is no text; write it in quotes",
        "string_too_short": f"is shorter than {context.get('min_length')} characters" if value else "is empty",
        "string_too_long": f"is longer than {context.get('max_length')} characters",
        "too_short": "is empty; at least one is needed",
        "greater_than_equal": f"{value} is too small; the least is {context.get('ge')}",
        "less_than_equal": f"{value} is too large; the most is {context.get('le')}",
    }
    return texts.get(kind, message)


def _unknown(key: Key, data: Mapping[str, Any]) -> str:
    """An unknown table or key, with the nearest right name, or the table that it belongs to."""
    model = _model_at(key[:-1])
    name = str(key[-1])
    fields = list(model.model_fields) if model is not None else []
    near = nearest(name, fields)
    if len(key) == 1:
        what = "is no section" if isinstance(data.get(name), dict | list) else "is a key outside of all sections"
        return what + (near or _home_of(name))
    return f"is no key of [{show_key(tuple(part for part in key[:-1] if isinstance(part, str)))}]" + (
        near or _home_of(name)
    )


def _home_of(name: str) -> str:
    homes = [section for section, model in sections() if name in model.model_fields]
    return f"; it belongs to [{homes[0]}]" if len(homes) == 1 else ""


def sections() -> Iterator[tuple[str, type[BaseModel]]]:
    """The tables of config.toml in their order, with their models."""
    for name, field in Settings.model_fields.items():
        model = model_of(field.annotation)
        if model is not None:
            yield name, model


def _model_at(key: Key) -> type[BaseModel] | None:
    model: type[BaseModel] | None = Settings
    for part in key:
        if isinstance(part, str) and model is not None:
            field = model.model_fields.get(part)
            model = None if field is None else model_of(field.annotation)
    return model


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model within `Model`, `Model | None` or `tuple[Model, ...]`; None where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for item in get_args(annotation) if (found := model_of(item)) is not None), None)
