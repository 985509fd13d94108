"""The only writer of `lead.owner` and of assignments. Called by every module that gives a lead to somebody.

The caller holds the lead's row (`lock_lead`); a lead has one current assignment, and its member is the owner.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.models import Company, EventKind, Inquiry, Lead, Task
from leadhub.leads.timeline import record_event
from leadhub.work.jobs import enqueue
from routing.calendars import find_clock_pool, load_calendar
from routing.hours import add_business_time
from routing.models import Assignment, Pool
from routing.receipts import Receipt

State, Reason = Assignment.State, Assignment.Reason
ANSWER_WITHIN = timedelta(hours=24)  # of business time
DECLINED = (State.REJECTED, State.EXPIRED, State.REROUTED)


@dataclass(frozen=True, kw_only=True)
class Gift:
    """A lead's next owner and why. `is_sales` asks for an answer unless the state says who holds or took it."""

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


def find_current(*, lead: Lead) -> Assignment | None:
    """Return the assignment that says who owns the lead now."""
    return Assignment.objects.filter(lead=lead, ended_at=None).select_related("member__user", "pool", "inquiry").first()


def list_decliners(*, lead: Lead) -> set[UUID]:
    """Return the members who had the lead and rejected it, rerouted it or let it expire."""
    ended = Assignment.objects.filter(lead=lead, state__in=DECLINED)
    return set(ended.values_list("member_id", flat=True))


def give_lead(*, lead: Lead, gift: Gift, now: datetime) -> Assignment:
    """Make the gift's member the owner: end the current assignment, write the next, say so on the timeline."""
    Assignment.objects.filter(lead=lead, ended_at=None).update(ended_at=now)
    assignment = Assignment.objects.create(
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
    _set_owner(lead=lead, assignment=assignment, now=now)
    if assignment.state == State.OFFERED:
        _start_expiry(assignment=assignment, now=now)
    return assignment


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


def _set_owner(*, lead: Lead, assignment: Assignment, now: datetime) -> None:
    was_owned_by = lead.owner_id
    lead.owner, lead.updated_at = assignment.member, now
    lead.save(update_fields=["owner", "updated_at"])
    if was_owned_by != assignment.member_id:  # what the former owner promised is the next one's to keep
        Task.objects.filter(lead=lead, member=was_owned_by, done_at=None).update(member=assignment.member)
    if was_owned_by == assignment.member_id and not assignment.is_sales:
        return
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.OWNER_CHANGED,
        occurred_at=now,
        now=now,
        actor=assignment.assigned_by,
        inquiry=assignment.inquiry,
        summary=f"{assignment.member.name}: {assignment.receipt['why']}",
        properties={"assignment_id": str(assignment.pk), "member_id": str(assignment.member_id)},
        dedupe_key=f"assignment:{assignment.pk}",
        walks=assignment.assigned_by is not None,
    )


def _start_expiry(*, assignment: Assignment, now: datetime) -> None:
    calendar = load_calendar(pool=find_clock_pool(pool=assignment.pool))
    assignment.expires_at = add_business_time(calendar, now, ANSWER_WITHIN)
    assignment.save(update_fields=["expires_at"])
    enqueue(
        kind="routing.expire",
        target_id=assignment.pk,
        dedupe_key=str(assignment.pk),
        due_at=assignment.expires_at,
        now=now,
    )
