"""Mails of our own making that are healthy or odd: what the mutator starts from."""

import base64
import quopri

_HEAD = (
    "From: {author}\nTo: Desk <desk@support.example>\nSubject: {subject}\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n"
    "Message-ID: <seed-1@customer.example>\nMIME-Version: 1.0\n"
)
_TEXT = "Guten Tag,\n\nunser Server geht nicht. Können Sie nachsehen?\n\nGruß\nKim\n-- \nKim Müller\n"
_QUOTE = "\nAm 1. März 2026 um 10:00 schrieb Desk <desk@support.example>:\n> Ihre Anfrage\n>> ist da\n"
_OUTLOOK = "\n-----Ursprüngliche Nachricht-----\nVon: Desk\nGesendet: Montag, 2. März 2026 10:00\nAn: Kim\nBetreff: x\n\nText\n"
_FORWARD = "\n---------- Forwarded message ---------\nFrom: Lee <lee@away.example>\nDate: Mon, 2 Mar 2026\nSubject: y\n\nText\n"
_HTML = (
    "<html><head><style>p{color:red}</style></head><body><p>Hallo <b>Welt</b> &amp; &#252;</p><table><tr><td>1</td>"
    '<td>2</td></tr></table><ul><li>a</li></ul><div class="gmail_quote"><blockquote type="cite"><p>alt</p></blockquote>'
    '</div><a href="https://customer.example/">Link</a></body></html>\n'
)
_PNG = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode()
_NAME = "filename*0*=utf-8''Rechnung%20M%C3%A4rz; filename*1=.pdf"


def _head(author: str = "Kim <kim@customer.example>", subject: str = "Server") -> str:
    return _HEAD.format(author=author, subject=subject)


def _part(kind: str, body: str, more: str = "") -> str:
    return f"--b1\nContent-Type: {kind}\n{more}\n{body}\n"


def _multi(kind: str, *parts: str, more: str = "", **head: str) -> str:
    return _head(**head) + more + f'Content-Type: multipart/{kind}; boundary="b1"\n\n' + "".join(parts) + "--b1--\n"


def _plain(text: str, *, charset: str = "utf-8", more: str = "", **head: str) -> bytes:
    return (_head(**head) + more + f"Content-Type: text/plain; charset={charset}\n\n").encode() + text.encode(charset)


_QP = quopri.encodestring((_TEXT + _QUOTE).encode()).decode()
_STATUS = "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; kim@away.example\nAction: failed\nStatus: 5.1.1\n"
_CALENDAR = "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
_INNER = _head(subject="=?utf-8?b?SW5uZW4=?=") + "\nInner text\n"

SEEDS: tuple[bytes, ...] = (
    _plain(_TEXT),
    _plain(_TEXT + _QUOTE, more="In-Reply-To: <a@support.example>\nReferences: <a@support.example>\n <b@support.example>\n"),
    _plain(_TEXT + _OUTLOOK, charset="cp1252", subject="=?iso-8859-1?q?AW:_Gr=FC=DFe?= =?utf-8?b?w7w=?="),
    _plain("See below.\n" + _FORWARD, subject="Fwd: y"),
    _plain("こんにちは、サーバーが遅いです。\n", charset="iso-2022-jp", author="=?iso-2022-jp?b?GyRCO2NFRBsoQg==?= <s@jp.example>"),
    _plain("服务器很慢。\n", charset="gbk"),
    _plain(_TEXT, charset="utf-16"),
    _multi("alternative", _part("text/plain; charset=utf-8", _QP, "Content-Transfer-Encoding: quoted-printable\n"),
           _part("text/html; charset=utf-8", _HTML)).encode(),
    _multi("mixed", _part("text/plain; charset=utf-8; format=flowed", _TEXT),
           _part("image/png", _PNG, f"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; {_NAME}\n"),
           _part("message/rfc822", _INNER)).encode(),
    _multi("related", _part("text/html", _HTML.replace("</body>", '<img src="cid:x@y"></body>')),
           _part("image/png", _PNG, "Content-ID: <x@y>\nContent-Transfer-Encoding: base64\n")).encode(),
    _multi("report; report-type=delivery-status", _part("text/plain", "Could not be delivered:\n\n<kim@away.example>: no\n"),
           _part("message/delivery-status", _STATUS), _part("message/rfc822", _INNER),
           author="MAILER-DAEMON@mx.away.example", subject="Undelivered Mail").encode(),
    _multi("mixed", _part("text/calendar; method=REPLY", _CALENDAR), more="Auto-Submitted: auto-replied (x)\n").encode(),
    _multi("mixed", _part("application/ms-tnef; name=winmail.dat", base64.encodebytes(b"\x78\x9f\x3e\x22" + bytes(60)).decode(),
                          "Content-Transfer-Encoding: base64\nContent-Disposition: attachment\n")).encode(),
    (_head() + "Content-Type: text/plain\n\nText\n\nbegin 644 a.txt\n#0V%T\n`\nend\n").encode(),
    (b"From: Kim@customer.example (Kim), lee@customer.example\nSender: x@y.example\nTo: Team: a@b.example, c@d.example;\n"
    b"Cc: undisclosed-recipients:;\nSubject: \xfc\xe4\xf6 raw\nX-Folded: a\n b\n\tc\nDate: yesterday\n\nNaked text\n"),
    b"From kim Mon Mar  2 10:00:00 2026\n>From x\nFrom: =?utf-8?q?=22a=40b=2Eexample=22?= <kim@customer.example>\n"
    b"Subject:\nMessage-ID: broken id\nContent-Type: text/html; charset=nonsense\n\n<p>x" + _HTML.encode(),
    b"Subject: only\r\n\r\n" + b"A" * 2000 + b"\r\n\x00\x01\x02\r\n",
    (_head() + 'Content-Type: multipart/mixed; boundary="b1"\n\n--b1\nContent-Type: multipart/alternative; boundary=b11\n\n'
     "--b11\n\ntext\n--b11\nContent-Type: text/html\n\n<b>x\n--b1\nContent-Type: text/plain\n\nlast\n").encode(),
)  # fmt: skip

VALUES: tuple[str, ...] = (
    "Kim Müller <kim@customer.example>", '"Müller, Kim" <kim@customer.example>, lee@away.example (Lee (the) L.)',
    "=?utf-8?b?S2ltIE3DvGxsZXI=?= <kim@customer.example>", "Team: a@b.example, c@d.example;, <e@f.example>",
    '"a@b.example" <kim@customer.example>', "kim@b\u00fccher.example", "<@a,@b:kim@customer.example>", '"\\"q\\""@x.example',
    "Mon, 2 Mar 2026 10:00:00 +0100 (CET)", "2 Mar 26 10:00 EST", "Thu, 32 Foo 0000 99:99:99 +9999", "<id@host>  <b@c>",
    "=?iso-8859-1?q?a_=FC?= =?iso-8859-1?q?b?=", "=?gb2312?b?" + "1tC5+g==" * 4 + "?=", "=?utf-8?q?=F0=9F?= =?x?y?z?=",
    'multipart/mixed; boundary="a b"; charset=utf-8', "attachment; filename*0*=utf-8''a%20; filename*1=b.pdf; size=1",
    'auto-replied; owner-email="x@y.example" (vacation)', "Users <users.list.example>", "bulk", 'text/plain; charset="utf-8',
    "rfc822; kim@away.example", "from mx (mx [192.0.2.1]) by y with ESMTP id 1 for <a@b>; Mon, 2 Mar 2026 10:00:00 +0100",
)  # fmt: skip
