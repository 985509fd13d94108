"""The only writer of `lead.owner`, and with `holding` of assignments. Called by whoever gives a lead to somebody.

The caller holds the lead's row (`lock_lead`); a lead has one current assignment, and its member is the owner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Company, Event, EventKind, Inquiry, Lead
from leadhub.leads.timeline import announce_events, record_events
from leadhub.tenancy.many_rows import insert_models
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import JobRequest, enqueue_many
from routing.calendars import find_clock_pool, load_calendar
from routing.hours import add_business_time
from routing.models import Assignment, Pool
from routing.receipts import Receipt

State, Reason = Assignment.State, Assignment.Reason
ANSWER_WITHIN = timedelta(hours=24)  # of business time
DECLINED = (State.REJECTED, State.EXPIRED, State.REROUTED)
# What the former owner promised is the next one's to keep.
_HAND_OVER = """
WITH given AS (
    SELECT * FROM unnest(%(leads)s::uuid[], %(owners)s::uuid[], %(formers)s::uuid[]) AS g (lead_id, owner_id, former_id)
), ended AS (
    UPDATE assignment SET ended_at = %(now)s FROM given
    WHERE organization_id = %(organization)s AND assignment.lead_id = given.lead_id AND ended_at IS NULL
), promised AS (
    UPDATE task SET member_id = owner_id FROM given
    WHERE organization_id = %(organization)s AND task.lead_id = given.lead_id AND member_id = former_id
        AND former_id <> owner_id AND done_at IS NULL
)
UPDATE lead SET owner_id = given.owner_id, updated_at = %(now)s FROM given
WHERE organization_id = %(organization)s AND id = given.lead_id
"""


@dataclass(frozen=True, kw_only=True)
class Gift:
    """A lead's next owner and why. `is_sales` asks for an answer unless the state says who holds or took it.

    An answer is awaited for a time only, unless the offer does not expire: nobody is chased for what was imported.
    """

    member: Membership
    reason: Assignment.Reason
    receipt: Receipt
    state: Assignment.State = State.OFFERED
    is_sales: bool = True
    pool: Pool | None = None
    inquiry: Inquiry | None = None
    actor: Membership | None = None
    note: str = ""
    batch_id: UUID | None = None
    expires: bool = True


def find_current(*, lead: Lead) -> Assignment | None:
    """Return the assignment that says who owns the lead now."""
    return load_histories(leads=[lead])[lead.pk].current


@dataclass(frozen=True, kw_only=True)
class History:
    """Who has the lead now, and who had it and rejected it, rerouted it or let it expire."""

    current: Assignment | None = None
    decliners: frozenset[UUID] = frozenset()


def load_histories(*, leads: Sequence[Lead]) -> dict[UUID, History]:
    """Return each lead's history, from one statement."""
    by_id = {lead.pk: lead for lead in leads}
    current: dict[UUID, Assignment] = {}
    declined: dict[UUID, set[UUID]] = {}
    wanted = Assignment.objects.filter(Q(ended_at=None) | Q(state__in=DECLINED), lead__in=by_id)
    for assignment in wanted.select_related("member__user", "pool", "inquiry"):
        if assignment.ended_at is None:
            assignment.lead = by_id[assignment.lead_id]
            current[assignment.lead_id] = assignment
        if assignment.state in DECLINED:
            declined.setdefault(assignment.lead_id, set()).add(assignment.member_id)
    return {
        lead_id: History(current=current.get(lead_id), decliners=frozenset(declined.get(lead_id, ())))
        for lead_id in by_id
    }


def give_lead(*, lead: Lead, gift: Gift, now: datetime) -> Assignment:
    """Make the gift's member the owner: end the current assignment, write the next, say so on the timeline."""
    return give_leads(gifts=[(lead, gift)], now=now)[0]


def give_leads(*, gifts: Sequence[tuple[Lead, Gift]], now: datetime) -> list[Assignment]:
    """Give many locked leads, each with its gift, in a handful of statements; see `give_lead`."""
    if not gifts:
        return []
    expires_at = cache(lambda pool: _find_expiry(pool=pool, now=now))
    assignments = [_write_down(lead, gift, now=now) for lead, gift in gifts]
    for assignment, (_, gift) in zip(assignments, gifts, strict=True):
        if assignment.state == State.OFFERED and gift.expires:
            assignment.expires_at = expires_at(assignment.pool)
    former = [lead.owner_id for lead, _ in gifts]
    _set_owners(assignments=assignments, now=now)
    insert_models(assignments)
    _tell_timeline(assignments=assignments, former=former, now=now)
    _start_expiries(assignments=assignments, now=now)
    return assignments


def answer_assignment(
    *,
    assignment: Assignment,
    state: Assignment.State,
    now: datetime,
    reject_reason: str = "",
    note: str = "",
) -> Assignment:
    """Record what the member answered, or that they did not; whoever calls gives the lead on.

    The first to accept a lead of a company that nobody owns becomes the company's owner.
    """
    assignment.state, assignment.responded_at = state, now
    assignment.reject_reason = reject_reason
    assignment.note = note or assignment.note
    assignment.save(update_fields=["state", "responded_at", "reject_reason", "note"])
    if state == State.ACCEPTED:
        Company.objects.filter(people__leads=assignment.lead_id, owner=None).update(owner=assignment.member)
    return assignment


def _write_down(lead: Lead, gift: Gift, *, now: datetime) -> Assignment:
    return Assignment(
        lead=lead,
        member=gift.member,
        inquiry=gift.inquiry,
        pool=gift.pool,
        state=gift.state,
        reason=gift.reason,
        is_sales=gift.is_sales,
        receipt=gift.receipt.to_json(),
        assigned_at=now,
        assigned_by=gift.actor,
        responded_at=now if gift.state == State.ACCEPTED else None,
        note=gift.note,
        batch_id=gift.batch_id,
    )


def _set_owners(*, assignments: Sequence[Assignment], now: datetime) -> None:
    """End what was current, hand over what the former owners promised, and change the owners."""
    leads = [assignment.lead for assignment in assignments]
    values: dict[str, Any] = {
        "organization": get_organization_id(),
        "now": now,
        "leads": [lead.pk for lead in leads],
        "owners": [assignment.member_id for assignment in assignments],
        "formers": [lead.owner_id for lead in leads],
    }
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OVER, values)
    for assignment in assignments:
        assignment.lead.owner, assignment.lead.updated_at = assignment.member, now


def _tell_timeline(*, assignments: Sequence[Assignment], former: Sequence[UUID], now: datetime) -> None:
    """Write an event for each lead that changed hands or went to sales; what a member did walks the line."""
    told = [one for one, owner_id in zip(assignments, former, strict=True) if one.is_sales or one.member_id != owner_id]
    events = [_describe(assignment, now=now) for assignment in told]
    record_events(events)
    announce_events([event for event in events if event.actor_id is not None], now=now)


def _describe(assignment: Assignment, *, now: datetime) -> Event:
    lead = assignment.lead
    return Event(
        person_id=lead.person_id,
        lead=lead,
        kind=EventKind.OWNER_CHANGED,
        occurred_at=now,
        logged_at=now,
        actor=assignment.assigned_by,
        inquiry=assignment.inquiry,
        summary=f"{assignment.member.name}, {assignment.receipt['why']}"[:300],
        properties={"assignment_id": str(assignment.pk), "member_id": str(assignment.member_id)},
        dedupe_key=f"assignment:{assignment.pk}",
    )


def _find_expiry(*, pool: Pool | None, now: datetime) -> datetime:
    return add_business_time(load_calendar(pool=find_clock_pool(pool=pool)), now, ANSWER_WITHIN)


def _start_expiries(*, assignments: Sequence[Assignment], now: datetime) -> None:
    jobs = [
        JobRequest(kind="routing.expire", target_id=one.pk, dedupe_key=str(one.pk), due_at=one.expires_at)
        for one in assignments
        if one.expires_at is not None
    ]
    enqueue_many(jobs=jobs, now=now)
