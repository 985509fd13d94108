"""Targets: what each number should reach, month by month. Called by the report pages, home and the targets page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from reporting.models import Metric, Target

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
    standing = Target.objects.filter(month__lte=month.replace(day=1)).order_by("metric", "-month").distinct("metric")
    return {Metric(target.metric): target.value for target in standing if target.value is not None}


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
        before={"value": _write(before)},
        after={"value": _write(wanted), "month": month.isoformat()},
    )


def _require_possible(metric: Metric, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 < value < LARGEST:
        raise ImpossibleTarget("Enter a target above zero.", field=metric)
    if TRAITS[metric].unit == "share" and value > 1:
        raise ImpossibleTarget("Enter at most 100 percent.", field=metric)
    return value.quantize(Decimal("0.0001"))


def _write(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
