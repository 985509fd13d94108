"""Put something into the outbox. Handlers call this; only `sending` touches the network."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from leadhub.delivery.models import Delivery
from leadhub.leads.consent import is_suppressed
from leadhub.leads.models import Lead
from leadhub.lib.ids import new_id
from leadhub.tenancy.inserts import insert_new
from leadhub.work.jobs import JobRequest, enqueue_many

# Mail that concerns the recipient's own account or work here, which no suppression list stops.
MEMBER_PURPOSES = frozenset({"alert", "reminder", "escalation", "invitation", "account"})
_senders: dict[str, str] = {}  # channel → the kind of job that sends it, where it is not the usual one


def send_by(*, channel: str, kind: str) -> None:
    """Have the channel's deliveries sent by a kind of job of their own; apps call this in `ready()`."""
    _senders[channel] = kind


def deliver(
    *,
    channel: str,
    purpose: str,
    dedupe_key: str,
    recipient: str,
    content: dict[str, Any],
    now: datetime,
    lead: Lead | None = None,
    delivery_id: UUID | None = None,
) -> Delivery:
    """Store the delivery and ask for a sender; return the existing one when its cause was delivered before.

    `delivery_id` is for content that names its own delivery.

    An address that asked to be left alone gets a row in state `suppressed` and no call, except for the
    purposes in MEMBER_PURPOSES. Mail's content is {subject, text, html?, reply_to?, from_name?, headers?}.
    """
    state = Delivery.State.SUPPRESSED if is_blocked(purpose=purpose, recipient=recipient) else Delivery.State.PENDING
    delivery = Delivery(
        pk=delivery_id or new_id(),
        channel=channel,
        purpose=purpose,
        dedupe_key=dedupe_key,
        recipient=recipient,
        lead=lead,
        content=content,
        state=state,
        created_at=now,
    )
    if not insert_new([delivery]):
        return Delivery.objects.get(dedupe_key=dedupe_key)
    if state == Delivery.State.PENDING:
        ask_for_sender(delivery=delivery, now=now)
    return delivery


def ask_for_sender(*, delivery: Delivery, now: datetime, due_at: datetime | None = None) -> None:
    """Make the job that sends the delivery, now or when it is due."""
    ask_for_senders(deliveries=[delivery], now=now, due_at=due_at)


def ask_for_senders(*, deliveries: Sequence[Delivery], now: datetime, due_at: datetime | None = None) -> None:
    """Make the jobs that send the deliveries, in one statement."""
    jobs = [
        JobRequest(
            kind=_senders.get(delivery.channel, "delivery.send"),
            target_id=delivery.pk,
            dedupe_key=str(delivery.pk),
            due_at=due_at or now,
        )
        for delivery in deliveries
    ]
    enqueue_many(jobs=jobs, now=now)


def is_blocked(*, purpose: str, recipient: str) -> bool:
    """Say whether the address asked not to be written to for this purpose."""
    return purpose not in MEMBER_PURPOSES and is_suppressed(recipient)
