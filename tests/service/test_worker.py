"""The worker: an archive waits for mail that comes in, and its mails for one another."""

import asyncio
from dataclasses import replace

from support.desk import plain_mail

from mailgate.core.mail.envelope import Transport
from mailgate.service.worker import Worker
from mailgate.store.inbound import waiting
from mailgate.store.messages import list_messages


def store(desk, number, transport=Transport.SMTP):
    envelope = desk.envelope(plain_mail(f"Frage {number}\n", Message_ID=f"<{number}@x.example>", Date=None))
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
