"""What a department takes of what comes attached, what it says of the rest, and to whom."""

from dataclasses import replace

import pytest
from support.cases import OWNER, POLICY, STRANGER, SUPPORT, case, mail, registered, stamp, ticket

from mailgate.core.desk.case import Agent, Brought, ThreadBy, ThreadFact
from mailgate.core.desk.command_kinds import Block
from mailgate.core.desk.decision import Decision, FollowUp, Open, Tell
from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import EntryAdded
from mailgate.core.desk.planner import plan
from mailgate.core.desk.takes import Refusal, Takes, kind_of, sort
from mailgate.core.mail.mail import Attachment, Report, ReportKind
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind, Identity

EXE = "application/vnd.microsoft.portable-executable"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TAKES = Takes(2, 1_000_000, ("image/*", "application/pdf", "text/plain"))
ANNA = Agent("anna", "anna@example.org")
STRICT = replace(POLICY, agents=(ANNA,), departments=(replace(SUPPORT, attachments=TAKES), POLICY.departments[1]))


def attached(name, stated="application/pdf", shown=None, size=20_000, *, inline=False, part=2):
    return Attachment(name, name, stated, shown, size, inline, None, "0" * 64, (part,))


def names(items):
    return [item.filename for item in items]


def sorted_names(takes, *items):
    found = sort(takes, items)
    return names(found.taken), [(item.attachment.filename, item.why.value) for item in found.refused]


FILES = (
    attached("first.pdf"),
    attached("large.pdf", size=1_000_001),
    attached("tool.exe", "application/octet-stream", EXE),
    attached("second.png", "image/png", "image/png"),
    attached("third.pdf"),
)


def test_each_that_is_not_taken_has_its_reason_and_the_rest_keeps_its_order():
    taken, refused = sorted_names(TAKES, *FILES)
    assert taken == ["first.pdf", "second.png"]
    assert refused == [("large.pdf", "size"), ("tool.exe", "type"), ("third.pdf", "count")]


def test_the_limits_themselves_are_taken():
    assert sorted_names(TAKES, attached("a", size=1_000_000), attached("b"))[1] == []


def test_without_a_policy_or_types_everything_is_taken():
    assert sorted_names(None, *FILES) == (names(FILES), [])
    assert sorted_names(Takes(9, 10**9), *FILES) == (names(FILES), [])


@pytest.mark.parametrize(
    ("stated", "shown", "counts"),
    [
        ("application/pdf", None, "application/pdf"),
        ("application/octet-stream", "application/pdf", "application/pdf"),
        ("image/png", EXE, EXE),
        ("text/plain", "text/x-script", "text/x-script"),
        ("image/png", "text/html", "text/html"),
        ("image/png", "image/svg+xml", "image/svg+xml"),
        (DOCX, "application/zip", DOCX),
        ("application/msword", "application/x-ole-storage", "application/msword"),
        ("application/pdf", "application/zip", "application/zip"),
        (DOCX, EXE, EXE),
    ],
)
def test_in_10_what_the_bytes_show_counts_before_what_the_mail_says(stated, shown, counts):
    item = attached("x", stated, shown)
    assert kind_of(item) == counts
    assert sort(Takes(1, 10**6, (counts,)), (item,)).refused == ()
    assert [one.why for one in sort(Takes(1, 10**6, ("audio/*",)), (item,)).refused] == [Refusal.TYPE]


def test_a_star_stands_for_the_subtype_alone():
    item = attached("x", "imagery/png")
    assert sort(Takes(1, 10**6, ("image/*",)), (item,)).taken == ()


def test_logos_and_signatures_of_a_mail_are_no_attachments():
    logo = attached("logo.png", "image/png", "image/png", 3_000, inline=True)
    signature = attached("smime.p7s", "application/pkcs7-signature", None, 4_000)
    takes = Takes(1, 1_000_000, ("application/pdf",))
    assert sorted_names(takes, logo, signature, attached("a.pdf"))[1] == []


@pytest.mark.parametrize(
    "item",
    [
        attached("logo.png", "image/png", EXE, 3_000, inline=True),
        attached("smime.p7s", "application/pkcs7-signature", EXE, 4_000),
        attached("logo.png", "image/png", "image/png", 10_000, inline=True),
        attached("photo.png", "image/png", "image/png", 3_000),
    ],
)
def test_in_10_nothing_passes_by_calling_itself_a_logo(item):
    assert sort(Takes(1, 1_000_000, ("application/pdf",)), (item,)).taken == ()


def planned(*items, assurance=Assurance.PROVED, action=Open(Tell.RECEIPT), policy=STRICT, **more):  # noqa: B008
    identity = more.pop("identity", registered(OWNER))
    message = mail(attachments=items, **more.pop("mail", {}))
    asked = case(message=message, assurance=assurance, policy=policy, identity=identity, **more)
    return plan(Decision(action, "x", ()), asked, stamp())


def only(made, template):
    (found,) = [item for item in made.notices if item.template is template]
    return found


def test_receipt_and_news_name_what_was_not_taken_and_the_entry_keeps_all():
    made = planned(*FILES)
    entry = next(item for item in made.events if isinstance(item, EntryAdded))
    assert names(entry.attachments) == names(FILES)
    assert [item.attachment.filename for item in entry.not_taken] == ["large.pdf", "tool.exe", "third.pdf"]
    receipt, news = only(made, Template.RECEIPT), only(made, Template.NEWS)
    assert receipt.values["not_taken_count"] == 3
    assert [item["name"] for item in receipt.values["not_taken"]] == ["large.pdf", "tool.exe", "third.pdf"]
    assert [item.filename for item in news.attachments] == ["first.pdf", "second.png"]
    assert [item["name"] for item in news.values["files"]] == ["first.pdf", "second.png"]
    assert [(item["name"], item["refusal"]) for item in news.values["withheld"]] == [
        ("large.pdf", "size"),
        ("tool.exe", "type"),
        ("third.pdf", "count"),
    ]


def test_the_receipt_names_few_and_counts_the_rest():
    made = planned(*(attached(f"{number:03}{'n' * 200}", size=10**7, part=number) for number in range(40)))
    values = only(made, Template.RECEIPT).values
    assert values["not_taken_count"] == 40
    assert [len(item["name"]) for item in values["not_taken"]] == [36, 36, 36]


@pytest.mark.parametrize("identity", [registered(OWNER), Identity(AuthorKind.STRANGER)])
def test_bs_04_who_is_not_proved_reads_a_number_and_nothing_from_the_mail(identity):
    made = planned(attached("visit-evil.example.exe", EXE), assurance=Assurance.UNPROVED, identity=identity)
    values = only(made, Template.RECEIPT).values
    assert (values["not_taken"], values["not_taken_count"]) == ([], 1)
    assert "evil" not in str(values)


def test_a_follow_up_is_measured_by_the_department_of_its_ticket():
    strict, lax = ticket(department="support"), ticket(department="billing")
    for there, expected in ((strict, ["tool.exe"]), (lax, [])):
        made = planned(
            attached("tool.exe", EXE), action=FollowUp(1001, reopens=False), thread=ThreadFact(there, ThreadBy.KEY)
        )
        entry = next(item for item in made.events if isinstance(item, EntryAdded))
        assert [item.attachment.filename for item in entry.not_taken] == expected


def test_what_agents_bring_and_programs_report_is_all_taken():
    tool = attached("tool.exe", EXE)
    report = Report(ReportKind.DELIVERY, (), None)
    ways = (
        {"mail": {"report": report}},
        {"brought": Brought(ANNA, Block((), "", ()))},
        {"identity": replace(STRANGER, kind=AuthorKind.AGENT, agent="anna")},
    )
    for way in ways:
        made = planned(tool, **way)
        assert next(item for item in made.events if isinstance(item, EntryAdded)).not_taken == ()
    forged = planned(tool, identity=replace(STRANGER, agent="anna"), assurance=Assurance.UNPROVED)
    assert next(item for item in forged.events if isinstance(item, EntryAdded)).not_taken != ()
