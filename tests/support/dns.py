"""A DNS server of the tests: UDP and TCP on a free loopback port, with trouble on demand.

A zone is a text of lines `name TYPE data`; `;` and `#` start comments. TXT data is the rest of the line, unquoted.
Besides record types there are `name SERVFAIL`, `name DROP` (no answer at all) and `name DELAY seconds`. A name with
no line and nothing below it does not exist (NXDOMAIN).

    with DnsServer("kunde.example TXT v=spf1 -all") as dns:
        resolver = Resolver([dns.address])
"""

import heapq
import itertools
import selectors
import socket
import threading
import time

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class DnsServer:
    """Answers from its zone until closed; `queries` holds what was asked, as (name, type)."""

    def __init__(self, zone=""):
        self.queries = []
        self.servfail = set()
        self.dropped = set()
        self.delays = {}
        self._records = {}
        self._lock = threading.Lock()
        self.load(zone)
        self._udp, self._tcp = _bound()
        self.port = self._udp.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._wake_read, self._wake_write = socket.socketpair()
        self._late = []  # heap of (when, tie, send)
        self._ties = itertools.count()
        self._thread = threading.Thread(target=self._serve, name="test-dns", daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self._wake_write.send(b"x")
        self._thread.join(5)
        for sock in (self._udp, self._tcp, self._wake_read, self._wake_write):
            sock.close()

    def load(self, zone):
        for line in zone.splitlines():
            words = line.strip().split(None, 2)
            if not words or words[0][0] in ";#":
                continue
            name, kind, data = words[0].lower().rstrip("."), words[1].upper(), "".join(words[2:])
            if kind == "SERVFAIL":
                self.servfail.add(name)
            elif kind == "DROP":
                self.dropped.add(name)
            elif kind == "DELAY":
                self.delays[name] = float(data)
            else:
                self.add(name, kind, data)

    def add(self, name, kind, *values, ttl=60):
        """Adds records; a TXT value is its text."""
        if kind == "TXT":
            values = [_quoted(value) for value in values]
        with self._lock:
            self._records.setdefault((name.lower().rstrip("."), kind), []).extend((ttl, value) for value in values)

    def remove(self, name):
        with self._lock:
            for key in [key for key in self._records if key[0] == name.lower()]:
                del self._records[key]

    def asked(self, name, kind=None):
        """How often a name was asked for."""
        return sum(q == name.lower() and kind in (None, k) for q, k in list(self.queries))

    def _serve(self):
        selector = selectors.DefaultSelector()
        for sock in (self._udp, self._tcp, self._wake_read):
            selector.register(sock, selectors.EVENT_READ)
        while True:
            wait = max(0.0, self._late[0][0] - time.monotonic()) if self._late else None
            for key, _ in selector.select(wait):
                if key.fileobj is self._wake_read:
                    selector.close()
                    return
                if key.fileobj is self._udp:
                    wire, peer = self._udp.recvfrom(4096)
                    self._answer(wire, lambda out, peer=peer: self._udp.sendto(out, peer), udp=True)
                else:
                    self._serve_tcp()
            while self._late and self._late[0][0] <= time.monotonic():
                heapq.heappop(self._late)[2]()

    def _serve_tcp(self):
        connection, _ = self._tcp.accept()
        with connection:
            connection.settimeout(2)
            try:
                stream = connection.makefile("rb")
                wire = stream.read(int.from_bytes(stream.read(2), "big"))
                stream.close()
                self._answer(wire, lambda out: connection.sendall(len(out).to_bytes(2, "big") + out), udp=False)
            except OSError:
                return  # the client went away

    def _answer(self, wire, send, *, udp):
        try:
            request = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return
        question = request.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.queries.append((name, kind))
        if name in self.dropped:
            return
        out = self._wire(request, name, kind, request.payload or 512 if udp else 65535)
        if name in self.delays:
            when = time.monotonic() + self.delays[name]
            heapq.heappush(self._late, (when, next(self._ties), lambda: send(out)))
        else:
            send(out)

    def _wire(self, request, name, kind, size):
        response = dns.message.make_response(request)
        response.flags |= dns.flags.AA | dns.flags.RA
        if name in self.servfail:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, name, kind)
        try:
            return response.to_wire(max_size=max(size, 512))
        except dns.exception.TooBig:
            short = dns.message.make_response(request)
            short.flags |= dns.flags.AA | dns.flags.TC
            return short.to_wire()

    def _fill(self, response, name, kind):
        for _ in range(10):
            with self._lock:
                here = self._records.get((name, kind), ())
                alias = self._records.get((name, "CNAME"), ())
                known = any(key[0] == name or key[0].endswith("." + name) for key in self._records)
            if here:
                texts = [value for _, value in here]
                response.answer.append(dns.rrset.from_text_list(name + ".", here[0][0], "IN", kind, texts))
                return
            if not alias:
                if not known:
                    response.set_rcode(dns.rcode.NXDOMAIN)
                return
            target = alias[0][1].lower().rstrip(".")
            response.answer.append(dns.rrset.from_text(name + ".", alias[0][0], "IN", "CNAME", target + "."))
            name = target


def _quoted(text):
    raw = text.encode("utf-8", "surrogateescape")
    pieces = [raw[at : at + 250] for at in range(0, len(raw), 250)] or [b""]
    shown = ("".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03d}" for b in piece) for piece in pieces)
    return " ".join(f'"{piece}"' for piece in shown)


def _bound():
    """A UDP and a TCP socket on one free port."""
    for _ in range(50):
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.bind(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        tcp.listen(64)
        return udp, tcp
    raise RuntimeError("no port is free for both UDP and TCP")
