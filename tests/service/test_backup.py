import pytest
from support.database import new_sqlite
from support.jobs import make_desk

JOBS = """
[[jobs]]
name = "nightly"
cron = "0 3 * * *"
action = "backup"

[database]
url = "{url}"

[backup]
folder = "backups"
keep = 3
"""


@pytest.fixture
def desk(tmp_path):
    url = new_sqlite(tmp_path / "store")
    opened = make_desk(tmp_path, url, JOBS.format(url=url))
    opened.tick()
    yield opened
    opened.close()


def test_the_newest_stay_and_nothing_else_is_touched(desk, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mailgate-notes.db").write_text("mine")
    for _ in range(5):
        desk.open()
        desk.advance(days=1)
        assert desk.tick() == 1
    assert sorted(path.name for path in folder.iterdir()) == [
        "mailgate-20260305T100000Z.db",
        "mailgate-20260306T100000Z.db",
        "mailgate-20260307T100000Z.db",
        "mailgate-notes.db",
    ]
    assert desk.job("nightly")["last_result"].endswith("1 older ones removed")


def test_what_cannot_be_written_is_said(desk, tmp_path):
    (tmp_path / "backups").write_text("a file in the way")
    result = desk.run("nightly")
    assert result["done"] is False
    assert "backups" in result["detail"]
    assert desk.job("nightly")["last_result"].startswith("failed: ")


def test_a_second_run_in_the_same_second_overwrites_nothing(desk):
    assert desk.run("nightly")["done"] is True
    assert "nothing is overwritten" in desk.run("nightly")["detail"]
