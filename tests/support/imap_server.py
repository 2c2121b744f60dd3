"""An IMAP server of the tests, on a real socket: a mailbox in memory, and a script of what goes wrong.

Enough of RFC 3501 for a client that fetches: what is missing answers BAD. Each test may override `Mischief`.
"""

import contextlib
import re
import socket
import socketserver
import ssl
import sys
import threading
from dataclasses import dataclass, field


class Drop(Exception):
    """The connection ends here."""


@dataclass
class Message:
    """A mail in the mailbox."""

    raw: bytes
    flags: set = field(default_factory=set)
    arrived: str = ""  # INTERNALDATE, "" for a server that tells none


class Mischief:
    """What goes wrong: nothing. Hooks get the server and the connection; `Drop` ends the connection."""

    def on_connect(self, server):
        """Before the greeting."""

    def on_command(self, server, name, line):
        """Before a command is carried out; a returned line (bytes) is sent first."""

    def on_literal(self, server, uid, raw):
        """What is written for a mail: (announced size, bytes)."""
        return len(raw), raw

    def on_size(self, raw):
        """The RFC822.SIZE that is told."""
        return len(raw)

    def on_starttls(self, server, tag):
        """What somebody on the line adds to the answer to STARTTLS, in one piece with it."""
        return b""

    def on_idle(self, server):
        """Before `+ idling`; a returned line is sent in one piece with it."""


class ImapServer:
    """`folders` maps names to mails by UID. `capabilities` is what CAPABILITY says. Use as a context manager."""

    def __init__(self, mischief=None, *, password="secret", tls=None, implicit=False):
        self.lock = threading.RLock()
        self.folders: dict[str, dict[int, Message]] = {"INBOX": {}}
        self.uidvalidity, self.uidnext = 7, 1
        self.capabilities = "IMAP4rev1 IDLE UIDPLUS MOVE"
        self.mischief = mischief or Mischief()
        self.password, self.tls, self.implicit = password, tls, implicit
        self.connections = 0
        self.commands: list[str] = []
        self.changed = threading.Condition(self.lock)
        self._open: set[socket.socket] = set()
        self.errors: list[BaseException | None] = []
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                outer._open.add(self.request)
                connection = _Connection(outer, self.request)
                try:
                    connection.run()
                except (Drop, OSError, ValueError):
                    pass
                finally:
                    outer._open.discard(self.request)
                    connection.sock.close()  # TLS has made another one of it

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 100

            def handle_error(self, request, client_address):
                outer.errors.append(sys.exception())

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with self.changed:
            self.changed.notify_all()
        self._server.shutdown()
        self.drop_all()
        self._server.server_close()
        assert not self.errors

    def drop_all(self):
        """Every connection ends."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def inbox(self):
        """The mails of INBOX by UID."""
        return self.folders["INBOX"]

    def add(self, raw, folder="INBOX", arrived=""):
        """A mail arrives, for the server at `arrived`; its UID."""
        with self.changed:
            uid, self.uidnext = self.uidnext, self.uidnext + 1
            self.folders.setdefault(folder, {})[uid] = Message(raw, arrived=arrived)
            self.changed.notify_all()
        return uid

    def renumber(self):
        """The mailbox is made anew: other UIDVALIDITY, other UIDs, the same mails."""
        with self.lock:
            self.uidvalidity += 1
            mails = list(self.inbox.values())
            self.folders["INBOX"] = dict(enumerate(mails, 1))
            self.uidnext = len(mails) + 1


class _Connection:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # short lines would wait 40 ms for each other
        self.selected = None
        self.tag = b""

    def run(self):
        server = self.server
        with server.lock:
            server.connections += 1
        server.mischief.on_connect(server)
        if server.implicit:
            self.sock = server.tls.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")
        self.send(b"* OK [CAPABILITY " + server.capabilities.encode() + b"] ready")
        while line := self.file.readline():
            self.tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            name = rest.split(b" ", 2)
            word = b" ".join(name[:2] if name[0].upper() == b"UID" else name[:1]).upper().decode()
            server.commands.append(word)
            told = server.mischief.on_command(server, word, rest)
            if told:
                self.send(told)
            handler = getattr(self, "do_" + word.lower().replace(" ", "_"), None)
            if handler is None:
                self.say(b"BAD unknown")
            else:
                handler(rest)

    def send(self, line, end=b"\r\n"):
        self.sock.sendall(line + end)

    def say(self, text):
        self.send(self.tag + b" " + text)

    def ok(self):
        self.say(b"OK done")

    def do_capability(self, _):
        self.send(b"* CAPABILITY " + self.server.capabilities.encode())
        self.ok()

    def do_noop(self, _):
        self.ok()

    def do_logout(self, _):
        self.send(b"* BYE")
        self.ok()
        raise Drop

    def do_starttls(self, _):
        if self.server.tls is None:
            self.say(b"BAD no TLS")
            return
        self.send(self.tag + b" OK done\r\n" + self.server.mischief.on_starttls(self.server, self.tag), end=b"")
        self.file.close()
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")

    def do_login(self, rest):
        good = rest.endswith(b'"' + self.server.password.encode() + b'"')
        self.say(b"OK in" if good else b"NO [AUTHENTICATIONFAILED] wrong")

    def do_authenticate(self, _):
        self.send(b"+ ")
        import base64

        told = base64.b64decode(self.file.readline()).decode()
        good = f"auth=Bearer {self.server.password}\1" in told
        self.say(b"OK in" if good else b"NO [AUTHENTICATIONFAILED] expired")

    def do_select(self, rest):
        name = rest.split(b" ", 1)[1].strip(b'"').decode()
        with self.server.lock:
            if name not in self.server.folders:
                self.say(b"NO there is none")
                return
            self.selected = name
            self.send(b"* %d EXISTS" % len(self.server.folders[name]))
            self.send(b"* OK [UIDVALIDITY %d] valid" % self.server.uidvalidity)
            self.send(b"* OK [UIDNEXT %d] next" % self.server.uidnext)
        self.say(b"OK [READ-WRITE] selected")

    def mails(self):
        return self.server.folders[self.selected]

    def span(self, text):
        first, colon, last = text.decode().partition(":")
        top = max(self.mails(), default=0)
        low, high = int(first), (top if last == "*" else int(last)) if colon else int(first)
        if last == "*" and low > top:  # RFC 3501 §6.4.8: n:* names the last message even so
            low = top
        return [uid for uid in sorted(self.mails()) if low <= uid <= high]

    def chosen(self, text):
        with self.server.lock:
            return [uid for part in text.split(b",") for uid in self.span(part)]

    def do_uid_search(self, rest):
        found = self.chosen(rest.split(b" ")[3])
        self.send(b"* SEARCH" + b"".join(b" %d" % uid for uid in found))
        self.ok()

    def do_uid_fetch(self, rest):
        uids, wanted = rest.split(b" ", 3)[2:]
        for uid in self.chosen(uids):
            with self.server.lock:
                mail = self.mails().get(uid)
            if mail is None:
                continue
            if b"BODY.PEEK" in wanted:
                size = int(re.search(rb"<0\.(\d+)>", wanted).group(1))
                announced, data = self.server.mischief.on_literal(self.server, uid, mail.raw[:size])
                self.sock.sendall(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, announced) + data)
                if announced != len(data):
                    raise Drop
                self.send(b")")
            else:
                flags = " ".join(sorted(mail.flags)).encode()
                arrived = f' INTERNALDATE "{mail.arrived}"' if mail.arrived else ""
                self.send(
                    b"* 1 FETCH (UID %d RFC822.SIZE %d FLAGS (%b)%b)"
                    % (uid, self.server.mischief.on_size(mail.raw), flags, arrived.encode())
                )
        self.ok()

    def do_uid_store(self, rest):
        for uid in self.chosen(rest.split(b" ")[2]):
            self.mails()[uid].flags.add("\\Deleted")
        self.ok()

    def do_uid_expunge(self, rest):
        for uid in self.chosen(rest.split(b" ")[2]):
            self.mails().pop(uid, None)
        self.ok()

    def do_uid_copy(self, rest):
        self.transfer(rest, keep=True)

    def do_uid_move(self, rest):
        self.transfer(rest, keep=False)

    def transfer(self, rest, *, keep):
        uids, folder = rest.split(b" ", 3)[2:]
        name = folder.strip(b'"').decode()
        if name not in self.server.folders:
            self.say(b"NO [TRYCREATE] there is none")
            return
        for uid in self.chosen(uids):
            with self.server.lock:
                mail = self.mails()[uid] if keep else self.mails().pop(uid)
            self.server.add(mail.raw, name)
        self.ok()

    def do_list(self, rest):
        name = rest.rsplit(b" ", 1)[1].strip(b'"').decode()
        if name in self.server.folders:
            self.send(b'* LIST () "/" "%b"' % name.encode())
        self.ok()

    def do_create(self, rest):
        self.server.folders[rest.split(b" ", 1)[1].strip(b'"').decode()] = {}
        self.ok()

    def do_subscribe(self, _):
        self.ok()

    def do_idle(self, _):
        told = self.server.mischief.on_idle(self.server)
        self.send(b"+ idling" + (b"\r\n" + told if told else b""))
        tag, before = self.tag, len(self.mails())
        ended = threading.Event()
        watcher = threading.Thread(target=self.tell, args=(ended, before), daemon=True)
        watcher.start()
        line = self.file.readline()
        ended.set()
        with self.server.changed:
            self.server.changed.notify_all()
        watcher.join()
        if not line:
            raise Drop
        self.tag = tag
        self.ok()

    def tell(self, ended, before):
        """EXISTS as mails arrive."""
        with self.server.changed:
            while not ended.is_set():
                if len(self.mails()) != before:
                    before = len(self.mails())
                    try:
                        self.send(b"* %d EXISTS" % before)
                    except OSError:
                        return
                self.server.changed.wait(5)


def server_context(certificate, key):
    """TLS for the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
