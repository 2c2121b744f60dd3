"""A desk for tests: the real store, parser, auth and policy, with a clock that the test moves and countable keys."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailgate.auth.gather import Gatherer
from mailgate.auth.resolver import Resolver
from mailgate.config.load import parse as parse_config
from mailgate.config.requests import default_reference_model
from mailgate.core.desk.owe import RULE_AFTER
from mailgate.core.mail.envelope import Client, Envelope, Transport
from mailgate.core.who.references import ReferencePatterns
from mailgate.courier.courier import Parcel, Sent
from mailgate.parse.message import parse
from mailgate.render.environment import environment
from mailgate.service.context import Context
from mailgate.service.deliver import Mailer, deliver_due
from mailgate.service.desk import desk_of
from mailgate.service.parts import auth_settings, overrides_of, rules_of
from mailgate.service.process import Result, process
from mailgate.store import inbound
from mailgate.store.engine import open_database

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CONFIG = """
[desk]
name = "Example Hosting"
domain = "example.org"
languages = ["de", "en"]
timezone = "Europe/Berlin"

[[departments]]
name = "support"
addresses = ["support@example.org"]

[[departments]]
name = "billing"
addresses = ["billing@example.org"]
contact_role = "billing"

[[departments]]
name = "general"
addresses = ["info@example.org"]
default = true

[[agents]]
name = "anna"
address = "anna@example.org"
"""


class InProcessParser:
    """The parser without its jail: quick, and what it raises is seen."""

    def parse(self, raw):
        return parse(raw)


_BASE32 = bytes(b"abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in range(256))


class Keys:
    """Keys that are the same in each run: hashes of `base` and a counter. A mail that is tried again draws them again."""

    def __init__(self):
        self.base = 0

    def __call__(self, count):
        keys = []
        for number in range(count):
            digest = hashlib.sha256(f"{self.base}/{number}".encode()).digest()
            keys.append(digest[:26].translate(_BASE32).decode())
        return tuple(keys)


class RecordingCourier:
    """Takes every mail; `answer` may be replaced by a function that decides otherwise."""

    def __init__(self):
        self.parcels: list[Parcel] = []
        self.answer = lambda parcel: Sent("250 ok")

    async def send(self, parcel):
        outcome = self.answer(parcel)
        if isinstance(outcome, Sent):
            self.parcels.append(parcel)
        return outcome

    async def close(self):
        return None


NOBODY = "127.0.0.1:9"  # no name server there


@dataclass
class Desk:
    """A whole desk on one database. `clock` is the time; `advance` moves it."""

    folder: Path
    url: str
    config: str = CONFIG
    nameserver: str = NOBODY
    clock: datetime = START
    courier: RecordingCourier = field(default_factory=RecordingCourier)
    keys: Keys = field(default_factory=Keys)
    count: int = 0

    def __post_init__(self):
        patience = 0.5 if self.nameserver == NOBODY else 8.0  # a busy machine is no DNS trouble
        self.settings = parse_config(self.config, file="config.toml", base=self.folder)
        self.database = open_database(self.url, base=None)
        self.owed = 0
        self.drawn = 0
        self.context = Context(
            database=self.database,
            parser=InProcessParser(),
            evidence=Gatherer(auth_settings(self.settings), Resolver([self.nameserver], query_timeout=patience)),
            policy=self.settings.policy(),
            rules=rules_of(self.settings),
            patterns=ReferencePatterns.build(
                overrides_of(self.settings), {self.settings.desk.domain}, default_reference_model()
            ),
            agents=self.settings.agent_names,
            now=lambda: self.clock,
            keys=self.keys,
            owed=self._note,
        )
        self.mailer = Mailer(
            database=self.database,
            courier=self.courier,
            desk=desk_of(self.settings),
            policy=self.context.policy,
            templates=environment(None),
            owner="test",
            retry_for=timedelta(days=5),
            now=lambda: self.clock + RULE_AFTER,  # what waits for its moment leaves at once
            keys=self._keys_of_mailer,
        )

    def _keys_of_mailer(self, count):
        """Keys of their own, drawn once each: those of the mails start anew with each mail."""
        self.drawn += 1
        keys = Keys()
        keys.base = f"mailer {self.drawn}"
        return keys(count)

    def _note(self):
        self.owed += 1

    def advance(self, **span):
        self.clock += timedelta(**span)

    def envelope(self, raw, *, sender="kim@kunde.invalid", to=("support@example.org",), client="198.51.100.9", **more):
        self.count += 1
        return Envelope(
            id=more.pop("id", f"m{self.count:03d}"),
            received_at=self.clock,
            transport=Transport.SMTP,
            client=Client(client, "mail.kunde.invalid") if client else None,
            reverse_path=sender,
            forward_path=tuple(to),
            raw=raw,
            **more,
        )

    def store(self, envelope):
        self.database.write(lambda session: inbound.store_received(session, envelope))

    def receive(self, raw, **more) -> Result:
        """Accept and process one mail."""
        envelope = self.envelope(raw, **more)
        self.keys.base = self.count
        self.store(envelope)
        return self.process(envelope)

    def process(self, envelope) -> Result:
        return process(self.context, envelope.id, alone=False)

    async def deliver(self):
        return await deliver_due(self.mailer)

    def close(self):
        self.database.close()


def plain_mail(text="Guten Tag,\n\nwas kostet der kleinste Server?\n", **fields):
    """The bytes of a simple mail; field names with `_` for `-`."""
    head = {
        "From": "Kim Kunde <kim@kunde.invalid>",
        "To": "support@example.org",
        "Subject": "Frage",
        "Message-ID": "<m1@kunde.invalid>",
        "Date": "Mon, 02 Mar 2026 10:00:00 +0000",
        "Content-Type": "text/plain; charset=utf-8",
    }
    head.update({name.replace("_", "-"): value for name, value in fields.items()})
    lines = [f"{name}: {value}" for name, value in head.items() if value is not None]
    return "\r\n".join([*lines, "", *text.split("\n")]).encode("utf-8")
