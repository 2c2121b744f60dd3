"""What reading a mail can end with, besides a `ParsedMail`."""


class TooComplex(ValueError):
    """A limit is overrun (docs/parsing.md): final at once, the mail is kept and never read again by itself."""


class ParseCrash(RuntimeError):
    """The reader died without an answer: to be tried again alone, and given up after the third time."""
