"""What an agent hears about a mail of their own: what was done, what was wrong with it, or the page of help."""

from mailgate.core.desk.case import Agent
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template, Value
from mailgate.core.mail.mail import Mailbox


def result(**said: Value) -> dict[str, Value]:
    """The values of the template `result`, with what is to be said in it."""
    silent: dict[str, Value] = {
        "problem": None,
        "details": [],
        "done": [],
        "recipients": [],
        "leaves_at": None,
        "note": False,
        "held": False,
        "ignored": [],
        "beyond": [],
        "text": "",
        "files": [],
        "alone": [],
        "too_large": [],
        "personal": [],
    }
    return silent | said


def help_page(draft: Draft, agent: Agent) -> None:
    """Owe the agent the page of docs/agents.md, with the names of this desk."""
    policy = draft.case.policy
    values: dict[str, Value] = {
        "departments": [item.name for item in policy.departments if item.retired_notice is None],
        "agents": [item.name for item in policy.agents],
    }
    _owe(draft, agent, Template.HELP, values)


def tell_alone(draft: Draft, agent: Agent, values: dict[str, Value]) -> None:
    """Owe the agent a result where there is no ticket that it could be about."""
    _owe(draft, agent, Template.RESULT, values)


def _owe(draft: Draft, agent: Agent, template: Template, values: dict[str, Value]) -> None:
    """A mail without keys: an answer to it must not end up with a customer."""
    case = draft.case
    policy, mail = case.policy, case.mail
    known = not mail.message_id_made_up
    draft.notices.append(
        Notice(
            effect=f"{case.inbound}:{template}",
            template=template,
            to=Mailbox(agent.name, agent.address),
            language=agent.language or policy.languages[0],
            department=policy.department(case.request.department).name,
            ticket=None,
            message_id=message_id(draft.key(), None, policy.domain),
            auto_submitted=AutoSubmitted.REPLIED,
            subject=mail.subject,
            in_reply_to=mail.message_id if known else None,
            references=(*mail.references[-9:], mail.message_id) if known else (),
            values=values,
            agent=agent.name,
        )
    )
