"""The line's `route` step: marketing has a lead until it is ready for sales, then sales has it, always somebody.

`offer_lead` is also what the jobs and the answers of members call to give a lead on.
"""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import EventKind, Inquiry, Intent, Lead, Stage, Verdict
from leadhub.leads.walk import Walk
from leadhub.work.jobs import enqueue
from routing.choice import Choice, choose_owner
from routing.duty import find_marketing_owner
from routing.models import Assignment
from routing.ownership import Gift, answer_assignment, find_current, give_lead, list_decliners
from routing.pools import LOOK_AGAIN, has_others, next_chance
from routing.receipts import Receipt

State, Reason = Assignment.State, Assignment.Reason

# Whatever the owner does with a lead accepts it; notes and automation do not.
DEEDS = frozenset(
    {
        EventKind.CALL_OUTBOUND,
        EventKind.CALL_INBOUND,
        EventKind.VOICEMAIL_LEFT,
        EventKind.MAIL_SENT,
        EventKind.MESSAGE_SENT,
        EventKind.CHAT,
        EventKind.MEETING_HELD,
        EventKind.QUALIFICATION_CHANGED,
        EventKind.OPPORTUNITY_OPENED,
        EventKind.DISPOSED,
    }
)


def route(walk: Walk) -> None:
    """Give the walked lead an owner where it needs one; walking twice changes nothing."""
    lead = walk.lead
    if lead is None:
        return
    lock_lead(lead)
    current = find_current(lead=lead)
    if current is not None:
        _settle_by_deed(current, walk=walk)
    if not lead.is_open:
        return
    if current is None and _was_given_by_the_door(lead):
        _keep_named_owner(lead, walk=walk)
    elif _needs_sales(lead, current=current, walk=walk):
        asked = walk.inquiry or (current.inquiry if current else None)
        offer_lead(lead=lead, inquiry=asked, is_quiet=walk.is_quiet, now=walk.now)
    elif current is None:
        hold_for_marketing(lead=lead, inquiry=walk.inquiry, why="not ready for sales yet", now=walk.now)


def offer_lead(*, lead: Lead, inquiry: Inquiry | None, now: datetime, is_quiet: bool = False) -> Assignment:
    """Give the locked lead to whom the rules choose, passing over who declined it; return the assignment."""
    choice = choose_owner(lead=lead, excluded=list_decliners(lead=lead), now=now)
    choice.receipt.is_quiet = is_quiet
    gift = Gift(
        member=choice.member,
        reason=choice.reason,
        receipt=choice.receipt,
        state=State.OFFERED if choice.is_offered else State.HELD,
        pool=choice.pool,
        inquiry=inquiry,
    )
    assignment = give_lead(lead=lead, gift=gift, now=now)
    if not choice.is_offered:
        _try_again_later(lead=lead, choice=choice, now=now)
    return assignment


def hold_for_marketing(
    *,
    lead: Lead,
    inquiry: Inquiry | None,
    why: str,
    now: datetime,
    reason: Assignment.Reason = Reason.MARKETING_OWNER,
    actor: Membership | None = None,
    note: str = "",
) -> Assignment:
    """Give the locked lead to the marketing owner, of whom no answer is asked."""
    owner = find_marketing_owner()
    gift = Gift(
        member=owner,
        reason=reason,
        receipt=Receipt(picked=owner.name, why=why),
        state=State.HELD,
        is_sales=False,
        inquiry=inquiry,
        actor=actor,
        note=note,
    )
    return give_lead(lead=lead, gift=gift, now=now)


def retry_held_lead(*, lead: Lead, now: datetime) -> Assignment | None:
    """Offer a lead that the duty manager holds to somebody who is back; None when it is no longer held so.

    Still nobody: the duty manager keeps it and the job is made again.
    """
    lock_lead(lead)
    current = find_current(lead=lead)
    if current is None or not _is_held_for_sales(current) or not lead.is_open:
        return None
    choice = choose_owner(lead=lead, excluded=list_decliners(lead=lead), now=now)
    if not choice.is_offered:
        _try_again_later(lead=lead, choice=choice, now=now)
        return None
    gift = Gift(
        member=choice.member, reason=choice.reason, receipt=choice.receipt, pool=choice.pool, inquiry=current.inquiry
    )
    return give_lead(lead=lead, gift=gift, now=now)


def is_ready_for_sales(*, lead: Lead, inquiry: Inquiry | None) -> bool:
    """Say whether sales should have the lead: it met the bar, or a hot hand is up."""
    if lead.is_test or lead.verdict == Verdict.NOT_A_LEAD:
        return False
    return lead.stage != Stage.NEW or (inquiry is not None and inquiry.intent == Intent.HOT)


def _needs_sales(lead: Lead, *, current: Assignment | None, walk: Walk) -> bool:
    """Sales must be asked: ready, and not with sales; what sales returned needs a new hot inquiry."""
    inquiry = walk.inquiry if walk.is_new_inquiry else None
    if not is_ready_for_sales(lead=lead, inquiry=inquiry):
        return False
    if current is None:
        return True
    if current.is_sales:
        return not current.member.is_active
    if current.reason == Reason.RETURNED:
        return inquiry is not None and inquiry.intent == Intent.HOT and inquiry.pk != current.inquiry_id
    return True


def _is_held_for_sales(assignment: Assignment) -> bool:
    return assignment.state == State.HELD and assignment.is_sales


def _was_given_by_the_door(lead: Lead) -> bool:
    """Intake gives a lead to marketing, unless the caller named its owner."""
    return not lead.owner.is_marketing_owner


def _keep_named_owner(lead: Lead, *, walk: Walk) -> None:
    receipt = Receipt(picked=lead.owner.name, why="named as the owner when it came in", is_quiet=walk.is_quiet)
    gift = Gift(member=lead.owner, reason=Reason.MANUAL, receipt=receipt, inquiry=walk.inquiry)
    give_lead(lead=lead, gift=gift, now=walk.now)


def _settle_by_deed(current: Assignment, *, walk: Walk) -> None:
    """The owner who works a lead has accepted it, until what they did is undone."""
    if walk.event.kind == EventKind.OUTCOME_UNDONE:
        _take_back_acceptance(current, lead=walk.lead)
    is_waiting = current.state == State.OFFERED or _is_held_for_sales(current)
    is_theirs = walk.event.actor_id == current.member_id and walk.event.logged_at >= current.assigned_at
    if is_waiting and is_theirs and walk.event.kind in DEEDS:
        answer_assignment(assignment=current, state=State.ACCEPTED, now=walk.event.logged_at)


def _take_back_acceptance(current: Assignment, *, lead: Lead | None) -> None:
    """An acceptance that rested on the act now undone is open again; the stage says whether it did."""
    if current.state == State.ACCEPTED and current.is_sales and lead is not None and lead.stage == Stage.MQL:
        current.state = State.OFFERED if current.expires_at else State.HELD
        current.responded_at = None
        current.save(update_fields=["state", "responded_at"])


def _try_again_later(*, lead: Lead, choice: Choice, now: datetime) -> None:
    if choice.pool and not has_others(pool=choice.pool, excluded=list_decliners(lead=lead)):
        return  # everybody has had it: the duty manager decides
    due_at = next_chance(pool=choice.pool, now=now) if choice.pool else now + LOOK_AGAIN
    enqueue(kind="routing.retry", target_id=lead.pk, dedupe_key=str(lead.pk), due_at=due_at, now=now)
