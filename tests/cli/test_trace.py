from support.rows import ANNA, entry, notice, open_ticket, received

from mailgate.core.mail.mail import Mailbox


def fill(site):
    store = site.store()
    received(store, "m1")
    number = open_ticket(store, inbound="m1", notices=[lambda number: notice(number, "e1")])
    hostile = Mailbox("", "anna\x1b]0;owned@kunde.example")
    open_ticket(store, entry, requester=hostile)
    store.close()
    return number


def test_trace_as_json_has_the_keys_of_the_interface(site):
    number = fill(site)
    (item,) = site.run("trace", ANNA.address, "--json").json()
    assert list(item) == ["message", "outbox", "ticket", "events"]
    assert item["message"]["id"] == "m1"
    assert (item["outbox"][0]["delivery"], item["outbox"][0]["kind"]) == ("queued", "receipt")
    assert number
    assert site.run("trace", "nobody@x.example", "--json").json() == []


def test_trace_for_people(site):
    fill(site)
    said = site.run("trace", "250", "2.6.0", "accepted", "as", "m1").out
    assert "  IN   m1  " in said
    assert f"  OUT  {ANNA.address}  receipt" in said
    assert ": queued\n" in said
    result = site.run("trace", "nobody@x.example")
    assert (result.code, result.out) == (1, "")
    assert "no mail is known by 'nobody@x.example'" in result.err
    assert site.run("trace").code == 2


def test_verify_says_whether_all_is_well(site):
    store = site.store()
    received(store, "m1")
    store.close()
    found = site.run("verify", "--json")
    assert (found.code, found.json()["ok"], found.json()["pending"]) == (0, True, 1)
    assert "Every mail is accounted for." in site.run("verify").out


def test_verify_ends_with_1_where_something_is_wrong(site):
    import sqlite3
    from contextlib import closing

    fill(site)
    with closing(sqlite3.connect(site.folder / "store" / "mailgate.db")) as database, database:
        database.execute("DELETE FROM raw")
    result = site.run("verify")
    assert result.code == 1
    assert "mail m1: it waits, but its bytes are gone" in result.err
    assert site.run("verify", "--json").json()["ok"] is False
