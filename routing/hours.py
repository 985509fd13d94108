"""Business time: pure arithmetic over a pool's working hours. Called by clocks, pools and forms; reads no database.

Hours are local intent in an IANA zone. A local time in the spring gap moves forward by the gap, one in the
autumn overlap is the first (PEP 495, `fold=0`), so a stretch can shrink, grow or vanish on those two days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LAST_MINUTE = time(23, 59)  # a time cannot say 24:00: hours that close now run to midnight
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Working hours on one weekday (Monday is 0), local time."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, kw_only=True)
class BusinessCalendar:
    """When a pool works. Without stretches it works round the clock, holidays excepted."""

    time_zone: str
    stretches: tuple[Stretch, ...] = ()
    holidays: frozenset[date] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone; raises `ZoneInfoNotFoundError` for an unknown name."""
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """Return the calendar day of an instant in the pool's zone."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, kw_only=True)
class Window:
    """One uninterrupted working stretch as two instants in UTC, end excluded."""

    start: datetime
    end: datetime


def windows_from(calendar: BusinessCalendar, at: datetime) -> Iterator[Window]:
    """Yield, without end and in order, the working windows that end after the instant; none outlasts its day."""
    day = calendar.local_date(at)
    while True:
        yield from (window for window in windows_of_day(calendar, day) if window.end > at)
        day += ONE_DAY


def windows_of_day(calendar: BusinessCalendar, day: date) -> list[Window]:
    """Return the day's windows in order; none on a holiday or a day off."""
    if day in calendar.holidays:
        return []
    windows: list[Window] = []
    for opens, closes in _local_stretches(calendar, day):
        start, end = opens.astimezone(UTC), closes.astimezone(UTC)
        if windows:
            start = max(start, windows[-1].end)
        if start < end:
            windows.append(Window(start=start, end=end))
    return windows


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """Say whether the pool works at the instant."""
    return next_opening(calendar, at) == at


def next_opening(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Return the first working instant from `at` on: `at` itself while the pool works."""
    return max(at, next(windows_from(calendar, at)).start)


def add_business_time(calendar: BusinessCalendar, at: datetime, span: timedelta) -> datetime:
    """Return the instant at which `span` of working time has passed since `at`."""
    left = span
    for window in windows_from(calendar, at):
        start = max(at, window.start)
        if window.end - start >= left:
            return start + left
        left -= window.end - start
    raise AssertionError("windows never end")  # pragma: no cover


def business_seconds(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Return the whole seconds of working time between two instants; 0 when they are reversed."""
    total = timedelta()
    for window in windows_from(calendar, start):
        if window.start >= end:
            return int(total.total_seconds())
        total += min(window.end, end) - max(window.start, start)
    raise AssertionError("windows never end")  # pragma: no cover


def end_of_next_business_day(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Return when the first working day after the instant's own day ends."""
    day = calendar.local_date(at) + ONE_DAY
    while not (windows := windows_of_day(calendar, day)):
        day += ONE_DAY
    return windows[-1].end


def _local_stretches(calendar: BusinessCalendar, day: date) -> list[tuple[datetime, datetime]]:
    zone = calendar.zone
    if not calendar.stretches:
        return [(datetime.combine(day, time.min, zone), datetime.combine(day + ONE_DAY, time.min, zone))]
    todays = sorted((row.opens_at, row.closes_at) for row in calendar.stretches if row.weekday == day.weekday())
    return [(datetime.combine(day, opens, zone), _closing(day, closes, zone)) for opens, closes in todays]


def _closing(day: date, closes: time, zone: ZoneInfo) -> datetime:
    if closes >= LAST_MINUTE:
        return datetime.combine(day + ONE_DAY, time.min, zone)
    return datetime.combine(day, closes, zone)
