"""Waits and quiet hours keep the lead's own time, on the days when clocks change too."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nurture.moments import choose_zone, end_of_quiet, end_of_wait
from nurture.settings import SendingRules
from nurture.steps import StepPlan

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# New York: clocks jump from 02:00 to 03:00 on 8 March 2026, and fall back from 02:00 to 01:00 on 1 November 2026.
@pytest.mark.parametrize(
    ("wait", "since", "end"),
    [
        ({"wait_days": 3}, "2026-03-04 15:00", "2026-03-07 15:00"),
        ({"wait_hours": 5}, "2026-03-04 15:00", "2026-03-04 20:00"),
        # a day is a day on the calendar, an hour an hour on the watch
        ({"wait_days": 1}, "2026-03-07 15:00", "2026-03-08 14:00"),
        ({"wait_hours": 24}, "2026-03-07 15:00", "2026-03-08 15:00"),
        ({"wait_days": 1}, "2026-10-31 14:00", "2026-11-01 15:00"),
        # 02:30 does not exist on 8 March: it moves forward by the gap, to 03:30
        ({"wait_days": 1}, "2026-03-07 07:30", "2026-03-08 07:30"),
        ({"wait_at": time(2, 30)}, "2026-03-08 06:00", "2026-03-08 07:30"),
        # 01:30 exists twice on 1 November: the first
        ({"wait_at": time(1, 30)}, "2026-11-01 04:00", "2026-11-01 05:30"),
        # an hour from the second 01:30 on
        ({"wait_hours": 1}, "2026-11-01 06:30", "2026-11-01 07:30"),
        # until a weekday and a time
        ({"wait_weekday": 1, "wait_at": time(9, 30)}, "2026-03-04 15:00", "2026-03-10 13:30"),
        ({"wait_weekday": 2, "wait_at": time(9, 30)}, "2026-03-04 15:00", "2026-03-11 13:30"),
        ({"wait_weekday": 2, "wait_at": time(11)}, "2026-03-04 15:00", "2026-03-04 16:00"),
        ({"wait_weekday": 2, "wait_at": time(10)}, "2026-03-04 15:00", "2026-03-04 15:00"),
        ({"wait_weekday": 2}, "2026-03-04 15:00", "2026-03-04 15:00"),
        ({"wait_weekday": 3}, "2026-03-04 15:00", "2026-03-05 05:00"),
        ({"wait_at": time(9)}, "2026-03-04 15:00", "2026-03-05 14:00"),
        ({"wait_days": 2, "wait_weekday": 0, "wait_at": time(9)}, "2026-03-04 15:00", "2026-03-09 13:00"),
    ],
)
def test_waits(wait: dict[str, Any], since: str, end: str) -> None:
    assert end_of_wait(StepPlan(kind="wait", **wait), since=at(since), zone=NEW_YORK) == at(end)


NIGHT = SendingRules(quiet_from=time(20), quiet_until=time(8))
NOON = SendingRules(quiet_from=time(12), quiet_until=time(14))
NEVER = SendingRules(quiet_from=time(0), quiet_until=time(0))
WEEKEND = SendingRules(quiet_from=time(20), quiet_until=time(8), is_weekend_quiet=True)
NOON_AND_WEEKEND = SendingRules(quiet_from=time(12), quiet_until=time(14), is_weekend_quiet=True)
LAZY_WEEKEND = SendingRules(quiet_from=time(0), quiet_until=time(0), is_weekend_quiet=True)
GAP = SendingRules(quiet_from=time(20), quiet_until=time(2, 30))
OVERLAP = SendingRules(quiet_from=time(20), quiet_until=time(1, 30))


@pytest.mark.parametrize(
    ("rules", "zone", "moment", "end"),
    [
        (NIGHT, NEW_YORK, "2026-03-04 15:00", "2026-03-04 15:00"),
        (NIGHT, NEW_YORK, "2026-03-05 00:59", "2026-03-05 00:59"),  # 19:59 there
        (NIGHT, NEW_YORK, "2026-03-05 01:00", "2026-03-05 13:00"),  # 20:00 there
        (NIGHT, NEW_YORK, "2026-03-05 12:59", "2026-03-05 13:00"),
        (NIGHT, NEW_YORK, "2026-03-05 13:00", "2026-03-05 13:00"),
        (NIGHT, BERLIN, "2026-03-04 19:30", "2026-03-05 07:00"),
        (NOON, BERLIN, "2026-03-04 11:30", "2026-03-04 13:00"),
        (NOON, BERLIN, "2026-03-04 11:00", "2026-03-04 13:00"),
        (NOON, BERLIN, "2026-03-04 13:00", "2026-03-04 13:00"),
        (NEVER, BERLIN, "2026-03-04 23:30", "2026-03-04 23:30"),
        (NIGHT, NEW_YORK, "2026-03-08 02:00", "2026-03-08 12:00"),  # a night that is an hour shorter
        (NIGHT, NEW_YORK, "2026-11-01 02:00", "2026-11-01 13:00"),  # and one that is an hour longer
        (GAP, NEW_YORK, "2026-03-08 06:00", "2026-03-08 07:30"),  # 02:30 moves forward to 03:30
        (OVERLAP, NEW_YORK, "2026-11-01 04:00", "2026-11-01 05:30"),  # the first 01:30
        (OVERLAP, NEW_YORK, "2026-11-01 06:10", "2026-11-01 06:10"),  # the second 01:10: it was opened already
        (WEEKEND, NEW_YORK, "2026-03-07 15:00", "2026-03-09 12:00"),
        (WEEKEND, NEW_YORK, "2026-03-07 01:30", "2026-03-09 12:00"),  # Friday night leads into the weekend
        (WEEKEND, NEW_YORK, "2026-03-09 02:00", "2026-03-09 12:00"),  # Sunday night there
        (NOON_AND_WEEKEND, NEW_YORK, "2026-03-07 15:00", "2026-03-09 04:00"),  # not after Monday's noon
        (NOON_AND_WEEKEND, NEW_YORK, "2026-03-09 16:30", "2026-03-09 18:00"),
        (LAZY_WEEKEND, NEW_YORK, "2026-03-08 15:00", "2026-03-09 04:00"),
    ],
)
def test_quiet_hours(rules: SendingRules, zone: ZoneInfo, moment: str, end: str) -> None:
    assert end_of_quiet(at(moment), zone=zone, rules=rules) == at(end)


def test_the_first_zone_that_exists_is_taken() -> None:
    assert choose_zone("", "Mars/Olympus", "Europe/Berlin") == BERLIN
    assert choose_zone("../etc/passwd", "Europe") == ZoneInfo("UTC")
