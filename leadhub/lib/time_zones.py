"""The time zones to choose from. The pages of pools and of the organization offer them."""

from functools import cache
from zoneinfo import available_timezones


@cache
def list_time_zones() -> list[tuple[str, str]]:
    """Return UTC and every zone of a place, each with its words; the files of the zones are looked through once."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *places]]
