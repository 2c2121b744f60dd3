"""Delivery reports (RFC 3464) about a parcel that we sent, right ones and forged ones."""

from email import message_from_bytes

DAEMON = "MAILER-DAEMON@mx.kunde.example"


def report(
    parcel,
    *,
    action="failed",
    status="5.1.1",
    recipient=None,
    message_id=None,
    author=DAEMON,
    more=(),
    number=1,
    to=None,
):
    """The bytes of a report about `parcel`; `more` are further recipients as (address, action, status)."""
    original = message_from_bytes(parcel.raw)
    groups = [(recipient or parcel.recipient, action, status), *more]
    listed = "\r\n".join(
        f"Final-Recipient: rfc822; {address}\r\nAction: {what}\r\nStatus: {code}\r\n" for address, what, code in groups
    )
    identifier = original["Message-ID"] if message_id is None else message_id
    original_head = f"Message-ID: {identifier}\r\n" if identifier else ""
    return (
        f"From: Mail Delivery System <{author}>\r\n"
        f"To: {to or parcel.reverse_path}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        f"Date: Mon, 02 Mar 2026 10:05:00 +0000\r\n"
        f"Message-ID: <bounce{number}@mx.kunde.example>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. Your message could not be delivered.\r\n"
        "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.kunde.example\r\n\r\n{listed}\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"{original_head}To: {parcel.recipient}\r\nFrom: {original['From']}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()
