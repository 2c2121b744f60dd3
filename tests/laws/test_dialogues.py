"""Two customers, a stranger, two agents and a thief of keys write at random: nothing that must stay inside leaves.

Each customer's words, each note and each subject carry a mark of their own, so that whatever leaks can be recognised.
"""

import re
from collections import Counter
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.cases import mail
from support.memory import ACCOUNTS, AGENTS, STRANGER, Memory, robot

from mailgate.core.desk.notice import Template
from mailgate.core.mail.mail import Automatic
from mailgate.core.who.request import RequestKind

CUSTOMERS = (*(who.address for one in ACCOUNTS for who in one.contacts), STRANGER)
WRITERS = (*CUSTOMERS, *(agent.address for agent in AGENTS), AGENTS[0].aliases[0])
ACCOUNT_OF = {who.address: one.number for one in ACCOUNTS for who in one.contacts}
AGENT_ADDRESSES = [address for agent in AGENTS for address in (agent.address, *agent.aliases)]
PERSON = Automatic(is_automatic=False)
KEY = re.compile(r"(?<![a-z2-7])([a-z2-7]{26})(?=(?:\.\d+)?@)")
MARK = re.compile(r"\b(?:says|note|subject)-[a-z]+-\d+\b")

steps = st.tuples(
    st.sampled_from(("asks", "answers", "answers", "answers", "notes", "notes", "steals", "forges", "robot")),
    st.integers(0, 10_000),  # who, or which of the mails that went out is answered
    st.sampled_from(("plain", "plain", "address", "whole", "folded", "note", "key", "colleague")),
    st.booleans(),  # proved
    st.sampled_from(RequestKind),
)


class Dialogue:
    """Everybody's mails, and what is known of each mark."""

    def __init__(self):
        self.desk, self.owner, self.count, self.to_customers = Memory(), {}, 0, []

    def mark(self, kind, author):
        self.count += 1
        word = f"{kind}-{author.partition('@')[0].replace('.', '')}-{self.count}"
        self.owner[word] = author
        return word

    def step(self, what, which, style, proved, kind):
        sent = self.desk.sent
        if what == "asks" or not sent:
            author = CUSTOMERS[which % len(CUSTOMERS)]
            self.send(author, self.words(author), sure=proved, kind=kind, subject=self.mark("subject", author))
            return
        notice, body = sent[which % len(sent)]
        author = notice.to.address
        key = notice.note_key if what == "notes" and notice.note_key else notice.reply_key
        if what == "steals":
            author = WRITERS[(which // 7) % len(WRITERS)]
        if what == "robot":
            self.send(author, self.words(author), sure=proved, key=key, automatic=robot())
            return
        text = self.styled(author, style, body, notice.ticket, inside=key == notice.note_key and key is not None)
        self.send(author, text, sure=proved and what != "forges", key=key)

    def words(self, author):
        kind = "note" if author in AGENT_ADDRESSES else "says"
        return f"Guten Tag,\n\nwir bitten um Hilfe mit {self.mark(kind, author)}, so bald wie möglich."

    def styled(self, author, style, body, ticket, *, inside):
        """New text, and what a mail program or a careless hand may add to it."""
        agent = author in AGENT_ADDRESSES
        if inside:
            mark = self.mark("note", author)
            return f"Intern: Der Kunde hat seit drei Monaten nicht bezahlt, siehe {mark}."
        text = "Guten Tag,\n\nwir sehen nach und melden uns." if agent else self.words(author)
        entries = self.desk.entries.get(ticket, ())
        notes = [item.text for item in entries if item.kind == "note" and item.author in AGENT_ADDRESSES]
        keys = sorted(self.desk.keys)
        quoted = "\n".join(f"> {line}" for line in body.split("\n"))
        if not agent:
            return text
        return {
            "plain": text,
            "address": f"{text}\nIhre Anna ({author.upper()})",
            "colleague": f"{text}\nMein Kollege ist {AGENT_ADDRESSES[self.count % 3]}.",
            "whole": f"{text}\n\n{body}",
            "folded": f"{text}\n\nAm 2.3. schrieb Example Hosting:\n{quoted}",
            "note": f"{text}\n\n{notes[-1][:90] if notes else ''}",
            "key": f"{text}\nSchreiben Sie an support+{keys[self.count % len(keys)]}@example.org",
        }[style]

    def send(self, author, text, *, sure, key=None, kind=RequestKind.GENERAL, subject="AW: Frage", automatic=PERSON):
        message = mail(text=text, reply_text=text, subject=subject, automatic=automatic)
        _, out = self.desk.receive(author, message, sure=sure, key=key, kind=kind)
        self.to_customers += [pair for pair in out if pair[0].agent is None]

    def what_happened(self):
        """Words for what the dialogue reached: a law about dialogues in which nothing happens would show nothing."""
        yield "dialogue"
        for notice, _ in self.desk.sent:
            yield notice.template.value
            if notice.template is Template.RESULT:
                yield str(notice.values["problem"])
                yield from {line["leak"] for line in notice.values["details"] if "leak" in line}
                yield "noted" if notice.values["note"] else "not noted"

    def check(self):
        """Every mail to somebody outside the desk, byte for byte; and no key of others in those to agents."""
        for notice, body in self.desk.sent:
            own = {notice.reply_key, notice.note_key, notice.bounce_key}
            assert not set(KEY.findall(body.lower())) - own
        for notice, _ in self.to_customers:
            message = message_from_bytes(self.desk.composed(notice), policy=default)
            whole = "\n".join([*(f"{name}: {value}" for name, value in message.items()), message.get_content()])
            lower = whole.lower()
            assert notice.to.address not in AGENT_ADDRESSES
            assert not [address for address in AGENT_ADDRESSES if address in lower]
            self.check_keys(notice, lower)
            self.check_marks(notice, whole)

    def check_keys(self, notice, text):
        for key in KEY.findall(text):
            assert self.desk.keys[key].person == notice.to.address
            assert key in {notice.reply_key, notice.bounce_key}

    def check_marks(self, notice, text):
        reader = notice.to.address
        for word in MARK.findall(text):
            writer = self.owner[word]
            assert word.startswith("subject-"), f"{word} in a mail to {reader}"
            same_account = ACCOUNT_OF.get(reader) is not None and ACCOUNT_OF.get(reader) == ACCOUNT_OF.get(writer)
            assert reader == writer or same_account


@pytest.mark.slow
def test_ag_03_th_11_no_mail_to_a_customer_holds_what_must_stay_inside():
    seen = Counter()

    @settings(
        max_examples=2000,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(steps, min_size=4, max_size=9))
    def law(dialogue):
        played = Dialogue()
        for step in dialogue:
            played.step(*step)
        played.check()
        seen.update(played.what_happened())

    law()
    assert seen["dialogue"] >= 2000
    # Which dialogues Hypothesis makes depends on the modules that are loaded beside: some 17 to 24 reach a note.
    few = {word: seen[word] for word in ("reply", "receipt", "guard", "key", "note", "held", "noted") if seen[word] < 5}
    assert not few, "the dialogues do not reach what they are about"


@pytest.mark.parametrize("secret", ["agent", "note", "key"])
def test_the_law_sees_a_leak(secret):
    """Without the guard each of the three would be found."""
    played = Dialogue()
    played.step("asks", 0, "plain", True, RequestKind.GENERAL)
    notice, _ = played.to_customers[0]
    key = next(item for item, fact in played.desk.keys.items() if fact.person != notice.to.address)
    leak = {
        "agent": AGENTS[1].address,
        "note": played.mark("note", AGENTS[0].address),
        "key": f"support+{key}@example.org",
    }
    object.__setattr__(notice, "subject", leak[secret] if secret != "agent" else f"x{leak['agent']}"[1:])
    object.__setattr__(notice, "to", notice.to)
    if secret == "agent":
        played.desk.composed = lambda _: f"From: {leak['agent']}\r\n\r\nx".encode()
    with pytest.raises(AssertionError):
        played.check()
