"""The funnel: how far the leads of a cohort have come. Read-only, one statement."""

from dataclasses import dataclass

from django.db.models import Count, Q

from leadhub.leads.models import Stage
from reporting.periods import Period
from reporting.source_value import list_cohort

REACHED: tuple[tuple[Stage, str], ...] = (
    (Stage.MQL, "mql_at"),
    (Stage.SAL, "sal_at"),
    (Stage.SQL, "sql_at"),
    (Stage.OPPORTUNITY, "opportunity_at"),
    (Stage.CUSTOMER, "customer_at"),
)


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """A stage, how many leads of the cohort reached it, and the share of those of the step before."""

    stage: str
    label: str
    reached: int
    rate: float | None


def report_funnel(*, period: Period) -> list[FunnelStep]:
    """Return the steps from all captured leads to customers.

    A lead counts at a stage when it has that stage's evidence, so stages that were skipped are not filled in.
    """
    counts = list_cohort(period=period).aggregate(
        new=Count("id"),
        **{stage.value: Count("id", filter=Q(**{f"{column}__isnull": False})) for stage, column in REACHED},
    )
    steps = [FunnelStep(stage=Stage.NEW, label="Captured", reached=counts["new"], rate=None)]
    for stage, _ in REACHED:
        before, reached = steps[-1].reached, counts[stage.value]
        rate = reached / before if before else None
        steps.append(FunnelStep(stage=stage, label=str(stage.label), reached=reached, rate=rate))
    return steps
