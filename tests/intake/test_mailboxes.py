"""Mailboxes as the configuration names them, and what a reload changes."""

import sys
import threading

import pytest
from support.database import new_sqlite
from support.imap_server import ImapServer

from mailgate.config.load import parse as parse_config
from mailgate.intake.imap_link import LoginRefused
from mailgate.intake.mailboxes import Mailboxes, _token
from mailgate.store.engine import open_database
from mailgate.store.outbox import list_outbox
from mailgate.store.writer import Writer

CONFIG = """
[desk]
name = "Example Hosting"
domain = "example.org"
operator = "{operator}"

[smtp]
max_message_size = "{size} B"

[[departments]]
name = "support"
addresses = ["support@example.org"]
default = true
"""
IMAP = """
[[imap]]
host = "127.0.0.1"
port = {port}
tls = "none"
username = "{name}"
password_file = "password"
recipient = "support@example.org"
poll = "1s"
done = "{done}"
"""


class Fetching:
    """Mailboxes over a real store. `taken` are the mails, in the order in which they came."""

    def __init__(self, folder):
        self.folder, self.taken, self.changed = folder, [], threading.Condition()
        self.database = open_database(new_sqlite(folder / "store"), base=None)
        self.writer = Writer(self.database)
        self.mailboxes = Mailboxes(self.database, self.accept)
        (folder / "var").mkdir()  # where the configuration would have the database: room is looked for there
        (folder / "password").write_text("secret")
        (folder / "password").chmod(0o600)

    def accept(self, envelope):
        self.writer.submit(envelope).result(30)
        with self.changed:
            self.taken.append(envelope)
            self.changed.notify_all()

    def settings(self, *boxes, size=100_000, operator="operator@example.net"):
        text = CONFIG.format(size=size, operator=operator)
        text += "".join(IMAP.format(port=server.port, name=name, done=done) for server, name, done in boxes)
        return parse_config(text, file="config.toml", base=self.folder)

    def until(self, number):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= number, 30)

    def close(self):
        self.writer.close(10)
        self.database.close()


@pytest.fixture
def fetching(tmp_path):
    made = Fetching(tmp_path)
    yield made
    made.close()


def mail(number, size=200):
    head = f"From: a@b.example\r\nMessage-ID: <{number}@b.example>\r\nSubject: mail {number}\r\n\r\n"
    return (head + "x" * (size - len(head))).encode()


async def test_after_a_reload_an_open_session_goes_on_by_the_new_limits(fetching):
    with ImapServer() as server:
        box = (server, "us", "keep")
        server.add(mail(1, 150_000))
        await fetching.mailboxes.use(fetching.settings(box, size=200_000))
        fetching.until(1)
        await fetching.mailboxes.use(fetching.settings(box))
        server.add(mail(2, 150_000))
        fetching.until(2)
        await fetching.mailboxes.stop()
        assert [len(item.raw) == 150_000 for item in fetching.taken] == [True, False]
        assert fetching.taken[1].raw.startswith(b"X-Mailgate-Cut: 150000")
        assert server.connections == 1


@pytest.mark.slow
async def test_after_a_reload_the_new_operator_hears_of_what_is_broken(fetching):
    with ImapServer() as server:
        box = (server, "us", "keep")
        server.add(mail(1))
        await fetching.mailboxes.use(fetching.settings(box))
        fetching.until(1)
        await fetching.mailboxes.use(fetching.settings(box, operator="other@example.net"))
        server.password = "another"
        server.drop_all()
        rows = wait_for(lambda: fetching.database.read(list_outbox))
        assert [row["to"] for row in rows] == ["other@example.net"]
        await fetching.mailboxes.stop()


@pytest.mark.slow
async def test_a_reload_ends_and_begins_only_what_is_named_otherwise(fetching):
    with ImapServer() as same, ImapServer() as other, ImapServer() as new:
        for number, server in enumerate((same, other, new)):
            server.add(mail(number))
        await fetching.mailboxes.use(fetching.settings((same, "same", "keep"), (other, "other", "keep")))
        fetching.until(2)
        assert other.folders.keys() == {"INBOX"}
        await fetching.mailboxes.use(
            fetching.settings((same, "same", "keep"), (other, "other", "move:Done"), (new, "new", "keep"))
        )
        fetching.until(3)
        wait_for(lambda: other.folders.get("Done"))
        assert (same.connections, other.connections, new.connections) == (1, 2, 1)
        await fetching.mailboxes.use(fetching.settings((same, "same", "keep")))
        new.add(mail(4))
        same.add(mail(5))
        fetching.until(4)
        assert fetching.taken[-1].raw == mail(5)
        await fetching.mailboxes.stop()
        assert (same.connections, other.connections, new.connections) == (1, 2, 1)


def wait_for(condition):
    """What `condition` gives, once it gives something."""
    pause = threading.Event()
    for _ in range(1200):
        if found := condition():
            return found
        pause.wait(0.05)
    raise AssertionError("it did not happen within a minute")


HOSTILE = ("$(touch {file})", "`touch {file}`", "; touch {file}", "| touch {file}", "\ntouch {file}", "&& touch {file}")


def test_in_13_arguments_of_a_command_are_no_shells_and_it_reads_nothing(tmp_path):
    file = tmp_path / "touched"
    words = [text.format(file=file) for text in HOSTILE]
    printed = _token([sys.executable, "-c", "import sys; print(repr((sys.argv[1:], sys.stdin.read())))", *words])
    assert printed == repr((words, ""))
    assert not file.exists()


def test_in_13_what_a_failed_command_printed_is_not_shown():
    with pytest.raises(LoginRefused) as caught:
        _token([sys.executable, "-c", "import sys; print('canary'); sys.exit(3)"])
    assert "canary" not in str(caught.value)
    assert "exit 3" in str(caught.value)
