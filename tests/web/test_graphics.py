"""The arithmetic behind rings, sparklines and hues."""

from datetime import UTC, datetime, timedelta

import pytest

from leadhub.web.graphics import choose_hue, draw_sparkline, read_clock, share_of, write_initials

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_left", "state", "percent", "text"),
    [
        (9, "calm", 90, "9 min"),
        (4, "soon", 40, "4 min"),
        (2, "urgent", 20, "2 min"),
        (-3, "late", 100, "3 min late"),
        (-51.5, "late", 100, "51 min late"),
        (-0.5, "late", 100, "30 s late"),
    ],
)
def test_running_clock(minutes_left: float, state: str, percent: int, text: str) -> None:
    due_at = NOW + timedelta(minutes=minutes_left)
    clock = read_clock(due_at=due_at, started_at=due_at - timedelta(minutes=10), now=NOW)

    assert (clock.state, clock.percent_left, clock.text) == (state, percent, text)


def test_clock_without_a_deadline() -> None:
    assert read_clock(due_at=None, started_at=None, now=NOW).state == "none"


@pytest.mark.parametrize(("took", "state"), [(5, "met"), (15, "missed")])
def test_answered_clock_says_how_long_it_took(took: int, state: str) -> None:
    started_at = NOW - timedelta(hours=1)
    met_at, due_at = started_at + timedelta(minutes=took), started_at + timedelta(minutes=10)
    clock = read_clock(due_at=due_at, started_at=started_at, met_at=met_at, now=NOW)

    assert (clock.state, clock.text) == (state, f"{took} min")


def test_clock_waits_for_opening_hours() -> None:
    clock = read_clock(due_at=NOW + timedelta(hours=9), started_at=NOW, opens_at=NOW + timedelta(hours=8), now=NOW)

    assert clock.state == "waiting"


def test_sparkline_fits_its_box() -> None:
    assert draw_sparkline([0, 5, 10]) == "0.0,26.0 50.0,14.0 100.0,2.0"
    assert draw_sparkline([3, 3]) == "0.0,26.0 100.0,26.0"
    assert draw_sparkline([3]) == ""


def test_name_keeps_its_hue_and_initials() -> None:
    assert choose_hue("Ria Rep") == choose_hue("ria rep")
    assert [write_initials(name) for name in ("Ria Rep", "Ada", "ria@acme.example", "")] == ["RR", "A", "RA", "?"]


@pytest.mark.parametrize(("value", "whole", "share"), [(1, 4, 25), (5, 4, 100), (None, 4, 0), (1, 0, 0)])
def test_share_stays_within_the_bar(value: float | None, whole: float, share: float) -> None:
    assert share_of(value, whole) == share
