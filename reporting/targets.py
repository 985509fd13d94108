"""Targets: what each number should reach, month by month. Called by reports, home, targets page and API."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from reporting.models import Metric, Target
from reporting.periods import Period, find_next_month

LARGEST = Decimal(10) ** 12


class ImpossibleTarget(DomainError):
    """A target that no number could be held against."""


@dataclass(frozen=True, kw_only=True)
class MetricTrait:
    """How a metric is written, whether less of it is better, and whether a month's target spreads over its days."""

    unit: str
    is_lower_better: bool = False
    adds_up: bool = False


TRAITS: dict[Metric, MetricTrait] = {
    Metric.QUALIFIED_LEADS: MetricTrait(unit="count", adds_up=True),
    Metric.QUOTE_VALUE: MetricTrait(unit="money", adds_up=True),
    Metric.PIPELINE: MetricTrait(unit="money", adds_up=True),
    Metric.REVENUE: MetricTrait(unit="money", adds_up=True),
    Metric.COST_PER_QUALIFIED_LEAD: MetricTrait(unit="money", is_lower_better=True),
    Metric.LEAD_TO_MQL_RATE: MetricTrait(unit="share"),
    Metric.MQL_ACCEPTANCE_RATE: MetricTrait(unit="share"),
    Metric.FIRST_ATTEMPT_SECONDS: MetricTrait(unit="seconds", is_lower_better=True),
    Metric.FIRST_CONTACT_SECONDS: MetricTrait(unit="seconds", is_lower_better=True),
    Metric.STAGE_VELOCITY_DAYS: MetricTrait(unit="days", is_lower_better=True),
}


def get_targets(*, month: date) -> Mapping[Metric, Decimal]:
    """Return the targets that stand in the month: each metric's latest set in it or before."""
    standing = Target.objects.filter(month__lte=month).order_by("metric", "-month").distinct("metric")
    return {Metric(target.metric): target.value for target in standing if target.value is not None}


def spread_targets(*, period: Period) -> dict[Metric, Decimal]:
    """Return what a period should reach.

    A sum's target is each month's, spread over its days; any other is that of the period's last month.
    """
    history = list(Target.objects.filter(month__lte=period.last_on).order_by("metric", "month"))
    return {
        metric: wanted
        for metric, trait in TRAITS.items()
        if (wanted := _spread([each for each in history if each.metric == metric], period, adds_up=trait.adds_up))
    }


def _spread(history: list[Target], period: Period, *, adds_up: bool) -> Decimal | None:
    if not adds_up:
        return history[-1].value if history else None
    wanted = Decimal(0)
    for number, target in enumerate(history):
        monthly = target.value or Decimal(0)
        ends_on = history[number + 1].month - timedelta(days=1) if number + 1 < len(history) else period.last_on
        wanted += sum(
            monthly * days / monthrange(month.year, month.month)[1]
            for month, days in _count_days(max(target.month, period.first_on), min(ends_on, period.last_on))
        )
    return wanted.quantize(Decimal("0.01"))


def _count_days(first_on: date, last_on: date) -> Iterator[tuple[date, int]]:
    """Yield each month between two days with how many of its days lie between them."""
    while first_on <= last_on:
        next_month = find_next_month(first_on)
        yield first_on, (min(last_on + timedelta(days=1), next_month) - first_on).days
        first_on = next_month


def set_targets(*, targets: Mapping[Metric, Decimal | None], month: date, actor: Membership, now: datetime) -> None:
    """Set what each of the metrics should reach from the month on, all or none. Raises `ImpossibleTarget`."""
    with transaction.atomic():
        for metric, value in targets.items():
            set_target(metric=metric, month=month, value=value, actor=actor, now=now)


def set_target(*, metric: Metric, month: date, value: Decimal | None, actor: Membership, now: datetime) -> None:
    """Set what the metric should reach from the month on; None ends it. The same again changes nothing.

    Raises `ImpossibleTarget`.
    """
    month = month.replace(day=1)
    wanted = None if value is None else _require_possible(metric, value)
    before = get_targets(month=month).get(metric)
    if before == wanted:
        return
    Target.objects.update_or_create(metric=metric, month=month, defaults={"value": wanted, "updated_at": now})
    record_change(
        actor=actor,
        action="target.set",
        target_kind="target",
        target_id=None,
        summary=f"Target for {metric.label} from {month:%B %Y}",
        now=now,
        before={TRAITS[metric].unit: _write(before)},
        after={TRAITS[metric].unit: _write(wanted), "month": month.isoformat()},
    )


def _require_possible(metric: Metric, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 < value < LARGEST:
        raise ImpossibleTarget("Enter a target above zero.", field=metric)
    if TRAITS[metric].unit == "share" and value > 1:
        raise ImpossibleTarget("Enter at most 100 percent.", field=metric)
    return value.quantize(Decimal("0.0001"))


def _write(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
