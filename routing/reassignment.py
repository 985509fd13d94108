"""A colleague moves leads: one, or many at once with one undo. Called by the team page, the lead page and the API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead, lock_leads
from leadhub.leads.models import Lead
from leadhub.leads.versions import VersionState
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import new_id
from leadhub.live.alerts import raise_alert
from leadhub.live.models import Alert
from routing.alerting import announce_assignment
from routing.clocks import withdraw_promises
from routing.models import Assignment, PoolMember, RoutingRule
from routing.ownership import Gift, answer_assignment, give_lead, give_leads, load_histories
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

    The inquiry's clock runs on, the assignment's own starts anew. Given to marketing, the lead is sales' no longer:
    what sales had time left for is withdrawn, as when they reject it. To the current owner it changes nothing.
    Raises `NotAnOwner`.
    """
    lock_lead(lead)
    given = _give(leads=[lead], member=member, actor=actor, now=now, note=note, batch_id=None)
    if given and not given[0].is_sales:
        withdraw_promises(lead=lead, asked=given[0].inquiry, now=now)
    if given:
        announce_assignment(assignment=given[0], now=now)
    return given[0] if given else Assignment.objects.select_related("member").get(lead=lead, ended_at=None)


def reassign_many(
    *, lead_ids: Sequence[UUID], member: Membership, actor: Membership, now: datetime, note: str = ""
) -> Reassigned:
    """Give many leads to a colleague, who is told once. Leads they own already stay. Raises `NotAnOwner`.

    Promises stay as they are, also where marketing gets the leads, so that undoing it leaves nothing behind.
    """
    batch_id = new_id()
    lock_leads(lead_ids)
    leads = list(Lead.objects.filter(pk__in=lead_ids).select_related("person", "owner").order_by("pk"))
    given = _give(leads=leads, member=member, actor=actor, now=now, note=note, batch_id=batch_id)
    if given and member.pk != actor.pk:
        raise_alert(
            member=member,
            kind=Alert.Kind.REASSIGNED,
            lead=None,
            text=f"{actor.name} gave you {len(given)} lead{'' if len(given) == 1 else 's'}",
            dedupe_key=f"batch:{batch_id}",
            now=now,
        )
    return Reassigned(batch_id=batch_id, count=len(given))


def undo_reassignment(*, batch_id: UUID, actor: Membership, now: datetime) -> int:
    """Return the leads of a bulk reassignment, as they were, to whom they came from; return how many.

    A lead that moved on or was answered since stays where it is. Raises `NothingToUndo`.
    """
    lock_leads(list(Assignment.objects.filter(batch_id=batch_id, ended_at=None).values_list("lead_id", flat=True)))
    moved = Assignment.objects.filter(batch_id=batch_id, ended_at=None).exclude(state=State.REJECTED)
    untouched = moved.filter(responded_at=None) | moved.filter(member=actor)
    assignments = list(untouched.select_related("lead__person", "lead__owner").order_by("lead_id"))
    undone = sum(_return_to_former(assignment, actor=actor, now=now) for assignment in assignments)
    if not undone:
        raise NothingToUndo
    return undone


def _give(
    *, leads: Sequence[Lead], member: Membership, actor: Membership, now: datetime, note: str, batch_id: UUID | None
) -> list[Assignment]:
    """Give the held leads that are not the member's already, in a handful of statements; return what is new."""
    if not member.is_active:
        raise NotAnOwner
    histories, is_sales = load_histories(leads=leads), not _is_marketing(member)
    moving = [
        (lead, one) for lead in leads if not _has_it(one := histories[lead.pk].current, member, is_sales=is_sales)
    ]
    unanswered = [one.pk for _, one in moving if one is not None and one.state == State.OFFERED]
    Assignment.objects.filter(pk__in=unanswered).update(state=State.REROUTED, responded_at=now, reject_reason="")
    gift = _wrap(member, actor=actor, note=note, batch_id=batch_id, is_sales=is_sales)
    gifts = [
        (lead, replace(gift, inquiry=one.inquiry if one else None, pool=one.pool if one and is_sales else None))
        for lead, one in moving
    ]
    return give_leads(gifts=gifts, now=now)


def _is_marketing(member: Membership) -> bool:
    """Say whether what the member is given leaves sales: marketing's owner, whom no pool and no rule gives leads to."""
    if not member.is_marketing_owner:
        return False
    rules = RoutingRule.objects.filter(member=member, rule_set__state=VersionState.PUBLISHED)
    return not PoolMember.objects.filter(member=member).exists() and not rules.exists()


def _has_it(current: Assignment | None, member: Membership, *, is_sales: bool) -> bool:
    """Say whether the member has the lead already, for sales or for marketing."""
    return current is not None and current.member_id == member.pk and current.is_sales is is_sales


def _wrap(member: Membership, *, actor: Membership, note: str, batch_id: UUID | None, is_sales: bool) -> Gift:
    """Return the gift, before the lead's inquiry and pool: sales is asked, marketing holds what sales returned."""
    why = f"{actor.name} gave it to {member.name}" if actor.pk != member.pk else f"{actor.name} took it"
    asked_state = State.ACCEPTED if member.pk == actor.pk else State.OFFERED
    return Gift(
        member=member,
        reason=Reason.MANUAL if is_sales else Reason.RETURNED,
        receipt=Receipt(picked=member.name, why=why, is_quiet=batch_id is not None),
        state=asked_state if is_sales else State.HELD,
        is_sales=is_sales,
        actor=actor,
        note=note,
        batch_id=batch_id,
    )


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
