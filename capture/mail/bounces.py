"""Read a mail that came back: a delivery status notification (RFC 3464) and the mail it returns. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import Message

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_POLICY = "5.7."


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """What a mail system says of one recipient: the enhanced status code (RFC 3463) and the other server's words."""

    status: str
    words: str

    @property
    def is_hard(self) -> bool:
        """Say whether the address will never take mail: class 5, unless it is our content or our server it refuses."""
        return self.status.startswith("5.") and not self.status.startswith(_POLICY)


def read_bounce(message: Message) -> Bounce | None:
    """Return the first recipient that a report says has failed; None for any other mail, a mere delay too."""
    if message.get_content_type() != "multipart/report":
        return None
    for group in _list_status_groups(message):
        if _field(group, "Action").lower() == "failed":
            diagnostic = _field(group, "Diagnostic-Code").partition(";")[2].strip()
            found = _STATUS.search(_field(group, "Status"))
            return Bounce(status=found.group() if found else "", words=diagnostic[:200])
    return None


def list_returned(message: Message) -> list[str]:
    """Return the Message-IDs of the mails that a report returns, whole or by their headers."""
    if message.get_content_type() != "multipart/report":
        return []
    return [each for part in message.walk() if (each := _find_returned_id(part))]


def _find_returned_id(part: Message) -> str:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        return _field(inner[0], "Message-ID") if isinstance(inner, list) and isinstance(inner[0], Message) else ""
    if kind == "text/rfc822-headers":
        return _field(message_from_string(str(part.get_payload()), policy=policy.compat32), "Message-ID")
    return ""


def _list_status_groups(message: Message) -> Iterator[Message]:
    """Yield the groups of fields, one of the mail and one for each recipient, which the parser reads as messages."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            inner = part.get_payload()
            yield from (each for each in inner if isinstance(each, Message)) if isinstance(inner, list) else ()


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).replace("\x00", "").split())
