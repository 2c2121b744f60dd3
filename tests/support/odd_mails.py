"""Mails that something on the way might mend, fold, cut or recode: `MAILS` has their bytes by name."""

HEAD = (
    b"From: Kim Kunde <kim@kunde.invalid>\r\n"
    b"To: support@example.org\r\n"
    b"Subject: Frage\r\n"
    b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n"
    b"Message-ID: <%s@kunde.invalid>\r\n"
)
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
MIXED = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="grenze"\r\n\r\n'
    b"Vorspann, den niemand sieht\r\n--grenze\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nim Anhang \xc3\xbc\r\n"
    b"--grenze\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht.bin\r\n\r\n"
    + b"AAECAwQFBgcICQ==\r\n"
    * 400
    + b"\r\n"
    b"--grenze\r\nContent-Type: message/rfc822\r\n\r\nSubject: innen\r\n\r\n.innen\r\n--grenze--\r\nNachspann"
)
BODIES = {
    "eight-bit": PLAIN + "Grüße aus Köln, naïve € 漢字\r\n".encode(),
    "latin-1-unannounced": b"\r\n" + bytes(range(0xA0, 0x100)) + b"\r\n",
    "every-octet": b"\r\n" + bytes(octet for octet in range(256) if octet not in b"\r\n") + b"\r\n",
    "long-lines": PLAIN + b"x" * 998 + b"\r\n" + b"y" * 60_000 + b"\r\n" + b"z" * 1_001,
    "leading-dots": PLAIN + b".\r\n..\r\n.x\r\n...\r\n. \r\n\r\n.\r\n.y",
    "dot-at-the-end": PLAIN + b"das war es\r\n.\r\n",
    "attachments": MIXED,
    "no-final-newline": PLAIN + b"kein Zeilenende",
    "many-final-newlines": PLAIN + b"viele\r\n\r\n\r\n\r\n",
    "trailing-blanks": PLAIN + b"Leerzeichen  \t \r\n-- \r\n \t\r\n",
    "empty-body": PLAIN,
    "headers-only": b"X-Last: one\r\n",
    "folded-and-odd-headers": b"X-Fold: a\r\n\t b\r\n  c\r\nX-EMPTY:\r\nreceived: old\r\nX-8bit: \xfc\xc3\xbc\r\n\r\nText\r\n",
    "blank-before-colon": b"X-Odd : a\r\n\r\nText\r\n",
    "bounce-headers": b"Return-Path: <a@b.invalid>\r\nBcc: hidden@b.invalid\r\nContent-Length: 7\r\n\r\nText\r\n",
    "two-megabytes": PLAIN + (b"0123456789abcdef" * 4 + b"\r\n") * 31_800,
}
MAILS = {name: HEAD % name.encode() + body for name, body in BODIES.items()}
