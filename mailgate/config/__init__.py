"""The configuration: config.toml as one frozen, checked value.

`load(path)` returns `Settings` or raises `ConfigError` with everything that is wrong: file, line, key, and the nearest
right name. The meaning, unit and default of a key stand in the models (wire.py, desk.py) and nowhere else;
`describe()` writes config.toml from them. This is the home room of pydantic and email-validator.
"""

from mailgate.config.checks import secrets, warnings
from mailgate.config.describe import describe, to_toml
from mailgate.config.load import load, parse
from mailgate.config.paths import package_templates, template_folders
from mailgate.config.problems import ConfigError, Problem, nearest
from mailgate.config.settings import Settings
from mailgate.config.values import HostPort, Secret, parse_address

__all__ = [
    "ConfigError",
    "HostPort",
    "Problem",
    "Secret",
    "Settings",
    "describe",
    "load",
    "nearest",
    "package_templates",
    "parse",
    "parse_address",
    "secrets",
    "template_folders",
    "to_toml",
    "warnings",
]
