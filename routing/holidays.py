"""What closing on a day, or working on it after all, would have meant. Called by pages and API before they save."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from routing.calendars import load_calendar
from routing.models import Pool
from routing.promise_preview import PromiseEffect, list_days_like, preview_promises


@dataclass(frozen=True, kw_only=True)
class DayEffect:
    """What the change would have done on `days`: the day itself, or the latest of its weekday where it is to come."""

    on: date
    days: list[date]
    promises: PromiseEffect

    @property
    def is_past(self) -> bool:
        """Say whether the very day was tried."""
        return self.days == [self.on]


def preview_closing(*, pool: Pool, on: date, now: datetime) -> DayEffect:
    """Count the promises of the last 30 days as they went, and with the pool closed on the day."""
    calendar = load_calendar(pool=pool)
    days = list_days_like(on, today=calendar.local_date(now))
    closed = replace(calendar, holidays=calendar.holidays.union(days))
    return DayEffect(on=on, days=days, promises=preview_promises(pool=pool, calendar=closed, now=now))


def preview_opening(*, pool: Pool, on: date, now: datetime) -> DayEffect:
    """Count the promises with the holiday, and without it: a day to come would go as its weekday went."""
    calendar = load_calendar(pool=pool)
    days = list_days_like(on, today=calendar.local_date(now))
    if days != [on]:
        effect = preview_closing(pool=pool, on=on, now=now)
        return replace(effect, promises=effect.promises.swapped())
    opened = replace(calendar, holidays=calendar.holidays - {on})
    return DayEffect(on=on, days=days, promises=preview_promises(pool=pool, calendar=opened, now=now))
