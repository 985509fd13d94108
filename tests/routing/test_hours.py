"""Business time: tables for the rules, properties for the arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import (
    BusinessCalendar,
    Stretch,
    add_business_time,
    business_seconds,
    end_of_next_business_day,
    is_open,
    next_opening,
    windows_of_day,
)

NINE_TO_FIVE = tuple(Stretch(weekday=day, opens_at=time(9), closes_at=time(17)) for day in range(5))
BERLIN = BusinessCalendar(time_zone="Europe/Berlin", stretches=NINE_TO_FIVE, holidays=frozenset({date(2026, 5, 1)}))
ALWAYS = BusinessCalendar(time_zone="Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-04T10:00", 5, "2026-03-04T10:05"),  # a Wednesday in hours
        ("2026-03-04T07:00", 5, "2026-03-04T09:05"),  # before opening
        ("2026-03-04T16:58", 5, "2026-03-05T09:03"),  # over the night
        ("2026-03-06T16:00", 240, "2026-03-09T12:00"),  # over the weekend
        ("2026-03-07T03:00", 240, "2026-03-09T13:00"),  # on a Saturday
        ("2026-04-30T16:30", 60, "2026-05-04T09:30"),  # over the first of May and a weekend
        ("2026-03-04T16:55", 5, "2026-03-04T17:00"),  # exactly at closing
        ("2026-03-27T16:00", 120, "2026-03-30T10:00"),  # over the change to summer time
    ],
)
def test_deadline_counts_working_time_only(start: str, minutes: int, end: str) -> None:
    assert add_business_time(BERLIN, berlin(start), timedelta(minutes=minutes)) == berlin(end)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-03-04T10:00", "2026-03-05T17:00"),
        ("2026-03-06T18:00", "2026-03-09T17:00"),
        ("2026-03-07T10:00", "2026-03-09T17:00"),
        ("2026-04-30T10:00", "2026-05-04T17:00"),
    ],
)
def test_next_business_day_ends_at_closing(at: str, end: str) -> None:
    assert end_of_next_business_day(BERLIN, berlin(at)) == berlin(end)


def test_a_day_in_two_stretches_ends_with_the_later_in_whatever_order_they_are_kept() -> None:
    shifts = tuple(
        Stretch(weekday=2, opens_at=time(opens), closes_at=time(closes)) for opens, closes in ((13, 17), (9, 12))
    )
    calendar = BusinessCalendar(time_zone="Europe/Berlin", stretches=shifts)
    assert end_of_next_business_day(calendar, berlin("2026-03-03T10:00")) == berlin("2026-03-04T17:00")
    assert add_business_time(calendar, berlin("2026-03-04T08:00"), timedelta(hours=4)) == berlin("2026-03-04T14:00")


def test_without_hours_the_clock_never_stops() -> None:
    at = berlin("2026-03-07T03:00")
    assert is_open(ALWAYS, at)
    assert add_business_time(ALWAYS, at, timedelta(hours=30)) == at + timedelta(hours=30)
    assert end_of_next_business_day(ALWAYS, at) == berlin("2026-03-09T00:00")


def test_pool_says_when_it_opens() -> None:
    assert not is_open(BERLIN, berlin("2026-03-07T12:00"))
    assert next_opening(BERLIN, berlin("2026-03-07T12:00")) == berlin("2026-03-09T09:00")
    assert is_open(BERLIN, berlin("2026-03-09T09:00"))
    assert not is_open(BERLIN, berlin("2026-03-09T17:00"))


@pytest.mark.parametrize(
    ("day", "opens", "closes", "hours"),
    [
        (date(2026, 3, 29), time(2, 15), time(2, 45), 0.5),  # the gap moves both forward
        (date(2026, 3, 29), time(2, 30), time(3, 15), 0),  # opens 03:30 after it closed: vanishes
        (date(2026, 3, 29), time(1), time(5), 3),
        (date(2026, 10, 25), time(2, 30), time(5), 3.5),  # the first 02:30 of the two
        (date(2026, 10, 25), time(0), time(23, 59), 25),  # 23:59 means to midnight
    ],
)
def test_days_on_which_the_clocks_change(day: date, opens: time, closes: time, hours: float) -> None:
    stretch = Stretch(weekday=day.weekday(), opens_at=opens, closes_at=closes)
    calendar = BusinessCalendar(time_zone="Europe/Berlin", stretches=(stretch,))
    worked = sum(((row.end - row.start) for row in windows_of_day(calendar, day)), timedelta())
    assert worked == timedelta(hours=hours)


instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
spans = st.integers(1, 200_000).map(lambda seconds: timedelta(seconds=seconds))
stretches = st.builds(
    lambda day, opens, length: Stretch(
        weekday=day, opens_at=time(opens // 60, opens % 60), closes_at=time(*divmod(min(opens + length, 1439), 60))
    ),
    st.integers(0, 6),
    st.integers(0, 1380),
    st.integers(10, 1440),
)
calendars = st.builds(
    BusinessCalendar,
    time_zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    stretches=st.lists(stretches, max_size=8).map(tuple),
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(calendars, instants, spans)
def test_time_added_is_the_time_counted(calendar: BusinessCalendar, at: datetime, span: timedelta) -> None:
    assert business_seconds(calendar, at, add_business_time(calendar, at, span)) == span.total_seconds()


@settings(max_examples=150, deadline=None)
@given(calendars, instants, spans, spans)
def test_working_time_adds_up(calendar: BusinessCalendar, at: datetime, one: timedelta, two: timedelta) -> None:
    middle, end = at + one, at + one + two
    whole = business_seconds(calendar, at, end)
    assert whole == business_seconds(calendar, at, middle) + business_seconds(calendar, middle, end)
    assert 0 <= whole <= (end - at).total_seconds()


@settings(max_examples=150, deadline=None)
@given(calendars, instants)
def test_nothing_is_worked_before_the_next_opening(calendar: BusinessCalendar, at: datetime) -> None:
    opening = next_opening(calendar, at)
    assert is_open(calendar, opening)
    assert business_seconds(calendar, at, opening) == 0
