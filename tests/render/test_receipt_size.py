"""Receipts stay small, whatever the mail holds that they answer (threats R-32, BS-04)."""

from dataclasses import replace
from itertools import product

import pytest
from support.cases import POLICY, case, mail, stamp

from mailgate.core.desk.decision import Decision, Hold, Open, Tell
from mailgate.core.desk.notice import Template
from mailgate.core.desk.planner import plan
from mailgate.core.desk.takes import Takes
from mailgate.core.mail.mail import Attachment, Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.missing import ALL_FACTS
from mailgate.render.compose import Desk, compose
from mailgate.render.environment import environment

MOST = 4096
DESK = Desk("Muster Rechenzentrum und Hosting GmbH & Co. KG", "example.org", "Europe/Berlin", "#", "+",
            {"support": "support@example.org"})  # fmt: skip
LETTERS = ("x", "ä", "語", "\U0001f525", "=")
ADDRESS = f"{'a' * 64}@{'.'.join(['b' * 60] * 3)}.example"

TYPES = tuple(f"application/vnd.{number}{'x' * 80}" for number in range(30))
TAKES_LITTLE = replace(
    POLICY, departments=tuple(replace(item, attachments=Takes(3, 10**7 + 1, TYPES)) for item in POLICY.departments)
)


def worst(letter, language, *, local=250):
    """A proved mail with the longest of everything, each made of one letter."""
    ids = tuple(f"{number:02d}{'i' * (local - 12)}@x.example" for number in range(60))
    return mail(
        message_id=ids[-1], in_reply_to=(ids[-2],), references=ids[:-1], subject=letter * 5000,
        author=Mailbox(letter * 5000, ADDRESS), language=language, text=letter * 5000,
        attachments=tuple(
            Attachment(letter * 120, None, "a/b", None, 10**8, False, None, "0" * 64, (number,)) for number in range(50)
        ),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.slow
def test_r_32_bs_04_a_receipt_has_at_most_4_kb(language):
    sizes = {}
    for letter, grade, local in product(LETTERS, (Assurance.PROVED, Assurance.UNPROVED), (30, 130, 250, 900)):
        asked = case(message=worst(letter, language, local=local), assurance=grade, policy=TAKES_LITTLE)
        asked = replace(asked, request=replace(asked.request, missing=ALL_FACTS))
        for action in (Open(Tell.RECEIPT), Hold(Tell.RECEIPT), Hold(Tell.RULE)):
            for notice in plan(Decision(action, "x", ()), asked, stamp()).notices:
                if notice.template in {Template.RECEIPT, Template.RULE}:
                    made = compose(notice, DESK, environment(None), asked.received_at)
                    sizes[letter, grade.value, local, notice.template.value] = len(made.raw)
    assert len(sizes) == len(LETTERS) * 2 * 4 * 2
    assert max(sizes.values()) <= MOST, {what: size for what, size in sizes.items() if size > MOST}


def test_the_newest_of_the_thread_is_kept():
    asked = case(
        message=mail(message_id="m9@x.example", references=tuple(f"m{number}@x.example" for number in range(9)))
    )
    (notice,) = plan(Decision(Open(Tell.RECEIPT), "x", ()), asked, stamp()).notices
    assert notice.references == tuple(f"m{number}@x.example" for number in range(10))
