"""Periods of whole days in the organization's zone. Called by the report pages and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadhub.lib.errors import DomainError

DEFAULT_DAYS = 30
PRESETS = (7, 30, 90, 365)
MAX_DAYS = 366 * 5
# Days that a calendar has room around: the period before, the week after.
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


class BadPeriod(DomainError):
    """The days asked for make no period."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `first_on` to `last_on`, both included, in `zone`."""

    first_on: date
    last_on: date
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        """Return the first instant."""
        return datetime.combine(self.first_on, time.min, self.zone)

    @property
    def ends_at(self) -> datetime:
        """Return the first instant after."""
        return datetime.combine(self.last_on + timedelta(days=1), time.min, self.zone)

    @property
    def days(self) -> int:
        """Return how many days."""
        return (self.last_on - self.first_on).days + 1

    def before(self) -> "Period":
        """Return as many days right before."""
        back = timedelta(days=self.days)
        return replace(self, first_on=self.first_on - back, last_on=self.last_on - back)

    def to_query(self) -> dict[str, str]:
        """Return the days as the query of a link."""
        return {"from": self.first_on.isoformat(), "to": self.last_on.isoformat()}

    def to_days_query(self, step: str) -> dict[str, str]:
        """Return the lead list's filters that keep what took the step (`captured`, `reached`, `ended`) on the days."""
        return {f"{step}_from": self.first_on.isoformat(), f"{step}_to": self.last_on.isoformat()}

    def to_lead_query(self) -> dict[str, str]:
        """Return the filters of the lead list that keep what reports count of the cohort."""
        return {"counted": "true", **self.to_days_query("captured")}

    def same_age(self, now: datetime) -> datetime:
        """Return the moment at which the period before was as old as this one is now: as many local days ago."""
        local = now.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=self.days)
        return local.replace(tzinfo=self.zone)


def last_days(days: int, *, now: datetime, zone_name: str) -> Period:
    """Return the last days in the zone, today included."""
    zone = ZoneInfo(zone_name)
    today = now.astimezone(zone).date()
    return Period(first_on=today - timedelta(days=days - 1), last_on=today, zone=zone)


def last_month(*, now: datetime, zone: ZoneInfo) -> Period:
    """Return the whole month before the present one in the zone."""
    last_on = now.astimezone(zone).date().replace(day=1) - timedelta(days=1)
    return Period(first_on=last_on.replace(day=1), last_on=last_on, zone=zone)


def read_period(query: Mapping[str, str], *, now: datetime, zone_name: str, usual_days: int = DEFAULT_DAYS) -> Period:
    """Read the period of a query string; the usual days up to today where it names none. Raises `BadPeriod`."""
    days = query.get("days") or str(usual_days)
    return parse_period(first=query.get("from", ""), last=query.get("to", ""), days=days, now=now, zone_name=zone_name)


def parse_period(*, first: str, last: str, days: str, now: datetime, zone_name: str) -> Period:
    """Read a period from ISO dates, or the last N days up to today. Raises `BadPeriod` at the field."""
    zone = ZoneInfo(zone_name)
    last_on = _parse_day(last, "to") if last else now.astimezone(zone).date()
    first_on = _parse_day(first, "from") if first else last_on - timedelta(days=_parse_count(days) - 1)
    if first_on > last_on:
        raise BadPeriod("The first day must not be after the last.", field="from")
    if (last_on - first_on).days >= MAX_DAYS:
        raise BadPeriod("Choose a period of at most five years.", field="from")
    return Period(first_on=first_on, last_on=last_on, zone=zone)


def find_next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def parse_month(text: str) -> date:
    """Read a month, `2026-03`, as its first day. Raises `BadPeriod`."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadPeriod("Write the month as YYYY-MM.", field="month") from error
    if not EARLIEST <= month <= LATEST:
        raise BadPeriod(f"Choose a month between {EARLIEST.year} and {LATEST.year}.", field="month")
    return month


def _parse_day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod("Write the day as YYYY-MM-DD.", field=field) from error
    if not EARLIEST <= day <= LATEST:
        raise BadPeriod(f"Choose a day between {EARLIEST.year} and {LATEST.year}.", field=field)
    return day


def _parse_count(text: str) -> int:
    if not text:
        return DEFAULT_DAYS
    if len(text) > len(str(MAX_DAYS)) or not text.isdecimal() or not 1 <= int(text) <= MAX_DAYS:
        raise BadPeriod(f"Choose between 1 and {MAX_DAYS} days.", field="days")
    return int(text)
