"""A certificate authority of the tests, and a certificate of it for localhost; by openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tls:
    """Files in PEM form: the authority to trust, and the server's certificate and key."""

    ca: Path
    certificate: Path
    key: Path


# What Python 3.13 asks of any certificate (RFC 5280 §4.2.1.3, §4.2.1.9); OpenSSL would make another authority of it.
_END = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature"]


def make_tls(folder: Path) -> Tls:
    """An authority and a server below `folder`, good for two days."""
    folder.mkdir(parents=True, exist_ok=True)
    tls = Tls(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    new = ["req", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    authority = ["-x509", "-subj", "/CN=Authority of the tests", "-keyout", folder / "ca.key", "-out", tls.ca]
    _openssl(*new, *authority, "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    signed = ["-x509", "-subj", "/CN=localhost", "-CA", tls.ca, "-CAkey", folder / "ca.key", "-keyout", tls.key]
    _openssl(*new, *signed, "-out", tls.certificate, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", *_END)
    return tls


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
