"""A stage for SMTP dialogues over a real socket, and a player for those written as text (tests/dialogues/*.txt).

A dialogue file:

    # a comment, by custom the first line says what is shown
    ! max_errors = 3                 a field of ListenSettings, or one of the Stage's own: peer, trouble, full, stored
    S: 220 ...                       a line that we expect; "..." stands for anything
    C: EHLO client.example           a line that the client sends, with CRLF; lines in a row go out in one write
    C- half a line                   the same without CRLF; \\r \\n \\0 \\xNN \\\\ are understood in both
    C*20: NOOP                       the line twenty times, S*20: likewise
    C: <eof>                         the client closes its side
    S: <closed>                      the server closes the connection
"""

import ast
import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from mailgate.core.mail.envelope import Transport
from mailgate.intake import session
from mailgate.intake.limits import ListenSettings, peer_of
from mailgate.intake.listener import Listener, listen
from mailgate.intake.reception import Hooks

PATIENCE = 60.0  # seconds; only a broken server needs them, or a very busy machine
KEYED = "support+abcdefghijklmnopqrstuvwx23@example.org"
KNOWN = {"support@example.org", "sales@example.org", KEYED}
STEP = re.compile(r"([CS])(?:\*([0-9]+))?([:-]) ?(.*)")


@dataclass
class Stage:
    """A listener whose service is a list."""

    stored: list = field(default_factory=list)
    trouble: str | None = None  # "error", "hang" or "gate": what accept does instead of storing
    full: bool = False  # no room on disk
    opened: asyncio.Event = field(default_factory=asyncio.Event)  # opens the "gate"
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # accept was called
    listener: Listener | None = None
    known: object = None

    @property
    def port(self):
        return self.listener.port

    async def accept(self, envelope):
        self.asked.set()
        if self.trouble == "error":
            raise OSError("secret database password")
        if self.trouble == "hang":
            await asyncio.Event().wait()
        if self.trouble == "gate":
            await self.opened.wait()
        self.stored.append(envelope)


def settings_for_tests(**fields):
    base = {
        "hostname": "mx.example.org",
        "domains": ("example.org", "example.com"),
        "listen": ("127.0.0.1:0",),
        "greeting_pause": 0.0,
        "error_delay": 0.0,
        "linger": 0.5,
    }
    return ListenSettings(**(base | fields))


@contextlib.asynccontextmanager
async def on_stage(stage=None, **fields):
    """A `Stage` with an open listener; it is drained at the end."""
    stage = stage or Stage()
    ids = (f"m{number:04d}" for number in count(1))
    hooks = Hooks(
        accept=stage.accept,
        recipient_known=stage.known or (lambda address: address.lower() in KNOWN),
        has_room=lambda size: not stage.full,
        new_id=lambda: next(ids),
    )
    stage.listener = await listen(settings_for_tests(**fields), hooks)
    try:
        yield stage
    finally:
        for task in stage.listener._reception.commits:
            task.cancel()
        await stage.listener.drain(2.0)


class Client:
    """A client that says bytes and reads reply lines."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    def send(self, data):
        self.writer.write(data)

    async def line(self):
        """The next reply line, "" at the end of the stream."""
        try:
            raw = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        except ConnectionError:
            return ""
        return raw.decode("ascii").removesuffix("\r\n")

    async def reply(self):
        """The last line of the next reply."""
        line = await self.line()
        while line[3:4] == "-":
            line = await self.line()
        return line

    async def ask(self, text):
        self.send(text.encode("latin-1") + b"\r\n")
        return await self.reply()

    async def hello(self, name="client.example"):
        assert (await self.reply()).startswith("220 ")
        assert (await self.ask(f"EHLO {name}")).startswith("250 ")

    async def envelope(self, sender="anna@example.net", *recipients):
        """MAIL, RCPT and DATA, up to 354."""
        assert (await self.ask(f"MAIL FROM:<{sender}>")).startswith("250 2.1.0")
        for recipient in recipients or ("support@example.org",):
            assert (await self.ask(f"RCPT TO:<{recipient}>")).startswith("250 2.1.5")
        assert (await self.ask("DATA")).startswith("354 ")

    async def mail(self, body):
        """A whole transaction; the reply after the dot."""
        await self.envelope()
        self.send(body + b".\r\n")
        return await self.reply()

    async def closed(self):
        """Wait for the end of the stream; the lines that came before it."""
        lines = []
        while line := await self.line():
            lines.append(line)
        return lines


async def until(condition):
    """Let the loop turn until the condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.001)


@contextlib.asynccontextmanager
async def client_of(port, **kwargs):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **kwargs)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@dataclass
class Dialogue:
    name: str
    settings: dict
    steps: list  # (who, text, times, ends with CRLF)

    @classmethod
    def read(cls, path: Path):
        settings, steps = {}, []
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("! "):
                name, _, value = line[2:].partition("=")
                settings[name.strip()] = ast.literal_eval(value.strip())
                continue
            match = STEP.fullmatch(line)
            assert match, f"{path.name}:{number}: what is {line!r}?"
            steps.append((match[1], match[4], int(match[2] or 1), match[3] == ":"))
        return cls(path.stem, settings, steps)


async def play(dialogue, monkeypatch):
    """Play it; returns what was stored. AssertionError where a reply is another one."""
    fields = dict(dialogue.settings)
    expected = fields.pop("stored", None)
    fields["transport"] = Transport(fields.get("transport", "smtp"))
    stage = Stage(trouble=fields.pop("trouble", None), full=fields.pop("full", False))
    if address := fields.pop("peer", None):
        monkeypatch.setattr(
            session, "peer_of", lambda name, nets: peer_of((address, 1), nets) if name else peer_of(name, nets)
        )
    async with on_stage(stage, **fields) as stage, client_of(stage.port) as client:
        waiting = b""
        for who, text, times, whole in dialogue.steps:
            if who == "C" and text != "<eof>":
                waiting += (unescape(text) + (b"\r\n" if whole else b"")) * times
                continue
            if waiting:
                client.send(waiting)
                waiting = b""
            if who == "C":
                client.writer.write_eof()
            else:
                for _ in range(times):
                    expect(await client.line(), "" if text == "<closed>" else text, dialogue.name)
        assert not waiting, "the dialogue ends with the client"
    assert expected is None or len(stage.stored) == expected, f"{len(stage.stored)} stored"
    return stage.stored


def unescape(text):
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1")


def expect(line, wanted, where):
    pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
    assert re.fullmatch(pattern, line), f"{where}: wanted {wanted!r}, got {line!r}"
