"""`mailgate ticket close`, `assign`, `note` …: what agents write as `!commands`, for those at a terminal."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.common import WRONG, Json, become_owner, database, fail, settings, store_trouble
from mailgate.cli.output import emit, emit_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailgate.config import Settings
    from mailgate.core.desk.case import Agent, Policy
    from mailgate.core.desk.command_kinds import Block, Command
    from mailgate.service.by_hand import Handed
    from mailgate.service.context import Context

Number = Annotated[int, typer.Argument(metavar="N", min=1, max=2**62)]
As = Annotated[str | None, typer.Option("--as", metavar="AGENT", help="In the name of this agent.")]

_OPERATOR = "operator"


def register(app: typer.Typer) -> None:
    """Add the commands to `mailgate ticket`."""
    app.command("open")(open_)
    for name, work, says in (
        ("reply", reply, None),
        ("ack", _bare("!ack"), "Say that a human has seen it."),
        ("take", take, None),
        ("assign", _valued("!assign", "AGENT"), "Give it to an agent."),
        ("close", _bare("!close"), "Close it; the customer is not told."),
        ("reopen", _bare("!open"), "Open a closed or waiting one again; takes back spam, too."),
        ("wait", wait, None),
        ("note", note, None),
        ("priority", _valued("!priority", "high|normal"), "Set how urgent it is; the due times follow."),
        ("department", _valued("!department", "DEPARTMENT"), "Move it to another department."),
        ("account", _valued("!account", "CUSTOMER", "The customer number."), "Say whose ticket it is."),
        ("merge", merge, None),
        ("cc", cc, None),
        ("spam", _bare("!spam"), "Close it as spam and hear nothing of its sender any more; `reopen` takes that back."),
    ):
        app.command(name, help=says)(work)


def _bare(verb: str) -> "Callable[..., None]":
    """A command that takes the number of the ticket alone."""

    def run(context: typer.Context, number: Number, agent: As = None, as_json: Json = False) -> None:
        _line(context, number, verb, agent, as_json=as_json)

    return run


def _valued(verb: str, metavar: str, says: str | None = None) -> "Callable[..., None]":
    """A command with one value behind the number."""
    argument = typer.Argument(metavar=metavar, help=says)

    def run(
        context: typer.Context, number: Number, value: Annotated[str, argument], agent: As = None, as_json: Json = False
    ) -> None:
        _line(context, number, f"{verb} {_one_line(value)}", agent, as_json=as_json)

    return run


Who = Annotated[str | None, typer.Option("--as", metavar="AGENT", help="Who writes; may be left out for one agent.")]


def open_(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer number.")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it is about; - reads it from standard input.")],
    department: Annotated[str | None, typer.Option("--department", help="Not the default one.")] = None,
    agent: Who = None,
    as_json: Json = False,
) -> None:
    """Open a ticket for a customer on the phone, who gets the receipt."""
    config = settings(context)
    from mailgate.cli.common import known_word
    from mailgate.service.by_hand import open_for

    policy = config.policy()
    names = [item.name for item in policy.departments if item.retired_notice is None]
    known_word("--department", department, names)
    who, words = _writer(config, agent), text_or_stdin(text)
    chosen = department or policy.default_department.name
    _hand_in(
        config, as_json, lambda parts: open_for(parts, who, chosen, _one_line(customer), _one_line(subject), words)
    )


def reply(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The answer; - reads it from standard input.")],
    agent: Who = None,
    as_json: Json = False,
) -> None:
    """Answer the customer and all who take part, from the department's address."""
    config = settings(context)
    from mailgate.service.by_hand import reply as answer

    who, words = _writer(config, agent), text_or_stdin(text)
    _hand_in(config, as_json, lambda parts: answer(parts, who, number, words))


def _writer(config: "Settings", name: str | None) -> "Agent":
    """The agent in whose name is written; exit 2 where that is nobody."""
    policy = config.policy()
    if name is None and len(policy.agents) == 1:
        return policy.agents[0]
    return _known(policy, name) if name else fail("--as AGENT is missing", WRONG)


def _known(policy: "Policy", name: str) -> "Agent":
    """The agent of that name; exit 2 with the nearest name where there is none."""
    from mailgate.config import nearest

    found = policy.agent(name)
    return found or fail(
        f"--as: there is no agent {name!r}{nearest(name, [item.name for item in policy.agents])}", WRONG
    )


def _hand_in(config: "Settings", as_json: bool, work: "Callable[[Context], Handed]") -> None:
    from mailgate.render.words_agents import agent_variables
    from mailgate.service.act import NoSuchTicket
    from mailgate.service.parts import single_use
    from mailgate.store.queries import show_ticket

    become_owner(config)
    with store_trouble(), single_use(config, read_only=False) as parts:
        try:
            handed = work(parts)
        except NoSuchTicket as error:
            fail(str(error))
        number = handed.row["ticket"]
        shown = parts.database.read(lambda session: show_ticket(session, number)) if number is not None else None
    said = agent_variables(handed.told, "en", config.desk.timezone)
    if handed.row["outcome"] not in {"opened", "held", "replied", "command"}:
        why = [str(handed.told.get("problem") or handed.row["reason"])]
        details = said.get("details")
        fail("; ".join([*why, *map(str, details if isinstance(details, list) else [])]))
    if as_json:
        emit_json(shown)
        return
    emit(f"ticket {number}: {handed.row['outcome']}")
    done, people = said.get("done"), handed.told.get("recipients")
    for line in done if isinstance(done, list) else []:
        emit(str(line))
    if isinstance(people, list) and people:
        emit(f"The answer goes to {', '.join(map(str, people))}.")


def take(
    context: typer.Context,
    number: Number,
    agent: Annotated[str, typer.Option("--as", metavar="AGENT", help="Who takes it.")],
    as_json: Json = False,
) -> None:
    """Take it on, in the name of an agent."""
    _line(context, number, "!take", agent, as_json=as_json)


def wait(
    context: typer.Context,
    number: Number,
    span: Annotated[str, typer.Argument(metavar="[SPAN]", help="3d, 4h, 2w: open again after that.")] = "",
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Wait for the customer."""
    _line(context, number, f"!wait {_one_line(span)}", agent, as_json=as_json)


def note(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="The note; - reads it from standard input.")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Add a note that stays within the desk."""
    from mailgate.core.desk.command_kinds import Note

    words = text_or_stdin(text)
    _carry_out(context, number, (Note(words),), agent, as_json=as_json)


def merge(
    context: typer.Context,
    number: Number,
    into: Annotated[int, typer.Argument(metavar="INTO", min=1, max=999_999_999)],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Make it part of another ticket."""
    _line(context, number, f"!merge {into}", agent, as_json=as_json)


def cc(
    context: typer.Context,
    number: Number,
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS…")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Let people get what is sent from now on, and write."""
    _line(context, number, f"!cc {_one_line(', '.join(addresses))}", agent, as_json=as_json)


def text_or_stdin(text: str) -> str:
    """The text of an argument, or of standard input where it is `-`; exit 2 where there is none."""
    words = (sys.stdin.read() if text == "-" else text).strip()
    if not words:
        fail("the text is empty", 2)
    return words


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _line(context: typer.Context, number: int, line: str, agent: str | None, *, as_json: bool) -> None:
    """Carry out what an agent would have typed: the same reader checks the value."""
    from mailgate.core.desk.command import read_block

    _run(context, number, read_block(line), agent, as_json=as_json)


def _carry_out(
    context: typer.Context, number: int, commands: "tuple[Command, ...]", agent: str | None, *, as_json: bool
) -> None:
    from mailgate.core.desk.command import name_of
    from mailgate.core.desk.command_kinds import Block

    _run(context, number, Block(commands, tuple(name_of(item) for item in commands)), agent, as_json=as_json)


def _run(context: typer.Context, number: int, block: "Block", agent: str | None, *, as_json: bool) -> None:
    config = settings(context)
    from mailgate.core.desk.carry_out import Actor
    from mailgate.render.command_words import deed_in_words, problem_in_words
    from mailgate.service.act import NoSuchTicket, Refused, command
    from mailgate.store.queries import show_ticket

    policy = config.policy()
    person = _known(policy, agent) if agent is not None else None
    actor = Actor(person.name, person.address) if person is not None else Actor(_OPERATOR, _OPERATOR)
    with database(config, write=True) as store:
        try:
            done = command(store, number, actor, block, policy)
        except NoSuchTicket as error:
            fail(str(error))
        except Refused as error:
            fail("; ".join(problem_in_words(bad, "en") for bad in error.bad), WRONG if block.errors else 1)
        found = store.read(lambda session: show_ticket(session, number))
    assert found is not None
    if as_json:
        emit_json(found)
        return
    for deed, value in done.deeds:
        emit(deed_in_words(deed, value, "en", config.desk.timezone))
