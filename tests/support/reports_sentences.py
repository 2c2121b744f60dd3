"""Delivery reports of our own making: sentences, labels, lists and dialogues as single systems write them."""

from support.report_shape import ORIGINAL, Shape

SENTENCES = (
    Shape(
        "aol2",
        "MAILER-DAEMON@aol.example",
        "Returned mail: User unknown",
        """The original message was received at Mon
from root@localhost

 *** ATTENTION ***

Your e-mail is being returned to you because there was a problem with its
delivery.  The address which was undeliverable is listed in the section
labeled: "----- The following addresses had permanent fatal errors -----".

The reason your mail is being returned to you is listed in the section
labeled: "----- Transcript of Session Follows -----".

   ----- The following addresses had permanent fatal errors -----
<kim@away.example>

   ----- Transcript of session follows -----
... while talking to air.mail.example.:
>>> RCPT To:<kim@away.example>
<<< 550 MAILBOX NOT FOUND
550 <kim@away.example>... User unknown
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "imail",
        "Postmaster@away.example",
        "Undeliverable Mail",
        """undeliverable to kim@away.example

Original message follows.

"""
        + ORIGINAL,
        (("kim@away.example", None, True),),
    ),
    Shape(
        "imail df",
        "Postmaster@away.example",
        "Undeliverable Mail",
        """delivery failed: kim@away.example
invalid user: lee@away.example

Original message follows.

"""
        + ORIGINAL,
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "imail 20",
        "Postmaster@away.example",
        "Undeliverable Mail",
        """Unable to deliver message after multiple retries, giving up.\x20
Could not deliver to host: away.example (kim@away.example)
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "cisco",
        "MAILER-DAEMON@iron.away.example",
        "Delivery Status Notification (Failure)",
        """The following message to <kim@away.example> was undeliverable.
The reason for the problem:
5.1.0 - Unknown address error 550-'Requested action not taken: mailbox unavailable'
""",
        (("kim@away.example", "5.1.0", True),),
    ),
    Shape(
        "exim rcpt to",
        "Mailer-Daemon@away.example",
        "Mail delivery failed: returning message to sender",
        """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to all of its recipients:

  rcpt to: <kim@away.example>
   550 no
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "lsoft",
        "postmaster@away.example",
        "Undeliverable mail",
        """Could not deliver the message to the following recipient: kim@away.example.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "relay denied",
        "MAILER-DAEMON@x.example",
        "Undelivered Mail Returned to Sender",
        """<kim@away.example>: host mx[1.2.3.4] said: 554 <kim@away.example>: Relay access denied (in reply to RCPT TO command)
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "sender copy",
        "Mail Delivery System <MAILER-DAEMON@x>",
        "Undeliverable mail",
        """The following message from <desk@support.example> to <kim@away.example> could not be delivered.

Reason: 5.4.4 host unknown
""",
        (("kim@away.example", "5.4.4", True),),
    ),
    Shape(
        "from line first",
        "System <noreply@away.example>",
        "Delivery failure (kim@away.example)",
        """Your message has encountered delivery problems
to the following recipient(s):

kim@away.example
Delivery failed
550 Mailbox quota exceeded
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "zoho2",
        "mailer-daemon@mail.zoho.example",
        "Undelivered Mail Returned to Sender",
        """This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

kim@away.example, ERROR CODE :550 - Requested action not taken: mailbox unavailable

lee@away.example, ERROR_CODE :550
""",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "messagelabs",
        "MAILER-DAEMON@messagelabs.example",
        "Delivery failure",
        """This is the mail delivery agent at messagelabs.example.
I was unable to deliver your message to the following addresses:

kim@away.example

Reason: 550 Requested action not taken: mailbox unavailable (in reply to RCPT TO command)

The message subject was: Re: x
The message date was: Mon
The message identifier was: 1
The message reference was: server-1
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "iscan",
        "postmaster@away.example",
        "Mail could not be delivered",
        """****** Message from InterScan E-Mail VirusWall NT ******

Sent <<< RCPT TO:<kim@away.example>
Received >>> 550 unknown
Sent <<< RCPT TO:<lee@away.example>
Received >>> 550 unknown

Unable to deliver message to <kim@away.example> <lee@away.example>

************************     End of message     **********************
""",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "postfix virtual",
        "Mail Delivery System <MAILER-DAEMON@x.example>",
        "Undelivered Mail Returned to Sender",
        """This is the Postfix program at host x.example.

I'm sorry to have to inform you that the message returned
below could not be delivered to one or more destinations.

For further assistance, please send mail to <postmaster>

If you do so, please include this problem report. You can
delete your own text from the message returned below.

\t\t\tThe Postfix program

<kim@away.example>: Command died with status 1: "/usr/bin/x"

<inner@y.example> (expanded from <lee@away.example>): unknown user
""",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
    ),
    Shape(
        "hotmail full",
        "staff@hotmail.example",
        "Message delivery failed",
        """This message was created automatically by the mail system (ecelerity).

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

>>> kim@away.example (after RCPT TO): 550 5.1.1 unknown

------ This is a copy of the headers of the original message. ------

"""
        + ORIGINAL,
        (("kim@away.example", "5.1.1", True),),
    ),
    Shape(
        "docomo",
        '"MAILER-DAEMON" <mailer-daemon@docomo.example>',
        "Mail System Error - Returned Mail",
        """This message was undeliverable due to the following reason:

The user(s) account is temporarily over quota.

<kim@away.example>

Please reply to <postmaster@docomo.example>
if you feel this message to be in error.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "ezweb",
        "Postmaster@ezweb.example",
        "Mail System Error - Returned Mail",
        """Your message was not delivered within 0 days and 1 hours.
Host ezweb.example is not responding.

The following recipients did not receive your message:
<kim@away.example>
Please reply to Postmaster@ezweb.example
if you feel this message to be in error.
""",
        (("kim@away.example", None, True),),
    ),
    Shape(
        "mimecast",
        "MAILER-DAEMON@mimecast.example",
        "[Postmaster] Email Delivery Failure",
        """Your message was not delivered because of a policy.

Failed recipient: kim@away.example
""",
        (("kim@away.example", None, True),),
    ),
)
