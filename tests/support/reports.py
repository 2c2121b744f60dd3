"""Delivery reports of our own making, in the shapes that mail systems give them."""

from support.report_shape import DAEMON, ORIGINAL, US, Shape, one
from support.reports_abroad import ABROAD
from support.reports_dialogues import DIALOGUES
from support.reports_families import FAMILIES
from support.reports_gateways import GATEWAYS
from support.reports_more import MORE
from support.reports_other import OTHER
from support.reports_providers import PROVIDERS
from support.reports_sentences import SENTENCES

_FIRST = (
    Shape(
        "exim",
        DAEMON,
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  kim@away.example\n    (generated from info@away.example)\n    SMTP error from remote mail server after RCPT "
        "TO:<kim@away.example>:\n    host mx.inner.example [192.0.2.77]: 550 5.1.1 <kim@away.example>:\n    Recipient "
        "address rejected\n\n------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "exim two, one header",
        DAEMON,
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to all of its recipients.\nThe following address(es) failed:\n\n"
        "  kim@away.example\n    Unrouteable address\n  lee@away.example\n    mailbox is full: retry timeout exceeded\n\n",
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
        head="X-Failed-Recipients: kim@away.example,\n  lee@away.example\nAuto-Submitted: auto-replied\n",
    ),
    Shape(
        "exim delay",
        DAEMON,
        "Warning: message 1aBcDe-000123-AB delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been "
        "delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.away.example.\n\n"
        "The message identifier is:     1aBcDe-000123-AB\nThe address to which the message has not yet been delivered is:\n\n"
        "  kim@away.example\n    host mx.away.example [192.0.2.77]\n    Delay reason: Connection timed out\n\n"
        "No action is required on your part. Delivery attempts will continue for\nsome time.\n",
        one(permanent=False),
        "delayed",
    ),
    Shape(
        "qmail",
        "MAILER-DAEMON@mx.away.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.away.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<kim@away.example>:\n192.0.2.77 does not like recipient.\nRemote host said: 550 5.2.1 mailbox disabled\n"
        "Giving up on 192.0.2.77.\n\n<lee@away.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\n" + ORIGINAL,
        (("kim@away.example", "5.2.1", True), ("lee@away.example", "5.1.1", True)),
    ),
    Shape(
        "postfix prose",
        DAEMON,
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.away.example.\n\nI'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to "
        "postmaster.\n\nIf you do so, please include this problem report. You can\ndelete your own text from the attached "
        "returned message.\n\n                   The mail system\n\n<kim@away.example>: host mx.inner.example[192.0.2.7] "
        "said: 552 5.2.2\n    <kim.inner@inner.example>: mailbox full (in reply to RCPT TO command)\n",
        one("5.2.2"),
    ),
    Shape(
        "sendmail 8 without parts",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.away.example>",
        "Returned mail: see transcript for details",
        "The original message was received at Mon, 2 Mar 2026 10:00:00 +0100\nfrom mail.support.example [192.0.2.10]\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<kim@away.example>\n    (reason: 550 5.1.1 "
        "User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.inner.example.:\n"
        ">>> DATA\n<<< 550 5.1.1 User unknown\n550 5.1.1 <kim@away.example>... User unknown\n\n"
        "   ----- Original message follows -----\n\n" + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "sendmail 5",
        "Mail Delivery Subsystem <MAILER-DAEMON>",
        "Returned mail: User unknown",
        "   ----- Transcript of session follows -----\nWhile talking to mx.inner.example:\n>>> RCPT To:<kim@away.example>\n"
        "<<< 550 User unknown\n550 kim@away.example... User unknown\n\n   ----- Unsent message follows -----\n"
        + ORIGINAL,
        one(),
    ),
    Shape(
        "sendmail warning",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.away.example>",
        "Warning: could not send message for past 4 hours",
        "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n"
        "    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n"
        "   ----- The following addresses had transient non-fatal errors -----\n<kim@away.example>\n\n"
        "   ----- Transcript of session follows -----\n451 4.4.1 reply: read error from mx.inner.example\n",
        one("4.4.1", permanent=False),
        "delayed",
    ),
    Shape(
        "exchange 5.5",
        "System Administrator <postmaster@away.example>",
        "Undeliverable: Your request",
        "Your message\n\n  To:      kim@away.example\n  Subject: Your request\n  Sent:    Mon, 2 Mar 2026 10:00:00\n\n"
        "did not reach the following recipient(s):\n\nkim@away.example on Mon, 2 Mar 2026 10:00:02\n    The recipient name is "
        "not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=away;l=M01\n    MSEXCH:IMS:AWAY:M01 0 (000C05A6) "
        "Unknown Recipient\n",
        one(),
    ),
    Shape(
        "exchange 2010",
        "<postmaster@away.example>",
        "Undeliverable: Your request",
        "Delivery has failed to these recipients or groups:\n\nKim Away (kim@away.example)<mailto:kim@away.example>\nThe "
        "e-mail address you entered couldn't be found.\n\nDiagnostic information for administrators:\n\nGenerating server: "
        "mx.away.example\n\nkim@away.example\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##\n\nOriginal message headers:\n\n"
        + ORIGINAL,
        one("5.1.10"),
    ),
    Shape(
        "exchange in German",
        "postmaster@away.example",
        "Unzustellbar: Ihre Anfrage",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nkim@away.example\n\nDie eingegebene "
        "E-Mail-Adresse konnte nicht gefunden werden. Die Nachricht konnte nicht zugestellt werden.\n\n"
        "Diagnoseinformationen für Administratoren:\n\nGenerierender Server: mx.away.example\n\nkim@away.example\n"
        "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nUrsprüngliche Nachrichtenkopfzeilen:\n\n" + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "microsoft 365 prose",
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@away.example>",
        "Undeliverable: Your request",
        "Your message to kim@away.example couldn't be delivered.\n\nkim wasn't found at away.example.\n\nReported error: "
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n",
        one("5.1.10"),
    ),
    Shape(
        "hotmail",
        "postmaster@away.example",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n"
        "       kim@away.example\n\n",
        one(),
    ),
    Shape(
        "domino",
        "Postmaster@away.example",
        "DELIVERY FAILURE: User kim (kim@away.example) not listed in Domino Directory",
        "Your message\n\n  Subject: Your request\n\nwas not delivered to:\n\n  kim@away.example\n\nbecause:\n\n  User kim "
        "(kim@away.example) not listed in Domino Directory\n",
        one(),
    ),
    Shape(
        "notes",
        "<postmaster@away.example>",
        "DELIVERY FAILURE",
        "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nkim@away.example\n\n"
        "------- Returned Message --------\n\n" + ORIGINAL,
        one(),
    ),
    Shape(
        "gmx, kundenserver",
        "Mail Delivery System <mailer-daemon@kundenserver.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered "
        'to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n"kim@away.example":\n'
        "SMTP error from remote server after RCPT command:\nhost: mx.away.example\n5.1.1 <kim@away.example>... User Unknown\n\n\n"
        "--- The header of the original message is following. ---\n\n" + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "gmail of old",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     kim@away.example\n\nTechnical details of permanent "
        "failure:\nGoogle tried to deliver your message, but it was rejected by the recipient domain. We\nrecommend "
        "contacting the other email provider for further information about the cause\nof this error. The error that the "
        "other server returned was: 550 550 5.1.1 No such user\n(state 14).\n\n----- Original message -----\n\n"
        + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "gmail of today",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to kim@away.example because the address couldn't be found, "
        "or is unable to receive mail.\n\nLearn more here: https://support.example/mail/?p=NoSuchUser\n\nThe response was:\n\n"
        "550 5.1.1 The email account that you tried to reach does not exist.\n",
        one("5.1.1"),
        head="X-Failed-Recipients: kim@away.example\nAuto-Submitted: auto-replied\n",
    ),
    Shape(
        "groups",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        f"Hello {US},\n\nWe're writing to let you know that the group you tried to contact (team) may not exist, or you may not "
        "have permission to post messages to the group.\n",
        one(address="team@away.example"),
        head="X-Failed-Recipients: team@away.example\n",
    ),
    Shape(
        "yahoo",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<kim@away.example>:\n550: 5.1.1 "
        "<kim@away.example>: Recipient address rejected\n\n--- Below this line is a copy of the message.\n\n"
        + ORIGINAL,
        one("5.1.1"),
    ),
)

SHAPES = _FIRST + MORE + OTHER + FAMILIES + GATEWAYS + ABROAD + SENTENCES + DIALOGUES + PROVIDERS
