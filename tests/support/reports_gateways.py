"""Delivery reports of our own making: more families of mail systems, gateways among them."""

from support.report_shape import DAEMON, ORIGINAL, US, Shape, one

BOTH = (("kim@away.example", None, True), ("lee@away.example", None, True))

GATEWAYS = (
    Shape(
        "following recipients were affected",
        "Mail System <postmaster@away.example>",
        "Delivery failure",
        """Your message

  Subject: Your request

was not delivered. The following recipients were affected:

    kim@away.example
    lee@away.example
""",
        BOTH,
    ),
    Shape(
        "delivery was aborted",
        "postmaster@away.example",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients was "
        "aborted after 2.0 hour(s):\n\n  * kim@away.example\n",
        one(),
    ),
    Shape(
        "kerio",
        "Mail Delivery Subsystem <postmaster@away.example>",
        "Returned mail: delivery problems encountered",
        """Included is the original message that could not be delivered.

A message (from <desk@support.example>) was received at 2 Mar 2026 10:00:00 +0000.

The following addresses had delivery problems:

<kim@away.example>
\tPermanent Failure: 550_5.1.1_unknown
\tDelivery last attempted at Mon, 2 Mar 2026 10:00:01 -0000
""",
        one("5.1.1"),
    ),
    Shape(
        "qmail-ldap",
        "MAILER-DAEMON@away.example",
        "failure notice",
        """Hi. This is the qmail-send program at away.example.
I tried to deliver a bounce message to this address, but the bounce bounced!

<kim@away.example>:
Mailaddress is administrative disabled. (LDAP-ERR #220)

--- Below this line is the original bounce.

"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "qmail, without the usual words",
        "MAILER-DAEMON@away.example",
        "failure notice",
        """Hello, this is the mail server on away.example.
I'm sending you this message to inform you on the delivery status of a
message you previously sent.  Immediately below you will find a list of
the affected recipients;  also attached is a Delivery Status Notification
(DSN) report in standard format, as well as the headers of the original message.

  <kim@away.example>  delivery failed; will not continue trying

""",
        one(),
    ),
    Shape(
        "mailenable",
        "postmaster@away.example",
        "Message Delivery Failure",
        """MailEnable: Message could not be delivered to some recipients.
The following recipient(s) could not be reached:

\tRecipient: [SMTP:kim@away.example]
\tReason: The message could not be delivered because the domain name does not appear to have a registered mail server

Message headers follow:

"""
        + ORIGINAL,
        one(),
    ),
    Shape(
        "ntmail",
        "postmaster@away.example",
        "Mail could not be delivered",
        "****** Message from InterScan Messaging Security Suite ******\n\nSent <<< RCPT TO:<kim@away.example>\n"
        "Received >>> 550 kim@away.example... No such user\n\nUnable to deliver message to <kim@away.example>.\n\n"
        "************************     End of message     **********************\n",
        one(),
    ),
    Shape(
        "yale",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.away.example>",
        "Message not delivered to the following",
        "Message not delivered to the following:\n\n        kim        No matches to nameserver query\n\n"
        "   ----- Error Detail -----\n\n----- Unsent Message below -----\n" + ORIGINAL.replace("other@", "kim@"),
        one(),
    ),
    Shape(
        "compuserve",
        "<POSTMASTER@away.example>",
        "Undeliverable message",
        "Your message could not be delivered for the following reason:\n\nInvalid receiver address: kim@away.example\n\n"
        "Mailbox full: lee@away.example\n\n--- Returned message ---\n\n" + ORIGINAL,
        BOTH,
    ),
    Shape(
        "sina",
        "Postmaster <postmaster@away.example>",
        "系统退信/System Returned Mail",
        "抱歉，您的邮件被退回来了……\n\n收件人地址：\n<kim@away.example>\n\n退信原因：\n收件人的邮箱不存在。\n550 User unknown\n",
        one(),
    ),
    Shape(
        "groupwise, names",
        "Mailer-Daemon@away.example",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n\tother (user not found)\n\n"
        "Possibly truncated original message follows:\n\n" + ORIGINAL,
        one(address="other@away.example"),
    ),
    Shape(
        "novell, smtp gateway",
        "Mail Delivery Subsystem <postmaster@away.example>",
        "Returned mail: Unable to deliver",
        "The attached file had the following undeliverable recipient(s):\n\tkim@away.example\n\n"
        "Transcript of session follows:\n550 unknown\n",
        one(),
    ),
    Shape(
        "barracuda, sorry",
        "MAILER-DAEMON@spam.away.example",
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: kim@away.example\nwas blocked by our Spam Firewall. The email you sent with the following "
        "subject has NOT BEEN DELIVERED:\n\nSubject: Your request\n",
        one(),
    ),
    Shape(
        "listserv",
        "L-Soft list server <LISTSERV@away.example>",
        "Undelivered mail",
        "The enclosed message could not be delivered because of the following error:\n\n  Unknown mailbox: kim@away.example\n\n"
        "------------------------ Rejected message (9 lines) --------------------------\n" + ORIGINAL,
        one(),
    ),
    Shape(
        "lotus, smtpmta",
        "Postmaster <Postmaster@away.example>",
        "DELIVERY FAILURE: 550 kim@away.example... No such user",
        "Your message\n\n  Subject: Your request\n\nwas not delivered to:\n\n  kim@away.example\n\nbecause:\n\n  550 "
        "kim@away.example... No such user\n",
        one(),
    ),
    Shape(
        "mercury",
        '"Electronic Postmaster" <postmaster@away.example>',
        "Postmaster Notify: Delivery Failure.",
        "The following addresses failed:\n\n   <kim@away.example>\n   ERROR: 550 User not found here\n\n"
        "The returned mail message follows:\n\n--------------------------------\n" + ORIGINAL,
        one(),
    ),
    Shape(
        "x.400 gateway",
        "MTA <mta@gate.away.example>",
        "Delivery Report (failure) for kim@away.example",
        "This report relates to your message:\nSubject: Your request,\n        Message-ID: <sent-1@support.example>,\n        "
        "To: kim@away.example\n\n        of Mon, 2 Mar 2026 10:00:00 +0000\n\nYour message was not delivered to\n        "
        "kim@away.example\nfor the following reason:\n        Recipient not found in the directory\n",
        one(),
    ),
    Shape(
        "table",
        "Mail Delivery <postmaster@away.example>",
        "Delivery report",
        "Your message could not be delivered.\n\n"
        "| Recipient        | Status | Reason                |\n|------------------|--------|-----------------------|\n"
        "| kim@away.example | failed | 550 5.1.1 no mailbox  |\n| lee@away.example | failed | 552 5.2.2 over quota  |\n",
        (("kim@away.example", "5.1.1", True), ("lee@away.example", "5.2.2", True)),
    ),
    Shape(
        "sentence with quotes",
        DAEMON,
        "Undelivered Mail",
        'The user "kim@away.example" does not exist on this server. Your message has been returned.\n\n' + ORIGINAL,
        one(),
    ),
    Shape(
        "user account disabled",
        "Postmaster@away.example",
        "Returned mail",
        f"Your message of Mon, 2 Mar 2026 from {US} was rejected.\n\nThe user(s) account is disabled.\n\n"
        "<kim@away.example>\n",
        one(),
    ),
    Shape(
        "recipient numbered",
        DAEMON,
        "Delivery failure notification",
        "The message could not be delivered to 2 recipients:\n\n 1. kim@away.example: unknown user\n 2. lee@away.example: "
        "unknown user\n",
        BOTH,
    ),
    Shape(
        "has not been delivered to, mobile",
        "post_master@mobile.away.example",
        "Undeliverable Message",
        "Your message was not delivered\nTo:      kim@away.example\nFrom:    desk@support.example\nSubject: Your request\n"
        "Error: Invalid user address\n",
        one(),
    ),
)
