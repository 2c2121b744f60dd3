"""The JSON of `message parse`."""

import json

from mailgate.parse.as_json import mail_as_json, refusal_as_json
from mailgate.parse.message import parse

KEYS = (
    "message_id in_reply_to references subject author sender to cc reply_to date text reply_text quoted_text signature "
    "html language attachments automatic report forwarded defects"
).split()

MAIL = (
    b"From: Kim <kim@customer.example>\nTo: desk@support.example\nSubject: hi\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n"
    b"Message-ID: <a@customer.example>\nIn-Reply-To: <b@support.example>\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: a/b; name=x\n\nfile\n--b--\n"
)


def test_all_keys_are_there_with_plain_values():
    found = json.loads(json.dumps(mail_as_json(parse(MAIL))))
    assert set(KEYS) <= set(found)
    assert found["message_id"] == "a@customer.example"
    assert found["in_reply_to"] == ["b@support.example"]
    assert found["author"] == {"name": "Kim", "address": "kim@customer.example"}
    assert found["date"] == "2026-03-02T09:00:00Z"
    assert found["html"] is False
    assert found["sender"] is None
    assert found["report"] is None
    assert found["automatic"] == {"is": False, "why": None}
    attached = found["attachments"][0]
    assert (attached["filename"], attached["content_type"], attached["size"], attached["inline"]) == (
        "x",
        "a/b",
        4,
        False,
    )
    assert len(attached["sha256"]) == 64


def test_a_refusal_has_the_same_keys():
    found = refusal_as_json("header section over 65536 bytes")
    assert set(found) == set(mail_as_json(parse(MAIL)))
    assert found["defects"] == [{"code": "unread", "detail": "header section over 65536 bytes"}]
