"""DKIM keys and signatures of the tests: real ones, made when they are asked for, the same in each run.

    key = rsa_key(2048)
    zone = f"s1._domainkey.kunde.example TXT {key.record}"
    raw = sign(raw, "kunde.example", "s1", key)

Not for anything but tests: the primes come from a seeded generator.
"""

import base64
import dataclasses
import functools
import hashlib
import random
import re

import nacl.signing

HEADERS = ("From", "To", "Cc", "Subject", "Date", "Message-ID")
_SMALL_PRIMES = [n for n in range(3, 4000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
}


@dataclasses.dataclass(frozen=True)
class Key:
    """A key pair. `record` is what stands in DNS."""

    kind: str
    record: str
    secret: object

    def sign(self, digest, hash_name):
        if self.kind == "ed25519":
            return self.secret.sign(digest).signature
        modulus, exponent, p, q = self.secret
        size = (modulus.bit_length() + 7) // 8
        info = _DIGEST_INFO[hash_name] + digest
        padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
        number = int.from_bytes(padded, "big")
        by_p, by_q = pow(number, exponent % (p - 1), p), pow(number, exponent % (q - 1), q)
        return (by_q + q * ((by_p - by_q) * pow(q, -1, p) % p)).to_bytes(size, "big")


@functools.cache
def rsa_key(bits=2048, seed=0, tags="v=DKIM1; k=rsa;"):
    """An RSA key; `tags` stand before p= in its record."""
    rng = random.Random(f"rsa-{bits}-{seed}")
    while True:
        p, q = _prime(rng, bits // 2), _prime(rng, bits - bits // 2)
        modulus = p * q
        if p != q and modulus.bit_length() == bits and (p - 1) % 65537 and (q - 1) % 65537:
            secret = pow(65537, -1, (p - 1) * (q - 1))
            return Key("rsa", f"{tags} p={_spki(modulus, 65537)}", (modulus, secret, p, q))


@functools.cache
def ed25519_key(seed=0, tags="v=DKIM1; k=ed25519;"):
    secret = nacl.signing.SigningKey(hashlib.sha256(f"ed25519-{seed}".encode()).digest())
    return Key("ed25519", f"{tags} p={base64.b64encode(bytes(secret.verify_key)).decode()}", secret)


def with_tags(key, tags):
    """The same key under another record, as `v=DKIM1; t=y;`."""
    return dataclasses.replace(key, record=f"{tags} {key.record[key.record.index('p=') :]}")


def sign(
    raw,
    domain,
    selector,
    key,
    *,
    headers=HEADERS,
    length=None,
    hash_name="sha256",
    canonical="relaxed/relaxed",
    expires=None,
    tags="",
):
    """The mail with a DKIM-Signature on top. `headers` are signed as often as named; absent ones are left out once.

    `length` is the value of l=, `expires` that of x= (seconds since 1970), `tags` go in as they are.
    """
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [(name, value) for name, value in _fields(head)]
    body = _body(body, canonical.partition("/")[2] or "simple")
    if length is not None:
        body = body[:length]
    present = {name.lower() for name, _ in fields}
    names = [name for name in headers if name.lower() in present]
    value = (
        f" v=1; a={key.kind}-{hash_name}; c={canonical}; d={domain}; s={selector};\r\n"
        + (f" l={length};" if length is not None else "")
        + (f" x={expires};" if expires is not None else "")
        + (f" {tags};" if tags else "")
        + f" h={':'.join(names)};\r\n"
        + f" bh={base64.b64encode(hashlib.new(hash_name, body).digest()).decode()};\r\n b="
    )
    style = canonical.partition("/")[0]
    hashed = "".join(_header(name, text, style) + "\r\n" for name, text in _chosen(fields, names))
    hashed += _header("DKIM-Signature", value, style)
    digest = hashlib.new(hash_name, hashed.encode("utf-8", "surrogateescape")).digest()
    signature = base64.b64encode(key.sign(digest, hash_name)).decode()
    folded = "\r\n ".join(signature[at : at + 70] for at in range(0, len(signature), 70))
    return f"DKIM-Signature:{value}{folded}\r\n".encode() + raw


def _fields(head):
    """Names and values, from the top, folded as they stand."""
    text = re.split(r"\r\n(?![ \t])", head.decode("utf-8", "surrogateescape"))
    for field in text:
        name, _, value = field.partition(":")
        yield name, value


def _chosen(fields, names):
    """RFC 6376 §5.4.2: instances from the bottom up."""
    left = list(fields)
    for name in names:
        for index in range(len(left) - 1, -1, -1):
            if left[index][0].lower() == name.lower():
                yield left.pop(index)
                break


def _header(name, value, style):
    if style == "simple":
        return f"{name}:{value}"
    unfolded = re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip()
    return f"{name.lower().rstrip()}:{unfolded}"


def _body(body, style):
    if style == "relaxed":
        body = b"\r\n".join(re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n"))
        if not body.strip(b"\r\n"):
            return b""
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n"


def _prime(rng, bits):
    while True:
        candidate = rng.getrandbits(bits) | (3 << (bits - 2)) | 1
        if all(candidate % small for small in _SMALL_PRIMES) and _is_prime(candidate, rng):
            return candidate


def _is_prime(number, rng):
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(5):
        x = pow(rng.randrange(2, number - 1), odd, number)
        if x in (1, number - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % number
            if x == number - 1:
                break
        else:
            return False
    return True


def _spki(modulus, exponent):
    def der(tag, content):
        size = len(content)
        if size < 128:
            return bytes((tag, size)) + content
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes((tag, 128 | len(octets))) + octets + content

    def integer(value):
        return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))

    algorithm = der(0x30, der(6, bytes.fromhex("2a864886f70d010101")) + b"\x05\x00")
    key = der(0x30, integer(modulus) + integer(exponent))
    return base64.b64encode(der(0x30, algorithm + der(3, b"\x00" + key))).decode()
