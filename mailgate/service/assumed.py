"""The envelope that a mail file would have had: what the caller says, and for the rest what the mail suggests."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.key import split_keyed
from mailgate.core.mail.delivery import stated_reverse_path
from mailgate.core.mail.envelope import Client, Envelope, Transport
from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.address import canonical


def assumed_envelope(
    mail: ParsedMail,
    raw: bytes,
    policy: Policy,
    *,
    now: datetime,
    client_ip: str | None = None,
    helo: str | None = None,
    mail_from: str | None = None,
    rcpt_to: Sequence[str] = (),
) -> Envelope:
    """An envelope for `message explain`.

    Without `client_ip` no client is known, so SPF cannot be asked. Without `mail_from` it is the Return-Path of the
    mail, else its author; "" is the null reverse-path. Without `rcpt_to` it is each of our addresses in To and Cc,
    else the default department's. ValueError where `client_ip` is no IP address.
    """
    client = None
    if client_ip is not None:
        client = Client(str(ipaddress.ip_address(client_ip)), helo or "")
    return Envelope(
        id="explain",
        received_at=now,
        transport=Transport.SMTP,
        client=client,
        reverse_path=stated_reverse_path(mail) if mail_from is None else mail_from.strip("<>"),
        forward_path=tuple(rcpt_to) or _ours(mail, policy),
        raw=raw,
    )


def _ours(mail: ParsedMail, policy: Policy) -> tuple[str, ...]:
    named = [item.address for item in (*mail.to, *mail.cc)]
    ours = [item for item in named if canonical(split_keyed(item, policy.delimiter)[0]) in policy.own_addresses]
    return tuple(dict.fromkeys(ours)) or policy.default_department.addresses[:1]
