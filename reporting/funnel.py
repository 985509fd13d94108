"""The funnel: how far leads come, how fast, and where they leave. Read-only; one statement a period.

By cohort (default) it follows the leads that arrived in the period up to now, and compares them with the period
before at equal age. By activity it counts the steps taken in the period, whenever the leads arrived; an
end counts on the day of the last loss, where the lead has not come back since (as in the lost reasons).
A lead counts at a stage when it has that stage's evidence: stages that were skipped are not filled in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from leadhub.leads.models import OPEN_STAGES, Lead, Stage
from leadhub.leads.stage_dates import DATES, ENDED_AT, FUNNEL, came_as_far_as
from reporting.percentiles import Percentile, seconds_between
from reporting.periods import Period
from reporting.slices import EVERYTHING, Basis, Slice
from reporting.source_value import list_cohort, list_counted

STEPS = tuple(pairwise(FUNNEL))
CAPTURED = "Captured"
Reach = Callable[[Stage], Q]


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """A stage: the leads that reached it, and what became of those that came no further.

    `rate` is the share of the step before that went on to here; by activity, this step's count ÷ that of the step
    before. `open`, `recycled`, `disqualified` and `won` are the leads whose furthest stage it is (by cohort only).
    """

    stage: Stage
    label: str
    reached: int
    reached_before: int
    rate: float | None
    rate_from_top: float | None
    median_seconds: float | None
    open: int | None = None
    recycled: int | None = None
    disqualified: int | None = None
    won: int | None = None


@dataclass(frozen=True, kw_only=True)
class FunnelReport:
    """The funnel of a period; `compared_on` is the day up to which the period before was followed (by cohort)."""

    basis: Basis
    period: Period
    slice: Slice
    steps: list[FunnelStep]
    recycled: int
    disqualified: int
    median_seconds: float | None
    compared_on: date | None

    def find(self, stage: Stage) -> FunnelStep:
        """Return a stage's step."""
        return next(step for step in self.steps if step.stage == stage)


def report_funnel(
    *, period: Period, now: datetime, basis: Basis = Basis.COHORT, within: Slice = EVERYTHING
) -> FunnelReport:
    """Report the stages from captured to customer, and the same for the period before."""
    compared_on = None
    if basis == Basis.COHORT:
        compared_on = period.same_age(now).date()
        found = _measure(within.narrow(list_cohort(period=period)), reach=_has_reached, basis=basis)
        earlier = list_cohort(period=period.before())
        followed_until = replace(period, last_on=compared_on).ends_at
        before = _count(within.narrow(earlier), reach=_reached_until(followed_until))
    else:
        found = _measure(within.narrow(_list_active(period)), reach=_reached_in(period), basis=basis)
        before = _count(within.narrow(_list_active(period.before())), reach=_reached_in(period.before()))
    return FunnelReport(
        basis=basis,
        period=period,
        slice=within,
        steps=_read_steps(found, before, basis=basis),
        recycled=found["recycled"],
        disqualified=found["disqualified"],
        median_seconds=found["seconds_in_all"],
        compared_on=compared_on,
    )


def _has_reached(stage: Stage) -> Q:
    if stage in ENDED_AT:  # a lead that was woken is not recycled any more
        return Q(stage=stage)
    return Q(**{f"{DATES[stage]}__isnull": False})


def _reached_until(end: datetime) -> Reach:
    return lambda stage: Q(**{f"{DATES[stage]}__lt": end})


def _reached_in(period: Period) -> Reach:
    def reached(stage: Stage) -> Q:
        is_within = Q(**{f"{DATES[stage]}__gte": period.starts_at, f"{DATES[stage]}__lt": period.ends_at})
        return is_within & _has_reached(stage) if stage in ENDED_AT else is_within

    return reached


def _list_active(period: Period) -> QuerySet[Lead]:
    """Return the leads that reports count with any step in the period."""
    reached = _reached_in(period)
    return list_counted().filter(reduce(or_, map(reached, DATES)))


def _count(leads: QuerySet[Lead], *, reach: Reach) -> dict[str, Any]:
    return leads.aggregate(**{stage.value: Count("id", filter=reach(stage)) for stage in FUNNEL})


def _measure(leads: QuerySet[Lead], *, reach: Reach, basis: Basis) -> dict[str, Any]:
    """Count each stage and each way out, and take the medians, in one statement."""
    wanted: dict[str, Any] = {stage.value: Count("id", filter=reach(stage)) for stage in DATES}
    for before, stage in STEPS:
        is_both = reach(stage) & _has_reached(before)
        wanted[f"{stage}_both"] = Count("id", filter=is_both)
        wanted[f"{stage}_seconds"] = Percentile(seconds_between(DATES[before], DATES[stage]), filter=is_both)
    won = reach(Stage.CUSTOMER)
    wanted["seconds_in_all"] = Percentile(seconds_between(DATES[Stage.NEW], DATES[Stage.CUSTOMER]), filter=won)
    if basis == Basis.COHORT:
        wanted |= _parts()
    return leads.aggregate(**wanted)


def _parts() -> dict[str, Any]:
    """Return the counts that part the cohort: each lead by its furthest stage and what it is now."""
    states = {"open": OPEN_STAGES, "recycled": [Stage.RECYCLED], "disqualified": [Stage.DISQUALIFIED]}
    states["won"] = [Stage.CUSTOMER]
    return {
        f"{stage}_{state}": Count("id", filter=came_as_far_as(stage) & Q(stage__in=stages))
        for stage in FUNNEL
        for state, stages in states.items()
    }


def _read_steps(found: dict[str, Any], before: dict[str, Any], *, basis: Basis) -> list[FunnelStep]:
    is_cohort = basis == Basis.COHORT
    parts = ("open", "recycled", "disqualified", "won") if is_cohort else ()
    steps = []
    for index, stage in enumerate(FUNNEL):
        former = FUNNEL[index - 1] if index else None
        went_on = found[f"{stage}_both" if is_cohort else stage.value] if former else 0
        steps.append(
            FunnelStep(
                stage=stage,
                label=str(stage.label) if former else CAPTURED,
                reached=found[stage.value],
                reached_before=before[stage.value],
                rate=_share(went_on, found[former.value]) if former else None,
                rate_from_top=_share(found[stage.value], found[Stage.NEW.value]) if former else None,
                median_seconds=found[f"{stage}_seconds"] if former else None,
                **{part: found[f"{stage}_{part}"] for part in parts},
            )
        )
    return steps


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
