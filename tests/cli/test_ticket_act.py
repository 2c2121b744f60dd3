"""The desk without a mail client: the same commands, the same events."""

import pytest
from support.dns import DnsServer
from support.rows import open_ticket
from support.site import make_site

from mailgate.core.desk.ticket import TicketState
from mailgate.core.mail.mail import Mailbox

AGENTS = """
[[agents]]
name = "anna"
address = "anna@desk.example"

[[agents]]
name = "sam"
address = "sam@desk.example"
"""
ACCOUNTS = """\
customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until
10001,Kunde GmbH,anna@kunde.example,owner,support,de,,,
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One desk for all tests of the file: each works on tickets of its own."""
    with DnsServer() as dns:
        made = make_site(tmp_path_factory.mktemp("site") / "desk", dns, AGENTS)
        file = made.folder / "accounts.csv"
        file.write_text(ACCOUNTS)
        assert made.run("account", "import", file).code == 0
        yield made


@pytest.fixture
def number(desk):
    return opened(desk)


def opened(desk, **changes):
    store = desk.store()
    try:
        return open_ticket(store, **changes)
    finally:
        store.close()


@pytest.mark.parametrize(
    ("args", "key", "value", "said"),
    [
        (("ack",), "state", "open", "Marked as seen."),
        (("take", "--as", "anna"), "assignee", "anna", "Assigned to anna."),
        (("assign", "Sam"), "assignee", "sam", "Assigned to sam."),
        (("close",), "state", "closed", "The ticket is closed."),
        (("wait", "3d"), "state", "waiting", "The ticket waits until "),
        (("wait",), "state", "waiting", "The ticket waits for the customer."),
        (("priority", "hoch"), "priority", "high", "The priority is high now."),
        (("department", "billing"), "department", "billing", "The department billing is in charge now."),
        (("account", "10001"), "account", "10001", "The ticket belongs to customer 10001."),
    ],
)
def test_one_command_each(desk, number, args, key, value, said):
    verb, *rest = args
    result = desk.run("ticket", verb, number, *rest)
    assert result.code == 0
    assert result.out.startswith(said)
    shown = desk.run("ticket", "show", number, "--json").json()
    assert shown[key] == value
    assert {event["actor"] for event in shown["events"][-1:]} == {"anna" if "--as" in rest else "operator"}


def test_a_note_from_an_argument_and_from_standard_input(desk, number):
    assert desk.run("ticket", "note", number, "psst", "--as", "anna").code == 0
    shown = desk.run("ticket", "note", number, "-", "--json", stdin=b"zwei\n\n!close\n").json()
    notes = [(item["kind"], item["author"], item["text"]) for item in shown["entries"][-2:]]
    assert notes == [("note", "anna@desk.example", "psst"), ("note", "operator", "zwei\n\n!close")]
    assert shown["state"] == "open"
    assert desk.run("ticket", "note", number, " ").code == 2


def test_people_and_reopening(desk, number):
    assert desk.run("ticket", "cc", number, "lea@x.invalid", "anna@kunde.example").code == 0
    shown = desk.run("ticket", "show", number, "--json").json()
    assert {item["address"] for item in shown["participants"]} == {"anna@kunde.example", "lea@x.invalid"}
    assert desk.run("ticket", "close", number).code == 0
    assert desk.run("ticket", "reopen", number, "--json").json()["state"] == "open"


def test_merging(desk, number):
    other = opened(desk)
    shown = desk.run("ticket", "merge", other, number, "--json").json()
    assert (shown["state"], shown["merged_into"]) == ("closed", number)
    assert desk.run("ticket", "reopen", other).err == (
        f"mailgate: #{other} is part of #{number} already; write there\n"
    )
    entry = desk.run("ticket", "show", number, "--json").json()["entries"][-1]
    assert (entry["kind"], entry["text"]) == ("system", f"#{other} became part of this ticket")


def test_spam_mutes_strangers_alone(desk, number):
    assert "not muted" in desk.run("ticket", "spam", number).out
    other = opened(desk, requester=Mailbox("", "flut@spam.example"))
    assert "Mail from flut@spam.example is held in silence" in desk.run("ticket", "spam", other).out
    assert "heard again" in desk.run("ticket", "reopen", other).out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("assign", "sma"), 1, 'nobody here has the name "sma"; did you mean sam?'),
        (("department", "biling"), 1, 'there is no department "biling"; did you mean billing?'),
        (("wait", "soon"), 2, '"soon" is no time up to a year; write it like 3d, 4h or 2 weeks'),
        (("priority", "hihg"), 2, "there are high and normal"),
        (("account", "99999"), 1, "there is no customer 99999"),
        (("ack", "--as", "ana"), 2, "--as: there is no agent 'ana'; did you mean \"anna\""),
        (("reopen",), 1, "is open already"),
        (("cc", "lea"), 2, '"lea" is no mail address'),
        (("cc", "support@desk.example"), 1, "is one of our own addresses"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(desk, number, args, code, words):
    verb, *rest = args
    before = desk.run("ticket", "show", number, "--json").json()
    result = desk.run("ticket", verb, number, *rest)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert desk.run("ticket", "show", number, "--json").json() == before


def test_a_held_ticket_is_released_first(desk):
    held = opened(desk, state=TicketState.HELD)
    assert "is held: first !confirm, !release REASON or !deny" in desk.run("ticket", "close", held).err


def test_no_such_ticket(desk):
    assert desk.run("ticket", "close", 4711).err == "mailgate: there is no ticket 4711\n"


def test_open_for_a_customer_on_the_phone_and_reply(desk):
    result = desk.run("ticket", "open", "10001", "Anruf", "Server langsam.", "--as", "anna")
    assert result.code == 0
    assert "Opened for 10001." in result.out
    assert "anna@kunde.example gets the receipt." in result.out
    number = int(result.out.split()[1].rstrip(":"))
    shown = desk.run("ticket", "show", number, "--json").json()
    assert (shown["requester"], shown["account"], shown["assurance"]) == ("anna@kunde.example", "10001", "unproved")
    assert shown["entries"][0]["text"] == "Server langsam."
    result = desk.run("ticket", "reply", number, "-", "--as", "anna", stdin="Guten Tag,\n\ner läuft wieder.\n".encode())
    assert (result.code, "The answer goes to anna@kunde.example." in result.out) == (0, True)
    shown = desk.run("ticket", "show", number, "--json").json()
    assert (shown["state"], shown["entries"][-1]["kind"]) == ("waiting", "agent")
    assert [item["kind"] for item in desk.run("outbox", "list", "--json").json() if item["ticket"] == number].count(
        "reply"
    ) == 1


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("open", "99999", "x", "y", "--as", "anna"), 1, "there is no customer 99999"),
        (("open", "10001", "x", "y"), 2, "--as AGENT is missing"),
        (("open", "10001", "x", "y", "--as", "ana"), 2, "there is no agent 'ana'; did you mean \"anna\""),
        (("open", "10001", "x", "y", "--as", "anna", "--department", "biling"), 2, "billing"),
        (("reply", "4711", "y", "--as", "anna"), 1, "there is no ticket 4711"),
        (("reply", "4711", " ", "--as", "anna"), 2, "the text is empty"),
    ],
)
def test_what_cannot_be_opened_or_answered(desk, args, code, words):
    result = desk.run("ticket", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err


def test_colleagues_hear_of_what_was_assigned_at_the_terminal(desk, number):
    assert desk.run("ticket", "assign", number, "sam", "--as", "anna").code == 0
    owed = [item for item in desk.run("outbox", "list", "--json").json() if item["ticket"] == number]
    assert [(item["kind"], item["to"]) for item in owed] == [("news", "sam@desk.example")]
