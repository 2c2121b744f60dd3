"""What a made-up delivery report is, and the original mail that it returns: no real mail, no real address."""

from dataclasses import dataclass

US = "desk@support.example"
ORIGINAL = f"""Return-Path: <{US}>
Received: from mail.support.example (mail.support.example [192.0.2.10])
\tby mx.away.example with ESMTP id 4711 for <other@away.example>
Message-ID: <sent-1@support.example>
From: Desk <{US}>
To: other@away.example
Subject: Your request

Text of the original, with an address: nobody@elsewhere.example
"""


@dataclass(frozen=True)
class Shape:
    """One report in prose and what is to be read from it: (address, status or None, permanent) each."""

    name: str
    author: str
    subject: str
    body: str
    expect: tuple[tuple[str, str | None, bool], ...]
    action: str = "failed"
    head: str = ""

    def raw(self) -> bytes:
        """The message."""
        head = f"From: {self.author}\nTo: <{US}>\nSubject: {self.subject}\n{self.head}"
        return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{self.body}".encode()


def one(status: str | None = None, *, address: str = "kim@away.example", permanent: bool = True):
    return ((address, status, permanent),)


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.away.example>"
