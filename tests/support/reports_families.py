"""Delivery reports of our own making: families of mail systems, old and new, whose notices are in English."""

from support.report_shape import ORIGINAL, Shape, one

BOTH = (("kim@away.example", None, True), ("lee@away.example", None, True))

FAMILIES = (
    Shape(
        "failed recipients, ruled",
        "E700_SMTP_Mail_Service@away.example",
        "Returned Mail - Error During Delivery",
        """------ Failed Recipients ------

<kim@away.example>: Requested action not taken: mailbox unavailable. [SMTP Error Code 550]
-------- Returned Mail --------

"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "standard form of address",
        "postmaster@away.example (Automated response from postmaster)",
        'FAILED MAIL to "other" regarding "Your request"',
        """The standard form of email address here is surnameNumber@away.example
although individuals may choose another one. The address to which your
message was addressed, other@away.example, did not exactly match one.

The following locator information may be of help:

  Olga Other            +49 30 5555             other7@away.example

Original message as received is as follows:
========================================================================
"""
        + "".join(f">{line}\n" for line in ORIGINAL.splitlines()),
        one(address="other@away.example"),
    ),
    Shape(
        "exchange, parts in clear",
        "System Administrator <postmaster@away.example>",
        "Undeliverable: Your request",
        """This message is in MIME format. Since your mail reader does not understand
this format, some or all of this message may not be legible.

------_=_NextPart_000_01
Content-Type: text/plain

Your message

  To:      Team
  Cc:      Others; Some List
  Subject: Your request
  Sent:    Mon, 2 Mar 2026 10:00:00 +0100

did not reach the following recipient(s):

KIM@AWAY.EXAMPLE on Mon, 2 Mar 2026 10:00:02 +0100
    The recipient name is not recognized

------_=_NextPart_000_01
Content-Type: message/rfc822

Message-ID: <sent-1@support.example>
From: Desk <desk@support.example>
To: Team <team@elsewhere.example>
Cc: Others <others@elsewhere.example>, Some List
\t <list@elsewhere.example>
Subject: Your request

Text
------_=_NextPart_000_01--
""",
        one(address="KIM@AWAY.EXAMPLE"),
    ),
    Shape(
        "sendmail, expanded from",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.away.example>",
        "Returned mail: Too many hops 26 (25 max): from desk@support.example via localhost, to kim@away.example",
        """The original message was received at Mon, 2 Mar 2026 10:00:00 +0100
from uucp@localhost

   ----- The following addresses had permanent fatal errors -----
kim@inner.example
    (expanded from: kim@away.example)

   ----- Transcript of session follows -----
554 Too many hops 26 (25 max): from desk@support.example via localhost, to kim@away.example

   ----- Message header follows -----

"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "list of failed recipients",
        "Mail Server <mailer@away.example>",
        "Delivery failure",
        """Here is your list of failed recipients
<kim@away.example>
  550 no such user
<lee@away.example>
  550 no such user

Here is your returned mail

"""
        + ORIGINAL,
        BOTH,
    ),
    Shape(
        "addressed to in quotes",
        "Mail Delivery System <Mailer-Daemon@post.away.example>",
        "Mail delivery failed",
        """This message was created automatically by mail delivery software.

A message that you sent was addressed to 'kim@away.example' and could not be
delivered, for the account has been closed.

---- START OF RETURNED MESSAGE ----
"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "failed addresses follow",
        "postmaster@away.example",
        "Mail failed, returning to sender",
        """|------------------------- Message log follows: -------------------------|
 no valid recipients were found for this message
|------------------------- Failed addresses follow: ---------------------|
 <kim@away.example> ... unknown user
|------------------------- Message text follows: ------------------------|
"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "mdaemon, did not receive a copy",
        "MDaemon@away.example",
        "Permanent Delivery Failure",
        """The attached message had PERMANENT fatal delivery errors!

After one or more unsuccessful delivery attempts the attached message has
been removed from the mail queue on this server.

The following addresses did NOT receive a copy of your message:

> kim@away.example

--- Session Transcript ---
Mon 2026-03-02 10:00:01: Connected to mx.inner.example
Mon 2026-03-02 10:00:01: <-- 220 mx.inner.example ESMTP postmaster@inner.example
Mon 2026-03-02 10:00:01: --> MAIL From:<desk@support.example>
Mon 2026-03-02 10:00:01: --> RCPT To:<kim@away.example>
Mon 2026-03-02 10:00:01: <-- 550 unknown user
--- End Transcript ---
""",
        one(),
    ),
    Shape(
        "intended recipient, labelled",
        "Postmaster@away.example",
        "Returned mail",
        """Your message was not delivered to the recipient.

Intended recipient: kim@away.example

Reason: the mailbox of this user is full.

--------RETURNED MAIL FOLLOWS--------
"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "undeliverable address, labelled",
        "Postmaster@hot.away.example",
        "Undeliverable mail",
        """We regret to inform you that your message was undeliverable.

Undeliverable Address: kim@away.example
Reason: the account is suspended

Original message attached.
""",
        one(),
    ),
    Shape(
        "mailbox is full, angle",
        "Mail Administrator <Postmaster@away.example>",
        "Mail System Error - Returned Mail",
        """This Message was undeliverable due to the following reason:

One or more of the recipients of your message did not receive it
because they would have exceeded their mailbox size limit.  It
may be possible for you to successfully send your message again
at a later time; however, if it is large, it is recommended that
you first contact the recipients to confirm that the space will be
available for your message when you send it.

User quota exceeded: SMTP <kim@away.example>

Please reply to Postmaster@away.example
if you feel this message to be in error.
""",
        one(),
    ),
    Shape(
        "user's mailbox is full",
        "postmaster@away.example",
        "Unable to deliver mail.",
        "Unable to deliver mail.\n\nUser's mailbox is full: <kim@away.example>\nUnable to deliver mail.\n\n"
        "Please try to send it again later.\n",
        one(),
    ),
    Shape(
        "windows smtp, old message",
        "postmaster@away.example",
        "Undeliverable mail",
        "The email below could not be delivered to the following user:\n\n<kim@away.example>\n\nOld message:\n\n"
        + ORIGINAL,
        one(),
    ),
    Shape(
        "unable, address list of a hoster",
        "MAILER-DAEMON@hoster.example",
        "failure delivery",
        """Message from hoster.example.
Unable to deliver message to the following address(es).

<kim@away.example>:
192.0.2.4 does not like recipient.
Remote host said: 550 5.1.1 unknown user

<lee@away.example>:
Sorry, your message to lee@away.example cannot be delivered.  This account is over quota.

--- Original message follows.

"""
        + ORIGINAL,
        (("kim@away.example", "5.1.1", True), ("lee@away.example", None, True)),
    ),
)
