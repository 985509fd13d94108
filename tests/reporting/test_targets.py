"""A target stands until another month changes it; who changed it is in the audit log."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.models import Organization
from reporting.models import Metric, Target
from reporting.periods import Period
from reporting.targets import ImpossibleTarget, get_targets, set_target, set_targets, spread_targets
from tests.personas import NOW

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def aim(actor: Membership, month: date, value: str | None, metric: Metric = Metric.REVENUE) -> None:
    number = None if value is None else Decimal(value)
    set_target(metric=metric, month=month, value=number, actor=actor, now=NOW)


def test_target_stands_until_a_later_month_changes_or_ends_it(in_scope: Organization, ada: Membership) -> None:
    aim(ada, MARCH, "1000")
    aim(ada, MAY, None)
    assert get_targets(month=date(2026, 2, 1)) == {}
    assert get_targets(month=date(2026, 4, 17)) == {Metric.REVENUE: Decimal(1000)}
    assert get_targets(month=MAY) == {}


def test_a_month_holds_one_target_a_metric(in_scope: Organization, ada: Membership) -> None:
    aim(ada, MARCH, "1000")
    aim(ada, date(2026, 3, 20), "1500")
    aim(ada, MARCH, "7", Metric.QUALIFIED_LEADS)
    assert get_targets(month=MARCH) == {Metric.REVENUE: Decimal(1500), Metric.QUALIFIED_LEADS: Decimal(7)}
    assert Target.objects.count() == 2


def test_the_same_target_again_changes_nothing(in_scope: Organization, ada: Membership) -> None:
    aim(ada, MARCH, "0.25", Metric.LEAD_TO_MQL_RATE)
    aim(ada, APRIL, "0.25", Metric.LEAD_TO_MQL_RATE)
    assert Target.objects.count() == 1
    entry = AuditEntry.objects.get(action="target.set")
    assert (entry.actor, entry.before, entry.after) == (ada, {"share": None}, {"share": "0.25", "month": "2026-03-01"})


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Metric.REVENUE, "0"),
        (Metric.REVENUE, "-5"),
        (Metric.REVENUE, "1e12"),
        (Metric.LEAD_TO_MQL_RATE, "1.0001"),
        (Metric.REVENUE, "NaN"),
    ],
)
def test_impossible_targets_are_refused_at_their_field(
    in_scope: Organization, ada: Membership, metric: Metric, value: str
) -> None:
    with pytest.raises(ImpossibleTarget) as caught:
        aim(ada, MARCH, value, metric)
    assert caught.value.field == metric


def test_several_are_set_all_or_none_and_all_leads_may_be_aimed_at(in_scope: Organization, ada: Membership) -> None:
    both: dict[Metric, Decimal | None] = {Metric.LEAD_TO_MQL_RATE: Decimal(1), Metric.REVENUE: Decimal(0)}
    with pytest.raises(ImpossibleTarget):
        set_targets(targets=both, month=MARCH, actor=ada, now=NOW)
    assert get_targets(month=MARCH) == {}
    set_targets(targets={**both, Metric.REVENUE: Decimal(9)}, month=MARCH, actor=ada, now=NOW)
    assert get_targets(month=MARCH) == {Metric.LEAD_TO_MQL_RATE: Decimal(1), Metric.REVENUE: Decimal(9)}


def test_a_sum_is_spread_over_its_months_days_and_a_rate_is_the_last_months(
    in_scope: Organization, ada: Membership
) -> None:
    for month, revenue, rate in ((date(2026, 2, 1), "280", "0.1"), (MARCH, "3100", "0.2"), (MAY, None, "0.3")):
        aim(ada, month, revenue)
        aim(ada, month, rate, Metric.LEAD_TO_MQL_RATE)
    expected = {
        (date(2026, 2, 27), date(2026, 3, 2)): ("220", "0.2"),  # two days of 10, two of 100
        (date(2026, 3, 10), date(2026, 3, 10)): ("100", "0.2"),
        (date(2026, 4, 30), date(2026, 5, 1)): ("103.33", "0.3"),  # a day of April's 30
        (date(2026, 1, 1), date(2026, 2, 3)): ("30", "0.1"),
    }
    for (first_on, last_on), (revenue, rate) in expected.items():
        spread = spread_targets(period=Period(first_on=first_on, last_on=last_on, zone=ZoneInfo("UTC")))
        assert spread == {Metric.REVENUE: Decimal(revenue), Metric.LEAD_TO_MQL_RATE: Decimal(rate)}, first_on
