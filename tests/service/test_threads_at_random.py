"""Five hundred threads at once, in whatever order their mails come and whatever their programs leave out of them."""

import random
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text
from support.desk import plain_mail
from support.post import BERT, DOMAINS, OLGA, PAT, THEO, Post
from support.signing import ed25519_key, sign

from mailgate.core.desk.carry_out import Actor
from mailgate.core.desk.command import read_block
from mailgate.service.act import command

THREADS = 500
SIGNALS = ("key", "our id", "our id in references", "foreign id", "foreign id in references", "number")
ORDERS = (*[(1, 0)] * 8, (0, 2, 1), (1, 2, 0), (2, 0, 1), (2, 1, 0))
KINDS = ("answer",) * 5 + ("early",) * 4 + ("merged", "intruder", "squatter")
SIGNED = (OLGA, THEO, BERT, PAT)
ANNA = Actor("anna", "anna@example.org")
RAM = "/dev/shm"


@dataclass
class Thread:
    """Mails that belong together; `tickets` are where they went, `first` what the desk said to its first mail."""

    name: str
    author: str
    kind: str
    tickets: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    ids: int = 0

    @property
    def signed(self):
        return self.author in SIGNED

    def message_id(self):
        self.ids += 1
        return f"{self.name}.{self.ids}@{self.author.partition('@')[2]}"


class Storm:
    """The desk and a random order of everything."""

    def __init__(self, folder, seed):
        self.post = Post(folder)
        self.rng = random.Random(seed)
        self.threads, self.reached, self.kept_out = [], Counter(), []

    def thread(self, number):
        """Strangers have an address each; the others write at times, as the budget of receipts allows."""
        kind = self.rng.choice(KINDS)
        author = SIGNED[number // 6 % 4] if number % 6 == 0 else f"kim{number}@firma-{number % 9}.example"
        made = Thread(f"t{number}", author, kind)
        self.threads.append(made)
        return made

    def play(self):
        """Eight threads at a time; who is next is chance."""
        waiting = [getattr(self, f"_{item.kind}")(item) for item in map(self.thread, range(THREADS))]
        running = []
        while waiting or running:
            while waiting and len(running) < 8:
                running.append(waiting.pop())
            steps = self.rng.choice(running)
            self.post.desk.advance(minutes=7)
            if next(steps, None) is None:
                running.remove(steps)

    def mail(self, thread, message_id, *, author=None, to="support@example.org", subject="Frage", **fields):
        """One mail of the thread; what is asked is general, and new each time."""
        author = author or thread.author
        words = f"Was kostet bei Ihnen der Tarif {message_id.partition('@')[0]} im Monat?\n"
        head = {"From": author, "To": to, "Subject": subject, "Message_ID": f"<{message_id}>", **fields}
        raw = plain_mail(words, **head, Date=f"{self.post.desk.clock:%a, %d %b %Y %H:%M:%S} +0000")
        domain = author.partition("@")[2]
        if author in SIGNED:
            raw = sign(raw, domain, "ed", ed25519_key(DOMAINS.index(domain)))
        plan = self.post.desk.receive(raw, sender=author, to=(to,)).plan
        if author == thread.author:
            thread.tickets.append(plan.ticket)
            thread.notices += [item for item in plan.notices if item.to.address == author]
        return plan

    def by(self, signal, thread, notice, own_id):
        """How a program answers that leaves everything out but one signal."""
        return {
            "key": {"to": f"support+{notice.reply_key}@example.org"},
            "our id": {"In_Reply_To": f"<{notice.message_id}>"},
            "our id in references": {"References": f"<other@x.example> <{notice.message_id}>"},
            "foreign id": {"In_Reply_To": f"<{own_id}>"},
            "foreign id in references": {"References": f"<{own_id}> <other@y.example>"},
            "number": {"subject": f"AW: Frage [#{notice.ticket}]"},
        }[signal]

    def _answer(self, thread, then=None):
        """A mail, and an answer to the receipt by one signal; a bare number needs a proved author."""
        own_id = thread.message_id()
        self.mail(thread, own_id)
        yield True
        signal = self.rng.choice(SIGNALS if thread.signed else SIGNALS[:-1])
        self.mail(thread, thread.message_id(), **self.by(signal, thread, thread.notices[0], own_id))
        self.reached[signal] += 1
        yield True

    def _early(self, thread):
        """Answers to the own mails that overtake what they answer, some with In-Reply-To alone."""
        order = self.rng.choice(ORDERS)
        chain = self.rng.random() < 0.5
        ids = [thread.message_id() for _ in order]
        for place in order:
            named = ids[:place] if chain else ids[:place][-1:]
            answers = {"References": " ".join(f"<{item}>" for item in named)} if chain else {}
            if named and not chain:
                answers["In_Reply_To"] = f"<{named[0]}>"
            self.mail(thread, ids[place], **answers)
            yield True
        self.reached[f"early {order} {'chain' if chain else 'parent'}"] += 1

    def _merged(self, thread):
        """Two tickets of one requester become one; what answers either ends in that one."""
        ids = [thread.message_id(), thread.message_id()]
        for own_id in ids:
            self.mail(thread, own_id)
            yield True
        first, second = thread.tickets
        block = read_block(f"!merge {first}")
        command(self.post.desk.database, second, ANNA, block, self.post.desk.context.policy)
        signal = self.rng.choice(SIGNALS if thread.signed else SIGNALS[:-1])
        self.mail(thread, thread.message_id(), **self.by(signal, thread, thread.notices[1], ids[1]))
        self.reached[f"merged {signal}"] += 1
        yield True

    def _intruder(self, thread):
        """Somebody else with whatever leaked."""
        own_id = thread.message_id()
        self.mail(thread, own_id)
        yield True
        signal = self.rng.choice(SIGNALS)
        thief = f"{thread.name}@thief.example"
        how = self.by(signal, thread, thread.notices[0], own_id)
        self.kept_out.append((thread, self.mail(thread, thread.message_id(), author=thief, **how)))
        self.reached["intruder"] += 1
        yield True

    def _squatter(self, thread):
        """Somebody answers a mail that they saw before it was here: its author must not end up with them."""
        own_id = thread.message_id()
        thief = f"{thread.name}@thief.example"
        answer = {"References": f"<{own_id}>"}
        self.kept_out.append((thread, self.mail(thread, thread.message_id(), author=thief, **answer)))
        yield True
        self.mail(thread, own_id)
        assert thread.notices, "the author hears nothing of the own mail"
        self.reached["squatter"] += 1
        yield True


def ends(session):
    """Which ticket became part of which, and who wrote in each as a customer."""
    run, wrote = session.connection().execute, defaultdict(set)
    for number, author in run(text("SELECT ticket, author FROM entry WHERE kind = 'customer'")):
        wrote[number].add(author)
    return dict(run(text("SELECT number, merged_into FROM ticket")).all()), wrote


@pytest.fixture
def storm():
    with tempfile.TemporaryDirectory(dir=RAM if Path(RAM).is_dir() else None) as folder:
        made = Storm(Path(folder), seed=9989)
        yield made
        made.post.close()


@pytest.mark.slow
def test_th_03_th_08_th_10_five_hundred_threads_end_in_the_right_tickets(storm):
    storm.play()
    merged, wrote = storm.post.desk.database.read(ends)
    homes = {thread.name: {merged.get(number) or number for number in thread.tickets} for thread in storm.threads}
    assert {name: found for name, found in homes.items() if len(found) != 1} == {}
    assert len(set().union(*homes.values())) == THREADS
    for thread in storm.threads:
        assert wrote[next(iter(homes[thread.name]))] == {thread.author}
    for thread, plan in storm.kept_out:
        assert plan.ticket not in homes[thread.name]
    assert len(storm.threads) == THREADS
    assert set(SIGNALS) <= set(storm.reached)
    assert len([name for name in storm.reached if name.startswith("early")]) == 2 * len(set(ORDERS))
    assert sum(count for name, count in storm.reached.items() if name.startswith("merged")) >= 20
