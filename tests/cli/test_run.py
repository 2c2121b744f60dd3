"""What `mailgate run` says when it takes mail."""

from types import SimpleNamespace

import pytest

from mailgate.cli.run import _greet
from mailgate.config import parse

CONFIG = """
[desk]
name = "Example Hosting"
domain = "example.org"

[smtp]
listen = ["{listen}"]

[[departments]]
name = "support"
addresses = ["support@example.org"]
default = true
"""


def said(capsys, tmp_path, listen="127.0.0.1:8025"):
    settings = parse(CONFIG.format(listen=listen), file="config.toml", base=tmp_path)
    _greet(SimpleNamespace(settings=settings, listeners=[SimpleNamespace(names=[listen], port=8025)]))
    return capsys.readouterr().err


def test_a_line_to_paste_is_printed_into_a_terminal_a_file_or_a_pipe(capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    text = said(capsys, tmp_path)
    assert "mailgate takes mail for support@example.org on 127.0.0.1:8025" in text
    assert "python3 -c 'import smtplib" in text


@pytest.mark.parametrize(("listen", "journal"), [("127.0.0.1:8025", "8:4711"), ("0.0.0.0:25", None)])
def test_a_journal_and_a_desk_for_the_world_need_none(capsys, tmp_path, monkeypatch, listen, journal):
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    if journal is not None:
        monkeypatch.setenv("JOURNAL_STREAM", journal)
    text = said(capsys, tmp_path, listen)
    assert text.startswith("mailgate takes mail for")
    assert "smtplib" not in text
