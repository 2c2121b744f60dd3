"""What agents do with a ticket as a whole, in the rows and in the log."""

import pytest
from support.rows import at, carry_out, open_ticket, plan

from mailgate.core.desk.plan import (
    AccountSet,
    AssigneeSet,
    DepartmentSet,
    PrioritySet,
    SenderHeard,
    SenderMuted,
    StateChanged,
    TicketMerged,
    WaitSet,
)
from mailgate.core.desk.ticket import TicketState
from mailgate.core.who.request import Priority
from mailgate.store import facts
from mailgate.store.change import is_muted
from mailgate.store.errors import Conflict
from mailgate.store.queries import show_ticket


def load(database, number):
    return database.read(lambda session: facts.ticket(session, number))


@pytest.mark.parametrize(
    ("event", "column", "value", "line"),
    [
        (AssigneeSet(1001, "sam"), "assignee", "sam", "assignee-set"),
        (PrioritySet(1001, Priority.HIGH), "priority", Priority.HIGH, "priority-set"),
        (DepartmentSet(1001, "billing"), "department", "billing", "department-set"),
        (TicketMerged(1001, 1002), "merged_into", 1002, "ticket-merged"),
    ],
)
def test_a_column_follows_and_the_log_says_who(database, event, column, value, line):
    number = open_ticket(database)
    assert number == 1001
    carry_out(database, plan(number, event), actor="anna")
    assert getattr(load(database, number), column) == value
    last = database.read(lambda session: show_ticket(session, number))["events"][-1]
    assert (last["kind"], last["actor"], last["detail"]) == (line, "anna", {column: value})


def test_waiting_ends_with_the_state(database):
    number = open_ticket(database)
    wait = (StateChanged(number, TicketState.NEW, TicketState.WAITING, "wait"), WaitSet(number, at(60)))
    carry_out(database, plan(number, *wait))
    assert load(database, number).wait_until == at(60)
    carry_out(database, plan(number, StateChanged(number, TicketState.WAITING, TicketState.OPEN, "reply")))
    assert load(database, number).wait_until is None


def test_a_sender_is_muted_and_heard_again(database):
    number = open_ticket(database)

    def muted():
        return database.read(lambda session: is_muted(session, "spam@flut.example"))

    assert not muted()
    carry_out(database, plan(number, SenderMuted(number, "spam@flut.example")))
    carry_out(database, plan(number, SenderMuted(number, "spam@flut.example")))
    assert muted()
    carry_out(database, plan(number, SenderHeard(number, "spam@flut.example")))
    assert not muted()


def test_an_account_that_another_one_set_meanwhile_is_decided_anew(database):
    number = open_ticket(database)
    with pytest.raises(Conflict):
        carry_out(database, plan(number, AccountSet(number, "10001", before="10002")))


def test_a_ticket_that_is_not_there(database):
    with pytest.raises(Conflict):
        carry_out(database, plan(4711, AssigneeSet(4711, "sam")))
