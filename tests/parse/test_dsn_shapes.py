"""Delivery reports in prose, in the shapes of many mail systems (threats LO-06)."""

import pytest
from support.reports import SHAPES

from mailgate.core.mail.mail import ReportKind
from mailgate.parse.bounds import read_header
from mailgate.parse.dsn import read_report
from mailgate.parse.header import decode_fields
from mailgate.parse.mime import walk


def read(raw: bytes):
    header = read_header(raw)
    fields = decode_fields(header, None)
    subject = next(item.value for item in fields if item.name == "subject")
    return read_report(walk(raw, header).parts, subject, raw.partition(b"\n\n")[2].decode(), fields)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_lo_06_prose_report_names_its_recipients(shape):
    report = read(shape.raw())
    assert report is not None
    assert report.kind is ReportKind.DELIVERY
    assert {(item.address, item.status, item.permanent) for item in report.recipients} == set(shape.expect)
    assert {item.action for item in report.recipients} == {shape.action}


@pytest.mark.parametrize("shape", [s for s in SHAPES if "sent-1@" in s.body], ids=lambda shape: shape.name)
def test_r_41_original_message_id_is_read_from_the_returned_mail(shape):
    assert read(shape.raw()).original_message_id == "sent-1@support.example"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_person_who_forwards_the_report_is_no_report(shape):
    head = f"From: Kim Customer <kim@customer.example>\nTo: <desk@support.example>\nSubject: Fwd: {shape.subject}\n\n"
    body = "Hello,\n\nI got this when I wrote to you. Can you help?\n\n" + shape.body
    assert read((head + body).encode()) is None
