"""More delivery reports of our own making."""

from support.report_shape import ORIGINAL, US, Shape, one

MORE = (
    Shape(
        "aol, short names",
        "Mail Delivery Subsystem <MAILER-DAEMON@AWAY.example>",
        "Mail Delivery Problem",
        f"Your mail to the following recipients could not be delivered because they are not accepting mail from {US}:\n\tkim\n",
        one(),
    ),
    Shape(
        "courier",
        '"Courier mail server at mx.away.example" <postmaster@mx.away.example>',
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.away.example,\nrunning the Courier mail server, version 0.65.2.\n\n"
        "The original message was received on Mon, 02 Mar 2026 10:00:00 +0100\nfrom mail.support.example\n\n"
        "---------------------------------------------------------------------------\n\n"
        "                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n"
        "<kim@away.example>:\n    mx.inner.example [192.0.2.7]:\n>>> RCPT TO:<kim@away.example>\n<<< 550 5.1.1 "
        "<kim@away.example>... User Unknown\n\n",
        one("5.1.1"),
    ),
    Shape(
        "smtp32",
        '"Postmaster" <postmaster@mx.away.example>',
        "Undeliverable Mail",
        "User mailbox exceeds allowed size: kim@away.example\n\nUnknown user: lee@away.example\n\n\nOriginal message follows.\n\n"
        + ORIGINAL,
        (("kim@away.example", None, True), ("lee@away.example", None, True)),
        head="X-Mailer: <SMTP32 v8.22>\n",
    ),
    Shape(
        "activehunter",
        '"MAILER-DAEMON" <MAILER-DAEMON@mx.away.example>',
        "FAILURE NOTICE :",
        "  ----- The following addresses had permanent fatal errors -----\n\n>>> kim@away.example <kim@away.example>\n\n"
        "   ----- Transcript of session follows -----\n550 sorry, no mailbox here by that name (#5.1.1)\n\n",
        one("5.1.1"),
    ),
    Shape(
        "james",
        "postmaster@away.example",
        "[BOUNCE]",
        "Hi. This is the James mail server at mx.away.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.  Below\nI include the list "
        "of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\nkim@away.example\n\n"
        "Error message:\n550 5.1.1 User unknown\n\nMessage details:\n  Subject: Your request\n  Sent date: Mon Mar 02 2026\n"
        f"  MAIL FROM: {US}\n  RCPT TO: kim@away.example\n  From: Desk <{US}>\n  To: Kim\n  Size (in bytes): 1024\n",
        one("5.1.1"),
    ),
    Shape(
        "biglobe",
        "postmaster@away.example",
        "Returned mail: see transcript for details",
        "   ----- The following addresses had delivery problems -----\nkim@away.example\n\n   ----- Non-delivered "
        "information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n",
        one(),
    ),
    Shape(
        "rejected by a remote server",
        "Postmaster@away.example",
        "Mail System Error - Returned Mail",
        "The user(s) account is disabled.\n\nEach of the following recipients was rejected by a remote mail server.\nThe "
        "reasons given by the server are included to help you determine why\neach recipient was rejected.\n\n"
        "    Recipient: <kim@away.example>\n    >>> RCPT TO:<kim@away.example>\n    <<< 550 <kim@away.example>: User unknown\n",
        one(),
    ),
    Shape(
        "could not be delivered to",
        "no-reply@away.example",
        "Mail could not be delivered",
        "Your mail sent on: Mon, 2 Mar 2026 10:00:00 +0900\n    Could not be delivered to: <kim@away.example>\n    As their "
        "mailbox is full.\n",
        one(),
    ),
    Shape(
        "interscan",
        "imss@away.example",
        "Mail could not be delivered",
        "****** Message from InterScan Messaging Security Suite ******\n\n\nSent <<< RCPT TO:<kim@away.example>\nReceived >>> "
        "550 5.1.1 unknown user.\n\nUnable to deliver message to <kim@away.example> (and other recipients in the same domain)."
        "\n\n************************     End of message     **********************\n",
        one("5.1.1"),
    ),
    Shape(
        "mailfoundry",
        "<MAILER-DAEMON@mx.away.example>",
        "Message delivery has failed",
        "Unable to deliver message to: <kim@away.example>\nDelivery failed for the following reason:\nServer "
        "mx.inner.example[192.0.2.7] failed with: 550 <kim@away.example> No such user here\n\nThis has been a permanent "
        "failure.  No further delivery attempts will be made.\n",
        one(),
    ),
    Shape(
        "mailmarshal",
        "Mail Admin <postmaster@away.example>",
        "Undeliverable Mail: Your request",
        f"Your message:\n   From:    {US}\n   Subject: Your request\n\nCould not be delivered because of\n\n550 5.1.1 User "
        f"unknown\n\nThe following recipients were affected: \n    kim@away.example\n\nAdditional Information\n"
        f"======================\nOriginal Sender:    <{US}>\nSender-MTA:         <192.0.2.10>\nRemote-MTA:         <192.0.2.7>\n"
        "Reporting-MTA:      <mx.away.example>\n",
        one("5.1.1"),
    ),
    Shape(
        "mcafee",
        "<MAILER-DAEMON@mx.away.example>",
        "Mail delivery failed",
        "   --- The following addresses had delivery problems ---\n\n<kim@away.example>   (User unknown kim@away.example)\n",
        one(),
    ),
    Shape(
        "sun messaging server, pmdf",
        "Internet Mail Delivery <postmaster@away.example>",
        "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: "
        f"<sent-1@support.example>\n  Date: Mon, 02 Mar 2026 10:00:00 +0100\n  From: Desk <{US}>\n  To: info@away.example\n"
        "  Subject: Your request\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: "
        "kim@inner-daemon\n  Original address: kim@away.example\n  Reason: Remote SMTP server has rejected address\n"
        "  Diagnostic code: smtp;550 5.1.1 <kim@away.example>... User Unknown\n",
        one("5.1.1"),
    ),
    Shape(
        "opensmtpd",
        "Mailer Daemon <MAILER-DAEMON@mx.away.example>",
        "Delivery status notification: error",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while "
        "attempting to deliver a message for\n    the following list of recipients:\n\nkim@away.example: 550 5.2.2 "
        "<kim@away.example>... Mailbox Full\n\n    Below is a copy of the original message:\n\n" + ORIGINAL,
        one("5.2.2"),
    ),
    Shape(
        "powermta",
        "PowerMTA <postmaster@mx.away.example>",
        "Delivery report",
        "Hello, this is the mail server on mx.away.example.\n\nI am sending you this message to inform you on the delivery "
        "status of a\nmessage you previously sent. Immediately below you will find a list of\nthe affected recipients; also "
        "attached is a Delivery Status Notification\n(DSN) report in standard format, as well as the headers of the original\n"
        "message.\n\n  <kim@away.example>  delivery failed; will not continue trying\n",
        one(),
    ),
    Shape(
        "sendgrid",
        "MAILER-DAEMON",
        "Undelivered Mail Returned to Sender",
        "This is an automatically generated message from SendGrid.\n\nI'm sorry to have to tell you that your message was not "
        "able to be\ndelivered to one of its intended recipients.\n\nIf you require assistance with this, please contact "
        "SendGrid support.\n\ndesk:000000:<kim@away.example> : 192.0.2.250 : mx.away.example:[192.0.2.153] :\n  550 5.1.1 "
        "<kim@away.example>... User Unknown  in RCPT TO\n\n",
        one("5.1.1"),
    ),
    Shape(
        "surfcontrol",
        "<postmaster@away.example>",
        "Failed to send: Your request",
        "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts "
        "made: 1\nAddressed To: kim@away.example\n\nMon 2 Mar 2026 10:00:00 +0100\nFailed to send to identified host,\n"
        "kim@away.example: [192.0.2.5], 550 kim@away.example... No such user\n\n\n",
        one(),
    ),
    Shape(
        "list of stars",
        "Mail Delivery System <Mail.Delivery.System@away.example>",
        "Delivery status notification",
        "============================================================================\n      This is an automatically "
        "generated Delivery Status Notification.      \n\nDelivery to the following recipients failed permanently:\n\n"
        "   * kim@away.example\n\n\n============================================================================\n"
        "                             Technical details:                             \n\nSMTP:RCPT host 192.0.2.7: 553 5.3.0 "
        "<kim@away.example>... No such user here\n",
        one("5.3.0"),
    ),
    Shape(
        "responded as follows",
        "<mailer-daemon@mx.away.example>",
        "There was an error sending your mail",
        "We had trouble delivering your message. Full details follow:\n\nSubject: 'Your request'\nDate: 'Mon, 2 Mar 2026'\n\n"
        "1 error(s):\n\nSMTP Server <mx.away.example> rejected recipient <kim@away.example> \n  (Error following RCPT command)."
        " It responded as follows: [550 5.1.1 User unknown]\n",
        one("5.1.1"),
    ),
    Shape(
        "zoho",
        "mailer-daemon@mail.zoho.example",
        "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to "
        "one or more of its recipients. This is a permanent error. \n\nkim@away.example Invalid Address, ERROR_CODE :550, "
        "ERROR_CODE :5.1.1 <kim@away.example>... User Unknown\n",
        one("5.1.1"),
    ),
    Shape(
        "dragonfly",
        "MAILER-DAEMON <>",
        "Mail delivery failed",
        "This is the DragonFly Mail Agent at df.away.example.\n\nThere was an error delivering your mail to <kim@away.example>."
        "\n\nmx.away.example [192.0.2.7] did not like our RCPT TO:\n550 5.1.1 <kim@away.example>: Recipient address rejected\n\n"
        "Original message headers follow.\n\n" + ORIGINAL,
        one("5.1.1"),
    ),
    Shape(
        "amazon, undeliverable",
        "Mail Delivery Subsystem <MAILER-DAEMON@away.example>",
        "Delivery Status Notification (Failure)",
        "The following message to <kim@away.example> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address "
        "error 550-'5.1.1 <kim@away.example>... User Unknown'\n",
        one("5.1.0"),
    ),
    Shape(
        "error on the way",
        "MAILER-DAEMON@email.away.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:\nkim@away.example\n",
        one(),
    ),
    Shape(
        "hmailserver",
        "<mailer-daemon@mx.away.example>",
        "Undeliverable: Your request",
        "Your message did not reach some or all of the intended recipients.\n\n   Sent: Mon, 2 Mar 2026 10:00:00\n   Subject: "
        "Your request\n\nThe following recipient(s) could not be reached:\n\nkim@away.example\n   Error Type: SMTP\n   Remote "
        "server (192.0.2.7) issued an error.\n   hMailServer sent: RCPT TO:<kim@away.example>\n   Remote server replied: 550 "
        "5.1.1 <kim@away.example>... User unknown\n\nhMailServer\n",
        one("5.1.1"),
    ),
    Shape(
        "smail, ruled log",
        "<MAILER-DAEMON@away.example>",
        "mail failed, returning to sender",
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this "
        "message\n|------------------------- Failed addresses follow: ---------------------|\n kim@away.example ... unknown "
        "host\n|------------------------- Message text follows: ------------------------|\n" + ORIGINAL,
        one(),
    ),
    Shape(
        "web.de in German",
        "Mail Delivery System <mailer-daemon@web.example>",
        "Mail delivery failed: returning message to sender",
        "Diese Nachricht wurde vom Mailsystem automatisch erzeugt.\n\nIhre E-Mail konnte nicht zugestellt werden. Die folgende "
        "Adresse ist betroffen:\n\nkim@away.example:\n  Postfach ist voll (552 5.2.2)\n\n--- Die ursprüngliche Nachricht ---\n\n"
        + ORIGINAL,
        one("5.2.2"),
    ),
    Shape(
        "in French",
        "postmaster@away.example",
        "Échec de la remise : Votre demande",
        "Votre message n'a pas pu être remis à :\n\nkim@away.example\n\nMotif : 550 5.1.1 destinataire inconnu\n",
        one("5.1.1"),
    ),
    Shape(
        "full mailbox put off",
        "<Postmaster@away.example>",
        "Mail Delivery Warning",
        "This is an advisory-only email.  Please do not reply to it.\n\nDelivery of email to this address\n\n"
        '"kim@away.example"\n\nhas been postponed due to a full mailbox.\n\nWe will continue to try to deliver your message over '
        "the next few days.\n\nThe first 50 lines of your original message follow:\n> "
        + ORIGINAL.replace("\n", "\n> "),
        one(permanent=False),
        "delayed",
    ),
)
