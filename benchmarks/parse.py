"""What reading a typical mail costs, beside what mail-parser alone costs on it: run it, read the last line.

    python benchmarks/parse.py [ROUNDS]

Both read the same 4 KB mail in turn, in one process; the best of many rounds counts, because noise only adds.
"""

import quopri
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mailparser

from mailgate.parse.message import parse

TARGET = 1.3
_TEXT = """Guten Tag,

unser Server srv-web-01 ist seit heute früh sehr langsam, und die Seiten brechen mit einer
Fehlermeldung ab. Können Sie bitte nachsehen, ob auf der Maschine etwas hängt? Wir haben
gestern Abend nichts geändert.

  - Auftrag 2026-000123
  - betroffen: www.customer.example und shop.customer.example
  - zuerst gesehen: 2. März 2026, 07:12 Uhr

Mit freundlichen Grüßen
Kim Müller
--{blank}
Müller & Söhne, Beispielweg 1, 12345 Beispielstadt

Am 1. März 2026 um 16:20 schrieb Support <desk@support.example>:
""".replace("{blank}", " ")
_QUOTE = "Ihre Anfrage ist bei uns angekommen, wir melden uns innerhalb einer Stunde bei Ihnen."


def typical_mail() -> bytes:
    """A reply in German with text and HTML, as mail programs send it: about 4 KB."""
    plain = _TEXT + f"> {_QUOTE}\n" * 5
    html = "<html><body>" + "".join(f"<p>{line}</p>\n" for line in _TEXT.split("\n") if line)
    html += f'<blockquote type="cite"><p>{_QUOTE}</p></blockquote></body></html>\n'
    hops = "".join(
        f"Received: from mail{hop}.customer.example (mail{hop}.customer.example [192.0.2.{hop}])\n"
        f"\tby mx{hop}.support.example (Postfix) with ESMTPS id 4A1B{hop}\n"
        f"\tfor <desk@support.example>; Mon, 2 Mar 2026 07:3{hop}:00 +0100 (CET)\n"
        for hop in range(3)
    )
    head = (
        "Return-Path: <kim@customer.example>\n"
        + hops
        + "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=customer.example; s=s1;\n"
        "\th=from:to:cc:subject:date:message-id:in-reply-to:references; bh="
        + "A" * 43
        + "=;\n"
        + "".join(f"\t{'bC3d' * 16}\n" for _ in range(5))
        + "From: =?utf-8?q?Kim_M=C3=BCller?= <kim@customer.example>\nTo: Support <desk@support.example>\n"
        "Cc: Lee <lee@customer.example>\nSubject: =?utf-8?q?Re:_Server_langsam_-_bitte_pr=C3=BCfen?=\n"
        "Date: Mon, 2 Mar 2026 07:30:00 +0100\nMessage-ID: <20260302.073000@customer.example>\n"
        "In-Reply-To: <notice-1@support.example>\nReferences: <first@customer.example> <notice-1@support.example>\n"
        'MIME-Version: 1.0\nX-Mailer: Example 4.2\nContent-Type: multipart/alternative; boundary="=_b1"\n\n'
    )
    parts = "".join(
        f"--=_b1\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring(body.encode()).decode()
        + "\n"
        for kind, body in (("text/plain", plain), ("text/html", html))
    )
    return (head + parts + "--=_b1--\n").replace("\n", "\r\n").encode()


def seconds(read: Callable[[bytes], object], raw: bytes, times: int = 3) -> float:
    """Seconds of CPU for one reading: other programs count little."""
    start = time.process_time()
    for _ in range(times):
        read(raw)
    return (time.process_time() - start) / times


def measure(rounds: int) -> tuple[float, float]:
    """Best seconds of mail-parser and of ours, measured in turn."""
    raw = typical_mail()
    theirs = ours = float("inf")
    for _ in range(rounds):
        theirs = min(theirs, seconds(mailparser.parse_from_bytes, raw))
        ours = min(ours, seconds(parse, raw))
    return theirs, ours


def main() -> int:
    """Print both and the ratio; 1 where the target is missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    theirs, ours = measure(rounds)
    ratio = ours / theirs
    print(f"mail          {len(typical_mail())} bytes, best of {rounds} rounds")
    print(f"mail-parser   {theirs * 1e3:.3f} ms")
    print(f"mailgate      {ours * 1e3:.3f} ms")
    print(f"ratio         {ratio:.2f} (target {TARGET})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
