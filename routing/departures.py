"""What somebody who lost access leaves behind: each open lead goes on to whom the rules choose now.

The members page asks for it; a bulk job makes one job a lead, since each takes its own locks (lead → pool).
"""

from datetime import datetime

from leadhub.accounts.duty import find_duty_manager
from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Lead
from leadhub.work.jobs import JobRequest, enqueue, enqueue_many
from leadhub.work.registry import ClaimedJob
from routing.alerting import announce_assignment
from routing.assignment import hold_for_marketing, offer_lead
from routing.models import Assignment
from routing.ownership import Gift, find_current, give_lead
from routing.receipts import Receipt

DEPART, HAND_ON = "routing.depart", "routing.hand_on"


def ask_to_hand_on(*, member: Membership, now: datetime) -> None:
    """Make the job that hands the member's open leads on."""
    enqueue(kind=DEPART, target_id=member.pk, dedupe_key=str(member.pk), due_at=now, now=now)


def run_depart(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.depart": one job for each open lead of a member who is still without access."""
    leads = Lead.objects.open().filter(owner=job.target_id, owner__is_active=False)
    ids = leads.values_list("pk", flat=True)
    jobs = [JobRequest(kind=HAND_ON, target_id=one, dedupe_key=str(one), due_at=now) for one in ids]
    enqueue_many(jobs=jobs, now=now)


def run_hand_on(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.hand_on" and tell the next owner."""
    lead = Lead.objects.select_related("person__company__owner", "owner").get(pk=job.target_id)
    assignment = hand_on(lead=lead, now=now)
    if assignment is not None:
        announce_assignment(assignment=assignment, now=now)


def hand_on(*, lead: Lead, now: datetime) -> Assignment | None:
    """Give a lead whose owner lost access to the next one; None where it has ended or moved on meanwhile."""
    lock_lead(lead)
    if not lead.is_open or Membership.objects.get(pk=lead.owner_id).is_active:
        return None
    current = find_current(lead=lead)
    inquiry = current.inquiry if current else None
    if current is not None and not current.is_sales:
        return hold_for_marketing(lead=lead, inquiry=inquiry, why="the former marketing owner left", now=now)
    return offer_lead(lead=lead, inquiry=inquiry, now=now)


def take_over_woken(*, lead: Lead, now: datetime) -> Assignment | None:
    """Give a lead that woke up for somebody who has left to the duty manager, and what was promised with it.

    The walk of its waking tells them.
    """
    if not lead.is_open or Membership.objects.active().filter(pk=lead.owner_id).exists():
        return None
    manager = find_duty_manager()
    receipt = Receipt(picked=manager.name, why=f"its day has come, and {lead.owner.name} has left")
    gift = Gift(member=manager, reason=Assignment.Reason.DUTY_MANAGER, receipt=receipt, state=Assignment.State.HELD)
    return give_lead(lead=lead, gift=gift, now=now)
