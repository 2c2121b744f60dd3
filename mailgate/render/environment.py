"""Templates: found in the operator's folder first, then in the package; strict about unknown variables."""

from importlib.resources import files
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

Templates = SandboxedEnvironment
"""What `environment` gives and `compose` takes, by a name that other rooms may use."""


def packaged_templates() -> Path:
    """The folder of the templates that ship with mailgate: in the wheel, or beside the package in a checkout."""
    inside = Path(str(files("mailgate"))) / "_templates"
    return inside if inside.is_dir() else Path(str(files("mailgate"))).parent / "templates"


def environment(override: Path | None) -> SandboxedEnvironment:
    """The environment for mail templates: plain text, so nothing is escaped; unknown variables are errors.

    `override` is `[desk] templates`: a file there stands in for the packaged one of the same name.
    """
    folders = [folder for folder in (override, packaged_templates()) if folder is not None]
    loaders: list[BaseLoader] = [FileSystemLoader(folder) for folder in folders]
    return SandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        undefined=StrictUndefined,
        autoescape=False,  # plain text mail: escaping would show customers &amp;
        keep_trailing_newline=True,
    )


__all__ = ["TemplateNotFound", "Templates", "environment", "packaged_templates"]
