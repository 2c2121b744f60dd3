"""`mailgate ticket close`, `assign`, `note` …: what agents write as `!commands`, for those at a terminal."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.common import WRONG, Json, become_owner, database, fail, settings, store_trouble
from mailgate.cli.output import emit, emit_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailgate.config import Settings
    from mailgate.core.desk.case import Agent
    from mailgate.core.desk.command_kinds import Block, Command
    from mailgate.service.by_hand import Handed
    from mailgate.service.context import Context

Number = Annotated[int, typer.Argument(metavar="N", min=1, max=2**62)]
As = Annotated[str | None, typer.Option("--as", metavar="AGENT", help="In the name of this agent.")]

_OPERATOR = "operator"


def register(app: typer.Typer) -> None:
    """Add the commands to `mailgate ticket`."""
    app.command("open")(open_)
    for work in (reply, ack, take, assign, close, reopen, wait, note, priority, department, account, merge, cc, spam):
        app.command()(work)


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
    from mailgate.config import nearest

    agents = config.policy().agents
    if name is None and len(agents) == 1:
        return agents[0]
    found = next((item for item in agents if item.name == name), None)
    if found is None:
        names = [item.name for item in agents]
        fail(f"--as: there is no agent {name!r}{nearest(name, names)}" if name else "--as AGENT is missing", WRONG)
    return found


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


def ack(context: typer.Context, number: Number, agent: As = None, as_json: Json = False) -> None:
    """Say that a human has seen it."""
    _line(context, number, "!ack", agent, as_json=as_json)


def take(
    context: typer.Context,
    number: Number,
    agent: Annotated[str, typer.Option("--as", metavar="AGENT", help="Who takes it.")],
    as_json: Json = False,
) -> None:
    """Take it on, in the name of an agent."""
    _line(context, number, "!take", agent, as_json=as_json)


def assign(
    context: typer.Context,
    number: Number,
    name: Annotated[str, typer.Argument(metavar="AGENT")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Give it to an agent."""
    _line(context, number, f"!assign {_one_line(name)}", agent, as_json=as_json)


def close(context: typer.Context, number: Number, agent: As = None, as_json: Json = False) -> None:
    """Close it; the customer is not told."""
    _line(context, number, "!close", agent, as_json=as_json)


def reopen(context: typer.Context, number: Number, agent: As = None, as_json: Json = False) -> None:
    """Open a closed or waiting one again; takes back spam, too."""
    _line(context, number, "!open", agent, as_json=as_json)


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


def priority(
    context: typer.Context,
    number: Number,
    level: Annotated[str, typer.Argument(metavar="high|normal")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Set how urgent it is; the due times follow."""
    _line(context, number, f"!priority {_one_line(level)}", agent, as_json=as_json)


def department(
    context: typer.Context,
    number: Number,
    name: Annotated[str, typer.Argument(metavar="DEPARTMENT")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Move it to another department."""
    _line(context, number, f"!department {_one_line(name)}", agent, as_json=as_json)


def account(
    context: typer.Context,
    number: Number,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer number.")],
    agent: As = None,
    as_json: Json = False,
) -> None:
    """Say whose ticket it is."""
    _line(context, number, f"!account {_one_line(customer)}", agent, as_json=as_json)


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


def spam(context: typer.Context, number: Number, agent: As = None, as_json: Json = False) -> None:
    """Close it as spam and hear nothing of its sender any more; `reopen` takes that back."""
    _line(context, number, "!spam", agent, as_json=as_json)


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
    from mailgate.config import nearest
    from mailgate.core.desk.carry_out import Actor
    from mailgate.render.command_words import deed_in_words, problem_in_words
    from mailgate.service.act import NoSuchTicket, Refused, command
    from mailgate.store.queries import show_ticket

    policy = config.policy()
    person = policy.agent(agent) if agent is not None else None
    if agent is not None and person is None:
        names = [item.name for item in policy.agents]
        fail(f"--as: there is no agent {agent!r}{nearest(agent, names)}", WRONG)
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
