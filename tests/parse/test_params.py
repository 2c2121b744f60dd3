"""Content-Type and Content-Disposition as they are written."""

import pytest
from support.cost import within

from mailgate.parse.params import media_type, read_parameters

U = "\u00fc"


@pytest.mark.parametrize(
    ("text", "value", "items"),
    [
        ("text/plain", "text/plain", {}),
        ("Text/HTML; Charset=UTF-8", "text/html", {"charset": "UTF-8"}),
        ('text/plain; charset="utf-8"; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ("a/b; name=\"utf-8''Gr%C3%BCn.pdf\"", "a/b", {"name": "Gr\u00fcn.pdf"}),  # RFC 2231 without its star
        ("a/b; name=\"it''s 100%25.pdf\"", "a/b", {"name": "it''s 100%25.pdf"}),
        ("text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('multipart/mixed\tboundary="b"', "multipart/mixed", {"boundary": "b"}),
        ("multipart/*; boundary=b", "multipart/*", {"boundary": "b"}),
        ('multipart/mixed; boundary="a b  "', "multipart/mixed", {"boundary": "a b  "}),
        ("multipart/mixed; boundary=----=_x==", "multipart/mixed", {"boundary": "----=_x=="}),
        ("text/plain; charset=utf-8 name=x", "text/plain", {"charset": "utf-8", "name": "x"}),
        ('a/b; name="x\\"y"', "a/b", {"name": 'x"y'}),
        ('a/b; name="C:\\\\x"', "a/b", {"name": "C:\\x"}),
        ("a/b; name=my file.pdf", "a/b", {"name": "my file.pdf"}),
        ('a/b; name="open', "a/b", {"name": "open"}),
        ('a/b; name="a;b"; x=y', "a/b", {"name": "a;b", "x": "y"}),
        ("a/b;; name=x;", "a/b", {"name": "x"}),
        ("a/b; name=x; name=y", "a/b", {"name": "x"}),
        ("a/b; name==?utf-8?q?J=C3=BC?=", "a/b", {"name": f"J{U}"}),
        ('a/b; name="=?utf-8?q?J=C3=BC?="', "a/b", {"name": f"J{U}"}),
        ("a/b; name*=utf-8''J%C3%BC", "a/b", {"name": f"J{U}"}),
        ("a/b; name*=iso-8859-1'de'J%FC; name=J", "a/b", {"name": f"J{U}"}),
        ("a/b; name*0*=utf-8''J%C3; name*1*=%BC; name*2=.pdf", "a/b", {"name": f"J{U}.pdf"}),
        ('a/b; name*1="b"; name*0="a"', "a/b", {"name": "ab"}),
        ("a/b; name*=no-charset", "a/b", {"name": "no-charset"}),
        ("a/b; name*=zip''%41", "a/b", {"name": "A"}),
        ("a/b; name=a\u202eb\x01", "a/b", {"name": "a\u202eb"}),
        ("charset=utf-8", "", {"charset": "utf-8"}),
        ("text", "", {}),
        ("", "", {}),
        (";;;", "", {}),
    ],
)
def test_media_type(text, value, items):
    found = media_type(text)
    assert (found.value, found.items) == (value, items)


def test_disposition():
    found = read_parameters('ATTACHMENT; filename="x.pdf"')
    assert (found.value, found.get("filename"), found.get("size")) == ("attachment", "x.pdf", None)


@pytest.mark.parametrize("piece", ["a=b;", 'a="', "a*0*=utf-8''%41;", "a ", "=", ";", "a=b ", '"'])
def test_mb_06_twenty_thousand_parameters_cost_nothing(piece):
    within(50, lambda: media_type("a/b; " + piece * (16_384 // len(piece))))
