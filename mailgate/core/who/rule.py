"""The one rule: what a kind of request opens at a grade, and who is asked to confirm it.

General questions are answered from any address, account requests must come from the account's registered address,
and a forged From is not the registered address. The table is `[matrix]` of config.toml; the default is below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity, Role
from mailgate.core.who.request import RequestKind


class Standing(StrEnum):
    """The column of the matrix: who the author is and how sure we are."""

    CONFIRMED = "confirmed"
    PROVED = "proved"
    UNPROVED = "unproved"
    UNREGISTERED = "unregistered"
    REFUTED = "refuted"


class Verdict(StrEnum):
    """The cell of the matrix.

    `open` and `mark` open the ticket, the latter marked; `confirm` holds it and asks the registered address; `rule`
    holds it and tells the sender the rule; `silent` holds it and tells nobody but the agents.
    """

    OPEN = "open"
    MARK = "mark"
    CONFIRM = "confirm"
    RULE = "rule"
    SILENT = "silent"


Row = Mapping[Standing, Verdict]

DEFAULT_MATRIX: Mapping[RequestKind, Row] = {
    RequestKind.GENERAL: {
        Standing.CONFIRMED: Verdict.OPEN,
        Standing.PROVED: Verdict.OPEN,
        Standing.UNPROVED: Verdict.MARK,
        Standing.UNREGISTERED: Verdict.MARK,
        Standing.REFUTED: Verdict.SILENT,
    },
    RequestKind.ACCOUNT: {
        Standing.CONFIRMED: Verdict.OPEN,
        Standing.PROVED: Verdict.OPEN,
        Standing.UNPROVED: Verdict.CONFIRM,
        Standing.UNREGISTERED: Verdict.RULE,
        Standing.REFUTED: Verdict.SILENT,
    },
    RequestKind.SENSITIVE: {
        Standing.CONFIRMED: Verdict.OPEN,
        Standing.PROVED: Verdict.CONFIRM,
        Standing.UNPROVED: Verdict.CONFIRM,
        Standing.UNREGISTERED: Verdict.RULE,
        Standing.REFUTED: Verdict.SILENT,
    },
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rule says about one request: the verdict, the cell it stands in, and the contacts who may confirm."""

    verdict: Verdict
    standing: Standing
    account: Account | None = None
    confirm_by: tuple[Contact, ...] = field(default=())


def standing(identity: Identity, assurance: Assurance) -> Standing:
    """The column for an author. Agents and our own addresses have no account of their own: they are unregistered."""
    if assurance is Assurance.REFUTED:
        return Standing.REFUTED
    if identity.kind is not AuthorKind.REGISTERED:
        return Standing.UNREGISTERED
    return Standing(assurance.value)


def may_ask(role: Role, kind: RequestKind, department_role: Role) -> bool:
    """True where a contact of that role may ask for that kind in a department of `department_role` contacts."""
    if kind is RequestKind.GENERAL or role is Role.OWNER:
        return True
    return kind is RequestKind.ACCOUNT and role is department_role


def owners(account: Account, today: date) -> tuple[Contact, ...]:
    """The owners of an account who speak for it today."""
    return tuple(item for item in account.contacts if item.role is Role.OWNER and item.is_valid(today))


def confirmers(
    account: Account, author: Contact | None, kind: RequestKind, department_role: Role, today: date
) -> tuple[Contact, ...]:
    """Who is asked: the author's own registered contact; for strangers and all sensitive requests every owner."""
    if author is not None and kind is not RequestKind.SENSITIVE and may_ask(author.role, kind, department_role):
        return (author,)
    return owners(account, today)


def rule(
    identity: Identity,
    assurance: Assurance,
    kind: RequestKind,
    *,
    matrix: Mapping[RequestKind, Row],
    department_role: Role,
    signed_to_us: bool,
    named: tuple[Account, ...],
    today: date,
) -> Ruling:
    """Look the request up in the matrix.

    Two things make a proved mail count as unproved where an account is touched: a genuine mail that was not written
    to us, or not lately (replay, threats ID-22), and a contact whose role does not reach so far, who is held for an
    owner. Strangers' requests that name exactly one account are put before that account's owners.
    """
    column = standing(identity, assurance)
    if column is Standing.PROVED and kind is not RequestKind.GENERAL and not signed_to_us:
        column = Standing.UNPROVED
    verdict = matrix[kind][column]
    account = identity.account
    if column is Standing.UNREGISTERED and verdict is Verdict.RULE:
        account = named[0] if len(named) == 1 else None
    if account is None or verdict in {Verdict.MARK, Verdict.SILENT}:
        return Ruling(verdict, column, account)
    contact = identity.contact if column is not Standing.UNREGISTERED else None
    if verdict is Verdict.OPEN:
        if contact is None or may_ask(contact.role, kind, department_role) or column is Standing.CONFIRMED:
            return Ruling(verdict, column, account)
        verdict = Verdict.CONFIRM
    asked = confirmers(account, contact, kind, department_role, today)
    return Ruling(verdict, column, account, asked)
