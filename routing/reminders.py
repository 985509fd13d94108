"""Reminder before an inquiry's deadline, escalation at it, and the jobs of both. Called by clocks.

Each handler looks at what is true when it runs: an inquiry answered in time reminds nobody.
"""

from datetime import datetime
from uuid import UUID

from leadhub.accounts.duty import list_managers
from leadhub.leads.models import Inquiry, Intent, Verdict
from leadhub.live.models import Alert
from leadhub.work.jobs import JobRequest, cancel, enqueue_many
from leadhub.work.registry import ClaimedJob
from routing.alerting import Notice, describe_lead, notify
from routing.models import Assignment
from routing.ownership import find_current

REMIND, ESCALATE = "routing.remind", "routing.escalate"


def schedule_reminders(*, inquiry: Inquiry, remind_at: datetime, now: datetime) -> None:
    """Make the two jobs of a deadline; a deadline that has passed escalates at once and reminds nobody."""
    if inquiry.due_at is None:
        return
    key = str(inquiry.pk)
    jobs = [JobRequest(kind=ESCALATE, target_id=inquiry.pk, dedupe_key=key, due_at=max(inquiry.due_at, now))]
    if now < inquiry.due_at:
        jobs.append(JobRequest(kind=REMIND, target_id=inquiry.pk, dedupe_key=key, due_at=max(remind_at, now)))
    enqueue_many(jobs=jobs, now=now)


def cancel_reminders(*, inquiry_id: UUID) -> None:
    """Delete the two jobs of a deadline that was withdrawn."""
    for kind in (REMIND, ESCALATE):
        cancel(kind=kind, dedupe_key=str(inquiry_id))


def run_remind(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.remind": tell the owner that the deadline is near."""
    inquiry = _find_waiting(job.target_id)
    if inquiry is None or inquiry.due_at is None or inquiry.due_at <= now:
        return
    notify(
        Notice(
            member=inquiry.lead.owner,
            kind=Alert.Kind.REMINDER,
            text=f"Deadline near: {describe_lead(inquiry.lead)} waits for a first attempt",
            cause=f"reminder:{inquiry.pk}:{inquiry.due_at:%Y%m%dT%H%M%S}",
            lead=inquiry.lead,
            inquiry=inquiry,
        ),
        now=now,
    )


def run_escalate(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "routing.escalate": tell the managers that a promise was broken, and by whom."""
    inquiry = _find_waiting(job.target_id)
    if inquiry is None or inquiry.due_at is None:
        return
    for manager in list_managers():
        notify(
            Notice(
                member=manager,
                kind=Alert.Kind.ESCALATION,
                text=f"Deadline missed: {describe_lead(inquiry.lead)} waits for {inquiry.lead.owner.name}",
                cause=f"escalation:{inquiry.pk}:{manager.pk}",
                lead=inquiry.lead,
                inquiry=inquiry,
            ),
            now=now,
        )


def _find_waiting(inquiry_id: UUID) -> Inquiry | None:
    """Return the inquiry while somebody is still promised an answer to it."""
    inquiry = (
        Inquiry.objects.filter(pk=inquiry_id, first_attempt_at=None)
        .select_related("lead__owner__user", "lead__person__company")
        .first()
    )
    if inquiry is None or not inquiry.lead.is_open or inquiry.lead.verdict == Verdict.NOT_A_LEAD:
        return None
    return inquiry if _is_chased(inquiry, find_current(lead=inquiry.lead)) else None


def _is_chased(inquiry: Inquiry, current: Assignment | None) -> bool:
    """Say whether to remind anybody; not of a download that marketing nurtures, which nobody promised to answer."""
    return inquiry.intent != Intent.CONTENT or (current is not None and current.is_sales)
