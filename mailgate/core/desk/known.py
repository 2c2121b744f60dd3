"""What commands name, as the store has it: looked up in the transaction that carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailgate.core.desk.command_kinds import Command, Merge, OnBehalf, SetAccount
from mailgate.core.desk.ticket import Ticket
from mailgate.core.who.identity import Account


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look up: numbers of accounts and of tickets."""

    accounts: tuple[str, ...] = ()
    tickets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Accounts and tickets by number, as far as they exist.

    `accounts` holds those of the ticket and of the tickets that it may be merged into, too. `may_mute` says that the
    requester is a stranger to us, `muted` that nothing is heard of the address.
    """

    accounts: Mapping[str, Account] = field(default_factory=dict)
    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    may_mute: bool = False
    muted: bool = False

    def is_contact(self, address: str, account: str | None) -> bool:
        """True where the canonical address is a contact of that account."""
        found = self.accounts.get(account) if account is not None else None
        return found is not None and any(item.address == address for item in found.contacts)


def wanted(commands: tuple[Command, ...]) -> Wanted:
    """What the commands name that only the store knows."""
    accounts = tuple(item.account for item in commands if isinstance(item, SetAccount | OnBehalf))
    return Wanted(accounts, tuple(item.into for item in commands if isinstance(item, Merge)))
