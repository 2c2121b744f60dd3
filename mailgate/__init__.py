"""mailgate: a mailbox as a help desk that proves who asks before it acts."""

__version__ = "0.1.0"
