"""Limits on bytes, before anything else looks at a mail (threats MB-05, MB-06)."""

import pytest
from support.cost import within

from mailgate.parse.bounds import check
from mailgate.parse.errors import TooComplex

HEAD = b"From: kim@customer.example\r\nTo: desk@support.example\r\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"X-A: " + b"a" * 9_000_000 + b"\r\n\r\ntext", "header section"),
        (HEAD + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 150) for i in range(420)) + b"\r\ntext", "header section"),
        (HEAD + b"Subject: " + b"x " * 8500 + b"\r\n\r\ntext", "header field"),
        (HEAD + b"Subject: a\r\n" + b" b\r\n" * 5000 + b"\r\ntext", "header field"),
        (HEAD + b"".join(b"X-%d: y\r\n" % i for i in range(501)) + b"\r\ntext", "500 header fields"),
        (HEAD + b"Received: from a by b\r\n" * 101 + b"\r\ntext", "100 Received"),
        (HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\ntext", "header section"),
        (b"Content-Type: text/plain; " + b"a=b;" * 20_000 + b"\r\n\r\ntext", "header section"),
        (b"From: " + b"a@b.example, " * 20_000 + b"\r\n\r\ntext", "header section"),
    ],
)
@pytest.mark.parametrize("lf", [False, True])
def test_mb_05_header_beyond_a_limit_is_too_complex_at_once(raw, words, lf):
    raw = raw.replace(b"\r\n", b"\n") if lf else raw

    def refuse():
        with pytest.raises(TooComplex, match=words):
            check(raw)

    within(50, refuse)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all\r\n" * 100_000,
        HEAD + b"\r\n" + b"\r\n" * 500_000,
        HEAD + b"Subject: " + b"x" * 16_000 + b"\r\n\r\n",
        HEAD + b"Received: from a by b\r\n" * 100 + b"\r\n",
        b"".join(b"X-%d: y\r\n" % i for i in range(500)) + b"\r\n",
        b"a" * 2_000_000,
        b"\0" * 1_000_000,
    ],
)
def test_mails_within_the_limits_pass(raw):
    check(raw)
