"""Delivery reports whose machine-readable part is broken, misnamed or out of place (threats R-40, LO-06)."""

import pytest
from support.cost import within

from mailgate.parse.message import parse

TEXT = "This is the mail system.\n\nYour message could not be delivered.\n"
ORIGINAL = "Message-ID: <sent-1@support.example>\nTo: kim@away.example\nSubject: x\n\nText\n"
REPORT = "multipart/report; report-type=delivery-status; boundary=b"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.away.example>"
MTA = "Reporting-MTA: dns; mx.away.example\n\n"
RECIPIENT = "Final-Recipient: rfc822; kim@away.example"
FAILED = f"{RECIPIENT}\nAction: failed\nStatus: 5.1.1"
KIM = ("kim@away.example", "failed", True)


def report(
    status: str, *, kind=REPORT, status_kind="message/delivery-status", text=TEXT, author=DAEMON, subject="Returned mail",
    more="", end="--b--\n"
) -> bytes:  # fmt: skip
    stated = f"Content-Type: {kind}\n" if kind else ""
    head = f"From: {author}\nTo: desk@support.example\nSubject: {subject}\nMIME-Version: 1.0\n{stated}\n"
    parts = (
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: {status_kind}\n{more}\n{status}\n"
        f"--b\nContent-Type: message/rfc822\n\n{ORIGINAL}\n"
    )
    return (head + parts + end).encode()


def told(raw: bytes):
    found = parse(raw).report
    return None if found is None else [(item.address, item.action, item.permanent) for item in found.recipients]


CASES = {
    "status part named text/plain": report(MTA + FAILED, status_kind="text/plain"),
    "status part of no kind": report(MTA + FAILED, status_kind="application/octet-stream"),
    "no report type": report(MTA + FAILED, kind="multipart/report; boundary=b"),
    "multipart/mixed": report(MTA + FAILED, kind="multipart/mixed; boundary=b"),
    "written by a person's address": report(MTA + FAILED, author="info@away.example", subject="Your request"),
    "wrong boundary": report(MTA + FAILED, kind=REPORT.replace("=b", "=zz")),
    "no boundary": report(MTA + FAILED, kind="multipart/report; report-type=delivery-status"),
    "no type at all": report(MTA + FAILED, kind=""),
    "unclosed": report(MTA + FAILED, end=""),
    "blanks before colons": report(
        MTA + "final-recipient : rfc822 ; kim@away.example\naction : failed\nstatus : 5.1.1"
    ),
    "all indented": report(
        "  Reporting-MTA: dns; mx\n\n  Final-Recipient: rfc822; kim@away.example\n  Action: failed\n  Status: 5.1.1"
    ),
    "xtext in the address": report(MTA + "Final-Recipient: rfc822; kim+40away.example\nAction: failed\nStatus: 5.1.1"),
    "no domain": report(MTA + "Final-Recipient: rfc822; kim\nAction: failed\nStatus: 5.1.1"),
    "actual recipient": report(
        MTA + "Final-Recipient: local; kim\nX-Actual-Recipient: rfc822; kim@away.example\nAction: failed\nStatus: 5.1.1"
    ),
    "original unknown": report(MTA + "Original-Recipient: rfc822; unknown\n" + FAILED),
    "a delivered one before": report(
        MTA + "Final-Recipient: rfc822; max@away.example\nAction: delivered\nStatus: 2.0.0\n\n" + FAILED
    ),
    "empty, prose tells": report("Reporting-MTA: dns; mx", text=TEXT + "<kim@away.example>: unknown\n"),
    "empty, the original tells": report("Reporting-MTA: dns; mx"),
    "neither action nor status": report(MTA + RECIPIENT),
    "diagnosis only": report(MTA + RECIPIENT + "\nDiagnostic-Code: smtp; 550 no"),
    "a name before the address": report(
        MTA + "Final-Recipient: rfc822; Kim Away <kim@away.example>\nAction: failed\nStatus: 5.1.1"
    ),
    "crlf": report(MTA + FAILED).replace(b"\n", b"\r\n"),
    "blank lines within a group": report(MTA + RECIPIENT + "\n\nAction: failed\n\nStatus: 5.1.1"),
    "fields in the text": report("x", status_kind="text/html", text=TEXT + MTA + FAILED),
    "quoted-printable": report(FAILED.replace("@", "=40"), more="Content-Transfer-Encoding: quoted-printable\n"),
    "words behind the action": report(MTA + RECIPIENT + "\nAction: Failed: user unknown\nStatus: 5.1.1"),
}


@pytest.mark.parametrize("raw", CASES.values(), ids=CASES)
def test_r_40_broken_reports_name_their_recipient(raw):
    assert told(raw) == [KIM]
    assert parse(raw).report.original_message_id == "sent-1@support.example"


def test_r_40_without_action_the_prose_says_that_delivery_goes_on():
    text = "Your message has not yet been delivered. We will keep trying.\n"
    assert told(report(MTA + RECIPIENT, text=text, subject="Delayed mail")) == [("kim@away.example", "delayed", False)]


def test_r_40_status_part_is_the_whole_mail():
    raw = "From: MAILER-DAEMON@x\nTo: desk@support.example\nSubject: failure notice\nContent-Type: message/delivery-status\n\n"
    assert told((raw + MTA + FAILED).encode()) == [KIM]


def test_r_40_fields_of_a_report_that_somebody_attaches_are_no_report():
    raw = report(MTA + FAILED, kind="multipart/mixed; boundary=b", author="Kim <kim@home.example>", subject="Question")
    assert parse(raw).report is None


HOSTILE = {
    "groups that belong together": "".join(f"a{number}: x\n\n" for number in range(9000)),
    "margins": " " * 60_000 + "x: y\n" + " \n" * 3000,
    "actions": f"{RECIPIENT}\nAction: {'failed ' * 9000}\n",
}


@pytest.mark.parametrize("status", HOSTILE.values(), ids=HOSTILE)
def test_mb_13_hostile_status_parts_take_linear_time(status):
    raw = report(MTA + status)
    within(100, lambda: parse(raw))


LINES = {
    "fields": "kim@away.example: x\n" + "Message-ID: <a@b>\nx\n" * 2000,
    "folds": "kim@away.example: x\n" + "Message-ID: <a@b>\n" + " x\n" * 60 + "y\n" * 1000,
    "many on a line": ("a@b.example, " * 70 + "\n") * 70,
    "expanded": ("a@b.example (expanded from: c@d.example) " * 20 + "\n") * 70,
    "names": "Recipients:\n" + " a\n" * 9000,
}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_mb_13_hostile_notices_take_linear_time(text):
    raw = f"From: {DAEMON}\nTo: desk@support.example\nSubject: failure notice\n\nUndeliverable:\n{text}".encode()
    assert within(100, lambda: parse(raw)).report is not None
