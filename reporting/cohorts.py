"""Cohorts: what share of the leads of a week or month reached a stage by which age. Read-only; one statement.

An age is counted in whole days of 24 hours since arrival. A share is told only once every lead of the cohort is
that old, since a younger cohort would look worse than it is.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth, TruncWeek

from leadhub.leads.models import Stage
from leadhub.leads.stage_dates import FUNNEL, REACHED_AT
from leadhub.lib.errors import DomainError
from reporting.periods import Period, find_next_month
from reporting.slices import EVERYTHING, Slice
from reporting.source_value import list_cohort

AGES = (1, 7, 14, 30, 60, 90, 180)
UNITS = {"week": "Week", "month": "Month"}
STAGES = FUNNEL[1:]


class BadCohort(DomainError):
    """The stage or the unit asked for makes no cohort table."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many of a cohort reached the stage by an age; None where the cohort is not that old."""

    age_days: int
    reached: int | None
    share: float | None


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """The leads that arrived from `first_on` to `last_on`; `reached` of them have reached the stage by now."""

    first_on: date
    last_on: date
    leads: int
    reached: int
    cells: list[Cell]

    @property
    def share(self) -> float:
        """Return the share that has reached the stage by now."""
        return self.reached / self.leads


@dataclass(frozen=True, kw_only=True)
class CohortReport:
    """The cohorts of the period, the latest first; weeks begin on Monday."""

    stage: Stage
    unit: str
    period: Period
    cohorts: list[Cohort]
    leads: int
    reached: int

    @property
    def share(self) -> float | None:
        """Return the share of all cohorts' leads that has reached the stage by now."""
        return self.reached / self.leads if self.leads else None


def report_cohorts(
    *, period: Period, now: datetime, stage: Stage = Stage.MQL, unit: str = "week", within: Slice = EVERYTHING
) -> CohortReport:
    """Report the cohorts of the period that have leads. Raises `BadCohort`."""
    if stage not in STAGES:
        raise BadCohort("Choose a stage that leads can reach.", field="stage")
    if unit not in UNITS:
        raise BadCohort("Choose week or month.", field="unit")
    column = REACHED_AT[stage]
    truncate = TruncWeek if unit == "week" else TruncMonth
    by_age = {f"by_{age}": Count("id", filter=_is_reached_by(column, age)) for age in AGES}
    grouped: Any = (
        within.narrow(list_cohort(period=period))
        .annotate(begins_at=truncate("captured_at", tzinfo=period.zone))
        .values("begins_at")
        .annotate(leads=Count("id"), reached=Count(column), **by_age)
        .order_by("-begins_at")
    )
    cohorts = [_read_cohort(found, period=period, unit=unit, now=now) for found in grouped]
    leads, reached = sum(cohort.leads for cohort in cohorts), sum(cohort.reached for cohort in cohorts)
    return CohortReport(stage=stage, unit=unit, period=period, cohorts=cohorts, leads=leads, reached=reached)


def _is_reached_by(column: str, age: int) -> Q:
    return Q(**{f"{column}__lte": F("captured_at") + timedelta(days=age)})


def _read_cohort(found: dict[str, Any], *, period: Period, unit: str, now: datetime) -> Cohort:
    begins_on = found["begins_at"].date()
    ends_on = _find_last_day(begins_on, unit)
    first_on, last_on = max(begins_on, period.first_on), min(ends_on, period.last_on)
    ended_at = replace(period, last_on=last_on).ends_at
    cells = []
    for age in AGES:
        is_old_enough = ended_at + timedelta(days=age) <= now
        reached = found[f"by_{age}"] if is_old_enough else None
        share = reached / found["leads"] if reached is not None else None
        cells.append(Cell(age_days=age, reached=reached, share=share))
    return Cohort(first_on=first_on, last_on=last_on, leads=found["leads"], reached=found["reached"], cells=cells)


def _find_last_day(begins_on: date, unit: str) -> date:
    if unit == "week":
        return begins_on + timedelta(days=6)
    return find_next_month(begins_on) - timedelta(days=1)
