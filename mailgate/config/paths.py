"""Where the package's own files are, installed or in a working copy."""

from pathlib import Path

from mailgate.config.settings import Settings

_PACKAGE = Path(__file__).resolve().parent.parent


def package_templates() -> Path:
    """The templates that ship: in the wheel beside the code, in a working copy one level above."""
    installed = _PACKAGE / "_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def template_folders(settings: Settings) -> tuple[Path, ...]:
    """Where templates are looked for, the operator's own folder first."""
    own = settings.desk.templates
    return (package_templates(),) if own is None else (own, package_templates())
