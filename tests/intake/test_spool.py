import errno

import pytest

from mailgate.intake.limits import Budget
from mailgate.intake.spool import Spool


def spool(tmp_path, room=1000):
    return Spool(in_memory=10, folder=tmp_path, room=Budget(room))


@pytest.mark.parametrize(
    "writes", [[b""], [b"short"], [b"0123456789"], [b"0123456789", b"x"], [b"x" * 500, b"y" * 500]]
)
def test_what_is_written_is_read(writes, tmp_path):
    it = spool(tmp_path)
    assert all(it.write(data) for data in writes)
    assert it.content() == b"".join(writes)
    assert it.is_file == (sum(map(len, writes)) > 10)
    assert list(tmp_path.iterdir()) == []  # the file has no name
    it.close()


def test_room_is_shared_and_given_back(tmp_path):
    first = spool(tmp_path, room=30)
    second = Spool(in_memory=10, folder=tmp_path, room=first._room)
    assert first.write(b"x" * 20)
    assert not second.write(b"y" * 11)
    assert second.write(b"y" * 10)  # memory
    second.close()
    first.close()
    first.close()
    assert first._room.used == 0
    again = Spool(in_memory=10, folder=tmp_path, room=first._room)
    assert again.write(b"z" * 30)
    again.close()


def test_release_is_called_once(tmp_path):
    it, called = spool(tmp_path), []
    it.release = lambda: called.append(1)
    it.close()
    it.close()
    assert called == [1]


@pytest.mark.parametrize("when", [0, 1])
def test_cr_04_a_full_disk_is_no_room(when, tmp_path, caplog):
    if when == 0:
        it = Spool(in_memory=10, folder=tmp_path / "gone", room=Budget(1000))
        assert not it.write(b"x" * 20)
    else:
        it = spool(tmp_path)
        assert it.write(b"x" * 20)

        class Full:
            def write(self, data):
                raise OSError(errno.ENOSPC, "full")

            def close(self):
                pass

        it._bytes.close()
        it._bytes = Full()
        assert not it.write(b"x")
    it.close()
    assert it._room.used == 0
    assert "smtp.spool-failed" in caplog.text  # the operator learns of it
