"""Our DKIM keys: loaded from the configuration, and compared with what DNS publishes."""

from collections.abc import Iterator

from mailgate.auth.resolver import Resolver
from mailgate.auth.sign import GOOD_RSA_BITS, BadKey, DkimSigner, load_key, unpublished
from mailgate.config import Settings


class UnusableKey(Exception):
    """A key file of the configuration cannot be used; the message names key and file."""


def signer_of(settings: Settings) -> DkimSigner | None:
    """What signs outgoing mail; None where no key is configured. Raises UnusableKey."""
    delivery, keys = settings.delivery, []
    for selector, secret in zip(delivery.dkim_selector, delivery.dkim_key_file, strict=True):
        try:
            keys.append(load_key(selector, secret.read()))
        except (BadKey, OSError, UnicodeDecodeError) as error:
            raise UnusableKey(f"delivery.dkim_key_file: {secret}: {error}") from error
    return DkimSigner(keys) if keys else None


def signing_doubts(settings: Settings, signer: DkimSigner) -> Iterator[str]:
    """Why receivers may not verify our signatures: small keys, and each key that DNS lacks for one of our domains."""
    for key in signer.keys:
        if key.kind == "rsa" and key.bits < GOOD_RSA_BITS:
            yield f"delivery.dkim_key_file: the key {key.selector} has {key.bits} bits; {GOOD_RSA_BITS} are usual"
    lookups = Resolver([str(item) for item in settings.dns.nameservers]).lookups()
    domains = {item.addresses[0].rpartition("@")[2] for item in settings.departments}
    for domain in sorted(domains):
        for key in signer.keys:
            if why := unpublished(key, domain, lookups):
                yield f"delivery.dkim_selector: {why}"
