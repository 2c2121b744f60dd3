"""Delivery reports and their kin: what a report says, as a value (RFC 3464, RFC 6522, RFC 8098, RFC 5965).

Everything here is read from hostile text: bounded, in linear time, without raising.
"""

from email.message import Message

from mailgate.core.mail.mail import HeaderField, Report, ReportKind, ReportRecipient

_PERMANENT = {"failed": True, "delayed": False}


def read_report(
    message: Message, subject: str | None, text: str, fields: tuple[HeaderField, ...]
) -> Report | None:
    """The delivery, disposition or feedback report that `message` is; None where it is none."""
    del subject, text, fields
    found: list[ReportRecipient] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return Report(ReportKind.FEEDBACK, (), None)
        if kind == "message/disposition-notification":
            return Report(ReportKind.DISPOSITION, (), None)
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = part.get_payload()
            for block in blocks[1:] if isinstance(blocks, list) else []:
                if not isinstance(block, Message):
                    continue
                address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip()
                action = str(block.get("Action", "")).strip().lower() or None
                if address:
                    status = str(block.get("Status", "")).strip() or None
                    found.append(ReportRecipient(address, action, status, _PERMANENT.get(action or "")))
    return Report(ReportKind.DELIVERY, tuple(found), None) if found else None
