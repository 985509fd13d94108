"""Spend spreads evenly over its days, exactly to the hundredth, and never below the level it was entered at."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Channel, Verdict
from leadhub.leads.values import ImpossibleAmount
from leadhub.tenancy.models import Organization
from reporting.cost import Cost, measure_cost, measure_daily_cost
from reporting.models import Spend
from reporting.periods import Period
from reporting.source_value import Row, report_source_value
from reporting.spend import BadSpend, SpendKnown, SpendLine, change_spend, delete_spend, enter_spend
from tests.factories import LeadFactory
from tests.personas import NOW

UTC = ZoneInfo("UTC")
MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=UTC)


def line(amount: str = "100", **changes: object) -> SpendLine:
    """What was spent on paid search in March."""
    values: dict[str, object] = {
        "channel": Channel.PAID_SEARCH,
        "first_on": MARCH.first_on,
        "last_on": MARCH.last_on,
        "amount": Decimal(amount),
        "currency": "USD",
        **changes,
    }
    return SpendLine(**values)  # type: ignore[arg-type]


def cost_of(first_on: date, last_on: date) -> Decimal | None:
    period = Period(first_on=first_on, last_on=last_on, zone=UTC)
    found = measure_cost(period=period, currency="USD", dimension="channel", within={})
    return found.get("paid_search", Cost()).amount


def rows_of(dimension: str = "channel", **within: str) -> dict[str, Row]:
    report = report_source_value(period=MARCH, currency="USD", dimension=dimension, within=within)
    return {row.label: row for row in report.rows}


def test_every_cut_of_the_days_adds_up_to_the_amount(in_scope: Organization, ada: Membership) -> None:
    enter_spend(line=line("100.01", last_on=date(2026, 3, 7)), actor=ada, now=NOW)
    enter_spend(line=line("50", source="google", currency="EUR"), actor=ada, now=NOW)
    days = [MARCH.first_on + timedelta(days=number) for number in range(7)]
    daily = [cost_of(day, day) or Decimal(0) for day in days]
    assert sum(daily) == Decimal("100.01")
    assert max(daily) - min(daily) == Decimal("0.01")
    assert cost_of(days[0], days[2]) == sum(daily[:3])
    assert measure_daily_cost(period=MARCH, currency="USD", within={}) == dict(zip(days, daily, strict=True))
    assert cost_of(date(2026, 2, 1), date(2026, 2, 28)) is None


def test_no_spend_reads_no_cost_and_spend_of_nothing_reads_zero(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada)
    LeadFactory(owner=ada, channel=Channel.REFERRAL)
    enter_spend(line=line("0"), actor=ada, now=NOW)
    rows = rows_of()
    assert rows["Referral"].numbers.cost is None
    assert rows["Referral"].numbers.cost_per_lead is None
    assert rows["Paid Search"].numbers.cost == 0
    assert rows["Paid Search"].numbers.roas is None


def test_cost_per_lead_and_return(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, verdict=Verdict.QUALIFIED, sales_value=Decimal(900))
    LeadFactory.create_batch(2, owner=ada)
    enter_spend(line=line("300"), actor=ada, now=NOW)
    numbers = rows_of()["Paid Search"].numbers
    got = (numbers.cost_per_lead, numbers.cost_per_qualified_lead, numbers.roas)
    assert got == (Decimal(100), Decimal(300), Decimal(3))


def test_spend_is_never_pushed_below_its_level(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, source="google", campaign="spring")
    LeadFactory(owner=ada, source="")
    enter_spend(line=line("100"), actor=ada, now=NOW)
    enter_spend(line=line("50", source="Google "), actor=ada, now=NOW)
    enter_spend(line=line("7", source="google", campaign="spring"), actor=ada, now=NOW)
    assert rows_of()["Paid Search"].numbers.cost == Decimal(157)
    sources = rows_of("source", channel="paid_search")
    assert sources["google"].numbers.cost == Decimal(57)
    assert sources["Unknown"].numbers.cost is None
    assert sources["Spend not split by source"].numbers.cost == Decimal(100)
    campaigns = rows_of("campaign", channel="paid_search", source="google")
    assert campaigns["spring"].numbers.cost == Decimal(7)
    assert campaigns["Spend not split by campaign"].numbers.cost == Decimal(50)
    keywords = rows_of("term", channel="paid_search", source="google", campaign="spring")
    assert keywords["Spend not split by keyword"].numbers.cost == Decimal(7)
    for within in ({"source": ""}, {"source": "google", "campaign": "spring", "term": "roof"}):
        assert measure_cost(period=MARCH, currency="USD", dimension="landing_page", within=within) == {}


def test_spend_without_leads_is_its_own_row(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada)
    enter_spend(line=line("80", channel=Channel.DISPLAY), actor=ada, now=NOW)
    row = rows_of()["Display"]
    assert (row.numbers.leads, row.numbers.cost, row.numbers.cost_per_lead) == (0, Decimal(80), None)


def test_money_of_another_currency_is_not_summed(in_scope: Organization, ada: Membership) -> None:
    enter_spend(line=line("80", currency="eur"), actor=ada, now=NOW)
    numbers = rows_of()["Paid Search"].numbers
    assert (numbers.cost, numbers.foreign_spend) == (None, 1)
    enter_spend(line=line("20", source="google"), actor=ada, now=NOW)
    enter_spend(line=line("30", source="bing", currency="GBP"), actor=ada, now=NOW)
    numbers = rows_of()["Paid Search"].numbers
    assert (numbers.cost, numbers.foreign_spend) == (Decimal(20), 2)


def test_the_same_level_and_days_twice_is_refused(in_scope: Organization, ada: Membership) -> None:
    first = enter_spend(line=line("80", source="google"), actor=ada, now=NOW)
    with pytest.raises(SpendKnown):
        enter_spend(line=line("90", source=" Google"), actor=ada, now=NOW)
    other = enter_spend(line=line("80", source="bing"), actor=ada, now=NOW)
    with pytest.raises(SpendKnown):
        change_spend(spend=other, line=line("1", source="google"), actor=ada, now=NOW)
    change_spend(spend=first, line=line("90", source="google"), actor=ada, now=NOW)
    assert Spend.objects.get(pk=first.pk).amount == Decimal(90)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": Channel.UNKNOWN}, "channel"),
        ({"first_on": date(2026, 4, 1)}, "first_on"),
        ({"last_on": date(2036, 4, 1)}, "last_on"),
        ({"currency": "dollars"}, "currency"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
    ],
)
def test_spend_that_makes_no_sense_is_refused_at_its_field(
    in_scope: Organization, ada: Membership, changes: dict[str, object], field: str
) -> None:
    with pytest.raises((BadSpend, ImpossibleAmount)) as caught:
        enter_spend(line=line(**changes), actor=ada, now=NOW)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not Spend.objects.exists()


def test_audit_keeps_what_spend_was(in_scope: Organization, ada: Membership) -> None:
    spend = enter_spend(line=line("80"), actor=ada, now=NOW)
    change_spend(spend=spend, line=line("80"), actor=ada, now=NOW)
    change_spend(spend=spend, line=line("90"), actor=ada, now=NOW)
    delete_spend(spend=spend, actor=ada, now=NOW)
    delete_spend(spend=spend, actor=ada, now=NOW)
    entries = AuditEntry.objects.filter(target_kind="spend").order_by("id")
    amounts = [(entry.action, entry.before.get("amount"), entry.after.get("amount")) for entry in entries]
    assert amounts == [
        ("spend.entered", None, "80.00"),
        ("spend.changed", "80.00", "90.00"),
        ("spend.deleted", "90.00", None),
    ]
