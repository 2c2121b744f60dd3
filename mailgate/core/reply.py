"""What we say in SMTP and LMTP: every reply as a value, so that a code is chosen in one place.

Every 2xx, 4xx and 5xx reply has an enhanced code (RFC 2034 §3, RFC 3463) but the greeting and the answer to EHLO. A 5xx
is for permanent facts about the message or the dialogue; whatever is our fault or our shortage is a 4xx. No text of a
reply repeats what the client sent.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: three digits, an enhanced code ("" only for 354) and a short ASCII text."""

    code: int
    enhanced: str
    text: str

    def __str__(self) -> str:
        """The line without its CRLF."""
        return f"{self.code} {self.enhanced} {self.text}" if self.enhanced else f"{self.code} {self.text}"

    @property
    def is_refusal(self) -> bool:
        """True for a permanent negative reply."""
        return self.code >= 500


OK = Reply(250, "2.0.0", "ok")
SENDER_OK = Reply(250, "2.1.0", "sender ok")
RECIPIENT_OK = Reply(250, "2.1.5", "recipient ok")
START_DATA = Reply(354, "", "end data with <CR><LF>.<CR><LF>")
BYE = Reply(221, "2.0.0", "bye")
HELP = Reply(214, "2.0.0", "this host takes mail for its own addresses only, see RFC 5321")
CANNOT_VERIFY = Reply(252, "2.0.0", "send some mail and see")  # RFC 5321 §7.3: discloses nothing
READY_FOR_TLS = Reply(220, "2.0.0", "ready to start TLS")

SHUTTING_DOWN = Reply(421, "4.3.2", "shutting down, try again later")
TOO_BUSY = Reply(421, "4.3.2", "too many connections, try again later")
TOO_MANY_FROM_YOU = Reply(421, "4.7.0", "too many connections from your address")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "too many errors")
TOO_MANY_COMMANDS = Reply(421, "4.7.0", "too many commands without a mail")
TOO_MUCH_DATA = Reply(421, "4.7.0", "far more data than a message may have")
TOO_QUIET = Reply(421, "4.4.2", "nothing heard for too long")
TOO_SLOW = Reply(421, "4.4.2", "the data comes too slowly")
TOO_LONG_WITHOUT_MAIL = Reply(421, "4.4.2", "session too long without a mail")

TRY_LATER = Reply(451, "4.3.0", "temporary failure, try again later")
TOO_MANY_MAILS = Reply(451, "4.7.1", "too many mails from your address in a minute, try again later")
NO_ROOM = Reply(452, "4.3.1", "insufficient storage, try again later")
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "too many recipients, send the rest in another transaction")

UNKNOWN_COMMAND = Reply(500, "5.5.1", "command not recognised")
BAD_LINE = Reply(500, "5.5.2", "syntax error")
LINE_TOO_LONG = Reply(500, "5.5.2", "line too long")
BAD_HELLO = Reply(501, "5.5.4", "syntax: EHLO hostname")
BAD_MAIL = Reply(501, "5.5.4", "syntax: MAIL FROM:<address> [parameters]")
BAD_RCPT = Reply(501, "5.5.4", "syntax: RCPT TO:<address>")
BAD_PARAMETER = Reply(501, "5.5.4", "syntax error in a parameter")
NO_ARGUMENT = Reply(501, "5.5.4", "this command takes no argument")
BAD_SENDER_ADDRESS = Reply(501, "5.1.7", "malformed sender address")
BAD_RECIPIENT_ADDRESS = Reply(501, "5.1.3", "malformed recipient address")
NOT_IMPLEMENTED = Reply(502, "5.5.1", "command not implemented")
HELLO_FIRST = Reply(503, "5.5.1", "say hello first")
MAIL_FIRST = Reply(503, "5.5.1", "need MAIL first")
NESTED_MAIL = Reply(503, "5.5.1", "nested MAIL")
TLS_ALREADY = Reply(503, "5.5.1", "TLS is in use already")
UNKNOWN_RECIPIENT = Reply(550, "5.1.1", "no such address here")
NO_RELAY = Reply(550, "5.7.1", "relaying denied")
FAILS_DMARC = Reply(550, "5.7.1", "the domain of the author disowns this mail (DMARC)")
BARE_LINE_END = Reply(550, "5.5.2", "bare CR or LF, lines end with CR LF")
TOO_BIG = Reply(552, "5.3.4", "message too big")
NOT_ASCII = Reply(553, "5.6.7", "addresses must be ASCII, SMTPUTF8 is not offered")
NO_RECIPIENTS = Reply(554, "5.5.1", "no valid recipients")
NOT_SYNCHRONISED = Reply(554, "5.5.1", "you talked before your turn")
NOT_SMTP = Reply(554, "5.5.1", "this is a mail server")
TOO_MANY_HOPS = Reply(554, "5.4.6", "too many hops, mail loop")
UNKNOWN_PARAMETER = Reply(555, "5.5.4", "parameter not recognised")


def accepted(envelope_id: str) -> Reply:
    """The mail is stored and synced; said after the commit and nowhere else."""
    return Reply(250, "2.6.0", f"accepted as {envelope_id}")
