import os
import socket
from contextlib import ExitStack

import pytest

from mailgate.core.mail.envelope import Transport
from mailgate.intake import activation
from mailgate.intake.activation import handed_in

OURS = {"LISTEN_PID": str(os.getpid())}


@pytest.mark.parametrize(
    "environment", [{}, {"LISTEN_PID": "1", "LISTEN_FDS": "2"}, {**OURS}, {**OURS, "LISTEN_FDS": "many"}]
)
def test_sockets_that_are_not_ours_are_left_alone(environment):
    assert handed_in(environment) == {Transport.SMTP: [], Transport.LMTP: []}


@pytest.mark.parametrize(
    "names, smtp, lmtp",
    [
        ("smtp:lmtp", [0], [1]),
        ("lmtp:smtp", [1], [0]),
        ("", [0], [1]),
        ("unknown:unknown", [0], [1]),
        ("lmtp", [], [0, 1]),
    ],
)
def test_sockets_by_their_name_or_else_by_their_kind(names, smtp, lmtp, monkeypatch):
    with ExitStack() as stack:
        kinds = (socket.AF_INET, socket.AF_UNIX)
        made = [stack.enter_context(socket.socket(kind)) for kind in kinds]
        low = max(sock.fileno() for sock in made) + 40
        for number, sock in enumerate(made):
            os.dup2(sock.fileno(), low + number)
        monkeypatch.setattr(activation, "_FIRST", low)
        found = handed_in({**OURS, "LISTEN_FDS": "2", "LISTEN_FDNAMES": names})
        for sock in (*found[Transport.SMTP], *found[Transport.LMTP]):
            stack.callback(sock.close)
            assert not os.get_inheritable(sock.fileno())
        numbers = {kind: [sock.fileno() - low for sock in socks] for kind, socks in found.items()}
        assert numbers == {Transport.SMTP: smtp, Transport.LMTP: lmtp}
