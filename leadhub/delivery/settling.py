"""Deliveries that wait for a person: in doubt after a crash, or failed for good. The admin's page calls this."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.delivery.locking import lock_delivery
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_sender
from leadhub.delivery.purposes import tell_sent
from leadhub.lib.errors import DomainError

UNSETTLED = [Delivery.State.IN_DOUBT, Delivery.State.FAILED]


class AlreadySettled(DomainError):
    """The delivery is neither in doubt nor failed any more."""

    def __init__(self) -> None:
        super().__init__("Somebody settled this delivery meanwhile.")


class StillAtIt(DomainError):
    """The sender that was believed lost may yet hand the mail over, and then there would be two."""

    def __init__(self) -> None:
        super().__init__("Its sender may still be at it: wait a few minutes, or it could arrive twice.")


def list_unsettled() -> QuerySet[Delivery]:
    """Return what is in doubt and what failed."""
    return Delivery.objects.filter(state__in=UNSETTLED).select_related("lead__person")


def send_again(*, delivery_id: UUID, actor: Membership, now: datetime) -> Delivery:
    """Send a delivery once more, though it may have arrived; its Message-ID stays.

    Raises `AlreadySettled`, and `StillAtIt` while who sent it first may still hand it over.
    """
    delivery = _take(delivery_id)
    if delivery.busy_until and now < delivery.busy_until:
        raise StillAtIt
    delivery.state, delivery.error = Delivery.State.PENDING, ""
    delivery.save(update_fields=["state", "error"])
    ask_for_sender(delivery=delivery, now=now)
    _record(delivery, action="delivery.sent_again", words="sent again", actor=actor, now=now)
    return delivery


def mark_sent(*, delivery_id: UUID, actor: Membership, now: datetime) -> Delivery:
    """Settle a delivery that somebody knows has arrived. Raises `AlreadySettled`."""
    delivery = _take(delivery_id)
    delivery.state, delivery.sent_at = Delivery.State.SENT, delivery.claimed_at or now
    delivery.save(update_fields=["state", "sent_at"])
    tell_sent(purpose=delivery.purpose, delivery_id=delivery.pk, now=now)
    _record(delivery, action="delivery.marked_sent", words="marked as sent", actor=actor, now=now)
    return delivery


def _take(delivery_id: UUID) -> Delivery:
    delivery = lock_delivery(delivery_id)
    if delivery is None or delivery.state not in UNSETTLED:
        raise AlreadySettled
    return delivery


def _record(delivery: Delivery, *, action: str, words: str, actor: Membership, now: datetime) -> None:
    record_change(
        actor=actor,
        action=action,
        target_kind="delivery",
        target_id=delivery.id,
        summary=f"{delivery.purpose} to {delivery.recipient} {words}"[:300],
        now=now,
    )
