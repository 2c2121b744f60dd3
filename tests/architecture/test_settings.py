"""No key of config.toml silently does nothing: each is read somewhere, or `config check` says that it is not yet."""

import re

import pytest
from support.source import ROOT, modules

from mailgate.config.load import sections
from mailgate.config.settings import Settings

MODELS = {"wire.py", "desk.py", "describe.py", "checks.py", "load.py"}
READERS = "\n".join(
    (ROOT / path).read_text() for path in modules() if path.parts[1] != "config" or path.name not in MODELS
)


def planned(field):
    return bool((field.json_schema_extra or {}).get("planned"))


KEYS = [
    (section, name)
    for section, model in sections()
    for name, field in model.model_fields.items()
    if not planned(field)
    and not planned(Settings.model_fields[section])
    and section != "matrix"  # by getattr, a row each
]


@pytest.mark.parametrize("section, name", KEYS)
def test_every_key_is_read_or_marked_as_planned(section, name):
    assert re.search(rf"\.{name}\b", READERS), "mark the key as planned, or use it"
