"""The SLA clock of an inquiry: from arrival at the door, in the pool's business time, to the first attempt.

`clock` is a step of the line. It starts where sales is asked: what marketing keeps warm is promised to nobody until it
is handed over, and then from that moment. An absent rep or a new owner never stops the clock; an assignment has one
of its own, its expiry (`ownership.py`). Sales returns a lead by a rejection (`answers.py`) or by hand
(`reassignment.py`): that withdraws what is not broken yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from leadhub.leads.inquiry_records import find_latest_inquiry
from leadhub.leads.models import EventKind, Inquiry, Intent, Lead, Verdict
from leadhub.leads.walk import Walk
from routing.assignment import get_current
from routing.calendars import find_clock_pool, load_calendar
from routing.hours import BusinessCalendar, add_business_time, business_seconds, end_of_next_business_day
from routing.models import Assignment, Pool, SlaPolicy
from routing.reminders import cancel_reminders, schedule_reminders

# What is promised where neither the pool nor the fallback pool says; None is the end of the next business day.
USUAL_MINUTES: dict[str, int | None] = {Intent.HOT: 5, Intent.WARM: 4 * 60, Intent.CONTENT: None}
ONE_HOUR = timedelta(hours=1)


def clock(walk: Walk) -> None:
    """Start the clock of what sales is asked, stop those that were answered."""
    if walk.lead is None:
        return
    current = get_current(walk)
    pool = find_clock_pool(pool=current.pool if current else None)
    if current is None or current.is_sales:
        asked = _find_asked(walk, current=current)
        if asked is not None:
            start_clock(lead=walk.lead, inquiry=asked.inquiry, pool=pool, since=asked.since, now=walk.now)
    is_first = walk.is_new_inquiry and walk.inquiry is not None and walk.inquiry.is_opening
    if not is_first:  # nobody has answered a lead that just came in
        stop_clocks(lead=walk.lead, pool=pool)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An inquiry that somebody of sales is to answer, and since when."""

    inquiry: Inquiry
    since: datetime


def _find_asked(walk: Walk, *, current: Assignment | None) -> Asked | None:
    """Return what sales must answer now: the new inquiry, or the latest one of a lead that marketing hands over."""
    inquiry = walk.inquiry if walk.is_new_inquiry else None
    if inquiry is not None:
        return None if walk.is_quiet else Asked(inquiry=inquiry, since=inquiry.arrived_at)
    if current is None or not _is_handed_over(current, walk=walk):
        return None
    latest = find_latest_inquiry(lead_id=current.lead_id)
    if latest is None or latest.first_attempt_at is not None:
        return None
    loaded = current.inquiry if current.inquiry_id == latest.pk else None  # whose deadline the alert is to tell
    return Asked(inquiry=loaded or latest, since=current.assigned_at)


def _is_handed_over(current: Assignment, *, walk: Walk) -> bool:
    """Say whether the event moved the lead from marketing to sales, not quietly as imports do.

    A door's clock may be ahead of a worker's, so the earlier of both instants counts.
    """
    began_at = min(walk.event.logged_at, walk.now)
    is_cause = current.assigned_at >= began_at or walk.event.kind == EventKind.OWNER_CHANGED
    if not is_cause or current.receipt.get("is_quiet"):
        return False
    former = Assignment.objects.filter(lead=current.lead_id, ended_at=current.assigned_at, is_sales=False)
    return former.exists()


def start_clock(*, lead: Lead, inquiry: Inquiry, pool: Pool | None, since: datetime, now: datetime) -> None:
    """Set the inquiry's deadline and its reminders; once set it stays. Nobody waits for a test or a non-lead."""
    if inquiry.due_at or inquiry.duplicate_of_id or lead.is_test or lead.verdict == Verdict.NOT_A_LEAD:
        return
    calendar = load_calendar(pool=pool)
    minutes = promised_minutes(pool=pool, intent=inquiry.intent)
    inquiry.due_at = promise_due_at(calendar=calendar, minutes=minutes, since=since)
    inquiry.handed_over_at = since if since > inquiry.arrived_at else None
    inquiry.save(update_fields=["due_at", "handed_over_at"])
    remind_at = inquiry.due_at - ONE_HOUR
    if minutes is not None:  # when three fifths of the time have passed
        remind_at = add_business_time(calendar, since, timedelta(minutes=minutes) * 3 / 5)
    schedule_reminders(inquiry=inquiry, remind_at=remind_at, now=now)


def withdraw_promises(*, lead: Lead, asked: Inquiry | None, now: datetime) -> None:
    """Take back what sales still had time for: the locked lead is marketing's again. What is broken stays broken.

    `asked`, which the marketing owner is told about, is brought up to date.
    """
    running = Inquiry.objects.filter(lead=lead, first_attempt_at=None, due_at__gt=now)
    inquiry_ids = list(running.values_list("pk", flat=True))
    Inquiry.objects.filter(pk__in=inquiry_ids).update(due_at=None, handed_over_at=None)
    for inquiry_id in inquiry_ids:
        cancel_reminders(inquiry_id=inquiry_id)
    if asked is not None:
        asked.refresh_from_db(fields=["due_at", "handed_over_at"])


def stop_clocks(*, lead: Lead, pool: Pool | None) -> None:
    """Store the business time that each answered inquiry waited; take it back where the attempt was undone."""
    is_answered = Q(first_attempt_at__isnull=False, sla_seconds=None)
    is_undone = Q(first_attempt_at=None, sla_seconds__isnull=False)
    inquiries = list(Inquiry.objects.filter(is_answered | is_undone, lead=lead))
    if not inquiries:
        return
    calendar = load_calendar(pool=pool)
    for inquiry in inquiries:
        answered_at = inquiry.first_attempt_at
        waited = business_seconds(calendar, inquiry.asked_at, answered_at) if answered_at else None
        inquiry.sla_seconds = waited
    Inquiry.objects.bulk_update(inquiries, ["sla_seconds"])


def promised_minutes(*, pool: Pool | None, intent: str) -> int | None:
    """Return the business minutes that the pool promises; None: by the end of the next business day."""
    asked = Q(pool=pool) | Q(pool__is_fallback=True) if pool else Q(pool__is_fallback=True)
    policy = SlaPolicy.objects.filter(asked, intent=intent).order_by("pool__is_fallback").first()  # its own goes first
    return policy.minutes if policy else USUAL_MINUTES[intent]


def promise_due_at(*, calendar: BusinessCalendar, minutes: int | None, since: datetime) -> datetime:
    """Return the deadline of a promise that begins at an instant."""
    if minutes is None:
        return end_of_next_business_day(calendar, since)
    return add_business_time(calendar, since, timedelta(minutes=minutes))
