"""What time it is where the person is, and whether that is a time to call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CALLING_HOURS = range(8, 19)


@dataclass(frozen=True)
class LocalTime:
    """The person's clock: the time, their place, and whether people are usually at work then."""

    text: str
    place: str
    is_calling_time: bool


def read_local_time(*, zone_name: str, now: datetime) -> LocalTime | None:
    """Return the clock of an IANA zone, or None where the zone is not known."""
    if not zone_name:
        return None
    try:
        there = now.astimezone(ZoneInfo(zone_name))
    except (ZoneInfoNotFoundError, ValueError):
        return None
    place = zone_name.rsplit("/", 1)[-1].replace("_", " ")
    is_calling_time = there.weekday() < 5 and there.hour in CALLING_HOURS
    return LocalTime(f"{there:%a %H:%M}", place, is_calling_time)
