"""What a member answers to a lead: accept, reject, "wrong rep"; and what happens when nobody answers.

Called by the queue, the lead page, the API and the expiry job.
"""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.accounts.permissions import may
from leadhub.leads.lifecycle import accept_lead
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Lead, Stage, Verdict
from leadhub.leads.verdicts import set_verdict
from leadhub.lib.errors import DomainError
from routing.alerting import announce_assignment
from routing.assignment import hold_for_marketing, offer_lead
from routing.clocks import withdraw_promises
from routing.models import Assignment
from routing.ownership import answer_assignment, find_current
from routing.pools import give_turn_back
from routing.receipts import round_of

State, Reason, RejectReason = Assignment.State, Assignment.Reason, Assignment.RejectReason
QUALITY_REASONS = frozenset({RejectReason.NOT_A_FIT, RejectReason.BAD_CONTACT, RejectReason.NO_INTEREST})


class NothingToAnswer(DomainError):
    """The lead's assignment asks for no answer."""

    def __init__(self) -> None:
        super().__init__("Nobody is asked about this lead any more: reload to see who has it.")


class NotTheirLead(DomainError):
    """The lead was offered to somebody else."""

    def __init__(self) -> None:
        super().__init__("This lead was offered to somebody else: only they or a manager can answer.")


class UnknownRejectReason(DomainError):
    """A rejection needs a reason of the list."""

    def __init__(self) -> None:
        super().__init__("Choose why you reject this lead.", field="reason")


def accept(*, lead: Lead, actor: Membership, now: datetime) -> Assignment:
    """Take the offered lead: an MQL becomes SAL. Accepting twice changes nothing.

    Raises `NothingToAnswer`, `NotTheirLead`.
    """
    lock_lead(lead)
    current = find_current(lead=lead)
    if current and current.state == State.ACCEPTED and current.member_id == actor.pk:
        return current
    offered = _require_offer(current, actor=actor)
    answer_assignment(assignment=offered, state=State.ACCEPTED, now=now)
    if lead.stage == Stage.MQL:
        accept_lead(lead=lead, actor=actor, now=now)
    return offered


def reject(*, lead: Lead, actor: Membership, reason: str, now: datetime, note: str = "") -> Assignment:
    """Decline the offered lead: it returns to the marketing owner; a reason of quality revokes the verdict.

    What sales promised and had time left for is withdrawn; the next hand-over promises anew. Returns the marketing
    owner's assignment. Raises `UnknownRejectReason`, `NothingToAnswer`, `NotTheirLead`.
    """
    if reason not in RejectReason.values:
        raise UnknownRejectReason
    lock_lead(lead)
    offered = _require_offer(find_current(lead=lead), actor=actor)
    answer_assignment(assignment=offered, state=State.REJECTED, now=now, reject_reason=reason, note=note)
    withdraw_promises(lead=lead, asked=offered.inquiry, now=now)
    label = RejectReason(reason).label
    if reason in QUALITY_REASONS:
        set_verdict(lead=lead, verdict=Verdict.UNQUALIFIED, actor=actor, reason=f"Rejected: {label}", now=now)
    returned = hold_for_marketing(
        lead=lead,
        inquiry=offered.inquiry,
        why=f"{actor.name} rejected it: {label}",
        reason=Reason.RETURNED,
        actor=actor,
        note=note,
        now=now,
    )
    announce_assignment(assignment=returned, now=now)
    return returned


def reroute(*, lead: Lead, actor: Membership, now: datetime, note: str = "") -> Assignment:
    """Say "wrong rep": the turn is given back, the next one gets the lead; this counts as no rejection.

    Returns the next assignment. Raises `NothingToAnswer`, `NotTheirLead`.
    """
    lock_lead(lead)
    offered = _require_offer(find_current(lead=lead), actor=actor)
    answer_assignment(assignment=offered, state=State.REROUTED, now=now, note=note)
    taken = round_of(offered.receipt)
    if offered.pool and taken:
        give_turn_back(pool=offered.pool, member=offered.member, round_taken=taken)
    following = offer_lead(lead=lead, inquiry=offered.inquiry, now=now)
    announce_assignment(assignment=following, now=now)
    return following


def expire(*, assignment: Assignment, now: datetime) -> Assignment | None:
    """End an offer that nobody answered in 24 business hours and offer the lead to the next; None if answered."""
    lead = assignment.lead
    lock_lead(lead)
    current = find_current(lead=lead)
    if current is None or current.pk != assignment.pk or current.state != State.OFFERED or not lead.is_open:
        return None
    answer_assignment(assignment=current, state=State.EXPIRED, now=now)
    following = offer_lead(lead=lead, inquiry=current.inquiry, now=now)
    announce_assignment(assignment=following, now=now)
    return following


def _require_offer(current: Assignment | None, *, actor: Membership) -> Assignment:
    if current is None or not current.is_sales or current.state not in {State.OFFERED, State.HELD}:
        raise NothingToAnswer
    if current.member_id != actor.pk and not may(actor.role, "leads.work_any"):
        raise NotTheirLead
    return current
