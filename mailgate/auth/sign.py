"""Signing what we send: DKIM (RFC 6376) by RSA (RFC 8301) and Ed25519 (RFC 8463), one signature for each key.

    signer = DkimSigner([load_key("mailgate", pem)])
    raw = signer.sign(raw, "example.org", now)

Every field that a reader sees or that threads a mail is signed once more often than it stands there ("oversigned"), so
that nobody can add a second one on its way (R-56). The same mail, key and time give the same bytes.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dkim
import dkim.crypto
import nacl.signing
from dkim.canonicalization import CanonicalizationPolicy

from mailgate.auth.dkim import _QUIET, MIN_RSA_BITS
from mailgate.auth.resolver import DnsTroubleError, Lookups

GOOD_RSA_BITS = 2048  # RFC 8301 §3.2: signers should use at least these
_SIGNED = tuple(
    b"from to cc reply-to sender subject date message-id in-reply-to references auto-submitted".split()
    + b"mime-version content-type content-transfer-encoding".split()
)
_PEM = re.compile(r"-----BEGIN ([A-Z ]{0,40}PRIVATE KEY)-----\s(.*?)-----END", re.DOTALL)
_ED25519_HEAD = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410 §7: PKCS#8 with 32 octets behind it
_RSA_INFO = bytes.fromhex("300d06092a864886f70d0101010500")  # RFC 3279 §2.3.1: rsaEncryption


class BadKey(ValueError):
    """A file that holds no private key that we can sign with; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and what DNS has to say of it. `public` are the octets of `p=`."""

    selector: str
    kind: str
    bits: int
    public: bytes
    secret: Any

    @property
    def record(self) -> str:
        """The TXT record for `SELECTOR._domainkey.DOMAIN` (RFC 6376 §3.6.1)."""
        return f"v=DKIM1; k={self.kind}; p={base64.b64encode(self.public).decode('ascii')}"

    def __repr__(self) -> str:
        """Without the secret."""
        return f"SigningKey({self.selector!r}, {self.kind!r}, {self.bits})"


def load_key(selector: str, text: str) -> SigningKey:
    """The key in a PEM file (PKCS#1, PKCS#8), or an Ed25519 seed as base64. Raises BadKey."""
    match = _PEM.search(text)
    try:
        der = base64.b64decode("".join((match[2] if match else text).split()), validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadKey(f"holds no private key in PEM form; make one: {_HOW}") from error
    if match is not None and "ENCRYPTED" in match[1]:
        raise BadKey(f"the private key is encrypted; make one without a password: {_HOW}")
    if match is None and len(der) == 32:
        return _ed25519(selector, der)
    if len(der) == len(_ED25519_HEAD) + 32 and der.startswith(_ED25519_HEAD):
        return _ed25519(selector, der[-32:])
    return _rsa(selector, der)


_HOW = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, or -algorithm ED25519"


def _ed25519(selector: str, seed: bytes) -> SigningKey:
    secret = nacl.signing.SigningKey(seed)
    return SigningKey(selector, "ed25519", 256, bytes(secret.verify_key), secret)


def _rsa(selector: str, der: bytes) -> SigningKey:
    try:
        secret = dkim.crypto.parse_private_key(der)
        modulus, exponent = secret["modulus"], secret["publicExponent"]
    except Exception as error:  # dkimpy's ASN.1 reader raises what it likes
        raise BadKey(f"holds neither an RSA nor an Ed25519 private key; make one: {_HOW}") from error
    bits = modulus.bit_length()
    if bits < MIN_RSA_BITS:
        raise BadKey(f"the key has only {bits} bits, and receivers ignore it; make one: {_HOW}")
    return SigningKey(selector, "rsa", bits, _public_info(modulus, exponent), secret)


def _public_info(modulus: int, exponent: int) -> bytes:
    """SubjectPublicKeyInfo, as DNS has it (RFC 6376 §3.6.1)."""
    pair = _der(0x30, _der_integer(modulus) + _der_integer(exponent))
    return _der(0x30, _RSA_INFO + _der(0x03, b"\0" + pair))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, size) if size < 128 else (tag, 128 | len(octets), *octets)) + content


def _der_integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


class DkimSigner:
    """Signs with each of its keys; the first key's signature stands on top. Safe for use by several threads."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self.keys = tuple(keys)

    def sign(self, raw: bytes, domain: str, now: datetime) -> bytes:
        """The mail with signatures of `domain` on top. `raw` has CRLF line ends and a well-formed header."""
        return b"".join(_signature(raw, key, domain, now) for key in self.keys) + raw


def _signature(raw: bytes, key: SigningKey, domain: str, now: datetime) -> bytes:
    algorithm = f"{key.kind}-sha256".encode("ascii")
    signer = dkim.DKIM(raw, logger=_QUIET, signature_algorithm=algorithm)
    signer.hasher = dkim.crypto.HASH_ALGORITHMS[algorithm]
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    present = [name.lower() for name, _ in signer.headers]
    names = [name for signed in _SIGNED for name in (signed,) * (present.count(signed) + 1)]
    hashed = signer.hasher(policy.canonicalize_body(signer.body)).digest()
    fields = [
        (b"v", b"1"),
        (b"a", algorithm),
        (b"c", policy.to_c_value()),
        (b"d", domain.encode("ascii")),
        (b"s", key.selector.encode("ascii")),
        (b"t", str(int(now.timestamp())).encode("ascii")),
        (b"h", b" : ".join(names)),
        (b"bh", base64.b64encode(hashed)),
        (b"b", b"0" * 60),  # dkimpy folds by this, and puts the signature in its place
    ]
    value: bytes = signer.gen_header(fields, names, policy, b"DKIM-Signature", key.secret)
    return b"DKIM-Signature: " + value


def unpublished(key: SigningKey, domain: str, lookups: Lookups) -> str:
    """Why receivers would not verify what this key signs for a domain; "" where DNS has it as it should."""
    name = f"{key.selector}._domainkey.{domain}"
    want = f"publish this TXT record: {key.record}"
    try:
        found = [text for text in lookups.txt(name) if b"p=" in text.replace(b" ", b"")]
    except DnsTroubleError as error:
        return f"whether DNS has the key {name} cannot be said: {error}"
    if not found:
        return f"DNS has no key at {name}; {want}"
    if len(found) > 1:
        return f"DNS has {len(found)} keys at {name}, so receivers may take the wrong one; {want}"
    try:
        public, _, kind, _ = dkim.evaluate_pk(name, found[0])
        same = kind == key.kind.encode("ascii") and _same(public, key)
    except Exception:  # noqa: BLE001 - what stands in DNS is foreign, and dkimpy raises what it likes
        return f"what DNS has at {name} is no key; {want}"
    return "" if same else f"DNS has another key at {name} than the one that signs; {want}"


def _same(public: Any, key: SigningKey) -> bool:
    if key.kind == "ed25519":
        return bytes(public) == key.public
    pair = ("modulus", "publicExponent")
    return all(public[name] == key.secret[name] for name in pair)
