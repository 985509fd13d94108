"""The SLA clock of an inquiry: from arrival at the door, in the pool's business time, to the first attempt.

`clock` is a step of the line. An absent rep or a new owner never stops the clock; an assignment has one of its
own, its expiry (`ownership.py`).
"""

from datetime import datetime, timedelta

from django.db.models import Q

from leadhub.leads.models import Inquiry, Intent, Lead, Verdict
from leadhub.leads.walk import Walk
from routing.assignment import get_current
from routing.calendars import find_clock_pool, load_calendar
from routing.hours import BusinessCalendar, add_business_time, business_seconds, end_of_next_business_day
from routing.models import Pool, SlaPolicy
from routing.reminders import schedule_reminders

# What is promised where neither the pool nor the fallback pool says; None is the end of the next business day.
USUAL_MINUTES: dict[str, int | None] = {Intent.HOT: 5, Intent.WARM: 4 * 60, Intent.CONTENT: None}
ONE_HOUR = timedelta(hours=1)


def clock(walk: Walk) -> None:
    """Start the clock of a new inquiry, stop those that were answered."""
    if walk.lead is None:
        return
    current = get_current(walk)
    pool = find_clock_pool(pool=current.pool if current else None)
    if walk.inquiry is not None and walk.is_new_inquiry and not walk.is_quiet:
        start_clock(lead=walk.lead, inquiry=walk.inquiry, pool=pool, now=walk.now)
    is_first = walk.is_new_inquiry and walk.inquiry is not None and walk.inquiry.is_opening
    if not is_first:  # nobody has answered a lead that just came in
        stop_clocks(lead=walk.lead, pool=pool)


def start_clock(*, lead: Lead, inquiry: Inquiry, pool: Pool | None, now: datetime) -> None:
    """Set the inquiry's deadline and its reminders; once set it stays. Nobody waits for a test or a non-lead."""
    if inquiry.due_at or inquiry.duplicate_of_id or lead.is_test or lead.verdict == Verdict.NOT_A_LEAD:
        return
    calendar = load_calendar(pool=pool)
    minutes = promised_minutes(pool=pool, intent=inquiry.intent)
    inquiry.due_at = promise_due_at(calendar=calendar, minutes=minutes, arrived_at=inquiry.arrived_at)
    inquiry.save(update_fields=["due_at"])
    remind_at = inquiry.due_at - ONE_HOUR
    if minutes is not None:  # when three fifths of the time have passed
        remind_at = add_business_time(calendar, inquiry.arrived_at, timedelta(minutes=minutes) * 3 / 5)
    schedule_reminders(inquiry=inquiry, remind_at=remind_at, now=now)


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
        waited = business_seconds(calendar, inquiry.arrived_at, answered_at) if answered_at else None
        inquiry.sla_seconds = waited
    Inquiry.objects.bulk_update(inquiries, ["sla_seconds"])


def promised_minutes(*, pool: Pool | None, intent: str) -> int | None:
    """Return the business minutes that the pool promises; None: by the end of the next business day."""
    asked = Q(pool=pool) | Q(pool__is_fallback=True) if pool else Q(pool__is_fallback=True)
    policy = SlaPolicy.objects.filter(asked, intent=intent).order_by("pool__is_fallback").first()  # its own goes first
    return policy.minutes if policy else USUAL_MINUTES[intent]


def promise_due_at(*, calendar: BusinessCalendar, minutes: int | None, arrived_at: datetime) -> datetime:
    """Return the deadline of a promise made at the inquiry's arrival."""
    if minutes is None:
        return end_of_next_business_day(calendar, arrived_at)
    return add_business_time(calendar, arrived_at, timedelta(minutes=minutes))
