"""Mail over SMTP, which has no idempotency keys: what may have been sent is never sent again by itself."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from leadhub.delivery.channels.envelope import Envelope
from leadhub.delivery.channels.failures import PermanentFailure
from leadhub.delivery.channels.smtp import get_kept_connection

_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>", re.IGNORECASE)


class MailChannel:
    """Sends `content` {subject, text, html?, reply_to?, from_name?, headers?} to one address."""

    is_idempotent = False

    def send(self, envelope: Envelope) -> str:
        """Send the mail and return its Message-ID, the same at every attempt."""
        message = build_message(envelope)
        get_kept_connection().send_messages([message])
        return str(message.extra_headers["Message-ID"])


class TimedMail(EmailMultiAlternatives):
    """A mail whose body is handed over by an instant of `time.monotonic`, or not at all."""

    leave_by: float | None = None


def build_message(envelope: Envelope) -> TimedMail:
    """Build the MIME message; a recipient or header that would inject another is refused for good."""
    content = envelope.content
    try:
        message = TimedMail(
            subject=" ".join(str(content["subject"]).split()),
            body=content["text"],
            from_email=_sender(content.get("from_name", "")),
            to=[envelope.recipient],
            reply_to=[content["reply_to"]] if content.get("reply_to") else None,
            headers={**content.get("headers", {}), "Message-ID": write_message_id(envelope.id)},
        )
        if content.get("html"):
            message.attach_alternative(content["html"], "text/html")
        message.leave_by = envelope.leave_by
        message.message()
    except (KeyError, ValueError) as error:
        raise PermanentFailure(f"The mail cannot be built: {error!r}") from error
    return message


def write_message_id(delivery_id: UUID) -> str:
    """Return the stable Message-ID (RFC 5322 section 3.6.4), which nobody can guess who has not had the mail."""
    return f"<{delivery_id}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def read_delivery_id(text: str) -> UUID | None:
    """Return the delivery that a Message-ID of ours names; None for anybody else's."""
    found = _MESSAGE_ID.fullmatch(text.strip())
    return UUID(found.group(1)) if found else None


def _sender(name: str) -> str:
    """Return the installation's address, under the name the content gives."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"{_quote(name)} <{address}>" if name else settings.DEFAULT_FROM_EMAIL


def _quote(name: str) -> str:
    """Quote a display name (RFC 5322 section 3.2.4)."""
    escaped = " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
