"""What the local mail sink kept of one organization's mail. The inbox pages read it, where MAIL_FOLDER names the sink.

The sink serves a whole machine, so a mail belongs to an organization only by its Message-ID, which names a delivery.
Needs the organization's scope.
"""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from leadhub.delivery.channels.mail import read_delivery_id
from leadhub.delivery.models import Delivery

_NEWEST = 5_000


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """One mail as the list shows it; `delivery_id` is None where no delivery of ours caused it."""

    delivery_id: UUID | None
    path: Path
    sender: str
    recipient: str
    subject: str
    arrived_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeptMessage:
    """One mail as it is read: its headers in order, its text, and its HTML where it has some."""

    headers: Sequence[tuple[str, str]]
    text: str
    html: str


def list_kept_mail(*, folder: Path, recipient: str = "") -> list[KeptMail]:
    """Return the organization's kept mail, the newest first; `recipient` is a part of an address."""
    wanted = recipient.strip().casefold()
    return _keep_ours([mail for mail in _list_all(folder) if wanted in mail.recipient.casefold()])


def find_copies(*, folder: Path, delivery_id: UUID) -> list[KeptMail]:
    """Return what the sink kept of one delivery: normally one mail, two where it was sent again."""
    return _keep_ours([mail for mail in _list_all(folder) if mail.delivery_id == delivery_id])


def read_message(path: Path) -> KeptMessage:
    """Read a whole mail."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 (what this policy makes)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return KeptMessage(
        headers=[(name, str(value)) for name, value in message.items()],
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )


def _list_all(folder: Path) -> list[KeptMail]:
    files = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_read_head(path) for path in files[:_NEWEST]]


def _keep_ours(mails: Sequence[KeptMail]) -> list[KeptMail]:
    """Leave out what no delivery of the organization caused."""
    named = {mail.delivery_id for mail in mails if mail.delivery_id}
    ours = set(Delivery.objects.filter(pk__in=named).values_list("pk", flat=True))
    return [mail for mail in mails if mail.delivery_id in ours]


@lru_cache(maxsize=2 * _NEWEST)
def _read_head(path: Path) -> KeptMail:
    """Read a mail's head once: a maildir's files never change."""
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=email.policy.default).parse(file)
    return KeptMail(
        delivery_id=read_delivery_id(str(head.get("Message-ID", ""))),
        path=path,
        sender=str(head.get("From", "")),
        recipient=str(head.get("To", "")),
        subject=str(head.get("Subject", "")),
        arrived_at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
    )
