"""The parts that use cases work with, made from the configuration; for the daemon and for single commands alike."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory

from mailgate.auth.gather import AuthSettings, Gatherer
from mailgate.auth.resolver import Resolver
from mailgate.config import Settings
from mailgate.config.requests import default_reference_model, request_rules
from mailgate.core.who.recognition import RequestRules
from mailgate.core.who.references import ReferencePatterns
from mailgate.core.who.request_rules import DepartmentRule, PhraseRule
from mailgate.parse.jail import Jail
from mailgate.service.context import Context, random_keys, utc_now
from mailgate.store.engine import Database, open_database


def open_store(settings: Settings, *, read_only: bool) -> Database:
    """The database of the configuration; raises StoreError where it cannot be used."""
    return open_database(settings.database.connection_url(), base=None, read_only=read_only)


def context_of(settings: Settings, database: Database, jail: Jail, *, owed: Callable[[], None]) -> Context:
    """A context for the time and randomness of the real world."""
    resolver = Resolver([str(item) for item in settings.dns.nameservers])
    return Context(
        database=database,
        parser=jail,
        evidence=Gatherer(auth_settings(settings), resolver),
        policy=settings.policy(),
        rules=rules_of(settings),
        patterns=ReferencePatterns.build(overrides_of(settings), own_domains(settings), default_reference_model()),
        agents=settings.agent_names,
        now=utc_now,
        keys=random_keys,
        owed=owed,
    )


def rules_of(settings: Settings) -> RequestRules:
    """How requests are recognised: what ships, with the departments and phrases of the configuration."""
    departments = [
        DepartmentRule(item.name, item.request_kind, default=item.name == settings.policy().default_department.name)
        for item in settings.departments
    ]
    phrases = [PhraseRule(item.kind, item.phrases, item.language) for item in settings.requests]
    return request_rules(departments, phrases)


def own_domains(settings: Settings) -> frozenset[str]:
    """The domains of the desk and its departments: they are never a customer's."""
    return frozenset({settings.desk.domain, *(address.rpartition("@")[2] for address in settings.own_addresses)})


def overrides_of(settings: Settings) -> dict[str, str]:
    """The patterns of `[references]` that the configuration sets."""
    patterns = settings.references
    named = {
        "customer_number": patterns.customer_number,
        "order": patterns.order,
        "invoice": patterns.invoice,
        "server": patterns.server,
    }
    return {name: pattern for name, pattern in named.items() if pattern is not None}


def auth_settings(settings: Settings) -> AuthSettings:
    """What the auth room needs to know of the configuration."""
    return AuthSettings(authserv_ids=settings.identity.authserv_ids, received_above=settings.identity.received_above)


@contextmanager
def single_use(settings: Settings, *, read_only: bool) -> Iterator[Context]:
    """A context for one command: opens the database and the jail, and closes both.

    Where nothing was ever stored, reading works on an empty database of its own, so that a mail can be explained before
    the daemon has run for the first time. Raises StoreError where the database cannot be used.
    """
    with ExitStack() as stack:
        path = settings.database.sqlite_path
        if read_only and path is not None and not path.exists():
            folder = stack.enter_context(TemporaryDirectory(prefix="mailgate-"))
            database = open_database(f"sqlite:///{folder}/empty.db", base=None)
        else:
            database = open_store(settings, read_only=read_only)
        stack.callback(database.close)
        jail = stack.enter_context(Jail(workers=1))
        yield context_of(settings, database, jail, owed=lambda: None)
