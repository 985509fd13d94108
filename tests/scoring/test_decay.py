"""Decay is pure arithmetic: the closed form equals the sum it stands for, and knows when it crosses the bar."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.decay import MAX_COOLING, add_points, decay, find_cooling
from scoring.grid import find_treatment
from scoring.rules import Rules

START = datetime(2026, 1, 1, tzinfo=UTC)
points = st.floats(0.5, 500)
half_lives = st.floats(0.5, 400)
offsets = st.floats(0, 400).map(lambda days: timedelta(days=days))
happenings = st.lists(st.tuples(offsets, points), min_size=1, max_size=12)


def test_half_is_left_after_a_half_life() -> None:
    left = decay(points=40, since=START, until=START + timedelta(days=14), half_life_days=14)
    assert left == pytest.approx(20)


@given(happenings, half_lives)
def test_events_one_by_one_make_the_sum(happened: list[tuple[timedelta, float]], half_life: float) -> None:
    """In whatever order they arrive: an event that is told late counts by its own age."""
    engagement, as_of = 0.0, START
    for offset, worth in happened:
        occurred_at = START + offset
        engagement, as_of = add_points(
            engagement=engagement,
            as_of=as_of,
            points=worth,
            occurred_at=occurred_at,
            now=max(as_of, occurred_at),
            half_life_days=half_life,
        )
    expected = sum(
        worth * math.pow(2, -((as_of - START - offset).total_seconds() / 86400 / half_life))
        for offset, worth in happened
    )
    assert engagement == pytest.approx(expected, rel=1e-9)


@given(points, points, half_lives)
def test_it_cools_at_the_instant_it_meets_the_bar(engagement: float, bar: float, half_life: float) -> None:
    cools_at = find_cooling(engagement=engagement, as_of=START, line=bar, half_life_days=half_life)
    if cools_at is None:
        assert engagement < bar
        return
    if cools_at == START + MAX_COOLING:
        assert half_life * math.log2(engagement / bar) >= MAX_COOLING.days
        return
    at_the_bar = decay(points=engagement, since=START, until=cools_at, half_life_days=half_life)
    assert at_the_bar == pytest.approx(bar, rel=1e-6)


@given(points, half_lives, offsets, offsets)
def test_decay_never_rises(worth: float, half_life: float, one: timedelta, other: timedelta) -> None:
    sooner, later = sorted((one, other))
    at = [decay(points=worth, since=START, until=START + when, half_life_days=half_life) for when in (sooner, later)]
    assert 0 <= at[1] <= at[0] <= worth


def test_an_event_to_come_counts_in_full_and_an_ancient_one_is_no_underflow() -> None:
    assert decay(points=10, since=START, until=START - timedelta(days=9), half_life_days=1) == 10
    assert decay(points=10, since=START, until=START + timedelta(days=9999), half_life_days=0.5) >= 0


RULES = Rules(
    version=1,
    fit=(),
    engagement=(),
    half_life_days=14,
    fit_bar=30,
    engagement_bar=30,
    sql_bar=60,
    hand_raise_intents=(),
)
CELLS = [
    (45, 45, "A1"),
    (44.9, 30, "B2"),
    (30, 29.4, "B3"),
    (30, 29.5, "B2"),
    (15, 15, "C3"),
    (14.9, 14.7, "D4"),
    (0, 100, "D1"),
]


@pytest.mark.parametrize(("fit", "engagement", "grade"), CELLS)
def test_the_grid_is_relative_to_the_bar(fit: float, engagement: float, grade: str) -> None:
    assert RULES.find_grade(fit=fit, engagement=engagement) == grade
    is_met = RULES.are_met(fit=fit, engagement=engagement)
    assert is_met == (grade in {"A1", "A2", "B1", "B2"}) == (find_treatment(grade) == "Route now")
