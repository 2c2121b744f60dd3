from datetime import timedelta

from support.rows import NOW, notice, open_ticket

from mailgate.core.mail.destination import Destination, stopped, went_down
from mailgate.store.next_hop import save_hop
from mailgate.store.outbox import claim, list_outbox, settle
from mailgate.store.tables.work import HeldFor, OutboxState

KEYS = {"id", "kind", "ticket", "to", "subject", "state", "attempts", "next_at", "message_id", "last_reply"}


def test_list(site):
    store = site.store()
    number = open_ticket(store, notices=[notice])
    store.close()
    found = site.run("outbox", "list", "--json").json()
    assert [(item["ticket"], item["to"], item["kind"]) for item in found] == [(number, "anna@kunde.example", "receipt")]
    assert set(found[0]) >= KEYS
    assert "anna@kunde.example" in site.run("outbox", "list", "--state", "ready").out
    assert site.run("outbox", "list", "--state", "sent").out == "No outgoing mail.\n"


def test_a_wrong_state_is_2_with_the_nearest(site):
    result = site.run("outbox", "list", "--state", "redy")
    assert result.code == 2
    assert 'did you mean "ready"' in result.err


def owed(site):
    """The id of a mail that is owed."""
    store = site.store()
    open_ticket(store, notices=[notice])
    number = store.read(list_outbox)[0]["id"]
    store.close()
    return number


def change(site, work):
    store = site.store()
    store.write(work)
    store.close()


def events(site, kind):
    return [event for event in site.run("ticket", "show", "1001", "--json").json()["events"] if event["kind"] == kind]


def test_a_held_mail_is_sent_again_by_hand_and_that_is_kept(site):
    number = owed(site)

    def hold(session):
        (mail,) = claim(session, "node", NOW, timedelta(minutes=5), 1)
        settle(session, mail.id, mail.fence, OutboxState.HELD, "lost twice", None, NOW, HeldFor.DOUBT)

    change(site, hold)
    assert site.run("outbox", "list", "--state", "held", "--json").json()[0]["last_reply"] == "lost twice"
    assert site.run("outbox", "retry", number).out == f"outbox entry {number} is due now\n"
    assert site.run("outbox", "list", "--json").json()[0]["state"] == "ready"
    (event,) = events(site, "notice-retried")
    assert event["actor"] == "operator"


def test_a_mail_is_given_up_by_hand_once(site):
    number = owed(site)
    assert site.run("outbox", "drop", number, "--json").json() == {"id": number, "done": True}
    assert site.run("outbox", "list", "--json").json()[0]["state"] == "failed"
    assert [event["actor"] for event in events(site, "notice-dropped")] == ["operator"]
    again = site.run("outbox", "drop", number)
    assert again.code == 1
    assert "was sent, is on its way, or was given up before" in again.err


def test_an_unknown_mail_is_1(site):
    for verb in ("retry", "drop"):
        result = site.run("outbox", verb, 4711)
        assert (result.code, "there is no outbox entry 4711" in result.err) == (1, True)


def test_ob_07_the_state_of_the_next_hop_is_seen(site):
    owed(site)
    assert site.run("outbox", "status").out.startswith("the next hop takes our mail")
    for hop, words in (
        (stopped(Destination(), "535 login refused", NOW), "held since"),
        (went_down(Destination(), "connection refused", NOW), "down since"),
    ):
        change(site, lambda session, hop=hop: save_hop(session, hop, NOW))
        result = site.run("outbox", "status")
        assert result.code == 1
        assert words in result.out
        assert hop.reply in result.out
        assert words in site.run("outbox", "list").err
    found = site.run("outbox", "status", "--json").json()
    assert (found["next_hop"], found["since"], found["mails"]) == ("down", "2026-03-02T09:30:00Z", {"ready": 1})
