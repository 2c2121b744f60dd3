"""What telephones and mail programs put below an answer to our question, German and English, as text and as HTML.

Only the shapes matter; names and addresses are made up. `{quote}` is our mail as it stands, `{marked}` with `>` before
each line, `{address}` the keyed address, `{words}` what the person wrote.
"""

import base64
import html
import quopri

TEXTS = {
    "iphone-de-lang": (
        "{words}\n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 11:02 schrieb Example Hosting\n>"
        " <{address}>:\n> \n{marked}"
    ),
    "iphone-en-us": (
        "{words}\n\nSent from my iPhone\n\n> On Mar 2, 2026, at 11:02\u202fAM, Example Hosting <{address}>"
        " wrote:\n> \n{marked}"
    ),
    "gmail-de": ("{words}\n\nExample Hosting <{address}> schrieb am Mo., 2. März 2026,\n11:02:\n\n{marked}"),
    "gmail-de-am": ("{words}\n\nAm Mo., 2. März 2026 um 11:02 Uhr schrieb Example Hosting <\n{address}>:\n\n{marked}"),
    "gmail-en": ("{words}\n\nOn Mon, 2 Mar 2026, 11:02 Example Hosting, <{address}>\nwrote:\n\n{marked}"),
    "outlook-android-de": (
        "{words}\n\nOutlook für Android<https://aka.ms/AAb9ysg> beziehen\n"
        "________________________________\nVon: Example Hosting <{address}>\n"
        "Gesendet: Montag, 2. März 2026 11:02:11\nAn: Olga Owner <olga@kunde.example>\n"
        "Betreff: Bitte bestätigen: Anfrage zu Ihrem Kundenkonto [#1001]\n\n{quote}"
    ),
    "outlook-android-en2": (
        "{words}\n\nSent from Outlook for Android\n________________________________\n"
        "From: Example Hosting <{address}>\nSent: Monday, March 2, 2026 11:02:11 AM\n"
        "To: Olga Owner <olga@kunde.example>\nSubject: Please confirm [#1001]\n\n{quote}"
    ),
    "outlook-ios-de": (
        "{words}\n\nGesendet von Outlook für iOS<https://aka.ms/o0ukef>\n________________________________\n"
        "Von: Example Hosting <{address}>\nGesendet: Montag, März 2, 2026 11:02 AM\n"
        "An: Olga Owner <olga@kunde.example>\nBetreff: Bitte bestätigen\n\n{quote}"
    ),
    "outlook-ios-de2": (
        "{words}\n\nOutlook für iOS<https://aka.ms/o0ukef> herunterladen\n"
        "________________________________\nVon: Example Hosting <{address}>\n"
        "Gesendet: Montag, März 2, 2026 11:02 AM\nAn: Olga Owner <olga@kunde.example>\n"
        "Betreff: Bitte bestätigen\n\n{quote}"
    ),
    "outlook-desktop-de": (
        "{words}\n\nVon: Example Hosting <{address}>\nGesendet: Montag, 2. März 2026 11:02\n"
        "An: Olga Owner <olga@kunde.example>\n"
        "Betreff: Bitte bestätigen: Anfrage zu Ihrem Kundenkonto [#1001]\n\n{quote}"
    ),
    "outlook-desktop-de-sig": (
        "{words}\n\nMit freundlichen Grüßen\n\nOlga Owner\nKunde GmbH\nTel. +49 30 1234567\n\n"
        "Von: Example Hosting <{address}>\nGesendet: Montag, 2. März 2026 11:02\n"
        "An: Olga Owner <olga@kunde.example>\n"
        "Betreff: Bitte bestätigen: Anfrage zu Ihrem Kundenkonto [#1001]\n\n{quote}"
    ),
    "outlook-alt-de": (
        "{words}\n\n-----Ursprüngliche Nachricht-----\nVon: Example Hosting <{address}> \n"
        "Gesendet: Montag, 2. März 2026 11:02\nAn: Olga Owner <olga@kunde.example>\n"
        "Betreff: Bitte bestätigen\n\n{quote}"
    ),
    "gmx-app": (
        "{words}\n\n-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.\n"
        "Am 02.03.26, 11:02 schrieb Example Hosting <{address}>:\n{marked}"
    ),
    "gmx-app2": (
        "{words}\n\nGesendet mit der GMX Mail App\n\nAm 02.03.26 um 11:02 schrieb Example Hosting\n\n>"
        ' Von: "Example Hosting" <{address}>\n> Datum: 2. März 2026\n> An: olga@kunde.example\n>'
        " Betreff: Bitte bestätigen\n{marked}"
    ),
    "gmx-app3": (
        "{words}\n\n-- \nGesendet mit der GMX Mail App\n\nAm 02.03.26, 11:02, Example Hosting <{address}>"
        " schrieb:\n\n{quote}"
    ),
    "webde-app": (
        "{words}\n\n--\nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
        "Am 02.03.26, 11:02 schrieb Example Hosting <{address}>:\n\n{quote}"
    ),
    "webde-web": (
        '{words}\n\n \nGesendet: Montag, 2. März 2026 um 11:02 Uhr\nVon: "Example Hosting" <{address}>\n'
        "An: olga@kunde.example\nBetreff: Bitte bestätigen: Anfrage zu Ihrem Kundenkonto [#1001]\n\n{quote}"
    ),
    "samsung-de": (
        "{words}\n\nVon meinem Samsung Galaxy Smartphone gesendet.\n\n"
        "-------- Ursprüngliche Nachricht --------\nVon: Example Hosting <{address}>\n"
        "Datum: 02.03.26 11:02 (GMT+01:00)\nAn: olga@kunde.example\nBetreff: Bitte bestätigen\n\n{quote}"
    ),
    "samsung-en": (
        "{words}\n\nSent from my Galaxy\n\n-------- Original message --------\n"
        "From: Example Hosting <{address}>\nDate: 02/03/2026 11:02 (GMT+01:00)\nTo: olga@kunde.example\n"
        "Subject: Please confirm\n\n{quote}"
    ),
    "apple-mail-de": ("{words}\n\n> Am 02.03.2026 um 11:02 schrieb Example Hosting <{address}>:\n> \n{marked}"),
    "thunderbird-de": ("{words}\n\nAm 02.03.26 um 11:02 schrieb Example Hosting:\n{marked}"),
    "thunderbird-en": ("{words}\n\nOn 02/03/2026 11:02, Example Hosting wrote:\n{marked}"),
    "k9-de": (
        "{words}\n\nAm 2. März 2026 11:02:11 MEZ schrieb Example Hosting <{address}>:\n{marked}\n-- \n"
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet."
    ),
    "k9-en": (
        "{words}\n\nOn March 2, 2026 11:02:11 AM GMT+01:00, Example Hosting <{address}> wrote:\n>"
        " {marked}\n-- \nSent from my Android device with K-9 Mail. Please excuse my brevity."
    ),
    "k9-sig-above": (
        "{words}\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n\n"
        "Am 2. März 2026 11:02:11 MEZ schrieb Example Hosting <{address}>:\n{marked}"
    ),
    "yahoo-de": (
        "{words}\n\nAm Montag, 2. März 2026 um 11:02:11 MEZ hat Example Hosting <{address}>"
        " Folgendes geschrieben:\n\n{quote}"
    ),
    "telekom": (
        "{words}\n\nGesendet mit der Telekom Mail App\n\n--- Original-Nachricht ---\nVon: Example Hosting\n"
        "Betreff: Bitte bestätigen\nDatum: 02.03.2026, 11:02 Uhr\nAn: olga@kunde.example\n\n{quote}"
    ),
    "proton-android": (
        "{words}\n\nGesendet von Proton Mail für Android\n\n\n-------- Originalnachricht --------\n"
        "Am Montag, 02.03.26 um 11:02 schrieb Example Hosting <{address}>:\n\n{marked}"
    ),
    "bare-quote": ("{words}\n\n{marked}"),
    "naked": ("{words}\n\n{quote}"),
}

PAGES = {
    "iphone": (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body dir="auto">{words}<br><br><div dir="ltr">Von meinem iPhone gesendet</div><div dir="ltr"><br>'
        '<blockquote type="cite">Am 02.03.2026 um 11:02 schrieb Example Hosting &lt;{address}&gt;:<br><br>'
        '</blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff<span>{quote}</span></div>'
        "</blockquote></body></html>"
    ),
    "iphone-div": (
        '<html><body dir="auto"><div dir="ltr"></div><div dir="ltr">{words}</div><div dir="ltr"><br>'
        '<div id="AppleMailSignature" dir="ltr">Von meinem iPhone gesendet</div></div><div dir="ltr"><br>'
        'Am 02.03.2026 um 11:02 schrieb Example Hosting &lt;<a href="mailto:{address}">{address}</a>'
        '&gt;:<br><br></div><blockquote type="cite"><div dir="ltr">{quote}</div></blockquote></body></html>'
    ),
    "applemail": (
        '<html><head></head><body style="overflow-wrap: break-word;">'
        '{words}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>'
        "Am 02.03.2026 um 11:02 schrieb Example Hosting &lt;{address}&gt;:</div>"
        '<br class="Apple-interchange-newline"><div>{quote}</div></blockquote></div><br></body></html>'
    ),
    "gmail": (
        '<div dir="auto">{words}</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">Example Hosting &lt;<a href="mailto:{address}">{address}</a>'
        "&gt; schrieb am Mo., 2. März 2026, 11:02:<br></div>"
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quote}</blockquote></div>'
    ),
    "gmail-ltr": (
        '<div dir="ltr">{words}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        "Am Mo., 2. März 2026 um 11:02 Uhr schrieb Example Hosting &lt;{address}&gt;:<br></div>"
        '<blockquote class="gmail_quote">{quote}</blockquote></div>'
    ),
    "outlook-mobile": (
        '<html><head></head><body><div style="font-family: Aptos;" dir="auto">{words}</div>'
        '<div id="ms-outlook-mobile-body-separator-line" dir="auto"><br></div>'
        '<div id="ms-outlook-mobile-signature" dir="auto"><div dir="auto">'
        'Gesendet von <a href="https://aka.ms/AAb9ysg">Outlook für Android</a></div></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri"><b>Von:</b> Example Hosting &lt;{address}&gt;<br><b>Gesendet:</b>'
        " Montag, 2. März 2026 11:02:11<br><b>An:</b> Olga Owner &lt;olga@kunde.example&gt;<br><b>"
        "Betreff:</b> Bitte bestätigen</font><div>&nbsp;</div></div><div>{quote}</div></body></html>"
    ),
    "outlook-mobile-en": (
        '<html><body><div dir="auto">{words}</div><div><br></div><div>Get <a href="https://aka.ms/AAb9ysg">'
        'Outlook for Android</a></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>From:</b>'
        " Example Hosting &lt;{address}&gt;<br><b>Sent:</b> Monday, March 2, 2026 11:02:11 AM<br><b>To:</b>"
        " Olga<br><b>Subject:</b> Please confirm</div><div>{quote}</div></body></html>"
    ),
    "outlook-desktop": (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=DE><div class=WordSection1>'
        "<p class=MsoNormal><span>{words}<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p class=MsoNormal><b>Von:</b> Example Hosting &lt;{address}&gt; <br><b>Gesendet:</b>"
        " Montag, 2. März 2026 11:02<br><b>An:</b> Olga Owner &lt;olga@kunde.example&gt;<br><b>Betreff:</b>"
        " Bitte bestätigen<o:p></o:p></p></div></div>{quote}</div></body></html>"
    ),
    "outlook-sig": (
        "<html><body lang=DE><div class=WordSection1><p class=MsoNormal>{words}<o:p></o:p></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Mit freundlichen Grüßen<o:p></o:p></p>"
        "<p class=MsoNormal>Olga Owner<o:p></o:p></p><p class=MsoNormal>Kunde GmbH | Tel. 030 1234567<o:p>"
        '</o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p class=MsoNormal><b>Von:</b> Example Hosting<br><b>Gesendet:</b> Montag, 2. März 2026 11:02<br>"
        "<b>An:</b> Olga<br><b>Betreff:</b> Bitte<o:p></o:p></p></div>{quote}</div></body></html>"
    ),
    "owa": (
        '<html><body dir="ltr"><div class="elementToProof" style="font-family: Aptos;">{words}</div>'
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font><b>Von:</b> Example Hosting &lt;{address}&gt;<br><b>'
        "Gesendet:</b> Montag, 2. März 2026 11:02<br><b>An:</b> Olga<br><b>Betreff:</b> B</font><div>"
        '&nbsp;</div></div><div class="BodyFragment"><span><div class="PlainText">{quote}</div></span>'
        "</div></body></html>"
    ),
    "webde": (
        '<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;"><div>{words}</div>'
        "<div>"
        '&nbsp;<div style="margin: 10.0px 5.0px 5.0px 10.0px;padding: 10.0px 0 10.0px 10.0px;border-left: 2.0px solid rgb(195,217,229);">'
        '<div style="margin: 0 0 10.0px 0;"><b>Gesendet:</b>&nbsp;Montag, 2. März 2026 um 11:02 Uhr<br/><b>'
        'Von:</b>&nbsp;"Example Hosting" &lt;{address}&gt;<br/><b>An:</b>&nbsp;olga@kunde.example<br/><b>'
        'Betreff:</b>&nbsp;Bitte</div><div name="quoted-content">{quote}</div></div></div></div></body>'
        "</html>"
    ),
    "gmx-app": (
        '<html><body><div dir="auto">{words}</div><br><div id="mail-app-auto-default-signature">'
        '<p dir="auto">-- <br>'
        'Diese Nachricht wurde von meinem Android Mobiltelefon mit <a href="https://www.gmx.net">'
        'GMX Mail</a> gesendet.</p></div><div class="gmx_quote">'
        'Am 02.03.26, 11:02 schrieb "Example Hosting" &lt;{address}&gt;:<blockquote class="gmail_quote" style="margin: 0 0 0 .8ex">'
        "{quote}</blockquote></div></body></html>"
    ),
    "samsung": (
        '<html><head></head><body dir="auto"><div dir="auto">{words}</div><div dir="auto"><br></div>'
        '<div dir="auto"><br></div><div dir="auto"><br></div><div id="composer_signature" dir="auto">'
        '<div style="font-size:12px;color:#575757" dir="auto">'
        'Von meinem Samsung Galaxy Smartphone gesendet.</div></div><div dir="auto"><br></div><div><br>'
        '</div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>'
        "-------- Ursprüngliche Nachricht --------</div><div>Von: Example Hosting &lt;{address}&gt; </div>"
        "<div>Datum: 02.03.26  11:02  (GMT+01:00) </div><div>An: olga@kunde.example </div><div>"
        "Betreff: Bitte </div><div><br></div></div>{quote}</body></html>"
    ),
    "thunderbird": (
        '<html><body><p>{words}</p><div class="moz-cite-prefix">'
        "Am 02.03.26 um 11:02 schrieb Example Hosting:<br></div>"
        '<blockquote type="cite" cite="mid:a@example.org"><pre class="moz-quote-pre" wrap="">{quote}</pre>'
        "</blockquote></body></html>"
    ),
    "k9": (
        '<!DOCTYPE html><html><body>{words}<br><br><div class="gmail_quote"><div dir="auto">'
        "Am 2. März 2026 11:02:11 MEZ schrieb Example Hosting &lt;{address}&gt;:</div>"
        '<blockquote class="gmail_quote">{quote}</blockquote></div><div style="white-space: pre-wrap">'
        '<div class="k9mail-signature">-- <br>'
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.</div></div></body></html>"
    ),
    "yahoo": (
        '<html><body><div class="ydp1 yahoo-style-wrap"><div dir="ltr">{words}</div><div><br></div></div>'
        '<div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div style="font-family:Helvetica"><div>'
        "Am Montag, 2. März 2026 um 11:02:11 MEZ hat Example Hosting &lt;{address}&gt; Folgendes geschrieben:</div>"
        "<div><br></div><div>{quote}</div></div></div></body></html>"
    ),
    "bare": ("<p>{words}</p>"),
    "td": ("<html><body><table><tr><td>{words}</td></tr></table><br>{quote}</body></html>"),
}


def answer_as_text(shape, words, quote, address, *, transfer="8bit", flowed=False):
    """A mail with such a text; `quote` is the text of ours that it quotes."""
    marked = "\n".join(f"> {line}".rstrip() for line in quote.split("\n"))
    body = TEXTS[shape].format(words=words, quote=quote, marked=marked, address=address)
    return _mail("text/plain; charset=utf-8" + ("; format=flowed" if flowed else ""), body, address, transfer)


def answer_as_page(shape, words, quote, address, *, transfer="8bit"):
    """A mail with nothing but such a page."""
    shown = html.escape(quote).replace("\n", "<br>\n")
    body = PAGES[shape].format(words=html.escape(words), quote=shown, address=address)
    return _mail("text/html; charset=utf-8", body, address, transfer)


def _mail(kind, body, address, transfer):
    encode = {"8bit": bytes, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[transfer]
    head = (
        f"From: Olga Owner <olga@kunde.example>\nTo: {address}\nSubject: AW: Anfrage [#1001]\nMIME-Version: 1.0\n"
        f"Date: Mon, 02 Mar 2026 11:10:00 +0100\nMessage-ID: <answer@kunde.example>\n"
        f"Content-Type: {kind}\nContent-Transfer-Encoding: {transfer}\n\n"
    )
    return head.encode().replace(b"\n", b"\r\n") + encode(body.encode()).replace(b"\n", b"\r\n")
