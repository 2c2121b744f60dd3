"""The job `digest`: each agent gets the own list, once a firing."""

from functools import partial

from mailgate.core.desk import digest as rules
from mailgate.core.desk.case import Agent
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.ticket import Ticket
from mailgate.service.jobs import Run
from mailgate.store import apply
from mailgate.store.engine import Session
from mailgate.store.tickets import unclosed_tickets


def digest(run: Run) -> str:
    """Write to every agent who has something to look at."""
    tickets = run.desk.database.read(unclosed_tickets)
    told = sum(run.each(run.desk.policy.agents, partial(_one, run, tickets)))
    return f"{told} agents told, {len(run.desk.policy.agents) - told} have nothing to look at"


def _one(run: Run, tickets: list[Ticket], session: Session, agent: Agent) -> bool:
    (key,) = run.desk.keys(1)
    notice = rules.digest(tickets, agent, run.desk.policy, effect=run.effect, key=key)
    if notice is None:
        return False
    stamp = Stamp(run.desk.now(), 0, ())
    apply.apply_plan(session, Plan("digest", "job", None, (), (notice,)), None, stamp, run.actor)
    return True
