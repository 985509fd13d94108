"""A calendar's last weeks as sorted arrays, in which PostgreSQL finds the deadlines of many promises in one statement.

Called by `promise_preview.py`. The arithmetic is that of `hours.py`, read from tables instead of walked day by day:
business time runs from window to window, so the window in which a promise falls due is a binary search
(`width_bucket`) away.
https://www.postgresql.org/docs/current/functions-math.html
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate, takewhile

from routing.hours import ONE_DAY, BusinessCalendar, Window, end_of_next_business_day, windows_from

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """Working windows until now: when each opens and closes, and the business microseconds before it and after it.

    `midnights` start the local days; `next_day_ends` is when what is promised for the next business day is due.
    """

    opens: list[datetime]
    closes: list[datetime]
    before: list[int]
    after: list[int]
    midnights: list[datetime]
    next_day_ends: list[datetime]


def draw_timetable(calendar: BusinessCalendar, *, since: datetime, now: datetime) -> Timetable:
    """Return the calendar's timetable for promises made from `since` on; what falls due after `now` is not in it."""
    windows = [
        Window(start=window.start, end=min(window.end, now))
        for window in takewhile(lambda window: window.start < now, windows_from(calendar, since))
    ]
    after = list(accumulate((window.end - window.start) // MICROSECOND for window in windows))
    midnights = _list_midnights(calendar, calendar.local_date(since), calendar.local_date(now))
    return Timetable(
        opens=[window.start for window in windows],
        closes=[window.end for window in windows],
        before=[0, *after[:-1]],
        after=after,
        midnights=midnights,
        next_day_ends=[end_of_next_business_day(calendar, midnight) for midnight in midnights],
    )


def _list_midnights(calendar: BusinessCalendar, first: date, last: date) -> list[datetime]:
    days = (first + ONE_DAY * index for index in range((last - first).days + 1))
    return [datetime.combine(day, time.min, calendar.zone) for day in days]
