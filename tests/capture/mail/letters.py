"""Mails as people and mail systems write them, for the tests of the mail's door."""

from email.message import EmailMessage
from uuid import UUID

from leadhub.delivery.models import Delivery

DSN = """From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: no-reply@northwind.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-{status}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: {returned}

Message-ID: <{delivery}@localhost>
Subject: Hello
From: no-reply@northwind.example

{rest}
--b--
"""


def write_letter(
    *,
    text: str = "Yes, please call me.",
    sender: str = "Zoe Client <zoe@lead.example>",
    subject: str = "Re: Hello",
    answers: object = None,
    message_id: str = "<one@mail.example>",
    **headers: str,
) -> bytes:
    """Return a mail to us; `answers` is the delivery that it answers."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "reply@northwind.example", subject
    letter["Message-ID"] = message_id
    if answers is not None:
        letter["In-Reply-To"] = f"<{answers}@localhost>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


def write_report(
    delivery: Delivery | UUID,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    words: str = "550 no such user",
    recipient: str = "zoe@lead.example",
    returned: str = "text/rfc822-headers",
) -> bytes:
    """Return a mail system's report that a delivery failed."""
    pk = delivery.pk if isinstance(delivery, Delivery) else delivery
    rest = "Dear Zoe" if returned == "message/rfc822" else ""
    filled = DSN.format(
        status=status, action=action, words=words, recipient=recipient, delivery=pk, returned=returned, rest=rest
    )
    return filled.encode()


def write_notice(
    delivery: Delivery | UUID,
    *,
    words: str = "<zoe@lead.example>:\n192.0.2.7 said: 550 5.1.1 no such user",
    sender: str = "MAILER-DAEMON@mx.example",
    return_path: str = "<>",
) -> bytes:
    """Return what a mail system writes without a report (qmail's way): plain words above a copy of our mail."""
    pk = delivery.pk if isinstance(delivery, Delivery) else delivery
    copy = f"--- Below is a copy.\n\nReturn-Path: <no-reply@northwind.example>\nMessage-ID: <{pk}@localhost>"
    text = f"This is the mail program at mx.example.\n\n{words}\n\n{copy}\n\nSee 5.1.2 of our terms\n"
    headers = {"Return_Path": return_path, "message_id": "<notice@mx.example>"}
    return write_letter(text=text, sender=sender, subject="failure notice", **headers)


_FROM = b"From: zoe@lead.example\n"
_MIXED = b'Content-Type: multipart/mixed; boundary="b"\n\n'
_TAGS = (b"<div><b id=%d>" % number for number in range(13_000))
# What a letter never looks like: parsers and patterns would take hours for it.
BUSY = {
    "a header in every line": _FROM + b"\n" + b"a:\n" * 70_000,
    "a date before many addresses": _FROM + b"\n2026/1/1 " + b" <@" * 60_000,
    "encoded words without end": _FROM + b"Subject: " + b"=?a?q? " * 300_000 + b"\n\nhi",
    "tags without end": _FROM + b"Content-Type: text/html\n\n" + b"<br " * 200_000,
    "tags that no tree should hold": _FROM + b"Content-Type: text/html\n\n" + b"".join(_TAGS),
    "a codec that no mail uses": _FROM + b"Content-Type: text/plain; charset=punycode\n\n" + b"ab" * 500_000,
}
MANY_PARTS = {
    "side by side": _FROM + _MIXED + b"--b\n\n" * 2_000,
    "by other ends of lines": _FROM + _MIXED + b"--b\r\r" * 2_000,
    "in each other": _FROM + b"".join(_MIXED.replace(b'"b"', b"%d" % level) + b"--%d\n" % level for level in range(99)),
}
