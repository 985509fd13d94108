"""The line's `route` step: marketing has a lead until it is ready for sales, then sales has it, always somebody.

`offer_lead` is also what the jobs and the answers of members call to give a lead on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from leadhub.accounts.duty import find_marketing_owner
from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import EventKind, Inquiry, Intent, Lead, Stage, Verdict
from leadhub.leads.walk import Walk
from leadhub.work.jobs import JobRequest, enqueue_many
from routing.choice import Choice, choose_owners
from routing.models import Assignment
from routing.ownership import Gift, History, answer_assignment, find_current, give_lead, give_leads, load_histories
from routing.pools import LOOK_AGAIN, has_others, next_chance
from routing.receipts import Receipt

State, Reason = Assignment.State, Assignment.Reason
CURRENT = "routing.current"  # the walk's note of the lead's assignment

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
    """Give the walked lead an owner where it needs one, its row locked; walking twice changes nothing."""
    lead = walk.lead
    if lead is None:
        return
    history = History() if walk.opened_lead else load_histories(leads=[lead])[lead.pk]
    current = walk.notes[CURRENT] = history.current
    if current is not None:
        _settle_by_deed(current, walk=walk)
    if not lead.is_open:
        return
    if current is None and was_given_by_the_door(lead):
        walk.notes[CURRENT] = _keep_named_owner(lead, walk=walk)
    elif _needs_sales(lead, current=current, walk=walk):
        asked = walk.inquiry or (current.inquiry if current else None)
        offer = Offer(lead=lead, inquiry=asked, excluded=history.decliners, is_quiet=walk.is_quiet)
        (walk.notes[CURRENT],) = offer_leads(offers=[offer], now=walk.now)
    elif current is None:
        walk.notes[CURRENT] = hold_for_marketing(
            lead=lead, inquiry=walk.inquiry, why="not ready for sales yet", now=walk.now
        )


def get_current(walk: Walk) -> Assignment | None:
    """Return who has the walked lead now; `route` noted it."""
    lead = walk.lead
    return walk.once(CURRENT, lambda: find_current(lead=lead)) if lead else None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A locked lead that sales is to have, what was asked, and who is passed over: they declined it."""

    lead: Lead
    inquiry: Inquiry | None
    excluded: Collection[UUID] = ()
    is_quiet: bool = False


def offer_lead(*, lead: Lead, inquiry: Inquiry | None, now: datetime) -> Assignment:
    """Give the locked lead to whom the rules choose, passing over who declined it; return the assignment."""
    decliners = load_histories(leads=[lead])[lead.pk].decliners
    return offer_leads(offers=[Offer(lead=lead, inquiry=inquiry, excluded=decliners)], now=now)[0]


def offer_leads(*, offers: Sequence[Offer], now: datetime) -> list[Assignment]:
    """Offer many leads as `offer_lead` does one; rules, turns and rows each take one statement for all of them."""
    excluded = {offer.lead.pk: offer.excluded for offer in offers}
    choices = choose_owners(leads=[offer.lead for offer in offers], excluded=excluded, now=now)
    gifts = [(offer.lead, _wrap(offer, choices[offer.lead.pk])) for offer in offers]
    assignments = give_leads(gifts=gifts, now=now)
    _try_again_later({offer.lead.pk: (choices[offer.lead.pk], offer.excluded) for offer in offers}, now=now)
    return assignments


def _wrap(offer: Offer, choice: Choice) -> Gift:
    choice.receipt.is_quiet = offer.is_quiet
    return Gift(
        member=choice.member,
        reason=choice.reason,
        receipt=choice.receipt,
        state=State.OFFERED if choice.is_offered else State.HELD,
        pool=choice.pool,
        inquiry=offer.inquiry,
        expires=not offer.is_quiet,
    )


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
    gift = wrap_for_marketing(
        owner=find_marketing_owner(), inquiry=inquiry, why=why, reason=reason, actor=actor, note=note
    )
    return give_lead(lead=lead, gift=gift, now=now)


def wrap_for_marketing(
    *,
    owner: Membership,
    inquiry: Inquiry | None,
    why: str,
    reason: Assignment.Reason = Reason.MARKETING_OWNER,
    actor: Membership | None = None,
    note: str = "",
) -> Gift:
    """Return the gift of a lead that sales does not have yet, or no longer."""
    return Gift(
        member=owner,
        reason=reason,
        receipt=Receipt(picked=owner.name, why=why),
        state=State.HELD,
        is_sales=False,
        inquiry=inquiry,
        actor=actor,
        note=note,
    )


def retry_held_lead(*, lead: Lead, now: datetime) -> Assignment | None:
    """Offer a lead that the duty manager holds to somebody who is back; None when it is no longer held so.

    Still nobody: the duty manager keeps it and the job is made again.
    """
    lock_lead(lead)
    history = load_histories(leads=[lead])[lead.pk]
    current = history.current
    if current is None or not _is_held_for_sales(current) or not lead.is_open:
        return None
    choice = choose_owners(leads=[lead], excluded={lead.pk: history.decliners}, now=now)[lead.pk]
    if not choice.is_offered:
        _try_again_later({lead.pk: (choice, history.decliners)}, now=now)
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
    """Say whether to offer the lead: ready, and not with sales yet; one that sales returned needs a new hot inquiry."""
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


def was_given_by_the_door(lead: Lead) -> bool:
    """Say whether it came in with an owner: intake gives it to marketing, unless the caller or its row named one."""
    return not lead.owner.is_marketing_owner


def _keep_named_owner(lead: Lead, *, walk: Walk) -> Assignment:
    receipt = Receipt(picked=lead.owner.name, why="named as the owner when it came in", is_quiet=walk.is_quiet)
    gift = Gift(member=lead.owner, reason=Reason.MANUAL, receipt=receipt, inquiry=walk.inquiry)
    return give_lead(lead=lead, gift=gift, now=walk.now)


def _settle_by_deed(current: Assignment, *, walk: Walk) -> None:
    """Accept the offer for an owner who has begun to work the lead; reopen it when that act is undone."""
    if walk.event.kind == EventKind.OUTCOME_UNDONE:
        _take_back_acceptance(current, lead=walk.lead)
    is_waiting = current.state == State.OFFERED or _is_held_for_sales(current)
    is_theirs = walk.event.actor_id == current.member_id and walk.event.logged_at >= current.assigned_at
    if is_waiting and is_theirs and walk.event.kind in DEEDS:
        answer_assignment(assignment=current, state=State.ACCEPTED, now=walk.event.logged_at)


def _take_back_acceptance(current: Assignment, *, lead: Lead | None) -> None:
    """Reopen the offer if the acceptance rested on the act now undone, which the stage tells."""
    if current.state == State.ACCEPTED and current.is_sales and lead is not None and lead.stage == Stage.MQL:
        current.state = State.OFFERED if current.expires_at else State.HELD
        current.responded_at = None
        current.save(update_fields=["state", "responded_at"])


def _try_again_later(choices: Mapping[UUID, tuple[Choice, Collection[UUID]]], *, now: datetime) -> None:
    """Make a job for each lead that the duty manager holds: it is offered again when somebody of its pool may be there.

    Where everybody of the pool has had it, the duty manager decides.
    """
    is_worth_it = cache(lambda pool, excluded: has_others(pool=pool, excluded=excluded))
    find_chance = cache(lambda pool: next_chance(pool=pool, now=now) if pool else now + LOOK_AGAIN)
    jobs = [
        JobRequest(kind="routing.retry", target_id=lead_id, dedupe_key=str(lead_id), due_at=find_chance(choice.pool))
        for lead_id, (choice, excluded) in choices.items()
        if not choice.is_offered and (choice.pool is None or is_worth_it(choice.pool, frozenset(excluded)))
    ]
    enqueue_many(jobs=jobs, now=now)
