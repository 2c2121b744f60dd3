from pathlib import Path

import pytest

from mailgate.store.errors import StoreError
from mailgate.store.url import parse_url


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/mail.db", "/etc/mailgate/var/mail.db"),
        ("sqlite:////var/lib/mail.db", "/var/lib/mail.db"),
        ("sqlite:///with space%3F.db", "/etc/mailgate/with space?.db"),
    ],
)
def test_sqlite_paths_are_relative_to_the_base(url, path):
    assert parse_url(url, Path("/etc/mailgate")).database == path


def test_without_a_base_the_current_directory_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse_url("sqlite:///mail.db", None).database == str(tmp_path / "mail.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_psycopg(scheme):
    url = parse_url(f"{scheme}://mail:secret@db.example:5433/mail", None)
    assert (url.drivername, url.host, url.port, url.database) == ("postgresql+psycopg", "db.example", 5433, "mail")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/x.db",
        "sqlite:///x.db?mode=ro",
        "mysql://x/y",
        "postgresql://h:port/x",
    ],
)
def test_what_we_cannot_open_is_told(url):
    with pytest.raises(StoreError) as caught:
        parse_url(url, None)
    assert str(caught.value)


def test_pr_05_a_password_is_never_told():
    url = parse_url("postgresql://mail:hunter2@db.example/mail", None)
    assert "hunter2" not in f"{url} {url!r}"
    with pytest.raises(StoreError) as caught:
        parse_url("oracle://mail:hunter2@db.example/mail", None)
    assert "hunter2" not in str(caught.value)
