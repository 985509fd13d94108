"""What came back from a mail: every hit is kept; a human's first opening, and first click of a link, is an event.

The public views call it. Events walk the line, where they score and may end the enrollment; machines are worth nothing.
"""

import hashlib
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.leads.models import EventKind
from leadhub.leads.timeline import record_event
from leadhub.tenancy.scope import scope
from nurture.links import Link
from nurture.machines import find_machine
from nurture.models import MailHit, Message

MOST_HITS = 200
_EVENTS = {MailHit.Kind.OPENED: EventKind.MAIL_OPENED, MailHit.Kind.CLICKED: EventKind.MAIL_CLICKED}


@dataclass(frozen=True, kw_only=True)
class Request:
    """The parts of a request that tell a human from a machine."""

    method: str
    headers: dict[str, str]


def note_hit(*, link: Link, kind: MailHit.Kind, request: Request, now: datetime) -> MailHit | None:
    """Keep the hit, in its organization's scope; a human's also dates the message. None where it is gone or flooded."""
    with scope(link.organization_id):
        message = _lock_message(link.message_id)
        if message is None or message.hits.count() >= MOST_HITS:
            return None
        sent = message.delivery
        sent_at = (sent.sent_at or sent.claimed_at) if sent else None  # one in doubt has left as well, if it is opened
        hit = MailHit.objects.create(
            message=message,
            kind=kind,
            link=link.target[:2000],
            at=now,
            machine_reason=find_machine(method=request.method, headers=request.headers, sent_at=sent_at, now=now),
            user_agent=request.headers.get("User-Agent", "")[:300],
        )
        if not hit.machine_reason:
            _note_human(message=message, hit=hit, now=now)
        return hit


def list_machine_hits(*, messages: Several[Message]) -> list[MailHit]:
    """Return what machines asked for of these mails, the latest first; none of it counts."""
    hits = MailHit.objects.filter(message__in=[each.pk for each in messages]).exclude(machine_reason="")
    return list(hits.select_related("message__step").order_by("-at", "-id")[:MOST_HITS])


def _note_human(*, message: Message, hit: MailHit, now: datetime) -> None:
    """Date the message (a click means it was open) and write the event, once for each link."""
    message.opened_at = message.opened_at or now
    if hit.kind == MailHit.Kind.CLICKED:
        message.clicked_at = message.clicked_at or now
    message.save(update_fields=["opened_at", "clicked_at"])
    subject = str(message.delivery.content.get("subject", "")) if message.delivery else ""
    record_event(
        person=message.lead.person,
        lead=message.lead,
        kind=_EVENTS[MailHit.Kind(hit.kind)],
        occurred_at=now,
        now=now,
        summary=hit.link or subject,
        properties={"link": hit.link, "subject": subject, "sequence": str(message.step.sequence_id)},
        dedupe_key=f"mail_{hit.kind}:{message.pk}:{_digest(hit.link)}",
    )


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()[:16] if link else ""


def _lock_message(message_id: UUID) -> Message | None:
    messages = Message.objects.filter(pk=message_id).select_for_update(of=("self",))
    return messages.select_related("lead__person", "delivery", "step").first()
