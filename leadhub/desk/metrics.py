"""The five metrics of the last days with trend and target, and what is unusual: one reading for home and the API.

Composed here, since reporting does not know routing's answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from leadhub.tenancy.models import Organization
from reporting.anomalies import Anomaly
from reporting.cost import measure_weekly_cost
from reporting.days import WEEKS_BEFORE, list_days
from reporting.earlier_cohorts import measure_former_weeks
from reporting.metrics import (
    MetricNumber,
    build_metrics,
    read_acceptance,
    read_mql_rate,
    read_revenue,
    read_speeds,
    read_velocity,
    span_weeks,
)
from reporting.models import Metric
from reporting.periods import Period, last_days
from reporting.source_value import SourceValueReport, report_source_value
from reporting.targets import spread_targets
from reporting.unusual import find_unusual
from routing.acceptance import count_answers_by_day

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The metrics of a period, the source and value report they share, and what is unusual in the last week."""

    period: Period
    numbers: list[MetricNumber]
    report: SourceValueReport
    anomalies: list[Anomaly]


def read_metrics(*, organization: Organization, now: datetime) -> Reading:
    """Read the last thirty days, today included; eleven statements whatever there is."""
    period = last_days(DAYS, now=now, zone_name=organization.time_zone)
    currency, whole = organization.currency, span_weeks(period)
    days = list_days(period=whole, currency=currency, as_of=period.same_age(now))
    report = report_source_value(period=period, currency=currency, now=now)
    yesterday, weeks = period.last_on - timedelta(days=1), WEEKS_BEFORE + 1
    cohorts = measure_former_weeks(last_on=yesterday, weeks=weeks, zone=period.zone, now=now)
    costs = measure_weekly_cost(last_on=yesterday, weeks=weeks, currency=currency)
    answers = count_answers_by_day(since=whole.starts_at, until=whole.ends_at, zone=period.zone)
    attempt, contact = read_speeds(period=period)
    revenue = report.before.sales_value if report.before else report.total.sales_value
    series = {
        Metric.LEAD_TO_MQL_RATE: read_mql_rate(days=days, period=period),
        Metric.MQL_ACCEPTANCE_RATE: read_acceptance(answers=answers, period=period),
        Metric.FIRST_ATTEMPT_SECONDS: attempt,
        Metric.FIRST_CONTACT_SECONDS: contact,
        Metric.STAGE_VELOCITY_DAYS: read_velocity(period=period),
        Metric.REVENUE: read_revenue(days=days, period=period, value=report.total.sales_value, before=revenue),
    }
    return Reading(
        period=period,
        numbers=build_metrics(series, targets=spread_targets(period=period)),
        report=report,
        anomalies=find_unusual(days=days, cohorts=cohorts, costs=costs, today=period.last_on, currency=currency),
    )
