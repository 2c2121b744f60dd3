"""What receipts and news say of attachments that were not taken."""

from dataclasses import replace

import pytest
from support.cases import POLICY, SUPPORT, case, mail, stamp

from mailgate.core.desk.case import Agent
from mailgate.core.desk.decision import Decision, Open, Tell
from mailgate.core.desk.guard import Guard
from mailgate.core.desk.notice import Template
from mailgate.core.desk.planner import plan
from mailgate.core.desk.takes import Takes
from mailgate.core.mail.mail import Attachment
from mailgate.core.who.evidence import Assurance
from mailgate.render.compose import Desk, render
from mailgate.render.environment import environment
from mailgate.render.words_files import kind_of_file

ANNA = Agent("anna", "anna@example.org")
TAKES = Takes(1, 10 * 1024 * 1024, ("application/pdf", "image/*"))
POLICIES = replace(POLICY, agents=(ANNA,), departments=(replace(SUPPORT, attachments=TAKES), POLICY.departments[1]))
DESK = Desk("Muster GmbH", "example.org", "Europe/Berlin", "#", "+", {"support": "support@example.org"})


def attached(name, kind="application/pdf", size=1000):
    return Attachment(name, name, kind, None, size, inline=False, content_id=None, sha256="0" * 64, part=(2,))


def read(template, *items, language="en", assurance=Assurance.PROVED, desk=DESK):
    policy = replace(POLICIES, agents=(replace(ANNA, language=language),))
    asked = case(message=mail(attachments=items, language=language), assurance=assurance, policy=policy)
    made = plan(Decision(Open(Tell.RECEIPT), "x", ()), asked, stamp())
    (notice,) = [item for item in made.notices if item.template is template]
    return render(notice, desk, environment(None))[1]


FILES = (
    attached("film.mp4", "video/mp4"),
    attached("large.pdf", size=12_000_000),
    *(attached(f"{n}.pdf") for n in range(4)),
)


def test_a_proved_customer_reads_what_was_not_taken_why_and_what_is_possible():
    text = read(Template.RECEIPT, *FILES)
    assert "We could not take 5 attachments of your message:\n\n  - film.mp4 (not a kind that we take)\n" in text
    assert "  - large.pdf (larger than 10 MB)\n  - 1.pdf (too many attachments)\n  - and 2 more\n\n" in text
    assert "A message may have one attachment of up to 10 MB, of these kinds:\nPDF, pictures.\n\nIs there" in text
    german = read(Template.RECEIPT, *FILES[:5], language="de")
    assert "4 Anhänge Ihrer Nachricht konnten wir nicht annehmen:\n\n  - film.mp4 (diese Art" in german
    assert "  - large.pdf (größer als 10 MB)\n  - 1.pdf (zu viele Anhänge)\n  - und 1 weiterer\n\n" in german
    assert "Möglich ist ein Anhang je Nachricht, bis 10 MB, und zwar:\nPDF, Bilder.\n\nMöchten" in german


@pytest.mark.parametrize("language", ["de", "en"])
def test_bs_04_who_is_not_proved_reads_fixed_words(language):
    text = read(Template.RECEIPT, *FILES, language=language, assurance=Assurance.UNPROVED)
    assert not [item.filename for item in FILES if item.filename in text]
    assert ("5 Anhänge Ihrer Nachricht konnten wir nicht annehmen.\n" if language == "de" else "5 attachments") in text


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_receipt_says_nothing_of_attachments_where_all_were_taken(language):
    assert read(Template.RECEIPT, FILES[2], language=language) == read(Template.RECEIPT, language=language)


def test_agents_read_the_type_that_counted_and_why():
    text = read(Template.NEWS, *FILES)
    assert "Attachments:  0.pdf (application/pdf, 1 KB)\nNot taken:    film.mp4 (video/mp4, 1 KB): not a kind" in text
    assert "large.pdf (application/pdf, 12.0 MB): larger than 10 MB; 1.pdf" in text


def test_an_agents_address_in_a_name_does_not_leave():
    desk = replace(DESK, guard=Guard(("anna@example.org",), ()))
    assert "anna@example.org" not in read(
        Template.RECEIPT, attached("anna@example.org film.mp4", "video/mp4"), desk=desk
    )


def test_in_01_a_name_stays_on_its_line():
    text = read(Template.RECEIPT, attached("a\r\nBcc: x@evil.example\r\n\r\nEvil.mp4", "video/mp4"))
    assert "\nBcc:" not in text
    assert "\nEvil" not in text


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("application/pdf", "PDF"), ("image/*", "pictures"), ("image/png", "PNG"), ("audio/*", "audio/*")],
)
def test_kinds_are_called_as_people_call_them(kind, shown):
    assert kind_of_file(kind, "en") == shown
