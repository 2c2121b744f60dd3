"""The whole configuration as commented TOML, written from the models: each key with its meaning, unit and default."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mailgate.config.desk import default_matrix
from mailgate.config.load import model_of, sections
from mailgate.config.settings import Settings

_WIDTH = 100
_HEAD = (
    "mailgate's configuration: every key with its meaning and its default. Made by `mailgate config describe`.",
    "",
    """A line that starts with `#` and a key is not in force; it shows the default, or an example where the key has no
    default. Durations are written like "90s", "1h" or "7d", sizes like "25 MiB". Relative paths are relative to this
    file. Secrets never stand here: keys that end in _file name a file that only its owner can read, or
    "credential:NAME" for a credential of systemd. `mailgate config check` tells what is wrong, with line and
    nearest right name.""",
    "",
    """As it stands, this file works: mail is taken on 127.0.0.1:8025 and answers are written to var/outgoing; nothing
    leaves the machine.""",
)
_DEPARTMENTS = (
    {"name": "billing", "addresses": ["billing@example.org"], "agents": ["sam"], "contact_role": "billing"},
    {"name": "general", "addresses": ["info@example.org"], "default": True, "agents": ["alex", "sam"]},
)
_AGENTS = ({"name": "sam", "address": "sam@example.org", "language": "de"},)
_FURTHER: Mapping[str, tuple[Mapping[str, Any], ...]] = {"departments": _DEPARTMENTS, "agents": _AGENTS}
_PLANNED = "Checked, but not used by this version yet."


def describe() -> str:
    """The commented config.toml; it loads as it is, and with every `#key = …` line uncommented it still is TOML."""
    lines = [line for paragraph in _HEAD for line in _comment(paragraph)]
    for name, model in sections():
        lines += ["", *_section(name, model, Settings.model_fields[name])]
    return "\n".join(lines).rstrip("\n") + "\n"


def to_toml(settings: Settings) -> str:
    """The settings in force as TOML; keys without a value are left out, secrets stand by their file's name only."""
    data = settings.model_dump(mode="json", exclude_none=True)
    lines: list[str] = []
    for name, value in data.items():
        tables = value if isinstance(value, list) else [value]
        mark = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
        for table in tables:
            lines += [mark, *(f"{key} = {toml_value(item)}" for key, item in table.items()), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def toml_value(value: Any) -> str:
    """A value on one line of TOML: text, number, boolean, list or inline table."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_bare(key)} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"  # patterns read better in a literal string
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bare(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else json.dumps(key)


def _comment(text: str, indent: str = "") -> Iterator[str]:
    wrapped = textwrap.wrap(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield from (f"# {indent}{line}".rstrip() for line in wrapped or [""])


def _section(name: str, model: type[BaseModel], field: FieldInfo) -> Iterator[str]:
    is_list = model_of(field.annotation) is not field.annotation
    extra = _extra(field)
    off = "#" if is_list and name not in _FURTHER else ""
    yield "# " + "-" * (_WIDTH - 2)
    more = " Write one table for each." if is_list else ""
    yield from _comment(f"{field.description}{more}{' ' + _PLANNED if extra.get('planned') else ''}")
    yield f"{off}{f'[[{name}]]' if is_list else f'[{name}]'}"
    for index, (key, item) in enumerate(model.model_fields.items()):
        yield ""
        if name == "matrix":
            yield from _row(key, item, nested=index == 0)
        else:
            yield from _key(key, item, off=off)
    for table in _FURTHER.get(name, ()):
        yield from ("", f"[[{name}]]")
        yield from (f"{key} = {toml_value(value)}" for key, value in table.items())


def _row(name: str, field: FieldInfo, *, nested: bool) -> Iterator[str]:
    """A row of the matrix; the columns are explained once."""
    yield from _comment(str(field.description))
    yield from _nested(field) if nested else ()
    yield f"#{name} = {toml_value(default_matrix()[name])}"


def _key(name: str, field: FieldInfo, *, off: str) -> Iterator[str]:
    extra = _extra(field)
    sample, example = extra.get("sample"), extra.get("example")
    value = field.default
    required = field.is_required()
    note = " Required." if required else " Not set by default." if value is None else ""
    yield from _comment(f"{field.description}{note}{' ' + _PLANNED if extra.get('planned') else ''}")
    yield from _nested(field)
    if sample is not None:
        if not required and sample != value:
            yield from _comment(f"Default: {toml_value(value)}.")
        yield f"{off}{name} = {toml_value(sample)}"
        return
    if value in ([], {}) and example is not None:
        yield from _comment(f"Default: {toml_value(value)}. Example:")
    yield f"#{name} = {toml_value(example if value in ([], {}, None) and example is not None else value)}"


def _nested(field: FieldInfo) -> Iterator[str]:
    """The keys of a table within a table, one a line."""
    model = model_of(field.annotation)
    for name, item in (model.model_fields if model is not None else {}).items():
        default = "" if item.default is None else f" Default: {toml_value(item.default)}."
        planned = f" {_PLANNED}" if _extra(item).get("planned") else ""
        yield from _comment(f"{name}: {item.description}{default}{planned}", indent="  ")


def _extra(field: FieldInfo) -> Mapping[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}
