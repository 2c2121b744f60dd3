"""Notices as finished mails."""

import shutil
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from support.cases import NOW

from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.mail.mail import Mailbox
from mailgate.render.compose import BrokenTemplate, Desk, compose
from mailgate.render.environment import environment, packaged_templates
from mailgate.service.probe import example_values

DESK = Desk("Example Hosting", "example.org", "Europe/Berlin", "#", "+", {"support": "support@example.org"})
KEY, BOUNCE, NOTE = "k" * 26, "b" * 26, "n" * 26
FOR_AGENTS = {Template.NEWS, Template.RESULT, Template.ESCALATION, Template.UNDELIVERED, Template.UNREAD}
INSIDE = {*FOR_AGENTS, Template.HELP}
VALUES = {
    Template.RECEIPT: {"held": False, "missing": ["service"], "priority": "high", "proved": True},
    Template.RULE: {"proved": False, "held": False},
    Template.CONFIRM: {
        "kind": "account",
        "received_at": NOW.isoformat(),
        "expires_at": NOW.isoformat(),
        "references": ["srv-web-01"],
        "requester": None,
        "proved": False,
    },
    Template.APPROVE: {
        "kind": "sensitive",
        "received_at": NOW.isoformat(),
        "expires_at": NOW.isoformat(),
        "references": [],
        "requester": "x@y.example",
        "proved": False,
    },
    Template.NEWS: example_values(rich=True),
    Template.RESULT: example_values(rich=True),
    Template.ESCALATION: example_values(rich=True) | {"what": "unacknowledged"},
    Template.UNDELIVERED: example_values(rich=True),
    Template.UNREAD: example_values(rich=True),
    Template.REMINDER: example_values(rich=True),
    Template.CLOSED: example_values(rich=True),
    Template.REPLY: {"text": "Guten Tag,\n\nder Server läuft wieder.\n\nAnna", "files": []},
    Template.RETIRED: {"notice": "Bitte https://example.org/panel benutzen.", "proved": False, "held": False},
}


def notice(template=Template.RECEIPT, **changes) -> Notice:
    plain = Notice(
        effect="m1:receipt:author",
        template=template,
        to=Mailbox("Kim Kunde", "kim@kunde.example"),
        language="de",
        department="support",
        ticket=1042,
        message_id=f"{KEY}.1042@example.org",
        auto_submitted=AutoSubmitted.REPLIED,
        subject="Größe",
        in_reply_to="m1@kunde.example",
        references=("m0@kunde.example", "m1@kunde.example"),
        reply_key=KEY,
        bounce_key=BOUNCE,
        values=VALUES.get(template, example_values(rich=True)),
        agent="anna" if template in FOR_AGENTS else None,
        note_key=NOTE if template in FOR_AGENTS else None,
    )
    return replace(plain, **changes)


def composed(**changes):
    return compose(notice(**changes), DESK, environment(None), NOW)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("template", Template)
def test_every_template_becomes_a_mail_of_at_most_four_kilobytes(template, language):
    made = composed(template=template, language=language)
    message = message_from_bytes(made.raw, policy=default)
    assert message.defects == []
    text = message.get_content()
    assert ("Example Hosting" in text) is (template not in INSIDE)
    assert "{" not in text
    assert len(made.raw) <= (6000 if template in INSIDE else 4096)
    assert all(len(line) <= (120 if template in INSIDE else 80) for line in text.splitlines())
    assert message["Subject"].strip()


def test_r_35_and_r_36_an_automatic_mail_says_so_and_bounces_to_its_own_key():
    made = composed()
    message = message_from_bytes(made.raw, policy=default)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] == "bulk"
    assert made.reverse_path == f"support+{BOUNCE}@example.org"
    assert message["Reply-To"].addresses[0].addr_spec == f"support+{KEY}@example.org"
    assert message["Message-ID"] == f"<{KEY}.1042@example.org>"


def test_the_thread_is_named_and_a_long_one_is_cut_in_the_middle():
    message = message_from_bytes(composed().raw, policy=default)
    assert message["In-Reply-To"] == "<m1@kunde.example>"
    assert message["References"].split() == ["<m0@kunde.example>", "<m1@kunde.example>"]
    many = tuple(f"{number}@kunde.example" for number in range(50))
    ids = message_from_bytes(composed(references=many).raw)["References"].split()
    assert len(ids) == 20
    assert (ids[0], ids[-1]) == ("<0@kunde.example>", "<49@kunde.example>")


@pytest.mark.parametrize("rich", [True, False])
@pytest.mark.parametrize(("language", "label"), [("de", "Notiz: "), ("en", "Note: ")])
@pytest.mark.parametrize("template", sorted(FOR_AGENTS))
def test_a_mail_to_an_agent_says_first_what_a_reply_does_and_where_notes_go(template, language, label, rich):
    made = composed(template=template, language=language, values=example_values(rich=rich))
    message = message_from_bytes(made.raw, policy=default)
    lines = message.get_content().splitlines()
    assert lines[0].startswith("##- ")
    assert lines[0].endswith(" -##")
    address = f"support+{NOTE}@example.org"
    assert [line for line in lines if line.startswith(label)] == [f"{label}{address}"]
    assert message["X-Mailgate-Note"] == f"<{address}>"
    assert KEY in message["Reply-To"]
    assert message["Precedence"] is None


def test_texts_keep_their_lines_and_lose_their_controls():
    made = composed(template=Template.REPLY, values={"text": "eins\r\n\tzwei\x1b[2J\x00\n\n\n", "files": []})
    assert message_from_bytes(made.raw, policy=default).get_content().splitlines()[:4] == [
        "eins",
        "\tzwei[2J",
        "",
        "-- ",
    ]


def test_sm_02_the_bytes_hold_crlf_alone():
    for template in Template:
        raw = composed(template=template).raw
        assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


def test_bs_04_a_receipt_without_proof_has_fixed_wording():
    made = composed(subject=None, to=Mailbox("", "kim@kunde.example"))
    assert "Ihre Anfrage ist eingegangen" in message_from_bytes(made.raw, policy=default)["Subject"]


def test_the_same_notice_gives_the_same_bytes():
    assert composed().raw == composed().raw


def test_in_04_template_syntax_in_a_value_stays_text():
    made = composed(subject="{{7*7}} {% for x in y %}", to=Mailbox("{{ desk }}", "kim@kunde.example"))
    message = message_from_bytes(made.raw, policy=default)
    assert "{{7*7}} {% for x in y %}" in message["Subject"]
    assert "{{ desk }}" in message.get_content()


def test_an_operator_overrides_a_single_template(tmp_path):
    folder = tmp_path / "mail" / "de"
    folder.mkdir(parents=True)
    (folder / "receipt.txt").write_text("Subject: Eigenes {{ tag }}\n\nHallo {{ name }}\n", encoding="utf-8")
    made = compose(notice(), DESK, environment(tmp_path), NOW)
    assert message_from_bytes(made.raw, policy=default)["Subject"] == "Eigenes [#1042]"
    assert b"Vorgang" in compose(notice(Template.DENIED), DESK, environment(tmp_path), NOW).raw


@pytest.mark.parametrize(
    "text", ["Subject: {{ nothing }}\n\nx\n", "no subject\n\nx\n", "Subject: x", "Subject: {{ x\n\n"]
)
def test_a_broken_template_names_its_file(tmp_path, text):
    folder = tmp_path / "mail" / "de"
    folder.mkdir(parents=True)
    (folder / "receipt.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenTemplate, match=r"mail/de/receipt\.txt"):
        compose(notice(), DESK, environment(tmp_path), NOW)


def test_every_template_has_a_head_comment_and_a_notice_that_sends_it():
    files = sorted(packaged_templates().glob("mail/*/*.txt"))
    assert {path.stem for path in files} == {template.value for template in Template}
    for path in files:
        head = path.read_text("utf-8")
        assert head.startswith("{#-")
        assert "Variab" in head[:600]


def test_the_wheel_finds_its_templates(tmp_path, monkeypatch):
    package = tmp_path / "mailgate"
    shutil.copytree(packaged_templates(), package / "_templates")
    monkeypatch.setattr("mailgate.render.environment.files", lambda _: package)
    assert packaged_templates() == package / "_templates"
