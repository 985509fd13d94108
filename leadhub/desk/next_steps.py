"""When the next task after an outcome falls due. Pure; the outcome pad and the task form call it.

Times are meant in the member's own zone, on working days (Monday to Friday).
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from leadhub.leads.models import Outcome

MORNING = time(10, 0)
DAY_BEGINS = time(9, 0)


class When(StrEnum):
    """The times offered by one click."""

    HOUR = "hour"
    HOURS = "hours"
    TOMORROW = "tomorrow"
    THREE_DAYS = "three_days"
    WEEK = "week"


WORDS = {
    When.HOUR: "In 1 hour",
    When.HOURS: "In 3 hours",
    When.TOMORROW: "Tomorrow, 10:00",
    When.THREE_DAYS: "In 3 days",
    When.WEEK: "In a week",
}

AFTER: dict[str, When | None] = {
    Outcome.CONNECTED: None,
    Outcome.VOICEMAIL: When.TOMORROW,
    Outcome.NO_ANSWER: When.HOURS,
    Outcome.WRONG_NUMBER: None,
    Outcome.CALL_BACK: When.TOMORROW,
    Outcome.MAIL: When.THREE_DAYS,
    Outcome.MEETING: None,
    Outcome.NOTE: None,
}


def choose_due_at(*, when: When, now: datetime) -> datetime:
    """Return the instant that the choice means, in the active time zone."""
    if when is When.HOUR:
        return now + timedelta(hours=1)
    if when is When.HOURS:
        return now + timedelta(hours=3)
    days = {When.TOMORROW: 1, When.THREE_DAYS: 3, When.WEEK: 7}[when]
    return _at_morning(now, days)


def choose_due_after(*, outcome: str, now: datetime) -> datetime | None:
    """Return when to try again after an outcome by itself, or None where nothing follows by itself."""
    when = AFTER[outcome]
    return choose_due_at(when=when, now=now) if when else None


def begin_day(day: date) -> datetime:
    """Return when a lead that was put off to a day is back in the queue: at nine, in the active time zone."""
    return datetime.combine(day, DAY_BEGINS, tzinfo=timezone.get_current_timezone())


def _at_morning(now: datetime, days: int) -> datetime:
    """Return 10:00 after so many days, or of the Monday that follows a weekend."""
    zone = timezone.get_current_timezone()
    day = timezone.localtime(now).date() + timedelta(days=days)
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return datetime.combine(day, MORNING, tzinfo=zone)
