"""How amounts, spans and moments read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leadhub.web.formatting import (
    explain_stage,
    format_ago,
    format_count,
    format_duration,
    format_moment,
    format_money,
    format_money_short,
    format_stored,
    name_counted,
)

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (Decimal(12500), "USD", "$12,500"),
        (Decimal("1250.5"), "EUR", "€1,250.50"),
        (Decimal("-3.25"), "GBP", "-£3.25"),
        (Decimal("1250.5"), "JPY", "¥1,250"),
        (Decimal(7), "SEK", "SEK 7"),
        (0, "USD", "$0"),
        (None, "USD", "–"),
    ],
)
def test_money(amount: Decimal | None, currency: str, written: str) -> None:
    assert format_money(amount, currency) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (999, "$999"),
        (1000, "$1k"),
        (12500, "$12.5k"),
        (999_949, "$999.9k"),
        (999_950, "$1M"),
        (1284000, "$1.3M"),
        (-2_000_000_000, "-$2B"),
        (Decimal("2.5"), "$3"),
        (Decimal("-2.5"), "-$3"),
        (Decimal("0.4"), "$0"),
        (1250, "$1.3k"),
        (1_350_000, "$1.4M"),
        (None, "–"),
    ],
)
def test_short_money(amount: Decimal | int | None, written: str) -> None:
    assert format_money_short(amount, "USD") == written


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (254, "4 min 14 s"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, minutes=5), "1 d"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
        (-90, "-1 min 30 s"),
        (None, "–"),
    ],
)
def test_duration_has_its_two_largest_units(span: float | timedelta | None, written: str) -> None:
    assert format_duration(span) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(10, "just now"), (50, "1 min ago"), (3700, "1 h ago"), (90_000, "1 d ago"), (-600, "in 10 min"), (-5, "now")],
)
def test_ago(seconds: int, written: str) -> None:
    assert format_ago(NOW - timedelta(seconds=seconds), NOW) == written


def test_moments_are_in_the_viewers_zone() -> None:
    with timezone.override("America/New_York"):
        assert format_moment(NOW, "full") == "Wed 4 Mar 2026, 10:00 EST"
        assert format_moment(NOW, "time") == "10:00"


@pytest.mark.parametrize(
    ("value", "written"),
    [(999, 999), (59_988, "59,988"), (-1200, "-1,200"), ("4 d", "4 d"), (True, True), (None, None)],
)
def test_a_count_has_its_thousands_apart(value: object, written: object) -> None:
    assert str(format_count(value)) == str(written)


def test_the_letters_of_a_stage_are_written_out() -> None:
    assert "Marketing qualified" in explain_stage("MQL")
    assert "budget" in explain_stage("sql")
    assert explain_stage("opportunity") == ""


@pytest.mark.parametrize(
    ("count", "plural", "written"),
    [
        (0, "leads", "leads"),
        (1, "leads", "lead"),
        (1, "people", "person"),
        (1, "inquiries", "inquiry"),
        (1, "deliveries", "delivery"),
        (2, "people", "people"),
    ],
)
def test_a_noun_follows_its_count(count: int, plural: str, written: str) -> None:
    assert name_counted(count, plural) == written


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("2026-08-01", "1 Aug 2026"),
        ("2026-13-01", "2026-13-01"),
        ("20260801", "20260801"),
        ("2026-03-04T15:00:00", "2026-03-04T15:00:00"),
        ("since 2026-08-01", "since 2026-08-01"),
        ("9999-12-31T23:30:00-12:00", "9999-12-31T23:30:00-12:00"),
    ],
)
def test_what_a_record_keeps_of_a_day_reads_as_one(stored: str, written: str) -> None:
    assert format_stored(stored) == written


def test_what_a_record_keeps_of_a_moment_reads_in_the_viewers_zone() -> None:
    with timezone.override("America/Chicago"):
        assert format_stored("2026-03-04T15:00:00.5+00:00") == format_moment(NOW)
