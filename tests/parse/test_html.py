"""HTML bodies: text as people see it, quotes of mail programs, and hostile HTML."""

import pytest
from support.cost import growth

from mailgate.parse.body import read_body
from mailgate.parse.html import html_to_text, read_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("nur Text", "nur Text"),
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("<div>Eins</div><div>Zwei</div>", "Eins\nZwei"),
        ("<div>Eins<div>Zwei</div>Drei</div>", "Eins\nZwei\nDrei"),
        ("Eins<br>Zwei<br><br>Drei", "Eins\nZwei\n\nDrei"),
        ("<div>Eins</div><div><br></div><div>Zwei</div>", "Eins\n\nZwei"),
        (
            "<p class=MsoNormal>Eins<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Zwei</p>",
            "Eins\n\nZwei",
        ),
        ("<p style='margin:0'>Eins</p><p style='margin:0'>Zwei</p>", "Eins\nZwei"),
        ("a  b\n c\t<b>d</b>e <i> f</i>", "a b c de f"),
        ("&Auml;rger &amp; &lt;b&gt; &euro;&#8364;&#x20AC; &nbsp;x", "Ärger & <b> €€€ x"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "- eins\n- zwei"),
        ("<ol><li>eins<li>zwei</ol>", "1. eins\n2. zwei"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        (
            "<table><tr><td>Server</td><td>web01</td></tr><tr><td>IP</td><td>192.0.2.7</td></tr></table>",
            "Server\tweb01\nIP\t192.0.2.7",
        ),
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ("<div style='white-space: pre-wrap'>a\n  b</div>", "a\n  b"),
        ("<a href='https://a.example/x'>hier</a>", "hier <https://a.example/x>"),
        ("<a href='https://www.a.example/'>a.example</a>", "a.example"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='javascript:alert(1)'>hier</a>", "hier"),
        ("<a href='https://a.example/ x\"'>hier</a>", "hier"),
        ("<a name=x>hier</a>", "hier"),
        ("<blockquote>q<p>r</p></blockquote>neu", "> q\n>\n> r\n\nneu"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("a<hr>b", "a\n--------------------\nb"),
        (
            "<head><title>T</title><style>p{}</style></head><script>x</script><body>a<!-- b --><template>c</template>",
            "a",
        ),
        (
            "a<div style='display:none'>geheim</div><span hidden>x</span><p style='DISPLAY : NONE'>y</p><b style='mso-hide:all'>z</b>",
            "a",
        ),
        ("a <img alt='😀' src=x> b <img alt='Firmenlogo' src=y>", "a 😀 b"),
        ("<p>unclosed <b>tags <i>everywhere<p>next", "unclosed tags everywhere\n\nnext"),
        ("<<<>>> a < b", "<<<>>> a < b"),
        ("a<p></p><p></p><p></p><br><br><br><br><br>b", "a\n\n\nb"),
    ],
)
def test_text(html, text):
    assert html_to_text(html) == text


ABOVE = "<div>Ja, bitte am Montag.</div><div><br></div>"
QUOTE = "Wann dürfen wir den Server neu starten?"
BY_PROGRAM = {
    "gmail": f'<div dir="ltr">Ja, bitte am Montag.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Am Do., 12. März 2026 um 10:15 Uhr schrieb Support &lt;<a href="mailto:s@h.example">s@h.example</a>&gt;:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{QUOTE}</blockquote></div>',
    "gmail, foreign words": f'{ABOVE}<div class="gmail_quote"><div class="gmail_attr">Xyz abc Support qwertz<br></div><blockquote class="gmail_quote">{QUOTE}</blockquote></div>',
    "gmail, no blockquote": f'{ABOVE}<div class="gmail_quote">Xyz Support<div>{QUOTE}</div></div>',
    "outlook": f"<div class=WordSection1><p class=MsoNormal>Ja, bitte am Montag.<o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> Support &lt;s@h.example&gt; <br><b>Gesendet:</b> Donnerstag, 12. März 2026 10:15<br><b>An:</b> Max<br><b>Betreff:</b> Neustart<o:p></o:p></p></div><p class=MsoNormal>{QUOTE}</p></div>",
    "outlook, foreign words": f"<p class=MsoNormal>Ja, bitte am Montag.</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Qqq:</b> Support<br><b>Www:</b> 12</p></div><p class=MsoNormal>{QUOTE}</p>",
    "outlook on the web": f'{ABOVE}<div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font><b>Von:</b> Support &lt;s@h.example&gt;<br><b>Gesendet:</b> Donnerstag, 12. März 2026 10:15<br><b>An:</b> Max<br><b>Betreff:</b> Neustart</font><div>&nbsp;</div></div><div>{QUOTE}</div>',
    "outlook on the web, quoted": f'{ABOVE}<hr><div id="x_divRplyFwdMsg"><b>Qqq:</b> Support</div><div>{QUOTE}</div>',
    "outlook for phones": f'{ABOVE}<div class="ms-outlook-mobile-reference-message"><hr><b>Qqq:</b> Support<br>{QUOTE}</div>',
    "thunderbird": f'Ja, bitte am Montag.<br><div class="moz-cite-prefix">Am 12.03.2026 um 10:15 schrieb Support:<br></div><blockquote type="cite" cite="mid:x@y"><p>{QUOTE}</p></blockquote>',
    "thunderbird, foreign words": f'Ja, bitte am Montag.<br><div class="moz-cite-prefix">Qqq 12.03.2026 Support<br></div><blockquote type="cite" cite="mid:x@y"><p>{QUOTE}</p></blockquote>',
    "apple": f'<div>Ja, bitte am Montag.</div><div><br><blockquote type="cite"><div>Am 12.03.2026 um 10:15 schrieb Support &lt;s@h.example&gt;:</div><br><div>{QUOTE}</div></blockquote></div>',
    "yahoo": f'{ABOVE}<div id="yahoo_quoted_123" class="yahoo_quoted"><div><div>Qqq 12. März 2026 10:15 Support:</div><div>{QUOTE}</div></div></div>',
    "gmx": f'{ABOVE}<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Donnerstag, 12. März 2026 um 10:15 Uhr<br/><b>Von:</b> Support<br/><b>An:</b> max@k.example<br/><b>Betreff:</b> Neustart</div><div name="quoted-content">{QUOTE}</div></div>',
    "proton": f'{ABOVE}<div class="protonmail_quote">Qqq 12 Support<br><blockquote class="protonmail_quote" type="cite">{QUOTE}</blockquote></div>',
    "bare header lines": f"{ABOVE}<div><b>From:</b> Support<br><b>Sent:</b> 12 March 2026 10:15<br><b>To:</b> Max<br><b>Subject:</b> x<br><br>{QUOTE}</div>",
    "header lines in paragraphs": f"{ABOVE}<p>From: Support</p><p>Sent: 12 March 2026 10:15</p><p>To: Max</p><p>Subject: x</p><p>{QUOTE}</p>",
    "header lines in a table": f"{ABOVE}<table><tr><th>Von:</th><td>Support</td></tr><tr><th>Datum:</th><td>12.03.2026 10:15</td></tr><tr><th>An:</th><td>Max</td></tr><tr><th>Betreff:</th><td>x</td></tr></table><p>{QUOTE}</p>",
    "mail.ru": f'Ja, bitte am Montag.<br><br>Thu, 12 Mar 2026 10:15:30 +0100 от Support &lt;<a href="mailto:s@h.example">s@h.example</a>&gt;:<br><blockquote style="border-left:1px solid #0857A6"><div>{QUOTE}</div></blockquote>',
    "hotmail": f"<div dir='ltr'>Ja, bitte am Montag.<div><br></div><div><hr id=\"stopSpelling\">Date: Thu, 12 Mar 2026 10:15:30 +0100<br>Subject: x<br>From: s@h.example<br>To: max@k.example<br><br><div>{QUOTE}</div></div></div>",
    "zimbra": f'{ABOVE}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Qqq: </b>Support<br></div><div>{QUOTE}</div>',
    "windows mail": f'{ABOVE}<div style="border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"><div><font><b>From:</b>&nbsp;<a href="mailto:s@h.example">Support</a><br><b>Sent:</b>&nbsp;Thursday, March 12, 2026 10:15 AM<br><b>To:</b>&nbsp;<a href="mailto:max@k.example">Max</a></font></div></div><div>{QUOTE}</div>',
    "outlook mac": f'{ABOVE}<span id="OLK_SRC_BODY_SECTION"><div><span>Qqq: </span>Support</div><div>{QUOTE}</div></span>',
    "plain blockquote": f"{ABOVE}<blockquote>{QUOTE}</blockquote>",
}


@pytest.mark.parametrize("program", BY_PROGRAM)
def test_quotes_of_programs(program):
    body = read_body(None, BY_PROGRAM[program], is_reply=True, subject="AW: Neustart")
    assert body.reply_text == "Ja, bitte am Montag."
    assert QUOTE in body.quoted_text
    assert QUOTE in body.text
    assert body.forwarded is None


@pytest.mark.parametrize(
    "tail", ["", '<div class="gmail_quote">Qqq<blockquote class="gmail_quote">alt</blockquote></div>']
)
def test_the_quotation_button_of_gmail_is_the_authors(tail):
    html = f'<div>In der Anleitung steht:</div><blockquote class="gmail_quote">Erst sichern.</blockquote><div>Und dann?</div>{tail}'
    body = read_body(None, html, is_reply=True, subject="Re: x")
    assert "Erst sichern." in body.reply_text
    assert "alt" not in body.reply_text


def test_answers_between_the_quotes_of_gmail():
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">Qqq wrote</div><blockquote class="gmail_quote">Wann?</blockquote>'
        '<div>Am Montag.</div><blockquote class="gmail_quote">Welcher?</blockquote><div>Der zweite.</div></div><div>Danke</div>'
    )
    body = read_body("", html, is_reply=True, subject="Re: x")
    assert body.reply_text.replace("\n", "") == "Am Montag.Der zweite.Danke"


def test_text_below_a_quote_container_is_new():
    html = f'<div>Oben.</div><div class="yahoo_quoted">Qqq schrieb<div>{QUOTE}</div></div><div>Unten auch noch etwas.</div>'
    body = read_body(None, html, is_reply=True, subject="Re: x")
    assert body.reply_text == "Oben.\n\nUnten auch noch etwas."


@pytest.mark.parametrize(
    "container",
    [
        '<div name="messageReplySection">',
        '<div data-marker="__QUOTED_TEXT__">',
        '<div class="nylas-quote">',
        '<div class="bloop_original_html">',
        '<div class="OutlookMessageHeader"></div><div>',
    ],
)
def test_containers_of_further_programs(container):
    html = f"<div>Ja, bitte am Montag.</div>{container}Dürfen wir neu starten?</div>"
    body = read_body(None, html, is_reply=True, subject="Re: Neustart")
    assert (body.reply_text, body.quoted_text) == ("Ja, bitte am Montag.", "Dürfen wir neu starten?")


def test_first_mail_keeps_its_blockquote():
    html = "<p>Auf der Seite steht:</p><blockquote>Fehler 500</blockquote><p>Was tun?</p>"
    body = read_body(None, html, is_reply=False, subject="Fehler")
    assert "Fehler 500" in body.reply_text
    assert body.quoted_text == ""


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature">',
        '<div id="Signature">',
        '<pre class="moz-signature">',
        '<div id="ms-outlook-mobile-signature">',
        '<div name="messageSignatureSection">',
        '<div data-marker="__SIG_PRE__">',
        '<div class="front-signature">',
        '<div class="bloop_sign">',
    ],
)
def test_signature_that_the_html_marks(signature):
    html = f"<div>Ja, bitte am Montag.</div>{signature}Max Muster<br>Muster GmbH</div>"
    body = read_body(None, html, is_reply=False, subject="Neustart")
    assert body.reply_text == "Ja, bitte am Montag."
    assert body.signature.split() == ["Max", "Muster", "Muster", "GmbH"]


def test_gmail_forward():
    html = (
        '<div dir="ltr">Bitte prüfen.<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
        'Von: <strong class="gmail_sendername" dir="auto">Jo Doe</strong> <span dir="auto">&lt;<a href="mailto:jo@x.example">jo@x.example</a>&gt;</span><br>'
        'Date: Do., 12. März 2026 um 10:15 Uhr<br>Subject: Angebot<br>To:  &lt;<a href="mailto:max@k.example">max@k.example</a>&gt;<br></div><br><br>'
        "<div>Guten Tag</div></div></div>"
    )
    body = read_body(None, html, is_reply=True, subject="Fwd: Angebot")
    assert body.reply_text == "Bitte prüfen."
    assert body.forwarded is not None
    assert body.forwarded.author is not None
    assert (body.forwarded.author.name, body.forwarded.author.address) == ("Jo Doe", "jo@x.example")
    assert (body.forwarded.subject, body.forwarded.text) == ("Angebot", "Guten Tag")


def test_html_is_read_where_the_plain_part_only_says_so():
    body = read_body(
        "Your mail program cannot show HTML.",
        "<p>Der Server steht seit heute Morgen, bitte sofort helfen, es eilt.</p>",
        is_reply=False,
        subject=None,
    )
    assert body.reply_text.startswith("Der Server steht")
    assert "cannot show HTML" in body.text
    assert "cannot show HTML" not in body.reply_text


def test_a_short_mail_about_html_is_no_excuse():
    body = read_body(
        "Das HTML ist kaputt.",
        "<p>Das HTML ist kaputt.</p><p>https://a.example/sehr/lang/und/breit und noch mehr</p>",
        is_reply=False,
        subject=None,
    )
    assert body.text == "Das HTML ist kaputt."


BOMBS = {
    "depth": lambda n: "<div>" * n + "x",
    "lists": lambda n: "<ul><li>" * n + "x",
    "formatting": lambda n: "".join(f"<b id={i}>" for i in range(n // 10)) + "<p>x" * n,
    "formatting spread": lambda n: "".join(f"<font size={i}><p>x" for i in range(n)),
    "attributes": lambda n: "<a " + " ".join(f"a{i}" for i in range(n)) + ">x</a>",
    "slashes": lambda n: "<a " + "/".join(f"a{i}" for i in range(n)) + ">x</a>",
    "open": lambda n: "<" * n,
    "comments": lambda n: "<!--" * n,
    "entities": lambda n: "&amp;" * n,
    "unknown entities": lambda n: "&x" * n,
    "tables": lambda n: "<table><tr><td>x" * n,
    "quotes": lambda n: "<blockquote>x" * n,
    "breaks": lambda n: "<br>" * n,
    "spaces": lambda n: " \n" * n,
    "no-break spaces": lambda n: "&nbsp;<br>" * n,
    "links": lambda n: "<a href=https://a.example/x>y" * n,
    "styles": lambda n: "<p style='" + "display:none ;" * n + "'>x",
    "classes": lambda n: "<p class='" + "gmail_quote " * n + "'>x",
    "quote containers": lambda n: "<div class=gmail_quote>x" * n,
    "images": lambda n: "<img src='data:image/png;base64," + "A" * n * 40 + "'>x",
    "svg": lambda n: "<svg><g>" * n,
    "select": lambda n: "<select><table>" * n,
}


def _read(html):
    return read_body(None, html, is_reply=True, subject="Re: x")


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_mb_12_html_bombs_are_linear(bomb):
    assert growth(BOMBS[bomb], _read, 5_000, 40_000) < 24  # eight times the input


def test_mb_12_too_deep_html_is_read_without_a_tree():
    page = read_html("<p>Hallo &amp; Welt</p>" + "<div>" * 100_000 + "unten<script>x</script><br>ende")
    assert page.text == "Hallo & Welt\nunten\nende"
    assert page.truncated


def test_mb_12_ten_megabytes():
    page = read_html("<p>Hallo Welt</p>" * 700_000)
    assert page.truncated
    assert page.text.startswith("Hallo Welt")


def test_embedded_images_do_not_use_up_the_limit():
    page = read_html("<img src='data:image/png;base64," + "A" * 3_000_000 + "'><p>Hallo")
    assert page.text == "Hallo"
    assert not page.truncated


ACTIVE = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/pixel.gif width=1 height=1>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><!--</style><img src=x onerror=alert(1)>--></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'></table></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<iframe src=javascript:alert(1)></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.example/x.swf></object><embed src=https://evil.example/x.swf>",
    "<a href=' jAvAsCrIpT:alert(1)'>.</a><a href='java&#10;script:alert(1)'>.</a><a href=data:text/html,alert(1)>.</a>",
    "<a href='vbscript:alert(1)'>.</a><a href='file:///etc/passwd'>.</a>",
    "<form action=https://evil.example/><input value=alert(1) autofocus onfocus=alert(1)></form>",
    "<link rel=stylesheet href=https://evil.example/x.css><style>@import 'https://evil.example/y.css';</style>",
    "<body background=https://evil.example/b.png onload=alert(1)>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'><base href=https://evil.example/>",
    "<video src=https://evil.example/v.mp4 poster=https://evil.example/p.png onerror=alert(1)></video>",
    "<div style='background:url(https://evil.example/c.png)'></div>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
)


@pytest.mark.parametrize("payload", ACTIVE)
def test_in_03_of_active_html_people_read_the_text_alone(payload):
    """Nothing shows HTML: agents read text. What runs, loads or leads on by itself is not in it."""
    page = read_html(f"<p>Guten Tag</p>{payload}<p>Gruß</p>")
    assert page.text.split("\n")[0] == "Guten Tag"
    assert not [word for word in ("alert", "evil.example", "script:", "passwd", "onerror") if word in page.text.lower()]
