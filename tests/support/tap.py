"""A tap on a line: stands between an SMTP client and a server, hands everything on, and keeps what the client sent."""

import contextlib
import re
import socket
import threading

_END = b"\r\n.\r\n"


class Tap:
    """A port of its own that leads to `port` on loopback, one connection after the other."""

    def __init__(self, port):
        self._to = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._sent = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        # shutdown wakes accept(), which close alone does not
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._threads[0].join(60)

    def messages(self):
        """The content of each DATA so far, the dots that were put before dots (RFC 5321 §4.5.2) taken away again."""
        return [_content(bytes(sent)) for sent in self._sent]

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                sent = bytearray()
                self._sent.append(sent)
                with client, socket.create_connection(("127.0.0.1", self._to), timeout=30) as server:
                    back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                    back.start()
                    _copy(client, server, sent)
                    back.join(30)


def _copy(source, target, kept=None):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            if kept is not None:
                kept += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _content(sent):
    found = re.search(rb"\r\nDATA\r\n", sent, re.IGNORECASE)
    assert found, sent[:200]
    rest = sent[found.end() :]
    if rest.startswith(b".\r\n"):
        return b""
    content, end, _ = rest.partition(_END)
    assert end, rest[-200:]
    lines = (content + b"\r\n").split(b"\r\n")
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
