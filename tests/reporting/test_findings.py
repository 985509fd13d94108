"""The sentence above a picture is true of the numbers below it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leadhub.leads.models import Stage
from reporting.cohorts import Cell, Cohort, CohortReport
from reporting.pages.findings import tell_cohorts, tell_promises, tell_shares, tell_trend
from reporting.periods import Period
from reporting.source_value import Numbers, Row, SourceValueReport, add_numbers
from reporting.speed import SpeedNumbers, SpeedReport, SpeedRow

NOVEMBER = Period(first_on=date(2026, 11, 1), last_on=date(2026, 11, 30), zone=ZoneInfo("UTC"))


def report(*rows: tuple[str, int, int, int]) -> SourceValueReport:
    found = [
        Row(
            value=name, label=name, numbers=Numbers(leads=leads, quote_value=Decimal(quoted), sales_value=Decimal(sold))
        )
        for name, leads, quoted, sold in rows
    ]
    total = add_numbers(row.numbers for row in found)
    return SourceValueReport(dimension="channel", period=NOVEMBER, currency="USD", rows=found, total=total)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((("Paid", 30, 100, 0), ("Email", 10, 300, 0)), "Email: 75% of the quote value from 25% of the leads"),
        ((("Paid", 30, 100, 90), ("Email", 10, 300, 10)), "Paid: 90% of sales from 75% of the leads"),
        ((("Paid", 30, 0, 0), ("Email", 10, 0, 0)), "Shares"),
        ((("Paid", 30, 100, 90),), "Shares"),
        ((), "Shares"),
    ],
)
def test_shares_tell_who_brings_the_money(rows: tuple[tuple[str, int, int, int], ...], told: str) -> None:
    assert tell_shares(report(*rows)) == told


def test_the_trend_tells_how_many_are_qualified() -> None:
    assert tell_trend(Numbers(leads=1, qualified=1)) == "1 of 1 lead qualified"
    assert tell_trend(Numbers()) == "Trend"


def test_promises_tell_who_broke_most_of_them() -> None:
    none = SpeedNumbers(
        inquiries=0, attempted=0, contacted=0, kept=0, late=0, overdue=0, waiting=0, late_now=0,
        attempt_median=None, attempt_p90=None, contact_median=None, contact_p90=None,
    )  # fmt: skip
    numbers = replace(none, kept=5), replace(none, late=2, overdue=1)
    rows = [SpeedRow(value=name, label=name, numbers=each) for name, each in zip(("Warm", "Hot"), numbers, strict=True)]
    kept = SpeedReport(period=NOVEMBER, dimension="intent", rows=rows[:1], total=numbers[0])
    assert tell_promises(kept) == "No promise was broken"
    assert tell_promises(replace(kept, rows=rows, total=numbers[1])) == "Hot: 3 of 3 broken promises"


def test_cohorts_are_compared_at_an_age_that_both_have() -> None:
    def cohort(day: int, *shares: float | None) -> Cohort:
        cells = [Cell(age_days=age, reached=None, share=share) for age, share in zip((1, 7), shares, strict=True)]
        return Cohort(first_on=date(2026, 11, day), last_on=date(2026, 11, day), leads=1, reached=0, cells=cells)

    cohorts = [cohort(20, None, None), cohort(15, 0.5, None), cohort(8, 0.25, 1.0)]
    told = CohortReport(stage=Stage.MQL, unit="week", period=NOVEMBER, cohorts=cohorts, leads=3, reached=0)
    assert tell_cohorts(told, ["newest", "new", "old"]) == "MQL within 1 day: 50% of new, 25% of old"
    assert tell_cohorts(replace(told, cohorts=cohorts[:2]), ["newest", "new"]) == "How fast each cohort gets there"
