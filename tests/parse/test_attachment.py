"""Names, types, and what hides in containers (threats IN-09, IN-10, MB-09, MB-11)."""

import struct
from urllib.parse import quote

import pytest

from mailgate.parse.attachment import MAX_NAME, MAX_NAME_BYTES, clean_name, detect_type, open_tnef
from mailgate.parse.bounds import read_header
from mailgate.parse.content import read_content
from mailgate.parse.message import parse
from mailgate.parse.mime import walk


@pytest.mark.parametrize(
    ("stated", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\kim\\x.txt", "x.txt"),
        (".", "unnamed"),
        ("..", "unnamed"),
        ("/", "unnamed"),
        ("   ", "unnamed"),
        ("a\r\nb.txt", "a  b.txt"),
        ("a\0b.txt", "a\ufffdb.txt"),
        ("nul", "_nul"),
        ("COM1.txt", "_COM1.txt"),
        ("x.pdf.", "x.pdf"),
        ('a<b>:"c|d?*.txt', "a_b___c_d__.txt"),
        ("u\u0308.txt", "\u00fc.txt"),
        (".htaccess", ".htaccess"),
    ],
)
def test_in_09_names_are_safe_to_show_and_save(stated, clean):
    assert clean_name(stated) == clean


def test_in_09_long_names_keep_their_ending():
    name = clean_name("a" * 10_000 + ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith(".pdf")
    assert len(clean_name("a" * 10_000)) == MAX_NAME
    assert len(clean_name("a." + "b" * 10_000)) == MAX_NAME


def test_in_09_names_fit_a_file_system():
    name = clean_name("\u4e16\U0001f600" * 200 + ".pdf")
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.endswith(".pdf")
    assert len(clean_name("\u00fc" * 180 + ".pdf")) <= MAX_NAME


@pytest.mark.parametrize(
    ("filename", "name", "shown"),
    [
        ("Gr??e ?.pdf", "Gr\u00f6\u00dfe \u2013.pdf", "Gr\u00f6\u00dfe \u2013.pdf"),
        ("what?.pdf", "other.pdf", "what_.pdf"),  # two different names: that of the disposition counts
        ("what?.pdf", "what!.pdf", "what_.pdf"),
        ("Gr\u00f6\u00dfe.pdf", "Gr??e.pdf", "Gr\u00f6\u00dfe.pdf"),
    ],
)
def test_letters_that_one_of_two_names_lost_come_from_the_other(filename, name, shown):
    raw = (
        "From: kim@customer.example\nContent-Type: application/pdf;\n name*=utf-8''"
        f"{quote(name)}\nContent-Disposition: attachment;\n filename*=utf-8''{quote(filename)}\n\nx\n"
    )
    assert [item.filename for item in parse(raw.encode()).attachments] == [shown]


def test_in_10_overrides_and_double_endings_can_be_seen():
    assert clean_name("invoice\u202efdp.exe") == "invoice\ufffdfdp.exe"
    assert clean_name("invoice.pdf.exe") == "invoice.pdf.exe"
    long = clean_name("invoice.pdf" + " " * 300 + ".exe")
    assert long.endswith(".exe")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"MZ\x90\0" + bytes(60), "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF\x02\x01", "application/x-executable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "application/x-ole-storage"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "application/x-ms-shortcut"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "image/jpeg"),
        (b"PK\x03\x04" + bytes(60), "application/zip"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"<script>x</script>", "text/html"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'>", "image/svg+xml"),
        (b"<!-- x --><svg onload=x>", "image/svg+xml"),
        (b"#!/bin/sh\n", "text/x-script"),
        (b"@echo off\r\n", "text/x-script"),
        (b"just text", None),
        (b"", None),
        (b"\0", None),
    ],
)
def test_in_10_the_type_is_told_from_the_content(content, kind):
    assert detect_type(content) == kind


def attachments(text):
    raw = text.encode() if isinstance(text, str) else text
    return read_content(walk(raw, read_header(raw)))


def one(headers, body="x", outer="mixed"):
    found = attachments(
        f"Content-Type: multipart/{outer}; boundary=b\n\n--b\n\ntext\n--b\n{headers}\n\n{body}\n--b--\n"
    )
    assert len(found.attachments) == 1
    return found.attachments[0]


@pytest.mark.parametrize(
    ("headers", "outer", "inline"),
    [
        ("Content-Type: image/png\nContent-Disposition: inline", "mixed", True),
        ("Content-Type: image/png\nContent-Disposition: attachment", "mixed", False),
        ("Content-Type: image/png", "mixed", False),
        ("Content-Type: image/png\nContent-ID: <a@b>", "related", True),
        ("Content-Type: image/png\nContent-ID: <a@b>", "mixed", False),  # nothing shows it
        ("Content-Type: application/pdf\nContent-Disposition: attachment\nContent-ID: <a@b>", "related", False),
    ],
)
def test_inline_against_attached(headers, outer, inline):
    assert one(headers, outer=outer).inline is inline


@pytest.mark.parametrize("disposition", ["", "Content-Disposition: attachment\n"])
def test_an_image_that_the_html_shows_is_inline(disposition):
    found = attachments(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src='cid:a@b'>\n"
        f"--b\nContent-Type: image/png\n{disposition}Content-ID: <a@b>\n\nx\n--b--\n"
    )
    assert [(item.inline, item.content_id) for item in found.attachments] == [(True, "a@b")]


def test_the_name_is_kept_as_stated_beside_the_clean_one():
    item = one('Content-Type: text/plain\nContent-Disposition: attachment; filename="../x\u202ecod.exe"')
    assert (item.filename, item.stated_name) == ("x\ufffdcod.exe", "../x\u202ecod.exe")
    assert one("Content-Type: a/b; name=n.txt\nContent-Disposition: attachment; filename=f.txt").filename == "f.txt"
    assert one("Content-Type: a/b; name=n.txt").filename == "n.txt"
    assert one("Content-Type: a/b").filename is None


@pytest.mark.parametrize(
    "kind", ["message/partial; id=x; number=1", "message/external-body; access-type=URL", "application/zip"]
)
def test_mb_09_mb_11_containers_are_neither_fetched_nor_opened(kind):
    item = one(f"Content-Type: {kind}", "http://customer.example/")
    assert item.content_type == kind.partition(";")[0]
    assert item.size == len("http://customer.example/")


def tnef(*attributes):
    out = b"\x78\x9f\x3e\x22\x01\x00"
    for level, name, kind, data in attributes:
        out += struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return out


RENDER = (2, 0x9002, 6, bytes(14))
FILE = tnef(RENDER, (2, 0x8010, 1, b"note.txt\0"), (2, 0x800F, 6, b"the content"))


def test_winmail_dat_is_opened():
    opened, defect = open_tnef(FILE)
    assert defect is None
    assert [(item.name, item.content) for item in opened.files] == [("note.txt", b"the content")]


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\x78\x9f\x3e\x22", FILE[:-9], b"\x78\x9f\x3e\x22\x01\x00" + b"\xff" * 500]
)
def test_mb_09_broken_winmail_dat_stays_closed_or_is_read_as_far_as_it_goes(data):
    opened, defect = open_tnef(data)
    assert defect is None or defect.code == "tnef-broken"
    assert len(opened.files) <= 1


def test_mb_09_too_large_winmail_dat_stays_closed():
    opened, defect = open_tnef(b"\x78\x9f\x3e\x22" + bytes(11 * 1024 * 1024))
    assert (opened.files, defect.code) == ((), "tnef-too-large")
