"""Private keys in files, as operators make them: by openssl."""

import functools
import subprocess


def pem(kind="rsa", bits=2048, *, traditional=False):
    """A private key in PEM form: PKCS#8, or PKCS#1 where it is `traditional` (RSA only)."""
    made = _made(kind, bits)
    return _run("openssl", "rsa", "-traditional", input=made) if traditional else made


@functools.cache
def _made(kind, bits):
    options = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"] if kind == "rsa" else ["-algorithm", kind]
    return _run("openssl", "genpkey", *options)


def _run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout
