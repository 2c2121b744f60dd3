"""What a delivering server wrote into a mail, for transports without an envelope of their own: IMAP, import."""

from mailgate.core.mail.mail import ParsedMail


def stated_reverse_path(mail: ParsedMail) -> str:
    """The Return-Path that the delivering server wrote on top (RFC 5321 §4.4), else the author's address."""
    found = mail.header("return-path")
    if found:
        return found[0].strip().strip("<>")
    return mail.author.address if mail.author is not None else ""
