import io

import pytest

from mailgate.intake.history import TOO_LARGE, NotAnArchive
from mailgate.intake.mbox import Mbox

START = b"From kim@kunde.example Sat Nov 21 10:00:00 2026\n"


def read(tmp_path, content, limit=1000):
    path = tmp_path / "mbox"
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(Mbox(file, limit))


def raws(tmp_path, content, limit=1000):
    return [found.raw for found in read(tmp_path, content, limit)]


def test_each_mail_comes_with_crlf_its_offset_and_how_far_the_file_was_read(tmp_path):
    content = START + b"A: 1\n\none\n\n" + START + b"A: 2\n\ntwo\n"
    first, second = read(tmp_path, content)
    assert (first.raw, first.where) == (b"A: 1\r\n\r\none\r\n", "offset 0")
    assert (second.raw, second.where) == (b"A: 2\r\n\r\ntwo\r\n", f"offset {content.index(START, 1)}")
    assert (first.position, second.position) == (content.index(START, 1), len(content))


def test_crlf_and_lf_give_the_same(tmp_path):
    content = START + b"A: 1\n\none\n\n>From me\n\n" + START + b"A: 2\n\ntwo\n\n"
    assert raws(tmp_path, content) == raws(tmp_path, content.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "stored, was",
    [
        (b">From me", b"From me"),
        (b">>From me", b">From me"),
        (b">From: me", b">From: me"),
        (b"> From me", b"> From me"),
        (b"a >From me", b"a >From me"),
        (b"\nFrom now on", b"\r\nFrom now on"),
        (b"\nFrom 10:00 on", b"\r\nFrom 10:00 on"),
    ],
)
def test_quoted_lines_come_back_and_sentences_begin_no_mail(tmp_path, stored, was):
    assert raws(tmp_path, START + b"A: 1\n\n" + stored + b"\n") == [b"A: 1\r\n\r\n" + was + b"\r\n"]


@pytest.mark.parametrize(
    "start", [b"From \n", b"From - \r\n", b"From - Tue Jan 02 10:00:00 2024\n", b"From MAILER-DAEMON\n"]
)
def test_the_starts_that_mail_programs_write(tmp_path, start):
    assert raws(tmp_path, start + b"A: 1\n\n") == [b"A: 1\r\n"]


def test_a_bare_start_counts_behind_an_empty_line_only(tmp_path):
    assert raws(tmp_path, b"From \nA: 1\n\none\n\nFrom \nA: 2\n\ntwo\nFrom \nend\n") == [
        b"A: 1\r\n\r\none\r\n",
        b"A: 2\r\n\r\ntwo\r\nFrom \r\nend\r\n",
    ]


def test_a_mail_that_was_cut_off_does_not_swallow_the_next(tmp_path):
    assert raws(tmp_path, START + b"A: 1\n\nhal\n" + START + b"A: 2\n\ntw") == [
        b"A: 1\r\n\r\nhal\r\n",
        b"A: 2\r\n\r\ntw",
    ]


def test_what_is_too_large_is_left_out_with_its_place_and_size_and_the_rest_goes_on(tmp_path):
    content = START + b"A: 1\n\n" + b"x" * 70 + b"\n" * 200_000 + START + b"A: 2\n\ntwo\n"
    large, small = read(tmp_path, content, limit=100)
    assert (large.raw, large.where, large.why) == (None, "offset 0", TOO_LARGE)
    assert large.size > 400_000
    assert small.raw == b"A: 2\r\n\r\ntwo\r\n"


def test_the_limit_is_that_of_the_mail_not_of_its_lines_in_the_file(tmp_path):
    mail = b"A: 1\r\n\r\n" + b"x" * 90 + b"\r\n"
    assert raws(tmp_path, START + mail + b"\r\n", limit=100) == [mail]
    assert raws(tmp_path, START + mail + b"\r\n", limit=99) == [None]


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 200_000])
def test_long_lines_stay_whole(tmp_path, length):
    line = b"x" * (length - 1) + b"\r\n"
    assert raws(tmp_path, START + b"A: 1\n\n" + line, limit=10**6) == [b"A: 1\r\n\r\n" + line]
    assert raws(tmp_path, START + b"A: 1\n\n" + b">" * length + b"From x\n", limit=10**6)[0].endswith(b">From x\r\n")


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_holds_no_mail(tmp_path, content):
    assert read(tmp_path, content) == []


@pytest.mark.parametrize(
    "content", [b"From: kim@kunde.example\n\nx\n", b"\x00" * 100_000, b"From " + b"x" * 2000 + b"\n"]
)
def test_a_file_without_a_start_is_no_mbox(tmp_path, content):
    with pytest.raises(NotAnArchive, match="does not begin with a line"):
        read(tmp_path, content)


def test_one_mail_is_in_memory_whatever_the_file_holds(tmp_path):
    class Counted(io.FileIO):
        read_so_far = 0

        def readline(self, size=-1):
            piece = super().readline(size)
            self.read_so_far += len(piece)
            return piece

    path = tmp_path / "mbox"
    path.write_bytes((START + b"A: 1\n\none\n\n") * 1000)
    with Counted(path) as file:
        mails = iter(Mbox(file, 1000))
        next(mails)
        assert file.read_so_far < 200
