"""The five metrics of the home page, each by its definition (ADR 55) and saying its basis. Called by home and the API.

What sales answered is counted by routing, which reporting does not know: the desk hands it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reporting.days import DayOfSource, keep_days, list_weeks
from reporting.medians import measure_medians
from reporting.models import Metric
from reporting.percentiles import seconds_between
from reporting.periods import Period
from reporting.slices import Basis
from reporting.source_value import list_counted
from reporting.speed import list_promised
from reporting.targets import TRAITS

SECONDS_A_DAY = 86_400
Number = float | None


@dataclass(frozen=True, kw_only=True)
class MetricNumber:
    """One metric over a period; `before` is the period before, `trend` the last weeks, the earliest first.

    The value is in the metric's own unit (`TRAITS`): a share of 1, seconds, days or money.
    """

    metric: Metric
    basis: Basis
    meaning: str
    value: Number
    before: Number
    target: Number
    trend: list[float]

    @property
    def is_met(self) -> bool | None:
        """Say whether the target is reached; None without a target or a value."""
        return self._is_as_good_as(self.target)

    @property
    def is_better(self) -> bool | None:
        """Say whether it is better than, or as good as, before; None where there is nothing to compare."""
        return self._is_as_good_as(self.before)

    def _is_as_good_as(self, other: Number) -> bool | None:
        if self.value is None or other is None:
            return None
        return self.value <= other if TRAITS[self.metric].is_lower_better else self.value >= other


@dataclass(frozen=True, kw_only=True)
class Series:
    """What a metric was: now, before, and week by week."""

    value: Number
    before: Number
    trend: list[Number]


MEANINGS: Mapping[Metric, tuple[Basis, str]] = {
    Metric.LEAD_TO_MQL_RATE: (Basis.COHORT, "MQLs ÷ leads, by the day a lead arrived; the period before at equal age"),
    Metric.MQL_ACCEPTANCE_RATE: (
        Basis.ACTIVITY,
        "Accepted ÷ (accepted + rejected + expired), each MQL by sales' first answer, by the day it became an MQL",
    ),
    Metric.FIRST_ATTEMPT_SECONDS: (
        Basis.COHORT,
        "Median wall-clock time from when sales was asked to the first human attempt, by the day it was asked",
    ),
    Metric.FIRST_CONTACT_SECONDS: (
        Basis.COHORT,
        "Median wall-clock time from when sales was asked to the first two-way contact, by the day it was asked",
    ),
    Metric.STAGE_VELOCITY_DAYS: (Basis.ACTIVITY, "Median time from captured to customer, by the day it was won"),
    Metric.REVENUE: (Basis.COHORT, "Won deals of the leads that arrived; the period before at equal age"),
}


def build_metrics(series: Mapping[Metric, Series], *, targets: Mapping[Metric, Decimal]) -> list[MetricNumber]:
    """Return the metrics in order, with their targets."""
    return [
        MetricNumber(
            metric=metric,
            basis=basis,
            meaning=meaning,
            value=series[metric].value,
            before=series[metric].before,
            target=float(targets[metric]) if metric in targets else None,
            trend=[each for each in series[metric].trend if each is not None],
        )
        for metric, (basis, meaning) in MEANINGS.items()
    ]


def read_mql_rate(*, days: list[DayOfSource], period: Period) -> Series:
    """Return the share of leads that became MQLs; before, of those that had arrived as many as were by then."""
    before = period.before()
    earlier = keep_days(days, before.first_on, before.last_on)
    return Series(
        value=_rate(keep_days(days, period.first_on, period.last_on)),
        before=_share(sum(each.mqls_then for each in earlier), sum(each.leads_then for each in earlier)),
        trend=[_rate(keep_days(days, *week)) for week in list_weeks(period.last_on)],
    )


def read_acceptance(*, answers: Mapping[date, Mapping[str, int]], period: Period) -> Series:
    """Return the share of the answered MQLs that were accepted; `answers` by day and first answer."""
    before = period.before()
    return Series(
        value=_accepted(answers, period.first_on, period.last_on),
        before=_accepted(answers, before.first_on, before.last_on),
        trend=[_accepted(answers, *week) for week in list_weeks(period.last_on)],
    )


def read_speeds(*, period: Period) -> tuple[Series, Series]:
    """Return the median seconds to the first attempt and to the first contact; one statement."""
    spans = [seconds_between("promised_from", f"first_{name}_at") for name in ("attempt", "contact")]
    promised = list_promised(period=span_weeks(period))
    attempt, contact = (
        Series(value=found.now, before=found.before, trend=found.weeks)
        for found in measure_medians(promised, *spans, at="promised_from", period=period)
    )
    return attempt, contact


def read_velocity(*, period: Period) -> Series:
    """Return the median days from captured to customer of those who were won; one statement."""
    whole = span_weeks(period)
    won = list_counted().filter(customer_at__gte=whole.starts_at, customer_at__lt=whole.ends_at)
    spans = [seconds_between("captured_at", "customer_at")]
    (found,) = measure_medians(won, *spans, at="customer_at", period=period)
    return Series(value=_to_days(found.now), before=_to_days(found.before), trend=[*map(_to_days, found.weeks)])


def read_revenue(*, days: list[DayOfSource], period: Period, value: Decimal, before: Decimal) -> Series:
    """Return the sales of the leads that arrived, as the source and value report sums them."""
    weeks = (keep_days(days, *week) for week in list_weeks(period.last_on))
    trend: list[Number] = [float(sum(each.sales_value for each in week)) for week in weeks]
    return Series(value=float(value), before=float(before), trend=trend)


def span_weeks(period: Period) -> Period:
    """Return the days that trend and comparison need."""
    first_on = min(list_weeks(period.last_on)[0][0], period.before().first_on)
    return replace(period, first_on=first_on)


def _rate(days: list[DayOfSource]) -> Number:
    return _share(sum(each.mqls for each in days), sum(each.leads for each in days))


def _accepted(answers: Mapping[date, Mapping[str, int]], first_on: date, last_on: date) -> Number:
    kept = [counted for day, counted in answers.items() if first_on <= day <= last_on]
    return _share(sum(each.get("accepted", 0) for each in kept), sum(sum(each.values()) for each in kept))


def _share(part: int, whole: int) -> Number:
    return part / whole if whole else None


def _to_days(seconds: Number) -> Number:
    return None if seconds is None else seconds / SECONDS_A_DAY
