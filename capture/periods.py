"""Which days a page of capture looks at: a preset or two dates, in the viewer's zone. Used by ledger and inquiries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

PRESETS = {"1": "Today", "7": "7 days", "30": "30 days", "90": "90 days"}
DEFAULT_PRESET = "30"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date
    preset: str
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def until(self) -> datetime:
        """The instant after the last."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)


def read_period(query: QueryDict, *, zone: ZoneInfo, now: datetime) -> Period:
    """Read `from` and `to`, or `days`; what cannot be read is the last 30 days."""
    today = now.astimezone(zone).date()
    first, last = _read_date(query.get("from", "")), _read_date(query.get("to", ""))
    if first or last:
        last = last or today
        first = min(first or last, last)
        return Period(first=first, last=last, preset="", zone=zone)
    preset = query.get("days", DEFAULT_PRESET)
    preset = preset if preset in PRESETS else DEFAULT_PRESET
    return Period(first=today - timedelta(days=int(preset) - 1), last=today, preset=preset, zone=zone)


def _read_date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
