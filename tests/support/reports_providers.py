"""Delivery reports of our own making, as providers of many countries and odd systems word them."""

from support.report_shape import ORIGINAL, Shape

PROVIDERS = (
    Shape(
        "exchange sbs",
        "postmaster@away.example",
        "Delivery Status Notification (Failure)",
        """This is an automatically generated Delivery Status Notification.

THIS IS A WARNING MESSAGE ONLY.

YOU DO NOT NEED TO RESEND YOUR MESSAGE.

Delivery to the following recipients has been delayed.

       kim@away.example
""",
        (("kim@away.example", None, False),),
        "delayed",
    ),
    Shape(
        "could not connect",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Mail delivery failed",
        """Could not connect to the mail server for away.example.
Recipient kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "angle label",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Sorry, but the following address <kim@away.example> is not valid any more.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "bold",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """*kim@away.example*

User unknown
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "square",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Recipient: [kim@away.example]
Error: unknown
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "smtp colon",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Recipients of this mail could not be reached:
SMTP:kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "rfc822",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Delivery failed for:
  rfc822;kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "table tabs",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Recipient\tReason
kim@away.example\tunknown user
lee@away.example\tunknown user
""",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "reason first",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """The message was not delivered.
Reason: User unknown: kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "code first",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """550 5.1.1 kim@away.example: Recipient address rejected
552 5.2.2 <lee@away.example>: over quota
""",
        (("kim@away.example", "5.1.1", True), ("lee@away.example", "5.2.2", True)),
    ),
    Shape(
        "no such user here",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """No such user here: kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "dialog",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """The server said:

  rcpt to:<kim@away.example>
  550 kim@away.example unknown
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "sent by",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """A message sent by
  <desk@support.example>
to
  <kim@away.example>
could not be delivered.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "from to block",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Could not deliver the following message:

From: someone@elsewhere.example
To: kim@away.example
Subject: x

Reason: unknown user
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "third party contact",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """Your message to kim@away.example could not be delivered.
For help contact helpdesk@away.example or admin@away.example.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "admin first",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """If you have questions, write to admin@away.example.

Your message could not be delivered to:

kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "footer",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """kim@away.example: unknown user

--\x20
Away Ltd.
info@away.example
https://away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "footer 2",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """The user kim@away.example is unknown.

Kind regards
Away Ltd., info@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "new address",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undeliverable mail",
        """kim@away.example is no longer valid. Please use kim.new@away.example instead.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "moved",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undelivered Mail",
        """<kim@away.example>: 551 User has moved; please try <kim@new.example>
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "relay in brackets",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Undelivered Mail",
        """mx.away.example[192.0.2.1] rejected your message to the following email addresses:

kim@away.example (kim@away.example)
The email address you entered couldn't be found.

lee@away.example
The email address you entered couldn't be found.
""",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "office rejected your",
        "postmaster@x.example",
        "Undeliverable: x",
        """mx1.away.example rejected your message to the following email addresses:

Kim Away (kim@away.example)
The address you sent your message to wasn't found at the destination domain.

mx1.away.example gave this error:
<kim@away.example>: Recipient address rejected: User unknown
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "yahoo 2024",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        """Sorry, we were unable to deliver your message to the following address.

<kim@away.example>:
Unable to deliver message after multiple retries, giving up.

---------- Forwarded message ----------
"""
        + ORIGINAL,
        (("kim@away.example", None, True),),
    ),
    Shape(
        "icloud",
        "Mail Delivery System <MAILER-DAEMON@icloud.example>",
        "Undelivered Mail Returned to Sender",
        """This is the mail system at host x.icloud.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<kim@away.example>: user is over quota
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "proton",
        "Mail Delivery System <MAILER-DAEMON@proton.example>",
        "Undelivered Mail Returned to Sender",
        """<kim@away.example>: host mx[1.2.3.4] said: 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address 550 5.1.1 https://support.example/mail/?p=NoSuchUser (in reply to RCPT TO command)
""",
        (("kim@away.example", "5.1.1", True),),
    ),
    Shape(
        "freenet",
        "Mail Delivery System <Mailer-Daemon@mout.away.example>",
        "Mail delivery failed: returning message to sender / Zustellung fehlgeschlagen",
        """Diese Nachricht wurde automatisch erstellt.

Eine von Ihnen versandte Nachricht konnte nicht an folgende Empfänger zugestellt werden:

  kim@away.example
    mailbox full

This message was created automatically by mail delivery software.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "tonline",
        "Mail Delivery System <mailer-daemon@t-away.example>",
        "Delivery Status Notification (Failure) / Zustellbenachrichtigung (Fehler)",
        """|------------------------- Message log follows: -------------------------|
| no valid recipients were found for this message |
|------------------------- Failed addresses follow: ---------------------|
| <kim@away.example> ... unknown recipient |
|------------------------- Message text follows: ------------------------|
"""
        + ORIGINAL,
        (("kim@away.example", None, True),),
    ),
    Shape(
        "orange",
        "MAILER-DAEMON@orange.example",
        "Échec de distribution de votre message",
        """Bonjour,

Votre message n'a pas été distribué à kim@away.example : la boîte est pleine.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "terra",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Aviso de no entrega",
        """No ha sido posible entregar su mensaje a los siguientes destinatarios:

<kim@away.example>: no existe
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "uol",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Mensagem devolvida",
        """Sua mensagem para kim@away.example foi devolvida. Motivo: usuário desconhecido.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "libero",
        "Mail Delivery System <MAILER-DAEMON@mx.away.example>",
        "Messaggio non consegnato",
        """Il messaggio inviato a kim@away.example non è stato consegnato.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "naver",
        "메일 시스템 <postmaster@naver.example>",
        "[발송실패 안내] x",
        """메일 전송에 실패하였습니다.

받는 사람 : kim@away.example
실패 원인 : 사용자 없음
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "163",
        "Postmaster@163.example",
        "系统退信",
        """无法发送到 kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "163 b",
        "postmaster@163.example",
        "系统退信/Systems bounce",
        """抱歉，您的邮件被退回来了……
原邮件信息：
时间：2026
主题：x
收件人：kim@away.example
退信原因：user not exist
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "yandex",
        "mailer-daemon@yandex.example",
        "Недоставленное сообщение",
        """Это автоматическое сообщение. К сожалению, не удалось доставить ваше письмо следующему адресату:

<kim@away.example>: 550 нет такого пользователя
""",
        (("kim@away.example", None, True),),
    ),
)
