from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mailgate.config import values


@pytest.mark.parametrize(
    "text, seconds",
    [("90s", 90), ("1h", 3600), ("7d", 604800), ("2w", 1209600), ("1h30m", 5400), ("0s", 0), ("3650d", 315360000)],
)
def test_durations(text, seconds):
    assert values.parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "1", "h", "1 h", "1H", "-1s", "1.5h", "1y", "3651d", "999999999w", "١s", None, 5, True]
)
def test_what_is_no_duration(text):
    with pytest.raises(ValueError):
        values.parse_duration(text)


@given(st.integers(0, 315_360_000))
def test_durations_come_back(seconds):
    assert values.parse_duration(values.format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text, size", [("25 MiB", 25 << 20), ("200 MB", 200_000_000), ("500 B", 500), ("64KiB", 65536)]
)
def test_sizes(text, size):
    assert values.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "25", "MiB", "25 Mib", "-1 B", "1.5 GiB", "25  MiB", 7, False])
def test_what_is_no_size(text):
    with pytest.raises(ValueError):
        values.parse_size(text)


@given(st.integers(0, 10**12))
def test_sizes_come_back(size):
    assert values.parse_size(values.format_size(size)) == size


@pytest.mark.parametrize(
    "text, canonical",
    [
        ("Support@Example.ORG", "support@example.org"),
        ("a@b.example", "a@b.example"),
        ("info@müller.example", "info@xn--mller-kva.example"),
        ("a+b@c.de", "a+b@c.de"),
    ],
)
def test_addresses_are_canonical(text, canonical):
    assert values.parse_address(text) == canonical


@pytest.mark.parametrize(
    "text", ["", "a", "@b.de", "a@", "a@b..de", "a@[127.0.0.1]", "A <a@b.de>", "a@b.de ", "ä@b.de", 5]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError):
        values.parse_address(text)


@pytest.mark.parametrize(
    "text, shown, loopback",
    [
        ("127.0.0.1:25", "127.0.0.1:25", True),
        ("[::1]:25", "[::1]:25", True),
        ("[2001:DB8::1]:25", "[2001:db8::1]:25", False),
        ("LOCALHOST:25", "localhost:25", True),
        ("mx.example.org:65535", "mx.example.org:65535", False),
        ("0.0.0.0:25", "0.0.0.0:25", False),
    ],
)
def test_where_to_listen(text, shown, loopback):
    found = values.parse_host_port(text)
    assert (str(found), found.is_loopback) == (shown, loopback)


@pytest.mark.parametrize(
    "text", ["", ":25", "a:", "a:0", "a:65536", "a:x", "::1:25", "[::1", "[::1]25", "[x]:1", "1.2.3:1", "a b:1"]
)
def test_where_nobody_can_listen(text):
    with pytest.raises(ValueError):
        values.parse_host_port(text)


def test_relative_paths_are_relative_to_the_config_file():
    adapter = TypeAdapter(values.ConfigPath)
    assert adapter.validate_python("var/x", context={"base": Path("/etc/mailgate")}) == Path("/etc/mailgate/var/x")
    assert adapter.validate_python("/var/x", context={"base": Path("/etc/mailgate")}) == Path("/var/x")


def test_a_unix_socket_is_a_path_too():
    found = TypeAdapter(values.Listen).validate_python("unix:run/lmtp.sock", context={"base": Path("/srv")})
    assert (found.unix, found.is_loopback, str(found)) == (Path("/srv/run/lmtp.sock"), True, "unix:/srv/run/lmtp.sock")


def test_pr_05_a_secret_never_shows_itself(tmp_path):
    file = tmp_path / "password"
    file.write_text("canary\n")
    secret = TypeAdapter(values.SecretFile).validate_python(str(file))
    assert secret.read() == "canary"
    assert "canary" not in f"{secret} {secret!r} {TypeAdapter(values.SecretFile).dump_json(secret)}"


def test_a_secret_may_be_a_credential_of_systemd(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "smtp").write_text("canary")
    secret = TypeAdapter(values.SecretFile).validate_python("credential:smtp")
    assert (str(secret), secret.read()) == ("credential:smtp", "canary")
    with pytest.raises(ValueError):
        values.parse_secret("credential:../passwd", None)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    secret = TypeAdapter(values.SecretFile).validate_python("credential:smtp", context={"secrets": False})
    assert str(secret) == "credential:smtp"
    with pytest.raises(FileNotFoundError, match="there is no credential"):
        secret.read()
