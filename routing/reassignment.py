"""A colleague moves leads: one, or many at once with one undo. Called by the team page, the lead page and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Lead
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import new_id
from leadhub.live.alerts import raise_alert
from leadhub.live.models import Alert
from routing.alerting import announce_assignment
from routing.models import Assignment
from routing.ownership import Gift, answer_assignment, find_current, give_lead
from routing.receipts import Receipt

State, Reason = Assignment.State, Assignment.Reason


class NotAnOwner(DomainError):
    """Leads need an owner who can log in."""

    def __init__(self) -> None:
        super().__init__("Choose an active colleague.", field="member")


class NothingToUndo(DomainError):
    """The reassignment was undone, or its leads have moved on."""

    def __init__(self) -> None:
        super().__init__("There is nothing to undo: these leads have moved on.")


@dataclass(frozen=True, kw_only=True)
class Reassigned:
    """What a bulk reassignment did; `batch_id` undoes it."""

    batch_id: UUID
    count: int


def reassign(*, lead: Lead, member: Membership, actor: Membership, now: datetime, note: str = "") -> Assignment:
    """Give the lead to a colleague, who is asked to accept; to oneself it is accepted at once.

    The inquiry's clock runs on, the assignment's own starts anew. To the current owner it changes nothing.
    Raises `NotAnOwner`.
    """
    assignment, is_new = _give(lead=lead, member=member, actor=actor, now=now, note=note, batch_id=None)
    if is_new:
        announce_assignment(assignment=assignment, now=now)
    return assignment


def reassign_many(
    *, lead_ids: Sequence[UUID], member: Membership, actor: Membership, now: datetime, note: str = ""
) -> Reassigned:
    """Give many leads to a colleague, who is told once. Leads they own already stay. Raises `NotAnOwner`."""
    batch_id = new_id()
    leads = Lead.objects.filter(pk__in=lead_ids).select_related("person", "owner").order_by("pk")
    given = [_give(lead=lead, member=member, actor=actor, now=now, note=note, batch_id=batch_id)[1] for lead in leads]
    if any(given) and member.pk != actor.pk:
        raise_alert(
            member=member,
            kind=Alert.Kind.REASSIGNED,
            lead=None,
            text=f"{actor.name} gave you {sum(given)} leads",
            dedupe_key=f"batch:{batch_id}",
            now=now,
        )
    return Reassigned(batch_id=batch_id, count=sum(given))


def undo_reassignment(*, batch_id: UUID, actor: Membership, now: datetime) -> int:
    """Return the leads of a bulk reassignment, as they were, to whom they came from; return how many.

    A lead that moved on or was answered since stays where it is. Raises `NothingToUndo`.
    """
    moved = Assignment.objects.filter(batch_id=batch_id, ended_at=None).exclude(state=State.REJECTED)
    untouched = moved.filter(responded_at=None) | moved.filter(member=actor)
    assignments = list(untouched.select_related("lead__person", "lead__owner").order_by("lead_id"))
    undone = sum(_return_to_former(assignment, actor=actor, now=now) for assignment in assignments)
    if not undone:
        raise NothingToUndo
    return undone


def _give(
    *, lead: Lead, member: Membership, actor: Membership, now: datetime, note: str, batch_id: UUID | None
) -> tuple[Assignment, bool]:
    """Return the lead's assignment to the member, and whether it is new."""
    if not member.is_active:
        raise NotAnOwner
    lock_lead(lead)
    current = find_current(lead=lead)
    if current is not None and current.member_id == member.pk and current.is_sales:
        return current, False
    if current is not None and current.state == State.OFFERED:
        answer_assignment(assignment=current, state=State.REROUTED, now=now)
    why = f"{actor.name} gave it to {member.name}" if actor.pk != member.pk else f"{actor.name} took it"
    gift = Gift(
        member=member,
        reason=Reason.MANUAL,
        receipt=Receipt(picked=member.name, why=why, is_quiet=batch_id is not None),
        state=State.ACCEPTED if member.pk == actor.pk else State.OFFERED,
        inquiry=current.inquiry if current else None,
        pool=current.pool if current else None,
        actor=actor,
        note=note,
        batch_id=batch_id,
    )
    return give_lead(lead=lead, gift=gift, now=now), True


def _return_to_former(assignment: Assignment, *, actor: Membership, now: datetime) -> int:
    """Give one lead back in the state in which it was taken away; 0 where nobody had it before."""
    lead = assignment.lead
    lock_lead(lead)
    former = (
        Assignment.objects.filter(lead=lead, ended_at=assignment.assigned_at)
        .select_related("member", "pool", "inquiry")
        .order_by("-assigned_at")
        .first()
    )
    if former is None or not former.member.is_active:
        return 0
    gift = Gift(
        member=former.member,
        reason=Assignment.Reason(former.reason),
        receipt=Receipt(picked=former.member.name, why=f"{actor.name} undid a reassignment", is_quiet=True),
        state=State.OFFERED if former.state == State.REROUTED else Assignment.State(former.state),
        is_sales=former.is_sales,
        inquiry=former.inquiry,
        pool=former.pool,
        actor=actor,
    )
    answer_assignment(assignment=assignment, state=State.REROUTED, now=now, note="Undone")
    give_lead(lead=lead, gift=gift, now=now)
    return 1
