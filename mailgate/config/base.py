"""What all tables of config.toml share: a strict model, and fields that carry their own documentation."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from mailgate.config.problems import quoted

Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500)]


def shaped(pattern: str, hint: str) -> AfterValidator:
    """A text that fits a pattern; where it does not, the message is the hint."""

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"{quoted(value)}: {hint}")
        return value

    return AfterValidator(check)


Name = Annotated[
    Text, shaped(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "a name has letters, digits, dots and dashes, 40 at most")
]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=1)]
Port = Annotated[StrictInt, Field(ge=1, le=65_535)]


class Table(BaseModel):
    """One table: unknown keys are errors, values never change, defaults are written and read as in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=False)


def key(text: str, default: Any = ..., *, sample: Any = None, example: Any = None, planned: bool = False) -> Any:
    """A key of config.toml.

    `text` says what it is, in which unit; it becomes the comment of config.toml. `default` is written as in the file.
    `sample` is what the shipped config.toml sets; `example` stands behind a comment sign where there is no default.
    `planned` marks what this version checks but does not use yet: `config check` says so where it is set.
    """
    extra = {"sample": sample, "example": example, "planned": planned}
    return Field(default=default, description=" ".join(text.split()), json_schema_extra=extra)
