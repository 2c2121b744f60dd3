from support.rows import notice, open_ticket

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
