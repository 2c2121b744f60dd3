import os

import pytest

from mailgate.intake.history import TOO_LARGE, NotAnArchive
from mailgate.intake.maildir import Maildir


@pytest.fixture
def folder(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_new_and_cur_are_read_in_the_order_of_time_and_nothing_else(folder):
    (folder / "cur/1700000001.a.host:2,S").write_bytes(b"A: 1\n\none\n")
    (folder / "new/1700000000.b.host").write_bytes(b"A: 0\r\n\r\nnil\r\n")
    (folder / "tmp/1600000000.c.host").write_bytes(b"A: half\n")
    (folder / "cur/.dot").write_bytes(b"no mail")
    (folder / "cur/sub").mkdir()
    box = Maildir(folder, 1000)
    assert box.total == 2
    assert [(found.raw, found.where, found.position) for found in box] == [
        (b"A: 0\r\n\r\nnil\r\n", "new/1700000000.b.host", 1),
        (b"A: 1\r\n\r\none\r\n", "cur/1700000001.a.host:2,S", 2),
    ]


def test_large_ones_links_and_pipes_are_left_out_and_the_rest_goes_on(folder):
    (folder / "cur/1").write_bytes(b"x" * 101)
    (folder / "cur/2").symlink_to(folder / "cur/1")
    os.mkfifo(folder / "cur/3")
    (folder / "cur/4").write_bytes(b"A: 1\n\n")
    found = list(Maildir(folder, 100))
    assert [item.raw for item in found] == [None, None, None, b"A: 1\r\n\r\n"]
    assert [item.why for item in found[:3:2]] == [TOO_LARGE, "it is no file"]
    assert found[1].why.startswith("it cannot be read")


def test_what_a_mail_program_moves_away_meanwhile_is_told_of(folder):
    (folder / "cur/1").write_bytes(b"A: 1\n\n")
    box = Maildir(folder, 100)
    (folder / "cur/1").unlink()
    (gone,) = box
    assert (gone.raw, gone.why) == (None, "it cannot be read: No such file or directory")


def test_a_folder_that_is_no_maildir(tmp_path):
    with pytest.raises(NotAnArchive, match="needs the folders `new` and `cur`"):
        Maildir(tmp_path, 100)
