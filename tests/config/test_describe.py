import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from mailgate import config
from mailgate.config.load import model_of, sections
from mailgate.config.settings import Settings

ROOT = Path(__file__).parents[2]
DESCRIBED = config.describe()


def fields(model, above=""):
    """Every key of the configuration with its path and field."""
    for name, field in model.model_fields.items():
        yield f"{above}{name}", field
        inner = model_of(field.annotation)
        if inner is not None:
            yield from fields(inner, f"{above}{name}.")


def uncommented(text):
    """The description with each line that is a key behind a comment sign in force."""
    return re.sub(r"(?m)^#(?=[a-z_\[])", "", text)


def test_config_toml_is_the_description():
    assert (ROOT / "config.toml").read_text() == DESCRIBED, "write it anew: mailgate config describe > config.toml"


def test_config_toml_loads_and_works_as_it_is():
    found = config.load(ROOT / "config.toml")
    assert [str(item) for item in found.smtp.listen] == ["127.0.0.1:8025"]
    assert found.delivery.maildir == ROOT / "var" / "outgoing"
    assert found.database.sqlite_path == ROOT / "var" / "mailgate.db"
    assert {"support@example.org", "billing@example.org"} <= found.own_addresses


@pytest.mark.parametrize("name, field", list(fields(Settings)))
def test_every_key_is_documented(name, field):
    assert field.description is not None
    assert len(field.description) > 8
    assert field.description.endswith(".")
    key = name.rpartition(".")[2]
    assert re.search(rf"(?m)^(#?{key} = |#?\[+{key}\]+$|#   {key}: )", DESCRIBED), name


def test_every_key_uncommented_is_toml_and_known():
    data = tomllib.loads(uncommented(DESCRIBED))
    assert set(data) == set(Settings.model_fields)
    for name, model in sections():
        tables = data[name] if isinstance(data[name], list) else [data[name]]
        assert set(tables[0]) == set(model.model_fields), name


def test_every_key_uncommented_is_right_but_for_files_that_are_not_there(tmp_path):
    with pytest.raises(config.ConfigError) as caught:
        config.parse(uncommented(DESCRIBED), file="x", base=tmp_path)
    assert {problem.key.rpartition(".")[2] for problem in caught.value.problems} <= {
        "password_file", "tls_key_file", "tls_certificate", "dkim_key_file", "ca_file", "templates", "token_command",
    }  # fmt: skip


def test_what_a_commented_line_shows_is_the_default():
    data = tomllib.loads(uncommented(DESCRIBED))
    checked = 0
    for name, model in sections():
        tables = data[name] if isinstance(data[name], list) else [data[name]]
        for key, field in model.model_fields.items():
            if not field.is_required() and field.default not in (None, [], {}) and f"#{key} = " in DESCRIBED:
                assert tables[0][key] == field.default, key
                checked += 1
    assert checked > 30


def test_the_matrix_that_is_shown_is_the_one_in_force(tmp_path):
    shown = tomllib.loads(uncommented(DESCRIBED))["matrix"]
    policy = config.parse(DESCRIBED, file="x", base=tmp_path).policy()
    assert shown == {
        kind.value: {at.value: cell.value for at, cell in row.items()} for kind, row in policy.matrix.items()
    }


def test_what_is_in_force_loads_again_as_the_same(tmp_path):
    first = config.parse(DESCRIBED, file="x", base=tmp_path)
    again = config.parse(config.to_toml(first), file="x", base=tmp_path / "elsewhere")
    assert again == first


def test_models_are_strict():
    for name, model in sections():
        assert issubclass(model, BaseModel), name
        assert model.model_config.get("extra") == "forbid"
        assert model.model_config.get("frozen")
