"""Raise and see alerts: durable rows, rung into the member's open browsers after the commit."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead
from leadhub.live.models import Alert
from leadhub.tenancy.inserts import insert_new
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.bell import publish

CHANNEL_PREFIX = "leadhub:alerts:"
KEPT_FOR = timedelta(days=180)


def raise_alert(
    *,
    member: Membership,
    kind: str,
    lead: Lead | None,
    text: str,
    dedupe_key: str,
    now: datetime,
    inquiry: Inquiry | None = None,
) -> Alert | None:
    """Store an alert for the member and ring their browsers after the commit; None when its cause alerted before."""
    alert = Alert(
        member=member,
        kind=kind,
        lead=lead,
        inquiry=inquiry,
        text=text[: Alert.TEXT_CHARACTERS],
        dedupe_key=dedupe_key,
        created_at=now,
    )
    if not insert_new([alert]):
        return None
    channel = name_channel(organization_id=get_organization_id(), member_id=member.id)
    transaction.on_commit(lambda: publish(channel=channel, message={"id": str(alert.id), "kind": alert.kind}))
    return alert


def name_channel(*, organization_id: UUID, member_id: UUID) -> str:
    """Return the Redis channel that carries the ids of one member's alerts."""
    return f"{CHANNEL_PREFIX}{organization_id}:{member_id}"


def list_alerts(*, member: Membership) -> QuerySet[Alert]:
    """Return the member's alerts, the newest first."""
    return Alert.objects.filter(member=member).select_related("lead__person", "inquiry").order_by("-created_at", "-id")


def count_unseen(*, member: Membership) -> int:
    """Return how many alerts the member has not seen."""
    return Alert.objects.filter(member=member, seen_at=None).count()


def mark_seen(*, member: Membership, now: datetime, alert_id: UUID | None = None) -> int:
    """Mark one alert of the member, or all of them, as seen; return how many were not yet."""
    unseen = Alert.objects.filter(member=member, seen_at=None)
    if alert_id:
        unseen = unseen.filter(pk=alert_id)
    return unseen.update(seen_at=now)


def forget_old_alerts(now: datetime) -> int:
    """Delete the alerts that were seen and are half a year old; return how many. The daily pruning calls it."""
    return Alert.objects.filter(created_at__lt=now - KEPT_FOR, seen_at__isnull=False).delete()[0]


def mark_lead_seen(*, member: Membership, lead_id: UUID, now: datetime) -> int:
    """Mark the member's alerts about a lead that they have opened as seen; return how many were not yet."""
    return Alert.objects.filter(member=member, lead_id=lead_id, seen_at=None).update(seen_at=now)
