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
