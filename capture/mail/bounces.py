"""Read a mail that came back: a delivery status notification (RFC 3464), or what mail systems write in plain words.

Such words count only from a mail system's own address with an empty return path (RFC 5321 section 4.5.5), for what
they say before they repeat our mail, and by an enhanced status code of class 5. Pure; `reading.py` calls it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import Message
from email.utils import parseaddr

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_OURS = ("5.7.", "5.6.", "5.2.3", "5.3.4")  # policy, content, and twice its length (RFC 3463 section 3)
_FULL = ("5.2.2", "4.2.2")  # “Mailbox full”: “the recipient can correct” it (RFC 3463 section 3.3)
_SYSTEMS = frozenset({"mailer-daemon", "postmaster"})
_CODE = re.compile(r"(?<![\w.])[45]\.[0-7]\.\d{1,3}(?!\.?\w)")  # no part of an address, nor of a longer number
_COPY = re.compile(r"^(?:Received|Return-Path|DKIM-Signature|MIME-Version|Message-ID):", re.IGNORECASE | re.MULTILINE)
_COPIED_ID = re.compile(r"^Message-ID:\s{0,3}(<[^<>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """What a mail system says of one recipient: the enhanced status code (RFC 3463) and the other server's words."""

    status: str
    words: str

    @property
    def is_hard(self) -> bool:
        """Say whether it will never take mail: class 5, unless the mailbox is full or our content or server refused."""
        return self.status.startswith("5.") and not self.is_full and not self.status.startswith(_OURS)

    @property
    def is_full(self) -> bool:
        """Say whether the mailbox takes no more for now, however final the class that its server gives."""
        return self.status in _FULL


def read_bounce(message: Message, *, text: str) -> Bounce | None:
    """Return the first recipient that the mail says has failed; None for any other mail, a mere delay too."""
    if message.get_content_type() != "multipart/report":
        return _read_words(text) if _is_from_system(message) else None
    for group in _list_status_groups(message):
        if _field(group, "Action").lower() == "failed":
            diagnostic = _field(group, "Diagnostic-Code").partition(";")[2].strip()
            found = _STATUS.search(_field(group, "Status"))
            return Bounce(status=found.group() if found else "", words=diagnostic[:200])
    return None


def list_returned(message: Message, *, text: str) -> list[str]:
    """Return the Message-IDs of the mails that came back with it, whole, by their headers, or repeated in its text."""
    is_report = message.get_content_type() == "multipart/report"
    if not is_report and not _is_from_system(message):
        return []
    attached = [each for part in message.walk() if (each := _find_returned_id(part))]
    return attached if is_report else [*attached, *_COPIED_ID.findall(text)]


def _is_from_system(message: Message) -> bool:
    local_part, _, _ = parseaddr(_field(message, "From"))[1].partition("@")
    return local_part.lower() in _SYSTEMS and _field(message, "Return-Path") == "<>"


def _read_words(text: str) -> Bounce | None:
    """Return what the first enhanced status code above the copy of our mail says, where it is one of class 5."""
    copy = _COPY.search(text)
    said = text[: copy.start()] if copy else text
    found = _CODE.search(said)
    if found is None or not found.group().startswith("5"):
        return None
    line = said[said.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
    return Bounce(status=found.group(), words=" ".join(line.split())[:200])


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
