"""The worker: an archive waits for mail that comes in, bombs wait for one another, and nobody for either."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from support.desk import plain_mail

from mailgate.core.mail.envelope import Transport
from mailgate.service.context import random_keys
from mailgate.service.worker import Queue, Worker
from mailgate.store.inbound import Waiting, waiting
from mailgate.store.messages import list_messages

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def store(desk, number, transport=Transport.SMTP, more=""):
    envelope = desk.envelope(plain_mail(f"Frage {number}\n{more}", Message_ID=f"<{number}@x.example>", Date=None))
    desk.store(replace(envelope, transport=transport))
    return envelope.id


class Order:
    """A parser that notes the order of mails and how many are in hand; `then` is called with each count."""

    def __init__(self, parser, then):
        self.parser, self.then, self.seen, self.now, self.most = parser, then, [], 0, 0

    def parse(self, raw):
        self.now += 1
        self.most = max(self.most, self.now)
        mail = self.parser.parse(raw)
        self.seen.append(mail.text.strip())
        self.then(len(self.seen))
        self.now -= 1
        return mail


async def test_mail_that_comes_in_goes_before_an_archive_which_goes_one_by_one(sqlite_desk):
    desk, loop = sqlite_desk, asyncio.get_running_loop()
    for number in range(20):
        store(desk, number, Transport.IMPORT)

    def then(count):
        if count == 5:
            store(desk, "live")
            loop.call_soon_threadsafe(worker.wake)
        elif count == 21:
            loop.call_soon_threadsafe(worker.stop)

    order = Order(desk.context.parser, then)
    worker = Worker(replace(desk.context, parser=order), hands=2)
    async with asyncio.timeout(30):
        await worker.run()
    assert 5 <= order.seen.index("Frage live") <= 7
    archive = [text for text in order.seen if text != "Frage live"]
    assert archive == [f"Frage {number}" for number in range(20)]
    assert order.most <= 2
    assert desk.database.read(lambda session: waiting(session, 100)) == []
    assert len(desk.database.read(list_messages)) == 21


async def test_cr_15_bombs_in_hand_and_in_the_queue_hold_up_no_normal_mail(sqlite_desk):
    """Three heavy mails came first, and the parser is not done with the first before it has read all the others."""
    desk, loop = sqlite_desk, asyncio.get_running_loop()
    for number in range(3):
        store(desk, f"bomb {number}", more="x" * 70 + "\n" + ("y" * 70 + "\n") * 4000)
    for number in range(20):
        store(desk, number)
    quick, stuck = threading.Event(), []

    class Slow:
        read = 0

        def parse(self, raw):
            mail = desk.context.parser.parse(raw)
            if "bomb" in mail.text:
                stuck.append(quick.wait(30))
            self.read += 1
            if self.read == 20:
                quick.set()
            elif self.read == 23:
                loop.call_soon_threadsafe(worker.stop)
            return mail

    worker = Worker(replace(desk.context, parser=Slow(), keys=random_keys), hands=2)
    async with asyncio.timeout(120):
        await worker.run()
    assert stuck == [True] * 3
    assert desk.database.read(lambda session: waiting(session, 100)) == []


def test_a_smaller_mail_goes_first_within_bounds():
    def mail(name, size, seconds=0.0, *, history=False):
        return Waiting(name, alone=False, size=size, history=history, received_at=NOON + timedelta(seconds=seconds))

    kib = 1024
    queue = Queue([
        mail("archive", 1 * kib, -1000, history=True),
        mail("middling", 100 * kib),
        mail("small and late", 4 * kib, 40),
        mail("small and later", 4 * kib, 50),
        mail("heavy archive", 900 * kib, -1000, history=True),
        mail("heavy", 200 * kib, 5),
        mail("heavier", 900 * kib),
    ])  # fmt: skip
    assert queue.next(heavy=True).id == "heavier"  # the oldest of them: each has its turn
    order = []
    while (item := queue.next(heavy=False)) is not None:
        order.append(item.id)
    assert order == ["small and late", "middling", "small and later", "archive"]
    assert [queue.next(heavy=True).id, queue.next(heavy=True).id] == ["heavy", "heavy archive"]
    assert queue.next(heavy=True) is None


def test_heavy_mail_of_an_archive_waits_for_small_mail_that_comes_in():
    queue = Queue([Waiting("archive", alone=False, size=2**20, history=True), Waiting("live", alone=False, size=9)])
    assert [queue.next(heavy=True).id, queue.next(heavy=True).id] == ["live", "archive"]
