"""Tell an endpoint once more of something it was told, or should have been. Pages and API call this."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_sender
from leadhub.webhooks.announcing import may_leave
from leadhub.webhooks.endpoints import WrongState
from leadhub.webhooks.health import end_rest
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.sending import lock_announcement

# What was claimed before stands there since its job died: nobody is at it.
_LONGEST_CALL = timedelta(minutes=5)


def list_announcements(endpoint: Endpoint) -> "QuerySet[Announcement]":
    """Return what the endpoint is told, newest first."""
    return Announcement.objects.filter(endpoint=endpoint).select_related("delivery__lead__person").order_by("-pk")


def tell_again(*, announcement_id: UUID, actor: Membership, now: datetime) -> Announcement:
    """Send it now, whatever became of it, under the same `webhook-id`: who has it knows it. Raises `WrongState`."""
    one = lock_announcement(announcement_id)
    if one is None:
        raise WrongState("This webhook was deleted meanwhile.")
    claimed_at = one.delivery.claimed_at
    if one.delivery.state == Delivery.State.SENDING and claimed_at and claimed_at > now - _LONGEST_CALL:
        raise WrongState("It is being sent at this moment.")
    if not may_leave(one.endpoint, one.delivery):
        raise WrongState("This webhook is not called at the moment: resume it first.")
    end_rest(one.endpoint, now=now)
    one.delivery.state, one.delivery.error, one.next_try_at = Delivery.State.PENDING, "", now
    one.delivery.save(update_fields=["state", "error"])
    one.save(update_fields=["next_try_at"])
    ask_for_sender(delivery=one.delivery, now=now)
    record_change(
        actor=actor,
        action="delivery.sent_again",
        target_kind="delivery",
        target_id=one.pk,
        summary=f"{one.event_type} to {one.endpoint.name} sent again"[:300],
        now=now,
    )
    return one
