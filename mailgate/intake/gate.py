"""The gate: how many sessions there are at a time, and who has to go when the house is full (threats SM-04)."""

from collections import Counter
from typing import Protocol

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.intake.limits import ListenSettings, Peer


class Guest(Protocol):
    """A session, as the gate sees it."""

    peer: Peer

    def active_at(self, now: float) -> float:
        """The last moment at which the client did its part."""

    def bye(self, why: Reply) -> None:
        """Say `why` and close."""


class Gate:
    """Counts the sessions of a listener, in all and by address.

    A full house does not lock good senders out: the session that did nothing for longest, and for at least
    `stress_idle` seconds, is told to come back. Trusted networks have a tenth of the room to themselves, no limit by
    address, and are never sent away.
    """

    def __init__(self, settings: ListenSettings) -> None:
        self.use(settings)
        self._by_key: Counter[str] = Counter()
        self._strangers = 0
        self.guests: set[Guest] = set()
        self.draining = False

    def use(self, settings: ListenSettings) -> None:
        """Other limits from now on; who is in stays in."""
        self._settings = settings
        self._reserved = settings.max_connections // 10 if settings.trusted_networks else 0

    def enter(self, guest: Guest, now: float) -> Reply | None:
        """Let the session in, or say why not."""
        peer = guest.peer
        if self.draining:
            return reply.SHUTTING_DOWN
        limited = not peer.trusted and peer.address
        if limited and self._by_key[peer.key] >= self._settings.max_connections_per_address:
            return reply.TOO_MANY_FROM_YOU
        if self._is_full(peer) and not self._make_room(now):
            return reply.TOO_BUSY
        self.guests.add(guest)
        self._by_key[peer.key] += 1
        self._strangers += not peer.trusted
        return None

    def leave(self, guest: Guest) -> None:
        """The session is over; one that was never in may say so too."""
        if guest not in self.guests:
            return
        self.guests.remove(guest)
        self._strangers -= not guest.peer.trusted
        self._by_key[guest.peer.key] -= 1
        if not self._by_key[guest.peer.key]:
            del self._by_key[guest.peer.key]

    def _is_full(self, peer: Peer) -> bool:
        room = self._settings.max_connections
        if len(self.guests) >= room:
            return True
        return not peer.trusted and self._strangers >= room - self._reserved

    def _make_room(self, now: float) -> bool:
        strangers = [guest for guest in self.guests if not guest.peer.trusted]
        if not strangers:
            return False
        quietest = min(strangers, key=lambda guest: guest.active_at(now))
        if now - quietest.active_at(now) < self._settings.stress_idle:
            return False
        self.leave(quietest)
        quietest.bye(reply.TOO_BUSY)
        return True
