"""Is a permanent refusal about this mail, or about all that we send? Only the first may fail a mail (threats OB-07)."""

from enum import Enum, auto

_TOGETHER = 3  # refusals of our mail as such, in a row, that stop all mail
_IN_A_ROW = 10  # mails refused for whatever reason, without one taken in between, that stop all mail
_REMEMBERED = 10_000  # mails


class Verdict(Enum):
    """What follows from a permanent refusal."""

    BELIEVED = auto()
    ASK_AGAIN = auto()
    STOPPED = auto()


class Refusals:
    """What this process saw: refusals since the last mail that was taken, and since when each doubtful mail is doubted.

    A refusal that speaks of us (policy, sender) is believed when the next hop took another mail after it, and refuses
    this one again. Forgotten with the process: that costs one more attempt, no mail.
    """

    def __init__(self) -> None:
        self._taken = 0
        self._doubted: dict[int, int] = {}
        self._about_us = 0
        self._row: set[int] = set()

    def taken(self, mail: int) -> None:
        """The next hop took a mail: it does not refuse them all."""
        self._taken += 1
        self._about_us = 0
        self._row.clear()
        self._doubted.pop(mail, None)

    def refused(self, mail: int, *, about_us: bool) -> Verdict:
        """A mail was refused for good; `about_us` where the reply speaks of policy or of the sender."""
        if not about_us:
            self._row.add(mail)
            return Verdict.STOPPED if len(self._row) > _IN_A_ROW else self._believed(mail)
        if self._taken > self._doubted.setdefault(mail, self._taken):
            return self._believed(mail)
        self._about_us += 1
        self._forget_oldest()
        return Verdict.STOPPED if self._about_us >= _TOGETHER else Verdict.ASK_AGAIN

    def _believed(self, mail: int) -> Verdict:
        self._doubted.pop(mail, None)
        return Verdict.BELIEVED

    def _forget_oldest(self) -> None:
        while len(self._doubted) > _REMEMBERED:
            del self._doubted[next(iter(self._doubted))]
