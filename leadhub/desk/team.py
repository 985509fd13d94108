"""What a manager must see: the leads behind each number of the team page, and the numbers of the whole team."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from leadhub.leads.models import Lead
from leadhub.leads.models.lead import LeadQuerySet
from routing.queries import (
    MemberLoad,
    cooling_leads,
    held_leads,
    late_leads,
    list_member_loads,
    untouched_leads,
    waiting_leads,
)

KINDS = {
    "late": "Late",
    "untouched": "Untouched",
    "waiting": "Not accepted",
    "cooling": "Cooling",
    "held": "Nobody free",
}
HINTS = {
    "late": "promise missed, nobody tried",
    "untouched": "no attempt yet",
    "waiting": "offered, not answered",
    "cooling": "less active lately",
    "held": "wait for a free rep",
}
LABELS = {**KINDS, "open": "Open leads"}

_READERS: dict[str, Callable[[datetime], LeadQuerySet]] = {
    "late": lambda now: late_leads(now=now),
    "untouched": lambda _now: untouched_leads(),
    "waiting": lambda _now: waiting_leads(),
    "cooling": lambda _now: cooling_leads(),
    "held": lambda _now: held_leads(),
    "open": lambda _now: Lead.objects.open(),
}


def read_loads(*, now: datetime) -> list[MemberLoad]:
    """Return the members with open leads or a turn to take, the latest first."""
    loads = [load for load in list_member_loads(now=now) if load.open or load.capacity is not None]
    return sorted(loads, key=lambda load: (-load.late, -load.open, load.member.name))


def total_loads(loads: Sequence[MemberLoad]) -> dict[str, int]:
    """Return the whole team's numbers; one statement for the leads that nobody is free for."""
    summed = {kind: sum(getattr(load, kind) for load in loads) for kind in KINDS if kind != "held"}
    return {**summed, "held": held_leads().count()}


def list_leads(*, kind: str, member_id: UUID | None, now: datetime) -> LeadQuerySet:
    """Return the leads behind one number, oldest first.

    Person and owner are read apart: joined, PostgreSQL takes the few rows wanted for a reason to try all pairs.
    """
    leads = _READERS[kind](now)
    if member_id:
        leads = leads.filter(owner_id=member_id)
    return leads.prefetch_related("person__company", "owner").order_by("captured_at", "pk")
