"""A target stands until another month changes it; who changed it is in the audit log."""

from datetime import date
from decimal import Decimal

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.models import Organization
from reporting.models import Metric, Target
from reporting.targets import ImpossibleTarget, get_targets, set_target
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
        (Metric.REVENUE, "1e13"),
        (Metric.LEAD_TO_MQL_RATE, "1.5"),
        (Metric.REVENUE, "NaN"),
    ],
)
def test_impossible_targets_are_refused_at_their_field(
    in_scope: Organization, ada: Membership, metric: Metric, value: str
) -> None:
    with pytest.raises(ImpossibleTarget) as caught:
        aim(ada, MARCH, value, metric)
    assert caught.value.field == metric
