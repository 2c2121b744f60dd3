"""The reply to a COMMIT is lost: nobody knows whether it was done, and what follows is right either way (CR-08)."""

import contextlib
from concurrent.futures import wait

import pytest
from support.commit_proxy import CommitProxy
from support.desk import Desk, plain_mail
from support.postgres import required_cluster

from mailgate.service.process import process
from mailgate.store.errors import StoreUnavailable
from mailgate.store.messages import list_messages
from mailgate.store.outbox import list_outbox
from mailgate.store.queries import list_tickets
from mailgate.store.writer import Writer

pytestmark = pytest.mark.slow


@pytest.fixture
def lossy(tmp_path):
    """A desk whose database is behind the proxy, and the proxy."""
    cluster = required_cluster()
    name = cluster.create_migrated()
    with CommitProxy(cluster.url(name)) as proxy, contextlib.closing(Desk(tmp_path, proxy.url)) as desk:
        yield desk, proxy
    cluster.drop(name)


def outcomes(desk):
    return sorted(row["outcome"] for row in desk.database.read(list_messages))


def test_cr_08_who_sends_again_after_an_unknown_commit_makes_no_second_ticket(lossy):
    """The client hears 451, although the mail was stored."""
    desk, proxy = lossy
    writer = Writer(desk.database)
    proxy.lose()
    first = writer.submit(desk.envelope(plain_mail()))
    wait([first], 30)
    assert isinstance(first.exception(), StoreUnavailable)
    again = writer.submit(desk.envelope(plain_mail()))
    wait([again], 30)
    assert again.exception() is None
    writer.close(30)
    assert proxy.lost == 1
    for row in desk.database.read(list_messages):
        process(desk.context, row["id"], alone=False)
    assert outcomes(desk) == ["duplicate", "opened"]
    assert len(desk.database.read(list_tickets)) == 1
    assert len(desk.database.read(list_outbox)) == 1


def test_cr_08_a_decision_whose_commit_is_unknown_is_made_once(lossy):
    """Of each mail another one of its transactions is lost."""
    desk, proxy = lossy
    for number in range(1, 5):
        mail = plain_mail(
            f"Guten Tag,\n\nwas kostet bei Ihnen der Server Nummer {number}?\n", Message_ID=f"<{number}@kunde.invalid>"
        )
        envelope = desk.envelope(mail, sender=f"kim{number}@kunde.invalid")
        desk.store(envelope)
        desk.keys.base = number
        proxy.lose(number)
        with contextlib.suppress(StoreUnavailable):
            desk.process(envelope)
        proxy.lose(0)
        desk.process(envelope)
        assert outcomes(desk) == ["opened"] * number
    assert proxy.lost >= 2
    assert len(desk.database.read(list_tickets)) == 4
    assert len(desk.database.read(list_outbox)) == 4
