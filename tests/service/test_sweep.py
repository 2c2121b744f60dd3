import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from support.database import new_sqlite
from support.desk import Desk, Keys, plain_mail
from support.desk_clocks import do, flags, log, log_tells_what_is_stored, owed, swept, ticket

from mailgate.config.load import parse as parse_config
from mailgate.core.desk.ticket import ClockName
from mailgate.core.who.identity import Account, Contact, Role
from mailgate.service import sweep as sweeping
from mailgate.service.clocks import recheck
from mailgate.store import accounts, clocks
from mailgate.store.errors import StoreUnavailable
from mailgate.store.outbox import list_outbox

HOUR = timedelta(hours=1)
ESCALATING = """
[desk]
name = "Example Hosting"
domain = "example.org"
languages = ["de", "en"]
timezone = "Europe/Berlin"

[[departments]]
name = "support"
addresses = ["support@example.org"]
default = true
agents = ["anna"]
escalate_to = ["ben", "boss@example.net"]

[[departments]]
name = "billing"
addresses = ["billing@example.org"]
contact_role = "billing"
agents = ["anna"]

[[agents]]
name = "anna"
address = "anna@example.org"

[[agents]]
name = "ben"
address = "ben@example.org"
language = "en"
"""
CALENDAR = """
[[calendars]]
name = "office"
timezone = "Europe/Berlin"
holidays = "DE-NW"
hours.mon = "08:00-18:00"
hours.tue = "08:00-18:00"
hours.wed = "08:00-18:00"
hours.thu = "08:00-18:00"
hours.fri = "08:00-16:00"
"""
OFFICE = ESCALATING.replace('name = "support"', 'name = "support"\ncalendar = "office"', 1) + CALENDAR
HELD = plain_mail(
    "Hallo, bitte starten Sie meinen Server srv-web-01 neu, Kunde 10001.\n", Subject="Neustart srv-web-01"
)


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.fixture
def desk(tmp_path, database_url):
    """A desk that escalates, on both databases."""
    opened = Desk(tmp_path, database_url, config=ESCALATING)
    yield opened
    opened.close()


@pytest.fixture
def office(tmp_path):
    """The same with office hours; it opens on Monday at eleven."""
    opened = Desk(tmp_path, new_sqlite(tmp_path / "store"), config=OFFICE)
    yield opened
    opened.close()


async def test_a_ticket_that_nobody_acknowledges_is_flagged_after_the_hour_and_people_are_told_in_turn(desk):
    desk.receive(plain_mail())
    await desk.deliver()
    desk.clock += HOUR - timedelta(seconds=1)
    assert str(swept(desk)) == "0 flagged, 0 escalated, 0 reckoned again"
    desk.advance(seconds=1)
    assert str(swept(desk)) == "1 flagged, 1 escalated, 0 reckoned again"
    assert flags(desk) == {"unacknowledged"}
    assert owed(desk) == ["anna@example.org"]
    assert str(swept(desk)) == "0 flagged, 0 escalated, 0 reckoned again"
    for expected in (["ben@example.org"], ["boss@example.net"], []):
        desk.advance(minutes=59)
        assert swept(desk).escalated == 0
        desk.advance(minutes=1)
        assert swept(desk).escalated == len(expected)
        assert owed(desk)[-1:] == (expected or ["boss@example.net"])
    desk.advance(days=3)
    swept(desk)
    assert log(desk, "flag-set") == [
        {"flag": flag, "reason": "overdue"} for flag in ("unacknowledged", "response-overdue")
    ]
    assert log_tells_what_is_stored(desk)


@pytest.mark.parametrize("command", ["!ack", "!take", "!assign anna", "!note Ich rufe an.", "!wait 3d"])
async def test_a_ticket_that_a_named_human_acknowledged_is_never_flagged(desk, command):
    desk.receive(plain_mail())
    await desk.deliver()
    desk.advance(minutes=30)
    do(desk, command)
    for _ in range(8):
        desk.advance(minutes=15)
        assert swept(desk).flagged == 0
    assert owed(desk) == []
    assert ticket(desk).acknowledged_at is not None


async def test_an_acknowledgement_ends_the_flag_and_the_escalation(desk):
    desk.receive(plain_mail())
    await desk.deliver()
    desk.advance(hours=1)
    swept(desk)
    desk.advance(minutes=30)
    do(desk, "!ack")
    assert flags(desk) == set()
    assert log(desk, "flag-cleared") == [{"flag": "unacknowledged", "reason": "acknowledged"}]
    desk.advance(hours=5)
    assert swept(desk).escalated == 0
    assert owed(desk) == ["anna@example.org"]
    assert ticket(desk).clock(ClockName.ACKNOWLEDGE).flagged_at is not None  # that it was late is kept
    assert log_tells_what_is_stored(desk)


async def test_who_is_told_can_answer_if_they_are_agents_and_reads_it_in_their_language(desk):
    desk.receive(plain_mail())
    await desk.deliver()
    for hours in (1, 1, 1):
        desk.advance(hours=hours)
        swept(desk)
    await desk.deliver()
    subjects = (b"Not seen: ", b"Nicht gesehen: ")
    told = {item.recipient: item.raw.decode() for item in desk.courier.parcels if any(s in item.raw for s in subjects)}
    assert "X-Mailgate-Note" in told["anna@example.org"]
    assert "Nobody has seen ticket 1001 (support) yet." in told["ben@example.org"]
    assert "X-Mailgate-Note" in told["ben@example.org"]
    assert "X-Mailgate-Note" not in told["boss@example.net"]
    assert "\r\nReply-To:" not in told["boss@example.net"]


async def test_a_receipt_that_cannot_be_handed_over_is_flagged_until_it_is(desk):
    from mailgate.courier.courier import Deferred

    desk.courier.answer = lambda parcel: Deferred("451 later", in_doubt=False)
    desk.receive(plain_mail())
    await desk.deliver()
    desk.advance(hours=1)
    swept(desk)
    assert "receipt-overdue" in flags(desk)
    desk.courier.answer = type(desk.courier)().answer
    desk.advance(hours=1)
    await desk.deliver()
    assert "receipt-overdue" not in flags(desk)
    assert {"flag": "receipt-overdue", "reason": "sent"} in log(desk, "flag-cleared")
    assert log_tells_what_is_stored(desk)


def test_a_held_ticket_is_flagged_after_a_day_and_its_clocks_start_at_the_release(desk):
    desk.receive(HELD)
    assert ticket(desk).state == "held"
    desk.advance(hours=23, minutes=59)
    assert swept(desk).flagged == (1 if "receipt-overdue" in flags(desk) else 0)
    desk.advance(minutes=1)
    swept(desk)
    assert "held-too-long" in flags(desk)
    assert ticket(desk).clock(ClockName.ACKNOWLEDGE).due_at is None
    do(desk, "!release angerufen")
    assert "held-too-long" not in flags(desk)
    assert ticket(desk).clock(ClockName.ACKNOWLEDGE).due_at == desk.clock + HOUR
    assert owed(desk) == []
    assert [item["flag"] for item in log(desk, "flag-set")].count("held-too-long") == 1


def test_waiting_for_the_customer_pauses_respond_and_closing_stops_all(desk):
    desk.receive(plain_mail())
    desk.advance(hours=4)
    do(desk, "!wait")
    desk.advance(days=5)
    assert swept(desk).flagged == 1  # the receipt was never delivered here; `respond` sleeps
    assert "response-overdue" not in flags(desk)
    do(desk, "!open")
    clock = ticket(desk).clock(ClockName.RESPOND)
    assert clock.due_at == desk.clock + 24 * HOUR
    desk.advance(hours=25)
    swept(desk)
    assert "response-overdue" in flags(desk)
    do(desk, "!close")
    assert flags(desk) == set()
    assert all(clock.stopped_at is not None for clock in ticket(desk).clocks)
    assert log_tells_what_is_stored(desk)


def test_a_customers_answer_ends_the_pause(desk):
    desk.receive(plain_mail())
    desk.advance(hours=4)
    do(desk, "!wait")
    desk.advance(hours=100)
    desk.receive(
        plain_mail(
            "Ja, das stimmt so.\n",
            Message_ID="<m2@kunde.invalid>",
            References="<m1@kunde.invalid>",
            Subject="Re: Frage",
        )
    )
    assert ticket(desk).state == "open"
    clock = ticket(desk).clock(ClockName.RESPOND)
    assert (clock.paused_since, len(clock.pauses)) == (None, 1)
    assert clock.due_at == desk.clock + 20 * HOUR  # four of twenty-four were used
    assert log_tells_what_is_stored(desk)


def test_clocks_are_reckoned_again_when_department_and_priority_change(tmp_path, database_url):
    config = OFFICE.replace(
        'calendar = "office"', 'calendar = "office"\nclocks.high = { acknowledge = "10m", respond = "2h" }'
    )
    desk = Desk(tmp_path, database_url, config=config)
    desk.receive(plain_mail())
    started = desk.clock
    assert ticket(desk).clock(ClockName.RESPOND).due_at == berlin(
        "2026-03-04T15:00"
    )  # 24 open hours from Monday, 11:00
    desk.advance(minutes=20)
    do(desk, "!priority high")
    assert ticket(desk).clock(ClockName.RESPOND).due_at == started + 2 * HOUR
    assert ticket(desk).clock(ClockName.ACKNOWLEDGE).due_at == started + timedelta(minutes=10)
    swept(desk)
    assert flags(desk) == {"unacknowledged"}
    do(desk, "!priority normal")
    assert flags(desk) == set()  # it is not late any more
    assert {"flag": "unacknowledged", "reason": "reckoned again"} in log(desk, "flag-cleared")
    do(desk, "!department billing")
    assert ticket(desk).clock(ClockName.RESPOND).due_at == started + 24 * HOUR  # billing works round the clock
    assert ticket(desk).clock(ClockName.RESPOND).calendar == ""
    assert log_tells_what_is_stored(desk)
    desk.close()


def test_a_new_calendar_in_the_configuration_counts_for_clocks_that_run(tmp_path, office):
    office.receive(plain_mail())
    assert ticket(office).clock(ClockName.RESPOND).due_at == berlin("2026-03-04T15:00")
    changed = parse_config(OFFICE.replace("08:00-18:00", "09:00-17:00"), file="x", base=tmp_path).policy()
    recheck(office.database, changed, office.clock)
    assert swept(office, changed).reckoned == 1
    assert ticket(office).clock(ClockName.RESPOND).due_at == berlin("2026-03-05T11:00")
    assert [item["clock"] for item in log(office, "clock-moved")] == ["respond"]
    recheck(office.database, changed, office.clock)
    assert swept(office, changed).reckoned == 0
    assert log_tells_what_is_stored(office)


async def test_nobody_is_told_at_night_but_the_flag_is_there(office):
    """Due on Friday at 16:00, as the desk closes: the mail goes on Monday at eight, and once."""
    office.clock = berlin("2026-03-06T15:00")
    office.receive(plain_mail())
    await office.deliver()
    office.clock = berlin("2026-03-06T16:00")
    assert (swept(office).flagged, owed(office)) == (1, [])
    for hours in range(1, 64):
        office.clock = berlin("2026-03-06T16:00") + hours * HOUR
        assert swept(office).escalated == 0
    office.clock = berlin("2026-03-09T08:00")
    assert swept(office).escalated == 1
    assert owed(office) == ["anna@example.org"]
    office.clock = berlin("2026-03-09T09:00")
    assert swept(office).escalated == 1
    assert owed(office)[-1] == "ben@example.org"


async def test_a_receipt_outside_office_hours_says_when_somebody_is_back(office):
    office.clock = berlin("2026-03-07T12:00")
    office.receive(plain_mail())
    await office.deliver()
    receipt = next(parcel.raw for parcel in office.courier.parcels if parcel.recipient == "kim@kunde.invalid")
    assert b"09.03.2026, 08:00 Uhr (MEZ)" in receipt
    office.clock = berlin("2026-03-09T08:00")
    office.receive(plain_mail(Message_ID="<m2@kunde.invalid>", From="lea@kunde.invalid"), sender="lea@kunde.invalid")
    await office.deliver()
    receipt = next(parcel.raw for parcel in office.courier.parcels if parcel.recipient == "lea@kunde.invalid")
    assert b"Uhr (" not in receipt


def test_a_ticket_that_cannot_be_looked_at_delays_only_itself(desk, monkeypatch):
    for number in range(3):
        desk.receive(plain_mail(Message_ID=f"<n{number}@kunde.invalid>", From=f"k{number}@kunde.invalid"))
    desk.advance(hours=1)
    plain = sweeping._flag

    def breaks(session, policy, number, *rest):
        if number == 1002:
            raise RuntimeError("broken")
        plain(session, policy, number, *rest)

    monkeypatch.setattr(sweeping, "_flag", breaks)
    swept(desk)
    assert [bool(flags(desk, number)) for number in (1001, 1002, 1003)] == [True, False, True]
    monkeypatch.undo()
    swept(desk)
    assert flags(desk, 1002)


def test_cr_14_four_nodes_share_the_work_and_do_each_thing_once(desk):
    """Node two stops in the middle of its transaction, and its work falls to the others."""
    for number in range(24):
        desk.receive(plain_mail(Message_ID=f"<n{number}@kunde.invalid>", From=f"k{number}@kunde.invalid"))
    desk.advance(hours=1)
    plain, calls, lock = sweeping._flag, [], threading.Lock()

    def dies_once(session, policy, number, *rest):
        plain(session, policy, number, *rest)
        with lock:
            calls.append(number)
            if len(calls) == 7:
                raise StoreUnavailable("the node is gone")

    sweeping._flag = dies_once
    try:
        with ThreadPoolExecutor(4) as nodes:
            work = [nodes.submit(swept_by, desk, node) for node in range(4)]
            dead = [item for item in work if item.exception() is not None]
        assert len(dead) == 1
        swept(desk)
    finally:
        sweeping._flag = plain
    told = [row["ticket"] for row in desk.database.read(list_outbox) if row["kind"] == "escalation"]
    assert sorted(told) == list(range(1001, 1025))
    for number in range(1001, 1025):
        assert [item["flag"] for item in log(desk, "flag-set", number)].count("unacknowledged") == 1
        assert log_tells_what_is_stored(desk, number)


def swept_by(desk, node):
    """A sweep of one node, with keys of its own."""
    numbers = count()
    keys = Keys()

    def fresh(wanted):
        keys.base = f"{node}/{next(numbers)}"
        return keys(wanted)

    return sweeping.sweep(desk.database, desk.context.policy, desk.clock, fresh)


def test_cr_14_what_a_held_up_node_has_in_hand_is_left_to_it(tmp_path, database_url):
    """On PostgreSQL the others pass a locked row by; on SQLite there is one writer at a time."""
    desk = Desk(tmp_path, database_url, config=ESCALATING)
    if not desk.database.is_postgres:
        desk.close()
        return
    for number in range(2):
        desk.receive(plain_mail(Message_ID=f"<n{number}@kunde.invalid>", From=f"k{number}@kunde.invalid"))
    desk.advance(hours=1)

    def held_up(session):
        number, _ = clocks.claim_overdue(session, desk.clock, set())
        swept_by(desk, 1)
        assert "unacknowledged" not in flags(desk, number)
        assert "unacknowledged" in flags(desk, 2003 - number)
        raise RuntimeError("the lease is over: the connection is gone")

    with pytest.raises(RuntimeError):
        desk.database.write(held_up)
    swept(desk)
    assert all("unacknowledged" in flags(desk, number) for number in (1001, 1002))
    assert len(owed(desk)) == 2
    desk.close()


async def test_lo_11_automatic_answers_neither_acknowledge_nor_start_clocks(desk):
    """Peers row 12: an absence notice on the ticket changes no state, stops no clock and ends no pause."""
    desk.receive(plain_mail())
    await desk.deliver()
    desk.advance(minutes=10)
    do(desk, "!wait")
    before = ticket(desk)
    for day in range(30):
        desk.advance(days=1)
        desk.receive(
            plain_mail(
                "Ich bin nicht im Büro.\n",
                Message_ID=f"<auto{day}@kunde.invalid>",
                References="<m1@kunde.invalid>",
                Auto_Submitted="auto-replied",
                Subject="Abwesend",
            )
        )
        swept(desk)
    after = ticket(desk)
    assert (after.state, after.clocks) == (before.state, before.clocks)
    assert owed(desk) == []


def test_a_new_service_level_counts_for_clocks_that_run(tmp_path):
    level = '[[service_levels]]\nname = "gold"\nrespond = "2h"\nhigh = { respond = "30m" }\n'
    desk = Desk(tmp_path, new_sqlite(tmp_path / "store"), config=ESCALATING + level)
    desk.receive(plain_mail())
    kunde = Account("10001", "Kunde GmbH", "de", None, (Contact("kim@kunde.invalid", "Kim", Role.OWNER),))
    desk.database.write(lambda s: accounts.import_accounts(s, [kunde], replace=False, now=desk.clock))
    do(desk, "!account 10001")
    assert ticket(desk).clock(ClockName.RESPOND).due_at == desk.clock + 24 * HOUR
    gold = replace(kunde, service_level="gold")
    desk.database.write(lambda s: accounts.import_accounts(s, [gold], replace=False, now=desk.clock))
    assert swept(desk).reckoned == 1
    assert ticket(desk).clock(ClockName.RESPOND).due_at == desk.clock + 2 * HOUR
    do(desk, "!priority high")
    assert ticket(desk).clock(ClockName.RESPOND).due_at == desk.clock + HOUR / 2
    assert log_tells_what_is_stored(desk)
    desk.close()
