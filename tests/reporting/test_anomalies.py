"""Anomalies: a week far from the eight before is told in words; small counts and short histories raise no alarm."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.desk.home_numbers import link_anomaly
from reporting.anomalies import Anomaly, find_anomalies, judge
from reporting.days import DayOfSource

TODAY = date(2026, 4, 15)


def week(number: int, leads: int, *, channel: str = "paid_social", source: str = "facebook") -> DayOfSource:
    """Return one day with all the leads of a week; week 0 are the last seven full days."""
    return DayOfSource(
        day=TODAY - timedelta(days=3 + 7 * number),
        channel=channel,
        source=source,
        leads=leads,
        mqls=0,
        leads_then=0,
        mqls_then=0,
        sales_value=Decimal(0),
    )


def tell(*counts: int) -> list[Anomaly]:
    return find_anomalies(days=[week(number, leads) for number, leads in enumerate(counts)], today=TODAY)


@pytest.mark.parametrize(
    ("leads", "before", "is_unusual"),
    [
        (60, [100, 104, 96, 100, 99, 101, 100, 98], True),
        (140, [100, 104, 96, 100, 99, 101, 100, 98], True),
        (90, [100, 104, 96, 100, 99, 101, 100, 98], False),
        (60, [100, 40, 160, 90, 30, 150, 100, 70], False),  # it always swings like this
        (0, [3, 2, 4, 3, 1, 5, 3, 2], False),  # a tiny count
        (10, [0, 0, 0, 0, 0, 0, 0, 0], True),
        (5, [0, 0, 0, 0, 0, 0, 0, 0], False),
        (0, [100, 100, 100], False),  # nobody knows yet what is usual
        (0, [100, 100, 100, 100], True),
        (70, [100] * 8, True),
        (71, [100] * 8, False),
        (8, [0] * 8, True),
        (7, [0] * 8, False),
        (7000, [10_000] * 8, True),
        (7100, [10_000] * 8, False),  # chance alone makes less of it, but a business would not call it unusual
        (65, [100, 90, 110, 90, 110, 90, 110], False),  # ten up or down are three deviations of 14.8
        (60, [100, 100, 100, 100, 100, 100, 100, 900], True),  # one odd week before does not hide it
    ],
)
def test_judging(leads: int, before: list[int], is_unusual: bool) -> None:
    assert judge(leads, before) == is_unusual


def test_it_says_it_in_words_and_opens_the_leads() -> None:
    (anomaly,) = tell(60, *[100] * 8)
    assert anomaly.words == (
        "facebook (Paid Social): 40% fewer leads than in the last 8 weeks (60 in the last 7 days, usually 100)"
    )
    assert link_anomaly(anomaly).endswith(
        "?counted=true&captured_from=2026-04-08&captured_to=2026-04-14&channel=paid_social&source=facebook"
    )


def test_a_source_that_was_never_there_is_told_too() -> None:
    days = [week(number, 20, source="google", channel="paid_search") for number in range(9)]
    (anomaly,) = find_anomalies(days=[*days, week(0, 12)], today=TODAY)
    assert anomaly.words == "facebook (Paid Social): 12 leads in the last 7 days, none in a usual week of the last 8"


def test_a_channel_is_told_where_none_of_its_sources_is() -> None:
    days = [week(number, 8 if number else 0, source=f"blog{blog}") for number in range(9) for blog in range(5)]
    (anomaly,) = find_anomalies(days=days, today=TODAY)
    assert (anomaly.name, anomaly.is_bad) == ("Paid Social", True)


def test_today_and_the_first_week_do_not_count() -> None:
    assert tell(100, 100, 100, 100, 100, 5) == []
    assert [anomaly.weeks for anomaly in tell(60, 20, 20, 20, 20, 5)] == [4]
    today = DayOfSource(**{**vars(week(0, 500)), "day": TODAY})
    assert find_anomalies(days=[today, *(week(number, 100) for number in range(9))], today=TODAY) == []


def test_a_week_is_seven_full_days() -> None:
    usual = [week(number, 100) for number in range(1, 9)]
    for days, leads in ((1, 40), (7, 60), (8, 0)):
        usual.append(replace(week(0, leads), day=TODAY - timedelta(days=days)))
    assert find_anomalies(days=usual, today=TODAY) == []
    (anomaly,) = find_anomalies(days=[*usual, replace(week(0, 60), day=TODAY - timedelta(days=7))], today=TODAY)
    assert (anomaly.leads, anomaly.usual) == (160, 100)


def test_the_four_largest_differences_are_told_first() -> None:
    days = [
        week(number, 100 if number else 100 - size, source=f"site{size}")
        for number in range(9)
        for size in (50, 90, 40, 70, 60)
    ]
    found = find_anomalies(days=days, today=TODAY)
    assert [anomaly.source for anomaly in found] == ["site90", "site70", "site60", "site50"]


def test_the_whole_is_told_where_no_channel_is() -> None:
    channels = ("email", "referral", "display", "direct", "organic_search")
    days = [week(number, 8 if number else 0, channel=channel, source="") for number in range(9) for channel in channels]
    (anomaly,) = find_anomalies(days=days, today=TODAY)
    assert (anomaly.name, anomaly.leads, anomaly.usual) == ("All channels", 0, 40)


def test_what_is_older_than_the_weeks_before_does_not_count() -> None:
    assert tell(*[100] * 9, 900) == []


def test_nothing_is_unusual_where_nothing_is() -> None:
    assert find_anomalies(days=[], today=TODAY) == []


@given(st.lists(st.integers(0, 7), min_size=9, max_size=9))
def test_counts_below_eight_never_raise_an_alarm(counts: list[int]) -> None:
    assert tell(*counts) == []
