import io

import pytest

from mailgate.intake.stdin import Unusable, read, reverse_path_of


@pytest.mark.parametrize(
    "piped, wire",
    [
        (b"A: b\n\ntext\n", b"A: b\r\n\r\ntext\r\n"),
        (b"A: b\r\n\r\ntext\r\n", b"A: b\r\n\r\ntext\r\n"),
        (b"From kim@kunde.example Sat Nov 21 10:00:00 2026\nA: b\n\n", b"A: b\r\n\r\n"),
        (b"From: b\n\nFrom here on\n", b"From: b\r\n\r\nFrom here on\r\n"),
        (b"A: b\n\nno end", b"A: b\r\n\r\nno end"),
        (b"A: b\n\na\rb\r\n\n", b"A: b\r\n\r\na\rb\r\n\r\n"),
    ],
)
def test_lines_end_as_on_the_wire_and_an_mbox_line_is_gone(piped, wire):
    assert read(io.BytesIO(piped), 1000) == wire


@pytest.mark.parametrize("piped", [b"", b"\n\n", b"From x\n\n", b"x" * 101, b"\n" * 60 + b"x"])
def test_no_mail_or_a_too_large_one(piped):
    with pytest.raises(Unusable, match=r"no mail|larger"):
        read(io.BytesIO(piped), 100)


@pytest.mark.parametrize(
    "header, path",
    [
        (b"Return-Path: <kim@kunde.example>\r\nFrom: x@y.example", "kim@kunde.example"),
        (b"Return-Path: <>\r\nFrom: x@y.example", ""),
        (b"Received: by x\r\nReturn-Path: kim@kunde.example", "kim@kunde.example"),
        (b"From: Kim <kim@kunde.example>", "kim@kunde.example"),
        (b"From: \xff\xfe", ""),
        (b"Subject: x", ""),
    ],
)
def test_the_reverse_path_of_a_mail_without_an_envelope(header, path):
    assert reverse_path_of(header + b"\r\n\r\nReturn-Path: <other@x.example>\r\n") == path
