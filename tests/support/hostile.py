"""A next hop that is out to get us, and the mails that have to survive it. The same seed gives the same story.

    fates = draw(1000, seed=7)                    what the next hop does to each recipient
    story = await play(folder, fates)             virtual days, real SMTP over loopback, a real store
    assert judge(story) == []

Through the days it is up, down for 24 hours, refuses our login for three, and calls all of us spam for two.
"""

import asyncio
import base64
import contextlib
import hashlib
import itertools
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from support.database import new_sqlite
from support.desk import START, Desk
from support.rows import clocks, entry, notice, opened, plan

from mailgate.core.desk.plan import Stamp
from mailgate.core.mail.mail import Mailbox
from mailgate.courier.smtp import NextHop, SmtpCourier, Tls
from mailgate.store.apply import apply_plan, next_number
from mailgate.store.outbox import list_outbox, next_due

# Hours after the start. Mails are owed through the first 36 of them.
DOWN = (1.0, 25.0)
LOGIN = (27.0, 30.0)
POLICY = (32.0, 34.0)
OWED = 36.0
GROUP = 3  # recipients of one message, where one of them is refused
_REFUSALS = (
    "550 5.1.1 no such user",
    "550 5.2.1 mailbox disabled",
    "554 5.6.0 not like this",
    "552 5.2.2 full for good",
)
_SPAM = "550 5.7.1 spam"
_LATER = ("450 4.2.0 greylisted", "451 4.3.0 try later", "452 4.3.1 no room", "421 4.7.0 too much of you")


@dataclass
class Fate:
    """What happens to the mail for one recipient: replies by attempt, as (stage, reply), the reply None being a hang-up."""

    address: str
    kind: str
    replies: list
    ends: str
    group: int


def draw(count, seed):
    """The fates: 30 % 4xx, 5 % 5xx, 2 % cut within the text, 5 % lost after it, 10 % in a message of which one recipient is refused."""
    rng = random.Random(seed)
    fates = []
    for group in itertools.count():
        if len(fates) >= count:
            return fates[:count]
        dice = rng.random()
        if dice < 0.0357:  # a tenth of all mails stands in such groups
            refused = rng.randrange(GROUP)
            for index in range(GROUP):
                address = f"g{group}-{index}@kunde.invalid"
                replies = [("RCPT", rng.choice(_REFUSALS))] if index == refused else []
                fates.append(Fate(address, "partial", replies * 9, "failed" if replies else "sent", group))
            continue
        fates.append(_single(rng, f"k{group}@kunde.invalid", rng.random(), group))
    raise AssertionError


def _single(rng, address, dice, group):
    if dice < 0.30 / 0.9:
        stages = [rng.choice(("MAIL", "RCPT", "DATA", ".")) for _ in range(rng.randint(1, 4))]
        return Fate(address, "later", [(stage, rng.choice(_LATER)) for stage in stages], "sent", group)
    if dice < 0.35 / 0.9:
        reply = rng.choice((*_REFUSALS, _SPAM))
        return Fate(address, "refused", [(rng.choice(("RCPT", ".")), reply)] * 9, "failed", group)
    if dice < 0.37 / 0.9:
        return Fate(address, "cut", [("text", None)] * rng.randint(1, 4), "sent", group)
    if dice < 0.42 / 0.9:
        return Fate(address, "lost", [(rng.choice(("kept", "thrown")), None)], "sent", group)
    return Fate(address, "taken", [], "sent", group)


@dataclass
class Story:
    """What happened. `tries` and `copies` are by recipient: when RCPT was said, and the bytes of each text."""

    fates: list
    rows: list = field(default_factory=list)
    tries: dict = field(default_factory=lambda: defaultdict(list))
    copies: dict = field(default_factory=lambda: defaultdict(list))
    connections: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    policy: list = field(default_factory=list)
    faults: list = field(default_factory=list)


class Hop:
    """The next hop. `hour` says how late it is."""

    def __init__(self, story, hour):
        self.story, self.hour, self._attempts = story, hour, Counter()
        self._fates = {fate.address: fate for fate in story.fates}
        self._writers, self._sessions = set(), set()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc):
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await asyncio.gather(*self._sessions)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._sessions.add(task)
        self._writers.add(writer)
        self.story.connections.append(self.hour())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        self._writers.discard(writer)
        self._sessions.discard(task)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _talk(self, reader, writer):
        if self._during(DOWN):
            return
        session = _Session(self, reader, writer)
        session.say("220 hop")
        while line := await reader.readline():
            verb, _, rest = line.decode("ascii").strip().partition(" ")
            handler = getattr(session, verb.lower(), None)
            if handler is None:
                self.story.faults.append(f"a command that was not asked for: {line!r}")
                session.say("500 what?")
            elif self._during(DOWN) or not await handler(rest):
                return

    def _during(self, phase):
        return phase[0] <= self.hour() < phase[1]

    def _next(self, address):
        """What this attempt gets: (stage, reply), or None where it is taken."""
        number, replies = self._attempts[address], self._fates[address].replies
        self._attempts[address] += 1
        return replies[number] if number < len(replies) else None

    def _inspect(self, address, text):
        if text.count(b"\n") != text.count(b"\r\n") or text.count(b"\r") != text.count(b"\r\n"):
            self.story.faults.append(f"a bare line end in the mail for {address}")
        if max(map(len, text.split(b"\r\n"))) > 998:
            self.story.faults.append(f"a long line in the mail for {address}")


class _Session:
    """One connection. A handler returns False where it ends with its reply; `step` is what this attempt gets."""

    def __init__(self, hop, reader, writer):
        self.hop, self.story, self.reader, self.writer = hop, hop.story, reader, writer
        self.logged_in, self.address, self.step = False, None, None

    def say(self, reply):
        self.writer.write(reply.encode() + b"\r\n")
        return not reply.startswith(("221", "421"))

    def answer(self, *stages):
        mine = self.step is not None and self.step[0] in stages
        return self.say(self.step[1] if mine else "250 2.0.0 ok")

    async def ehlo(self, _rest):
        return self.say("250-hop\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SIZE 10000000")

    async def auth(self, rest):
        self.logged_in = not self.hop._during(LOGIN) and base64.b64decode(rest.split()[1]) == b"\0desk\0secret"
        self.story.logins.append((self.hop.hour(), self.logged_in))
        return self.say("235 2.7.0 welcome" if self.logged_in else "535 5.7.8 no")

    async def mail(self, _rest):
        """What the story has for MAIL is said to RCPT: only there it is known whom it is about."""
        self.logged_in = self.logged_in and not self.hop._during(LOGIN)
        return self.say("250 ok" if self.logged_in else "530 5.7.0 authentication required")

    async def rcpt(self, rest):
        self.address = rest.removeprefix("TO:<").partition(">")[0]
        if self.hop._during(POLICY):
            self.story.policy.append(self.address)
            return self.say("550 5.7.1 your domain is blocked by policy")
        self.story.tries[self.address].append(self.hop.hour())
        self.step = self.hop._next(self.address)
        return self.answer("MAIL", "RCPT")

    async def data(self, _rest):
        if self.step is not None and self.step[0] == "DATA":
            return self.answer("DATA")
        self.say("354 go")
        if self.step is not None and self.step[0] == "text":
            return False
        text = await self.reader.readuntil(b"\r\n.\r\n")
        self.story.copies[self.address].append((self.step, hashlib.sha256(text).hexdigest()))
        self.hop._inspect(self.address, text)
        return self.answer(".") if self.step is None or self.step[1] is not None else False

    async def rset(self, _rest):
        return self.say("250 ok")

    async def quit(self, _rest):
        return self.say("221 bye")


async def play(folder: Path, fates, *, seed=0) -> Story:
    """Owe the mails, and let virtual time run until each of them has ended."""
    story, desk = Story(fates), Desk(folder, new_sqlite(folder / "hostile"))
    rng = random.Random(f"{seed}-times")
    waves = _waves(fates, rng)

    def hour():
        return (desk.clock - START) / timedelta(hours=1)

    async with Hop(story, hour) as hop:
        courier = SmtpCourier(
            NextHop("127.0.0.1", hop.port, Tls.NONE, "mx.example.org", username="desk", password="secret", timeout=30.0)
        )
        desk.mailer = replace(desk.mailer, courier=courier)
        try:
            while True:
                while waves and waves[0][0] <= hour():
                    owe(desk, waves.pop(0)[1])
                await desk.deliver()
                due = desk.database.read(next_due)
                moments = [due] * (due is not None) + [START + timedelta(hours=at) for at, _ in waves[:1]]
                if not moments or hour() > 24 * 12:
                    break
                desk.clock = max(desk.clock + timedelta(seconds=1), min(moments))
        finally:
            await courier.close()
            story.rows = desk.database.read(list_outbox)
            desk.close()
    return story


def _waves(fates, rng):
    """The mails in the order in which they are owed: (hour, fates); the recipients of one message together."""
    groups = [list(items) for _, items in itertools.groupby(fates, lambda fate: fate.group)]
    count = max(18, len(groups) // 20)  # one in two hours at least, so that each phase has its mails
    waves = [(0.0, []), *((OWED * (index + rng.random()) / count, []) for index in range(count))]
    for group in groups:
        rng.choice(waves)[1].extend(group)
    return waves


def owe(desk, fates):
    """A ticket for each message, its mails owed."""

    def work(session):
        number = next_number(session)
        for offset, (_, group) in enumerate(itertools.groupby(fates, lambda fate: fate.group)):
            ticket = number + offset
            notices = [
                notice(
                    ticket,
                    f"{ticket}:{fate.address}",
                    to=Mailbox("", fate.address),
                    message_id=f"{fate.address[:-14]}.k@example.org",
                )
                for fate in group
            ]
            made = plan(ticket, opened(ticket), entry(ticket), *clocks(ticket), notices=notices)
            apply_plan(session, made, None, Stamp(desk.clock, ticket, ()), "mailgate")

    desk.database.decide(work)


def judge(story) -> list[str]:
    """Everything that went wrong; empty where all is as promised."""
    wrong = list(story.faults)
    ends = {row["to"]: row["state"] for row in story.rows}
    for fate in story.fates:
        if ends.get(fate.address) != fate.ends:
            wrong.append(f"{fate.address} ({fate.kind}) ended as {ends.get(fate.address)}, not {fate.ends}")
        tries, copies = story.tries[fate.address], story.copies[fate.address]
        if len({digest for _, digest in copies}) > 1:
            wrong.append(f"{fate.address} got other bytes the second time")
        taken = sum(step is None or step[0] not in {".", "thrown"} for step, _ in copies)
        if taken != (fate.ends == "sent") + (fate.replies[:1] == [("kept", None)]):
            wrong.append(f"{fate.address} ({fate.kind}) has the mail {taken} times")
        if any(after - before < 1 / 60 for before, after in itertools.pairwise(tries)):
            wrong.append(f"{fate.address} was tried again within a minute")
        spam = fate.replies[:1] and fate.replies[0][1] == _SPAM  # only believed once others were taken in between
        if len(tries) > len(fate.replies) + 1 or (fate.ends == "failed" and len(tries) > (4 if spam else 1)):
            wrong.append(f"{fate.address} ({fate.kind}) was tried {len(tries)} times")
    wrong += _phases(story)
    return wrong


def _phases(story):
    down = [hour for hour in story.connections if DOWN[0] <= hour < DOWN[1]]
    if not 15 <= len(down) <= 31:
        yield f"{len(down)} probes in 24 hours that it was down"
    refused = [hour for hour, welcome in story.logins if not welcome]
    if not 20 <= len(refused) <= 45:
        yield f"{len(refused)} vain logins in three hours"
    if not 3 <= len(story.policy) <= 45:
        yield f"{len(story.policy)} mails refused by policy in two hours"


def figures(story):
    """What happened, in numbers."""
    return {
        "mails": len(story.rows),
        "by state": dict(Counter(row["state"] for row in story.rows)),
        "by fate": dict(Counter(fate.kind for fate in story.fates)),
        "attempts": sum(len(hours) for hours in story.tries.values()),
        "texts sent": sum(map(len, story.copies.values())),
        "arrived twice": sum(fate.replies[:1] == [("kept", None)] for fate in story.fates),
        "connections": len(story.connections),
        "probes while down": sum(DOWN[0] <= hour < DOWN[1] for hour in story.connections),
        "vain logins": sum(not welcome for _, welcome in story.logins),
        "refused by policy, none failed": len(story.policy),
        "last attempt after hours": round(max(max(hours, default=0) for hours in story.tries.values()), 1),
    }
