"""Stands between a client and PostgreSQL, and loses the reply to a COMMIT: it was done, and nobody says so."""

import contextlib
import re
import shutil
import socket
import tempfile
import threading
from pathlib import Path

_NAME = ".s.PGSQL.5432"


class CommitProxy:
    """`url` leads through it; after `lose(n)` the reply to the n-th COMMIT never comes, its connection ends."""

    def __init__(self, url):
        self._to = Path(re.search(r"host=([^&]+)", url)[1]) / _NAME
        self._folder = Path(tempfile.mkdtemp(prefix="mailgate-proxy-"))
        self.url = re.sub(r"host=[^&]+", f"host={self._folder}", url)
        self.lost = 0
        self._countdown = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self._folder / _NAME))
        self._socket.listen()
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close alone does not
        self._socket.close()
        for thread in self._threads:
            thread.join(30)
        shutil.rmtree(self._folder)

    def lose(self, number=1):
        self._countdown = number

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                thread = threading.Thread(target=self._connection, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _connection(self, client):
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(self._to))
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while (data := client.recv(65536)) and not self._is_the_one(data):
                    server.sendall(data)
                if data:
                    client.shutdown(socket.SHUT_WR)  # whatever the server says from now on, nobody hears it
                    server.sendall(data)
                    self.lost += 1
            _end(server, socket.SHUT_WR)  # the server carries out what it has, then ends
            back.join(30)

    def _is_the_one(self, data):
        if b"COMMIT\0" in data and self._countdown:
            self._countdown -= 1
            return not self._countdown
        return False


def _copy(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            with contextlib.suppress(OSError):
                target.sendall(data)
    _end(target, socket.SHUT_RDWR)


def _end(wire, how):
    with contextlib.suppress(OSError):
        wire.shutdown(how)
