"""Mailboxes by IMAP against a server that does everything wrong (threats IM-01 to IM-09)."""

import random
import threading
from datetime import UTC, datetime
from itertools import count

import pytest
from support.ca import make_tls
from support.database import new_sqlite
from support.imap_server import Drop, ImapServer, Mischief, server_context

from mailgate.intake.imap import Mailbox
from mailgate.intake.imap_link import Broken, Link, LoginRefused, Server, Tls
from mailgate.intake.imap_session import MailboxHooks, MailboxSettings, Trouble
from mailgate.store.engine import open_database
from mailgate.store.inbound import load_envelope, taken_from_mailbox
from mailgate.store.messages import list_messages
from mailgate.store.writer import Writer

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Halt(threading.Event):
    """A stop signal whose waits take no time: they move a clock. It is set after so many sessions' ends, or by hand."""

    def __init__(self, ends=10**9):
        super().__init__()
        self.now = 0.0
        self.waits = []
        self.ends = ends
        self.looks = 10**9
        self.on_wait = lambda: None

    def is_set(self):
        self.looks -= 1
        self.on_wait()
        if self.looks <= 0:
            self.set()
        return super().is_set()

    def clock(self):
        return self.now

    def wait(self, timeout=None):
        self.now += timeout or 0.0
        self.waits.append(timeout)
        self.on_wait()
        if len(self.waits) >= self.ends:
            self.set()
        return super().is_set()


class Box:
    """A mailbox under test, with the real store behind it. `done()` says when it is enough."""

    def __init__(self, tmp_path, server, **settings):
        self.server = server
        self.database = open_database(new_sqlite(tmp_path / "store"), base=None)
        self.writer = Writer(self.database)
        self.alarms = []
        self.halt = Halt()
        self.lease = True
        self.accepted = []
        self.full = False
        numbers = count(1)
        self.hooks = MailboxHooks(
            accept=self.accept,
            taken=lambda prefix: self.database.read(lambda session: taken_from_mailbox(session, prefix)),
            renew=lambda: self.lease,
            alarm=lambda what, why: self.alarms.append(why),
            new_id=lambda: f"in-{next(numbers):06}",
            now=lambda: NOW,
            has_room=lambda _size: not self.full,
        )
        settings = {"poll": 0.05, "max_size": 10_000, **settings}
        self.settings = MailboxSettings("us@host/INBOX", "INBOX", "support@example.org", **settings)
        self.host = Server("127.0.0.1", server.port, Tls.NONE, "us", lambda: "secret")
        self.trouble = Trouble(clock=self.halt.clock)

    def accept(self, envelope):
        self.writer.submit(envelope).result(10)
        self.accepted.append(envelope)
        self.seen()

    def seen(self):
        """After each mail; tests replace it."""

    def run(self, *, until=None, ends=10**9, looks=120):
        """Run in this thread until so many sessions ended, `until` holds, or it was looked at so often."""
        self.halt.clear()
        self.halt.waits, self.halt.ends, self.halt.looks = [], ends, looks
        check = (lambda: self.halt.set() if until() else None) if until else (lambda: None)
        self.halt.on_wait = self.seen = check
        connect = lambda: Link(self.host, command_timeout=10)  # noqa: E731
        Mailbox(self.settings, self.hooks, connect, trouble=self.trouble, stop=self.halt).run()

    def bodies(self):
        return sorted(item.raw for item in self.accepted)

    def close(self):
        self.writer.close(10)
        self.database.close()


@pytest.fixture
def make(tmp_path):
    boxes = []

    def build(server, **settings):
        boxes.append(Box(tmp_path / str(len(boxes)), server, **settings))
        return boxes[-1]

    yield build
    for box in boxes:
        box.close()


def mail(number, size=200):
    head = f"From: a@b.example\r\nMessage-ID: <{number}@b.example>\r\nSubject: mail {number}\r\n\r\n"
    return (head + "x" * (size - len(head))).encode()


def test_mails_are_taken_and_left_where_they_are(make):
    with ImapServer() as server:
        uids = [server.add(mail(number)) for number in range(5)]
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 5)
        assert box.bodies() == sorted(mail(number) for number in range(5))
        assert [item.transport_key for item in box.accepted] == [f"us@host/INBOX/7/{uid}" for uid in uids]
        assert box.accepted[0].forward_path == ("support@example.org",)
        assert list(server.inbox) == uids
        assert not any(item.flags for item in server.inbox.values())
        box.run(looks=8)
        assert len(box.accepted) == 5


@pytest.mark.parametrize(
    ("told", "arrived"),
    [
        ("01-Mar-2019 23:30:00 -0100", datetime(2019, 3, 2, 0, 30, tzinfo=UTC)),
        (" 2-Mar-2026 10:00:00 +0000", NOW),
        ("31-Dec-9999 23:00:00 -1400", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_when_a_mail_came_into_the_mailbox_is_taken_along(make, told, arrived):
    with ImapServer() as server:
        server.add(mail(1), arrived=told)
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 1)
        assert box.accepted[0].arrived_at == arrived
        (row,) = box.database.read(list_messages)
        assert box.database.read(lambda session: load_envelope(session, row["id"])).arrived_at == arrived


def test_new_mail_is_taken_while_the_server_tells_of_it(make):
    with ImapServer() as server:
        box = make(server, poll=30.0)
        timer = threading.Timer(0.2, lambda: [server.add(mail(number)) for number in range(3)])
        timer.start()
        box.run(until=lambda: len(box.accepted) == 3)
        assert len(box.accepted) == 3


def test_without_idle_it_asks_again_and_again(make):
    with ImapServer() as server:
        server.capabilities = "IMAP4rev1"
        box = make(server, poll=60.0)
        server.add(mail(1))
        arrivals = iter(range(2, 5))

        def more():
            number = next(arrivals, None)
            if number is not None:
                server.add(mail(number))
            return len(box.accepted) == 4

        box.run(until=more)
        assert len(box.accepted) == 4
        assert "IDLE" not in server.commands


def test_lost_wake_ups_do_not_matter(make):
    """EXISTS within another answer, or in the same segment as `+ idling`, wakes nobody; the next look finds the mail."""

    class Late(Mischief):
        added = 0

        def on_command(self, server, name, line):
            if name == "UID SEARCH" and self.added < 20:
                self.added += 1
                server.add(mail(self.added))
                return b"* %d EXISTS" % len(server.inbox)
            return None

        def on_idle(self, server):
            if self.added < 40:
                self.added += 1
                server.add(mail(self.added))
                return b"* %d EXISTS" % len(server.inbox)
            return None

    with ImapServer(Late()) as server:
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 40, looks=1000)
        assert len(set(box.bodies())) == 40


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.slow
def test_a_wake_up_in_one_piece_with_the_beginning_of_idle_is_heard_at_once(make, tmp_path, tls):
    """A mail that arrives between the look and IDLE: nobody need wait for the end of a long poll."""

    class Between(Mischief):
        def on_idle(self, server):
            if server.inbox:
                return None
            server.add(mail(1))
            return b"* 1 EXISTS"

    made = make_tls(tmp_path / "tls") if tls else None
    context = server_context(made.certificate, made.key) if made else None
    with ImapServer(Between(), tls=context, implicit=tls) as server:
        box = make(server, poll=86_400.0)  # only the server's word can wake it
        if made is not None:
            box.host = Server("localhost", server.port, Tls.IMPLICIT, "us", lambda: "secret", ca_file=made.ca)
        box.run(until=lambda: len(box.accepted) == 1)
        assert len(box.accepted) == 1


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 IDLE UIDPLUS MOVE", "IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_done_mails_are_moved_into_a_folder_that_is_made(make, capabilities):
    with ImapServer() as server:
        server.capabilities = capabilities
        for number in range(3):
            server.add(mail(number))
        box = make(server, done="move:Done")
        box.run(until=lambda: len(server.folders.get("Done", {})) == 3 and len(box.accepted) == 3, ends=4)
        box.run(looks=8)
        assert sorted(item.raw for item in server.folders["Done"].values()) == box.bodies()
        assert len(box.accepted) == 3
        left = [item for item in server.inbox.values() if "\\Deleted" not in item.flags]
        assert not left


def test_im_03_a_crash_between_commit_and_mark_moves_the_mail_later_and_takes_it_once(make):
    class Dies(Mischief):
        deaths = 2

        def on_command(self, server, name, line):
            if name == "UID MOVE" and self.deaths:
                self.deaths -= 1
                raise Drop

    with ImapServer(Dies()) as server:
        server.add(mail(1))
        box = make(server, done="move:Done")
        box.run(until=lambda: len(server.folders.get("Done", {})) == 1, ends=5)
        box.run(looks=8)
        assert len(box.accepted) == 1
        assert not server.inbox


def test_deleted_after_the_commit(make):
    with ImapServer() as server:
        server.add(mail(1))
        box = make(server, done="delete")
        box.run(until=lambda: not server.inbox, ends=3)
        box.run(ends=1, until=lambda: not server.inbox)
        assert len(box.accepted) == 1


@pytest.mark.parametrize("done", ["keep", "delete", "move:Done"])
def test_mail_over_the_limit_becomes_a_mail_that_says_so_and_stays(make, done):
    with ImapServer() as server:
        server.add(mail(1, size=30_000))
        server.add(mail(2))
        box = make(server, done=done)
        box.run(until=lambda: len(box.accepted) == 2)
        large = box.accepted[0].raw
        assert large.startswith(b"X-Mailgate-Cut: 30000\r\nFrom: a@b.example\r\n")
        kept = [*server.inbox.values(), *server.folders.get("Done", {}).values()]
        assert mail(1, size=30_000) in [item.raw for item in kept]


def test_a_server_that_lies_about_sizes_gets_no_more_memory(make):
    class Liar(Mischief):
        def on_size(self, raw):
            return 5

    with ImapServer(Liar()) as server:
        server.add(mail(1, size=30_000))
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 1)
        assert len(box.accepted[0].raw) < 10_100


def test_im_02_a_mailbox_made_anew_is_looked_through_again(make):
    with ImapServer() as server:
        for number in range(3):
            server.add(mail(number))
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 3)
        server.renumber()
        server.add(mail(9))
        box.run(until=lambda: len(box.accepted) == 7)
        assert len(set(box.bodies())) == 4
        assert len({item.transport_key for item in box.accepted}) == 7


def test_im_04_another_client_moves_a_mail_between_look_and_fetch(make):
    class Other(Mischief):
        def on_command(self, server, name, line):
            if name == "UID FETCH" and b"BODY" in line and 2 in server.inbox:
                del server.inbox[2]

    with ImapServer(Other()) as server:
        for number in range(1, 5):
            server.add(mail(number))
            server.inbox[number].flags.add("\\Seen")
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 3)
        assert box.bodies() == sorted(mail(number) for number in (1, 3, 4))


def test_im_01_a_literal_that_breaks_off_is_never_stored(make):
    class Breaks(Mischief):
        left = 2

        def on_literal(self, server, uid, raw):
            if self.left:
                self.left -= 1
                return len(raw), raw[: len(raw) // 2]
            return len(raw), raw

    with ImapServer(Breaks()) as server:
        server.add(mail(1, size=5000))
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 1)
        assert box.bodies() == [mail(1, size=5000)]


@pytest.mark.parametrize(
    "told",
    [
        b"* 1 FETCH (UID 1 BODY[] {10000000000}\r\nx",
        b"* 1 FETCH (UID 1 BODY[] {99999999999999999999999999}\r\nx",
        b"* 1 FETCH (UID 1 BODY[] " + b"x" * 2_000_000,
        b"\x00\xff\xfe nonsense",
        b"* SEARCH one two three",
        b"* 1 FETCH (UID (((((((((",
        b"* 1 FETCH " + b"(" * 50_000,
        b'* 1 FETCH (UID "\\',
        b"* BYE go away",
        b"a9 OK done",
        b"+ what",
    ],
)
@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH", "SELECT", "LOGIN"])
def test_im_05_a_hostile_server_ends_the_session_and_nothing_else(make, told, command):
    class Hostile(Mischief):
        left = 3

        def on_command(self, server, name, line):
            if name == command and self.left:
                self.left -= 1
                return told
            return None

    with ImapServer(Hostile()) as server:
        server.add(mail(1))
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 1, ends=12)
        assert box.bodies() == [mail(1)]


def test_im_05_an_endless_answer_is_cut_off(make):
    class Endless(Mischief):
        def on_command(self, server, name, line):
            return b"\r\n".join([b"* OK still here"] * 200_000) if name == "UID SEARCH" else None

    with ImapServer(Endless()) as server:
        link = Link(make(server).host)
        link.select("INBOX")
        with pytest.raises(Broken, match="more than was asked for"):
            link.search(1, 1)
        link.close()


def test_im_06_a_refused_login_is_told_once_and_tried_ever_more_rarely(make):
    with ImapServer(password="other") as server:
        box = make(server)
        box.run(ends=12)
        assert box.halt.waits[:8] == [5, 10, 20, 40, 80, 160, 320, 640]
        assert set(box.halt.waits[8:]) == {900}
        assert server.connections == 12
        assert len(box.alarms) == 1
        assert "refuses the login of us" in box.alarms[0]
        assert "secret" not in box.alarms[0]
        server.password = "secret"
        server.add(mail(1))
        box.run(until=lambda: len(box.accepted) == 1)
        assert len(box.accepted) == 1


def test_im_06_a_token_is_asked_for_anew_at_each_login(make):
    with ImapServer(password="token-2") as server:
        server.capabilities += " AUTH=XOAUTH2"
        tokens = iter(["token-1", "token-2"])
        box = make(server)
        box.host = Server("127.0.0.1", server.port, Tls.NONE, "us", lambda: next(tokens), by_token=True)
        server.add(mail(1))
        box.run(until=lambda: len(box.accepted) == 1, ends=3)
        assert len(box.accepted) == 1
        assert server.connections == 2


def test_im_07_a_poison_mail_first_in_the_box_delays_only_itself(make):
    class Poison(Mischief):
        fetched = 0

        def on_literal(self, server, uid, raw):
            if uid == 1:
                self.fetched += 1
                raise Drop
            return len(raw), raw

    with ImapServer(mischief := Poison()) as server:
        for number in range(1, 6):
            server.add(mail(number))
        box = make(server)
        box.run(until=lambda: len(box.accepted) == 4 and mischief.fetched == 3 and "IDLE" in server.commands[-2:])
        assert box.bodies() == sorted(mail(number) for number in range(2, 6))
        assert any("UID 1 cannot be fetched" in text for text in box.alarms)
        server.add(mail(6))
        box.run(until=lambda: len(box.accepted) == 5)
        assert mischief.fetched == 3
        box.halt.now += 3700
        box.run(ends=1)
        assert mischief.fetched == 4


def test_im_08_who_has_no_lease_does_not_even_connect(make):
    with ImapServer() as server:
        server.add(mail(1))
        box = make(server)
        box.lease = False
        box.run(ends=3)
        assert server.connections == 0
        box.lease = True
        box.run(until=lambda: len(box.accepted) == 1)


def test_cr_04_a_full_disk_leaves_the_mail_where_it_is_and_says_so(make):
    with ImapServer() as server:
        server.add(mail(1))
        box = make(server, done="delete")
        box.full = True
        box.run(ends=4)
        assert not box.accepted
        assert len(server.inbox) == 1
        assert len(box.alarms) == 1
        box.full = False
        box.run(until=lambda: len(box.accepted) == 1)


def test_im_09_no_starttls_no_login(make):
    with ImapServer() as server:
        with pytest.raises(Broken, match="STARTTLS"):
            Link(Server("127.0.0.1", server.port, Tls.STARTTLS, "us", lambda: "secret"))
        assert "LOGIN" not in server.commands
        with pytest.raises(Broken):
            Link(Server("127.0.0.1", server.port, Tls.IMPLICIT, "us", lambda: "secret"))
        assert "LOGIN" not in server.commands


def test_im_09_a_certificate_that_nobody_vouches_for_ends_it_before_the_login(tmp_path):
    theirs, trusted = make_tls(tmp_path / "theirs"), make_tls(tmp_path / "trusted")
    for kind in (Tls.IMPLICIT, Tls.STARTTLS):
        context = server_context(theirs.certificate, theirs.key)
        with ImapServer(tls=context, implicit=kind is Tls.IMPLICIT) as server:
            server.capabilities += " STARTTLS"
            with pytest.raises(Broken, match=r"(?i)certificate"):
                Link(Server("localhost", server.port, kind, "us", lambda: "secret", ca_file=trusted.ca))
            assert "LOGIN" not in server.commands


def test_im_09_what_is_said_behind_starttls_in_plaintext_is_no_answer_to_what_comes_in_tls(tmp_path):
    """Who sits on the line appends answers to the server's OK: they must not count as answers to our next commands."""
    made = make_tls(tmp_path / "tls")

    class OnTheLine(Mischief):
        def on_starttls(self, server, tag):
            following = [b"%b%d" % (tag[:-1], int(tag[-1:]) + step) for step in range(1, 8)]
            return b"".join(b"* PREAUTH hello\r\n%b OK done\r\n" % item for item in following)

    context = server_context(made.certificate, made.key)
    with ImapServer(OnTheLine(), tls=context, password="other") as server:
        server.capabilities += " STARTTLS"
        with pytest.raises(LoginRefused):
            Link(Server("localhost", server.port, Tls.STARTTLS, "us", lambda: "secret", ca_file=made.ca))
        assert server.commands.count("LOGIN") == 1


def test_a_refused_login_is_told_apart():
    with ImapServer(password="other") as server, pytest.raises(LoginRefused):
        Link(Server("127.0.0.1", server.port, Tls.NONE, "us", lambda: "secret"))


class Chaos(Mischief):
    """Each session goes wrong somewhere, by a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.calm = False
        self.number = 0
        self.moved = set()
        self.all = set()
        self.refused = 0

    def arrive(self, server):
        self.number += 1
        raw = mail(self.number, size=self.random.choice([200, 2000, 9000, 30_000]) if self.number % 7 == 0 else 300)
        self.all.add(raw)
        server.add(raw)

    def on_connect(self, server):
        if self.calm:
            return
        if self.random.random() < 0.5:
            self.arrive(server)
        if self.random.random() < 0.02:
            server.renumber()
        if self.random.random() < 0.05:
            raise Drop
        server.password = "other" if self.random.random() < 0.05 else "secret"

    def on_command(self, server, name, line):
        if self.calm or name in {"CAPABILITY", "LOGOUT"}:
            return None
        chance = self.random.random()
        if chance < 0.08:
            raise Drop
        if chance < 0.12:
            self.arrive(server)
            return b"* %d EXISTS" % len(server.inbox)
        if chance < 0.15:
            return self.random.choice([b"* 1 FETCH (UID 1 BODY[] {99999999999}", b"\xff\x00", b"* SEARCH x", b"* BYE"])
        if chance < 0.17 and server.inbox and name == "UID FETCH":
            gone = server.inbox.pop(self.random.choice(sorted(server.inbox)))
            self.moved.add(gone.raw)
        return None

    def on_literal(self, server, uid, raw):
        if not self.calm and (b"\nSubject: mail 3\r" in raw or self.random.random() < 0.1):
            return len(raw), raw[: self.random.randrange(len(raw))]
        return len(raw), raw

    def on_idle(self, server):
        if self.calm:
            return None
        if self.random.random() < 0.5:
            raise Drop
        self.arrive(server)
        return b"* %d EXISTS" % len(server.inbox)


@pytest.mark.parametrize("sessions", [15, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("done", ["keep", "move:Done"])
def test_im_01_to_im_07_chaos_loses_nothing_and_takes_nothing_twice(make, sessions, done):
    chaos = Chaos(seed=sessions)
    with ImapServer(chaos) as server:
        box = make(server, done=done)
        box.run(until=lambda: server.connections >= sessions, looks=10**9)
        ends = len([wait for wait in box.halt.waits if wait])
        assert ends >= server.connections - 1  # a wait after each session: no busy loop
        assert len(server.commands) < 60 * sessions
        chaos.calm, server.password = True, "secret"
        box.halt.now += 4000
        kept = lambda: {item.raw for item in server.inbox.values()}  # noqa: E731
        calm = len(server.commands)
        box.run(until=lambda: "IDLE" in server.commands[calm:] and not (kept() - got(box)), ends=20, looks=2000)
        assert chaos.all - chaos.moved <= got(box)
        keys = [item.transport_key for item in box.accepted]
        assert len(keys) == len(set(keys))
        assert len(box.database.read(list_messages)) == len(keys)


def got(box):
    """The mails that were taken; of those over the limit the whole one that the beginning belongs to."""
    whole = {}
    for item in box.accepted:
        raw = item.raw
        if raw.startswith(b"X-Mailgate-Cut: "):
            size, _, raw = raw.partition(b"\r\n")
            raw = raw.ljust(int(size.split()[1]), b"x")
        whole[raw] = item
    return set(whole)


class Overheard(Mischief):
    """Keeps each line that the client sends."""

    def __init__(self):
        self.lines = []

    def on_command(self, server, name, line):
        self.lines.append(line)


HOSTILE_IDS = ('<a@b>" UID STORE 1 +FLAGS (\\Deleted)', "<x@y.example>) LOGOUT", "<{5}@b.example>", '<\\"@b.example>')


def test_in_11_no_text_of_a_mail_stands_in_a_command(make):
    """Mails are named by their UID alone; there is no search for a Message-ID (CVE-2025-15366)."""
    overheard = Overheard()
    with ImapServer(overheard) as server:
        for number, hostile in enumerate(HOSTILE_IDS):
            server.add(mail(number).replace(f"<{number}@b.example>".encode(), hostile.encode()))
        box = make(server, done="delete")
        box.run(until=lambda: len(box.accepted) == len(HOSTILE_IDS) and not server.folders["INBOX"])
    said = b"\n".join(overheard.lines)
    assert b"UID FETCH" in said
    assert not [
        text for text in (b"@b", b"Subject", b"SEARCH HEADER", b"Message-ID", b"{5}") if text.lower() in said.lower()
    ]


@pytest.mark.parametrize("folder", ['IN"BOX', "INBOX\r\nA9 DELETE INBOX", "INBOX {3}", "a\\"])
def test_in_11_the_name_of_a_folder_is_one_word_of_a_command(make, folder):
    overheard = Overheard()
    with ImapServer(overheard) as server:
        link = Link(Server("127.0.0.1", server.port, Tls.NONE, "us", lambda: "secret"), command_timeout=10)
        with pytest.raises((Broken, ValueError)):
            link.select(folder)
        link.close()
    assert not [line for line in overheard.lines if line.upper().startswith((b"DELETE", b"A9"))]
