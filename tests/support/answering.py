"""An agent who answers from a mail program, and what the customer may get of it.

The agent's domain is another one than the desk's, so that a Postfix of the tests can bring both their mail.
"""

import email
import email.policy
from email.utils import formatdate

from support.programs import Quoted, reply
from support.signing import rsa_key, sign

TEAM = "team.example"
ANNA = f"anna@{TEAM}"
KEY = rsa_key(seed=7)
RECORDS = {f"s1._domainkey.{TEAM}": KEY.record}
SAID = "Guten Tag,\n\nder kleinste Server kostet 5 EUR im Monat.\n\nViele Grüße\nAnna"


def staff(daemon):
    """Give the department support an agent, whose answers leave at once. Before the daemon starts."""
    text = daemon.config.read_text(encoding="utf-8")
    text = text.replace("[desk]\n", '[desk]\nundo_send = "0s"\n', 1)
    text = text.replace("default = true\n", 'default = true\nagents = ["anna"]\n', 1)
    daemon.config.write_text(text.replace("anna@example.org", ANNA), encoding="utf-8")


def parsed(raw):
    """A mail out of a mailbox."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def mails_to(postfix, address):
    """What Postfix put into the mailbox for somebody, in order, as bytes."""
    return [raw for raw in postfix.mails() if parsed(raw)["Delivered-To"] == address]


def answer(notice, *, key_in="To", by_id=True, program="thunderbird"):
    """The agent's signed answer to the mail that told of the ticket, quoting it whole.

    `key_in` is the field that has the keyed address: where it is not To, To has the plain one of the desk.
    """
    notice = parsed(notice)
    keyed = notice["Reply-To"].addresses[0].addr_spec
    body = notice.get_body().get_content().replace("\r\n", "\n")
    sender = notice["From"].addresses[0]
    quoted = Quoted(sender.display_name, sender.addr_spec, notice["Subject"], body, ANNA)
    made = reply(
        program, "de", f"{SAID}\n\n-- \nAnna Beispiel | {ANNA} | Tel. 0123 4567", quoted, notice["Date"].datetime
    )
    made["From"] = f"Anna Beispiel <{ANNA}>"
    made["To"] = keyed if key_in == "To" else "support@example.org"
    if key_in == "Cc":
        made["Cc"] = keyed
    made["Subject"] = f"AW: {notice['Subject']}"
    made["Date"] = formatdate()
    made["Message-ID"] = f"<answer-{key_in.lower()}@{TEAM}>"
    if by_id:
        made["In-Reply-To"] = made["References"] = notice["Message-ID"]
    raw = sign(made.as_bytes(), TEAM, "s1", KEY)
    return raw if key_in in {"To", "Cc"} else f"{key_in}: {keyed}\r\n".encode() + raw


def check_answer(raw, *, customer, answers, subject):
    """What reached the customer is the agent's new text, in the customer's thread, and nothing of the agent."""
    mail = parsed(raw)
    assert mail["From"].addresses[0].addr_spec == "support@example.org"
    assert [item.addr_spec for item in mail["To"].addresses] == [customer]
    assert mail["Subject"] == f"Re: {subject} [#1001]"
    assert mail["In-Reply-To"] == answers
    assert answers in mail["References"].split()
    assert mail["Reply-To"].addresses[0].addr_spec.startswith("support+")
    assert mail["Auto-Submitted"] is None
    text = mail.get_content().replace("\r\n", "\n")
    ours = "Example Hosting\nVorgang 1001 - antworten Sie einfach auf diese E-Mail.\n"
    assert text == f"{SAID}\n\n-- \n{ours}", text
    everything = f"{raw.decode('utf-8', 'replace')}\n{text}".lower()
    for inner in (TEAM, "anna beispiel", "x-mailgate", "0123 4567", "##-", "absender:", "dkim-signature"):
        assert inner not in everything, (inner, everything)
