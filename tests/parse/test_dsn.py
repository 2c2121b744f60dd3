"""Reports with machine-readable parts, and mails that only look like reports (threats R-40, R-41, LO-05, LO-10)."""

import email
import random

import pytest
from support.cost import within

from mailgate.core.mail.mail import HeaderField, ReportKind
from mailgate.parse.bounds import read_header
from mailgate.parse.dsn import read_report
from mailgate.parse.dsn_parts import addresses, blocks, calendar_method
from mailgate.parse.mime import walk

DAEMON = "MAILER-DAEMON@mx.away.example"
NOTICE = "This is the mail system.\n\nYour message could not be delivered.\n"
ORIGINAL = (
    "Message-ID: <sent-1@support.example>\nFrom: desk@support.example\nTo: kim@away.example\nSubject: x\n\nText\n"
)


def part(kind: str, body: str, more: str = "") -> str:
    return f"--b\nContent-Type: {kind}\n{more}\n{body}\n"


def mail(
    *parts: str, kind="multipart/report; report-type=delivery-status", author=DAEMON, subject="Returned mail", head=""
):
    top = f"From: {author}\nTo: desk@support.example\nSubject: {subject}\n{head}MIME-Version: 1.0\n"
    return (top + f"Content-Type: {kind}; boundary=b\n\n" + "".join(parts) + "--b--\n").encode()


def parts_of(raw: bytes):
    return walk(raw, read_header(raw)).parts


def read(raw: bytes, text: str = NOTICE):
    message = email.message_from_bytes(raw)
    fields = tuple(HeaderField(name.lower(), " ".join(str(value).split())) for name, value in message.items())
    return read_report(parts_of(raw), str(message["subject"]), text, fields)


def status(*groups: str, kind="message/delivery-status", more="") -> str:
    return part(kind, "\n\n".join(["Reporting-MTA: dns; mx.away.example", *groups]), more)


def told(report):
    return [(item.address, item.action, item.status, item.permanent) for item in report.recipients]


FAILED = (
    "Final-Recipient: rfc822; kim@away.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown"
)
DELAYED = "Final-Recipient: rfc822;lee@away.example\nAction: delayed\nStatus: 4.4.1 (no answer)"
DELIVERED = "Final-Recipient: rfc822; max@away.example\nAction: delivered\nStatus: 2.0.0"


def test_r_40_failure_with_its_original():
    report = read(mail(part("text/plain", NOTICE), status(FAILED), part("message/rfc822", ORIGINAL)))
    assert report.kind is ReportKind.DELIVERY
    assert told(report) == [("kim@away.example", "failed", "5.1.1", True)]
    assert report.original_message_id == "sent-1@support.example"


def test_r_40_delayed_is_no_failure():
    assert told(read(mail(status(DELAYED)))) == [("lee@away.example", "delayed", "4.4.1", False)]


def test_r_40_each_recipient_by_itself_and_the_reached_left_out():
    report = read(mail(status(FAILED, DELAYED, DELIVERED)))
    assert [item.address for item in report.recipients] == ["kim@away.example", "lee@away.example"]
    assert [item.permanent for item in report.recipients] == [True, False]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "Delivered (to mailbox)"])
def test_r_40_success_is_no_failure(action):
    report = read(mail(status(DELIVERED.replace("delivered", action))))
    assert report.kind is ReportKind.SUCCESS
    assert [item.address for item in report.recipients] == ["max@away.example"]


@pytest.mark.parametrize(
    ("group", "expect"),
    [
        ("Original-Recipient: rfc822;kim@away.example\nFinal-Recipient: rfc822;k4711@inner.example\nAction: failed\nStatus: 5.2.2",
         ("kim@away.example", "failed", "5.2.2", True)),
        ("Original-Recipient: rfc822; kim@away.example\nFinal-Recipient: x400; /S=kim/O=away/\nAction: failed\nStatus: 5.0.0",
         ("kim@away.example", "failed", "5.0.0", True)),
        ("Final-recipient: RFC822; <kim@away.example>\nAction: failure\nStatus: 553 Exceeded size",
         ("kim@away.example", "failed", None, True)),
        ("Final-Recipient: kim@away.example\nAction: failed (bad address)\nStatus: 5.1.1 (bad)",
         ("kim@away.example", "failed", "5.1.1", True)),
        ("Final-Recipient: rfc822; kim@away.example\nAction: failed\nStatus: 4.4.7",
         ("kim@away.example", "failed", "4.4.7", False)),
        ("Final-Recipient: rfc822; kim@away.example\nAction: failed\nDiagnostic-Code: smtp; 552-5.2.2 The account is over quota",
         ("kim@away.example", "failed", "5.2.2", True)),
        ("Final-Recipient: rfc822; kim@away.example\nStatus: 5.1.1", ("kim@away.example", "failed", "5.1.1", True)),
        ("Final-Recipient: rfc822; kim@away.example\nAction: failed", ("kim@away.example", "failed", None, True)),
        ("Final-Recipient: utf-8; kim@b\u00fccher.example\nAction: failed\nStatus: 5.1.1",
         ("kim@b\u00fccher.example", "failed", "5.1.1", True)),
        ('Final-Recipient: rfc822; "kim lee"@away.example\nAction: failed\nStatus: 5.1.1',
         ('"kim lee"@away.example', "failed", "5.1.1", True)),
        ("Final-Recipient:\n rfc822;\n kim@away.example\nAction:\n failed\nStatus:\n 5.1.1",
         ("kim@away.example", "failed", "5.1.1", True)),
    ],
)  # fmt: skip
def test_r_40_fields_as_they_are_found_in_the_wild(group, expect):
    raw = mail(status(group)).decode().encode()
    assert told(read(raw)) == [expect]


def test_groups_without_the_blank_line_between_them():
    both = FAILED + "\n" + DELAYED
    assert [item.address for item in read(mail(status(both))).recipients] == ["kim@away.example", "lee@away.example"]


def test_one_group_for_everything():
    raw = mail(part("message/delivery-status", "Reporting-MTA: dns; mx\n" + FAILED))
    assert told(read(raw))[0][0] == "kim@away.example"


def test_status_part_of_rfc_6533_and_in_base64():
    import base64

    inner = base64.encodebytes(("Reporting-MTA: dns; mx\n\n" + FAILED + "\n").encode()).decode()
    coded = part("message/delivery-status", inner, "Content-Transfer-Encoding: base64\n")
    assert told(read(mail(coded)))[0][:2] == ("kim@away.example", "failed")
    assert told(read(mail(status(FAILED, kind="message/global-delivery-status"))))[0][0] == "kim@away.example"


def test_empty_status_part_leaves_it_to_the_prose():
    text = "Delivery to the following recipients failed permanently:\n\n   * kim@away.example\n\n"
    assert told(read(mail(part("message/delivery-status", "Reporting-MTA: dns; mx")), text)) == [
        ("kim@away.example", "failed", None, True)
    ]


def test_report_wrapped_by_a_gateway():
    inner = (
        mail(part("text/plain", NOTICE), status(FAILED))
        .decode()
        .replace("boundary=b", "boundary=c")
        .replace("--b", "--c")
    )
    raw = mail(part("message/rfc822", inner), kind="multipart/mixed", subject="Delivery Status Notification (Failure)")
    assert told(read(raw, "")) == [("kim@away.example", "failed", "5.1.1", True)]


def test_a_person_who_attaches_a_report_is_no_report():
    inner = (
        mail(part("text/plain", NOTICE), status(FAILED))
        .decode()
        .replace("boundary=b", "boundary=c")
        .replace("--b", "--c")
    )
    for subject in ("Please help", "Fwd: Returned mail", "Returned mail - what is this"):
        raw = mail(
            part("message/rfc822", inner), kind="multipart/mixed", author="Kim <kim@customer.example>", subject=subject
        )
        assert read(raw, "Hello,\n\nwhat is this? Your mail could not be delivered.\n") is None
    loose = mail(part("text/plain", "See below"), status(FAILED), kind="multipart/mixed", author="kim@customer.example",
                 subject="What is this")  # fmt: skip
    assert read(loose, "See below") is None


@pytest.mark.parametrize(
    ("head", "expect"),
    [
        (part("text/rfc822-headers", ORIGINAL), "sent-1@support.example"),
        (part("message/rfc822", ORIGINAL.replace("Message-ID: ", "Message-ID:\n ")), "sent-1@support.example"),
        (part("message/rfc822", "From: x@y.example\n\nNo id"), None),
        ("", None),
    ],
)
def test_r_41_original_message_id(head, expect):
    assert read(mail(status(FAILED), head)).original_message_id == expect


def test_r_41_original_message_id_by_what_the_report_answers():
    raw = mail(status(FAILED), head="In-Reply-To: <sent-2@support.example>\n")
    assert read(raw).original_message_id == "sent-2@support.example"
    raw = mail(status(FAILED), head="References: <sent-1@support.example> <sent-2@support.example>\n")
    assert read(raw).original_message_id == "sent-2@support.example"


def test_lo_10_read_receipt():
    said = "Reporting-UA: client\nFinal-Recipient: rfc822;kim@away.example\nOriginal-Message-ID: <sent-1@support.example>\n"
    said += "Disposition: manual-action/MDN-sent-manually; displayed"
    raw = mail(part("text/plain", "Read."), part("message/disposition-notification", said),
               kind="multipart/report; report-type=disposition-notification", author="kim@away.example")  # fmt: skip
    report = read(raw)
    assert report.kind is ReportKind.DISPOSITION
    assert [item.address for item in report.recipients] == ["kim@away.example"]
    assert report.original_message_id == "sent-1@support.example"


def test_feedback_report():
    said = "Feedback-Type: abuse\nUser-Agent: loop/1\nVersion: 1\nOriginal-Rcpt-To: kim@away.example"
    raw = mail(part("text/plain", "Abuse."), part("message/feedback-report", said), part("message/rfc822", ORIGINAL),
               kind="multipart/report; report-type=feedback-report", author="fbl@away.example")  # fmt: skip
    report = read(raw)
    assert report.kind is ReportKind.FEEDBACK
    assert [item.address for item in report.recipients] == ["kim@away.example"]
    assert report.original_message_id == "sent-1@support.example"


def test_r_40_success_in_prose():
    raw = f"From: {DAEMON}\nSubject: Successful Mail Delivery Report\n\n".encode()
    text = "This is the mail system at host mx.\n\nYour message was successfully delivered to the destination(s)\nlisted below.\n\n"
    report = read(raw, text + "<kim@away.example>: delivery via local: delivered to mailbox\n")
    assert report.kind is ReportKind.SUCCESS
    assert [(item.address, item.action) for item in report.recipients] == [("kim@away.example", "delivered")]


def test_lo_10_calendar_method():
    for body, expect in (("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR", "reply"), ("BEGIN:VCALENDAR", "")):
        raw = mail(part("text/plain", "x"), part("text/calendar", body), kind="multipart/alternative")
        assert calendar_method(parts_of(raw)) == expect
    stated = mail(part('text/calendar; charset=utf-8; method="REQUEST"', "BEGIN:VCALENDAR"), kind="multipart/mixed")
    assert calendar_method(parts_of(stated)) == "request"
    assert calendar_method(parts_of(mail(part("text/plain", "x")))) is None


@pytest.mark.parametrize(
    ("subject", "author", "text"),
    [
        ("Mail delivery", "Kim <kim@customer.example>", "Hello, when will my parcel be delivered? Kim"),
        (
            "Mail delivery failed",
            "Kim <kim@customer.example>",
            "Hello,\nmy mails to lee@away.example could not be delivered.",
        ),
        (
            "Delivery failed",
            "Kim <kim@customer.example>",
            "Guten Tag, Mail an lee@away.example konnte nicht zugestellt werden.",
        ),
        ("My mail was rejected", "Kim <kim@customer.example>", "550 5.1.1 <lee@away.example> user unknown. Why?"),
        (
            "Re: Undelivered Mail Returned to Sender",
            "Kim <kim@customer.example>",
            "lee@away.example: could not be delivered",
        ),
        ("Server report", "postmaster@customer.example", "Please open port 25 for mail.customer.example, thank you."),
        ("Delivered: your parcel", "shop@customer.example", "Your parcel is at the door."),
        ("Read: the new terms", "Kim <kim@customer.example>", "I have read them and do not agree."),
    ],
)
def test_people_who_write_about_delivery(subject, author, text):
    raw = f"From: {author}\nTo: desk@support.example\nSubject: {subject}\n\n".encode()
    assert read(raw, text) is None


@pytest.mark.parametrize(
    ("line", "expect"),
    [
        ("<kim@away.example>:", ["kim@away.example"]),
        ("to kim@away.example, lee@away.example.", ["kim@away.example", "lee@away.example"]),
        ("'kim@away.example'", ["kim@away.example"]),
        ("dda:SMTP=kim@away.example;", ["kim@away.example"]),
        ('"kim lee"@away.example', ['"kim lee"@away.example']),
        ("kim+tag=x@away.example", ["kim+tag=x@away.example"]),
        ("@ x@ @y a@@b @", []),
        ('"@away.example', []),
        ("kim@", []),
    ],
)
def test_addresses_in_a_line(line, expect):
    assert [address for _, _, address in addresses(line)] == expect


@pytest.mark.parametrize(
    "line", ["@" * 100_000, "a@" * 50_000, "a" * 100_000 + "@b", '"' * 100_000 + '"@b', "a@" + "b." * 50_000]
)
def test_mb_13_addresses_are_found_in_linear_time(line):
    within(100, lambda: addresses(line))


@pytest.mark.parametrize(
    "text",
    [
        "<kim@away.example>:\n" * 50_000,
        "\n" * 200_000,
        "could not be delivered " * 20_000,
        "@" * 200_000,
        ("x" * 990 + "@\n") * 300,
        "Recipient: " * 20_000,
        "5.1.1 " * 50_000,
        "5." * 100_000,
        "-- \n" * 60_000,
    ],
)
def test_mb_13_hostile_notices_are_read_in_bounded_time(text):
    raw = f"From: {DAEMON}\nSubject: Returned mail\n\n".encode()
    report = within(200, lambda: read(raw, text))
    assert report is not None
    assert len(report.recipients) <= 200


@pytest.mark.parametrize(
    "body", ["A:b\n" * 50_000, "A: b\n " * 50_000, "Action: x\n" * 50_000, ":" * 100_000, "\x00\n\r\x0b" * 9000]
)
def test_mb_13_hostile_status_parts_are_read_in_bounded_time(body):
    raw = mail(part("message/delivery-status", body))
    within(100, lambda: blocks(body))
    within(100, lambda: read(raw))


def test_mb_07_deep_and_wide_reports():
    deep = "".join(f"Content-Type: multipart/report; boundary=b{n}\n\n--b{n}\n" for n in range(300))
    assert read(deep.encode()) is None
    wide = mail(*[status(FAILED)] * 3000)
    assert told(read(wide)) == [("kim@away.example", "failed", "5.1.1", True)]


def test_mb_10_mutated_reports_raise_nothing():
    rng = random.Random(20260301)
    seed = mail(part("text/plain", NOTICE), status(FAILED, DELAYED), part("message/rfc822", ORIGINAL))
    for _ in range(1500):
        raw = bytearray(seed)
        for _ in range(rng.randrange(1, 8)):
            at = rng.randrange(len(raw))
            change = rng.randrange(3)
            if change == 0:
                raw[at] = rng.randrange(256)
            elif change == 1:
                del raw[at : at + rng.randrange(1, 40)]
            else:
                raw[at:at] = raw[rng.randrange(len(raw)) :][: rng.randrange(60)]
        report = read(bytes(raw), raw.decode("latin-1"))
        for item in report.recipients if report is not None else ():
            assert item.address.isprintable()
            assert " " not in item.address
