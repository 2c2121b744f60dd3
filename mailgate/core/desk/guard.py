"""The guard before all that a customer gets: no agent's address, no note, no key of somebody else (TH-11, AG-03).

`cleaned` takes out what may be taken out without harm; what `leaks` still finds is not sent, and the agent is told.
It is asked twice: when an agent's mail is carried out, with the notes, and before finished bytes are stored.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from mailgate.core.desk.case import Policy

_BEFORE, _AFTER = r"(?<![A-Za-z0-9._%+-])", r"(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
_AT = r"(?:@|%40|=40)"  # as it stands, in a link, and in quoted-printable of an attached mail
_SHORTEST_NOTE = 12  # letters; a shorter one may be anybody's words
_PIECE = 32  # letters in a row that two texts do not have in common by chance: five or six words
_NO_LETTER = re.compile(r"[\W_]+")


class Secret(StrEnum):
    """What must not leave the desk."""

    AGENT_ADDRESS = "agent-address"
    KEY = "key"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that was found: what kind, and what it says, shortened."""

    secret: Secret
    shown: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What is looked for: the addresses of all agents, and keys at our domains."""

    agents: tuple[str, ...]
    domains: tuple[str, ...]

    def cleaned(self, text: str, public: str) -> str:
        """The text with the department's public address where an agent's own stood."""
        return _any_of(self.agents).sub(public, text) if self.agents else text

    def masked(self, text: str) -> str:
        """The text without keys: agents read what was quoted, and no key but their own is for them."""
        return _keys_at(self.domains).sub(lambda found: found[0].replace(found[1], "…"), text) if self.domains else text

    def leaks(self, text: str, *, allowed: Collection[str] = (), notes: Iterable[str] = ()) -> tuple[Leak, ...]:
        """What of the text must not go to a customer; empty where all of it may.

        `allowed` are the keys of the one who gets it. A note counts where the whole of it or some words in a row
        stand in the text, however they are wrapped, marked or quoted. Linear in the text and in the notes.
        """
        keys = _keys_at(self.domains).finditer(text) if self.domains else ()
        found = [Leak(Secret.KEY, item[1][:6] + "…") for item in keys if item[1].lower() not in allowed]
        if self.agents:
            found += [Leak(Secret.AGENT_ADDRESS, item[0]) for item in _any_of(self.agents).finditer(text)]
        inside = tuple(notes)
        said = _letters(text) if inside else ""
        pieces = _pieces(said)
        found += [Leak(Secret.NOTE, note.strip()[:60]) for note in inside if _is_in(note, said, pieces)]
        return tuple(dict.fromkeys(found))


NO_AGENTS = Guard((), ())
"""The guard of a desk without agents and addresses: it finds nothing."""


def guard_of(policy: Policy) -> Guard:
    """The guard of a desk."""
    agents = tuple(address for agent in policy.agents for address in (agent.address, *agent.aliases))
    domains = {policy.domain, *(address.rpartition("@")[2] for address in policy.own_addresses)}
    return Guard(agents, tuple(sorted(domains)))


@lru_cache(maxsize=8)
def _any_of(addresses: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(addresses, key=len, reverse=True)
    return re.compile(f"{_BEFORE}(?:{'|'.join(map(re.escape, longest_first))}){_AFTER}", re.IGNORECASE)


@lru_cache(maxsize=8)
def _keys_at(domains: tuple[str, ...]) -> re.Pattern[str]:
    """Keys as they stand in our addresses and Message-IDs."""
    ours = "|".join(map(re.escape, domains))
    return re.compile(rf"(?:(?<![a-z2-7])|(?<=[%=]2B))([a-z2-7]{{26}})(?:\.\d{{1,19}})?{_AT}(?:{ours})", re.IGNORECASE)


def _is_in(note: str, said: str, pieces: Collection[str]) -> bool:
    whole = _letters(note)
    if len(whole) >= _SHORTEST_NOTE and whole in said:
        return True
    return any(whole[at : at + _PIECE] in pieces for at in range(len(whole) - _PIECE + 1))


def _pieces(said: str) -> frozenset[str]:
    return frozenset(said[at : at + _PIECE] for at in range(len(said) - _PIECE + 1))


def _letters(text: str) -> str:
    """Letters and digits alone: quote marks, wrapping and emphasis make no difference."""
    return _NO_LETTER.sub("", text).casefold()
