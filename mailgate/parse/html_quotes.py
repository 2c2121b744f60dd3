"""How mail programs mark quotes and signatures in HTML, by class, id, name or style. Data and look-up."""

from collections.abc import Mapping
from enum import Enum, auto


class Mark(Enum):
    """What an element announces."""

    QUOTE = auto()  # the element holds the quote
    QUOTE_BELOW = auto()  # the element is the top of the quote: it and all that follows is quoted
    SIGNATURE = auto()


# Outlook on the web puts x_ before classes and ids of a mail that it quotes, old Hotmail ecx, Yahoo yiv and digits.
_PREFIXES = ("x_", "ecx")
_CLASSES = {
    "gmail_quote": Mark.QUOTE,
    "gmail_quote_container": Mark.QUOTE,
    "yahoo_quoted": Mark.QUOTE,
    "yahoo-quoted": Mark.QUOTE,
    "moz-cite-prefix": Mark.QUOTE,
    "moz-forward-container": Mark.QUOTE,
    "protonmail_quote": Mark.QUOTE,
    "tutanota_quote": Mark.QUOTE,
    "zmail_extra": Mark.QUOTE,
    "ms-outlook-mobile-reference-message": Mark.QUOTE,
    "mail-quote-collapse": Mark.QUOTE,
    "mcntmcntquote": Mark.QUOTE,
    "nylas-quote": Mark.QUOTE,
    "front-blockquote": Mark.QUOTE,
    "mail_android_quote": Mark.QUOTE,
    "bloop_original_html": Mark.QUOTE,
    "tutanota-quote": Mark.QUOTE,
    "freshdesk_quote": Mark.QUOTE,
    "outlookmessageheader": Mark.QUOTE_BELOW,
    "gmail_signature": Mark.SIGNATURE,
    "moz-signature": Mark.SIGNATURE,
    "protonmail_signature_block": Mark.SIGNATURE,
    "elementtoproof_signature": Mark.SIGNATURE,
    "gmail_signature_prefix": Mark.SIGNATURE,
    "mailbox_signature": Mark.SIGNATURE,
    "bloop_sign": Mark.SIGNATURE,
    "mob_signature": Mark.SIGNATURE,
    "front-signature": Mark.SIGNATURE,
    "sh-signature": Mark.SIGNATURE,
    "email-signature": Mark.SIGNATURE,
}
_IDS = {
    "olk_src_body_section": Mark.QUOTE,
    "mail-editor-reference-message-container": Mark.QUOTE,
    "isreplycontent": Mark.QUOTE,
    "isforwardcontent": Mark.QUOTE,
    "orc-full-body-initial-text": Mark.QUOTE,
    "divrplyfwdmsg": Mark.QUOTE_BELOW,
    "replysplit": Mark.QUOTE_BELOW,
    "stopspelling": Mark.QUOTE_BELOW,
    "zwchr": Mark.QUOTE_BELOW,
    "signature": Mark.SIGNATURE,
    "applemailsignature": Mark.SIGNATURE,
    "ms-outlook-mobile-signature": Mark.SIGNATURE,
    "lineabovesignature": Mark.SIGNATURE,
}
# GMX and web.de, Spark: the name of a div; Zimbra: data-marker.
_NAMES = {
    "quote": Mark.QUOTE,
    "messagereplysection": Mark.QUOTE,
    "messagesignaturesection": Mark.SIGNATURE,
    "__quoted_text__": Mark.QUOTE,
    "__headers__": Mark.QUOTE_BELOW,
    "__sig_pre__": Mark.SIGNATURE,
    "__sig_post__": Mark.SIGNATURE,
}


def mark_of(tag: str, attributes: Mapping[str, str | None]) -> Mark | None:
    """What an element announces by its attributes, or None."""
    for name in (attributes.get("class") or "")[:500].lower().split()[:20]:
        found = _CLASSES.get(_bare(name))
        # The blockquote itself is marked by its depth; its class would take the answers between for a quote.
        if found is not None and tag != "blockquote":
            return found
    identity = _bare((attributes.get("id") or "")[:100].lower())
    if identity in _IDS:
        return _IDS[identity]
    if identity.startswith("yahoo_quoted"):
        return Mark.QUOTE
    for name in ("name", "data-marker"):
        named = _NAMES.get((attributes.get(name) or "")[:100].lower())
        if tag == "div" and named is not None:
            return named
    return Mark.QUOTE_BELOW if tag == "div" and _is_outlook_line(attributes.get("style") or "") else None


def hides(attributes: Mapping[str, str | None]) -> bool:
    """An element that no reader sees."""
    if "hidden" in attributes:
        return True
    style = (attributes.get("style") or "")[:2000].lower().replace(" ", "")
    return "display:none" in style or "mso-hide:all" in style or "visibility:hidden" in style


def keeps_space(attributes: Mapping[str, str | None]) -> bool:
    """White space counts, as in `pre`."""
    return "white-space:pre" in (attributes.get("style") or "")[:2000].lower().replace(" ", "")


def _bare(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if name.startswith("yiv"):
        name = name[3:].lstrip("0123456789")
    return name


def _is_outlook_line(style: str) -> bool:
    """The line that Word draws above an answered mail: border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm."""
    flat = style[:500].lower().replace(" ", "").replace("\n", "")
    return "border:none;border-top:solid" in flat and "padding:3.0pt0" in flat
