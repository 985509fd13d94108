"""Periods are whole days in the organization's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reporting.pages.asking import list_presets
from reporting.periods import BadPeriod, last_days, last_month, parse_period

NOW = datetime(2026, 3, 8, 3, 30, tzinfo=UTC)  # still the 7th in New York


def parse(first: str = "", last: str = "", days: str = "") -> object:
    return parse_period(first=first, last=last, days=days, now=NOW, zone_name="America/New_York")


def test_default_is_thirty_days_up_to_today_in_the_zone() -> None:
    period = parse_period(first="", last="", days="", now=NOW, zone_name="America/New_York")
    assert (period.first_on, period.last_on, period.days) == (date(2026, 2, 6), date(2026, 3, 7), 30)


def test_day_of_the_spring_change_has_23_hours() -> None:
    period = parse_period(first="2026-03-08", last="2026-03-08", days="", now=NOW, zone_name="America/New_York")
    assert (period.ends_at.astimezone(UTC) - period.starts_at.astimezone(UTC)).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    ("first", "last", "days", "field"),
    [
        ("2026-03-02", "2026-03-01", "", "from"),
        ("soon", "", "", "from"),
        ("", "31.12.2025", "", "to"),
        ("", "", "0", "days"),
        ("", "", "-3", "days"),
        ("1990-01-01", "2026-01-01", "", "from"),
    ],
)
def test_bad_periods_say_what_to_do_at_the_field(first: str, last: str, days: str, field: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        parse(first, last, days)
    assert caught.value.field == field


def test_last_month_is_that_of_the_zone() -> None:
    first_of_march = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)  # still February in New York
    month = last_month(now=first_of_march, zone=ZoneInfo("America/New_York"))
    assert (month.first_on, month.last_on) == (date(2026, 1, 1), date(2026, 1, 31))


def test_a_quick_choice_is_marked_where_it_is_what_is_shown() -> None:
    zone = ZoneInfo("America/New_York")
    thirty, february = last_days(30, now=NOW, zone_name=zone.key), last_month(now=NOW, zone=zone)
    long_ago = parse_period(first="2025-09-01", last="2025-09-30", days="", now=NOW, zone_name=zone.key)
    marked = [
        [tab.label for tab in list_presets(period, lambda **_changes: "", now=NOW) if tab.is_current]
        for period in (thirty, february, long_ago)
    ]
    assert marked == [["30 days"], ["Last month"], []]
