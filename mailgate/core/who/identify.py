"""Whom the author of a mail is to us: looked up by exact comparison, never by name, Sender or Reply-To."""

from collections.abc import Sequence

from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity


def identify(
    address: str | None,
    *,
    own: bool,
    agent: str | None,
    registered: Sequence[tuple[Account, Contact]],
    named: Sequence[Account],
    lookalike_of: str | None,
) -> Identity:
    """Put together what the store found for a canonical address.

    `registered` are the valid contacts with that address. Where it is registered to several accounts (threats ID-18)
    the account that the mail names decides; where it names none or several of them, people choose.
    """
    if address is None:
        return Identity(AuthorKind.STRANGER)
    if own:
        return Identity(AuthorKind.OURSELVES)
    if agent is not None:
        return Identity(AuthorKind.AGENT, agent=agent)
    if not registered:
        return Identity(AuthorKind.STRANGER, lookalike_of=lookalike_of)
    choices = registered
    if len(choices) > 1:
        numbers = {account.number for account in named}
        choices = [pair for pair in registered if pair[0].number in numbers]
    if len(choices) != 1:
        return Identity(AuthorKind.REGISTERED, ambiguous=True)
    account, contact = choices[0]
    return Identity(AuthorKind.REGISTERED, account=account, contact=contact)
