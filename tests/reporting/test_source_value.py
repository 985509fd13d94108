"""Source and value counts the right leads, and its parts sum to the whole."""

import random
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Lead, Verdict
from leadhub.tenancy.models import Organization
from reporting.periods import Period
from reporting.source_value import Numbers, report_source_value
from tests.factories import CAPTURED_AT, LeadFactory

MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=ZoneInfo("UTC"))


def test_unqualified_values_do_not_count(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, verdict=Verdict.QUALIFIED, quote_value=Decimal(1000))
    LeadFactory(owner=ada, verdict=Verdict.UNQUALIFIED, quote_value=Decimal(500))
    report = report_source_value(period=MARCH, currency="USD")
    assert [row.label for row in report.rows] == ["Paid Search"]
    assert report.total == Numbers(leads=2, qualified=1, still_open=2, quote_value=Decimal(1000))
    assert report.total.qualified_rate == 0.5


def test_jobseekers_tests_and_other_days_are_not_counted(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, verdict=Verdict.NOT_A_LEAD)
    LeadFactory(owner=ada, is_test=True)
    LeadFactory(owner=ada, captured_at=CAPTURED_AT - timedelta(days=1))
    LeadFactory(owner=ada, channel=Channel.UNKNOWN)
    report = report_source_value(period=MARCH, currency="USD")
    assert [(row.label, row.numbers.leads) for row in report.rows] == [("Unknown", 1)]


def test_money_of_another_currency_is_counted_apart(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, verdict=Verdict.QUALIFIED, quote_value=Decimal(1000), currency="EUR")
    total = report_source_value(period=MARCH, currency="USD").total
    assert (total.leads, total.quote_value, total.foreign_currency) == (1, Decimal(0), 1)


def test_parts_sum_to_the_whole_on_every_level(in_scope: Organization, ada: Membership) -> None:
    fill_randomly(ada, seed=7, count=120)
    counted = [lead for lead in Lead.objects.all() if lead.verdict != Verdict.NOT_A_LEAD]
    qualified = [lead for lead in counted if lead.verdict == Verdict.QUALIFIED]
    expected = Numbers(
        leads=len(counted),
        qualified=len(qualified),
        still_open=len(counted),
        quote_value=sum(
            (lead.quote_value or Decimal(0) for lead in counted if lead.verdict == Verdict.QUALIFIED), Decimal(0)
        ),
        pipeline_value=sum((lead.pipeline_value for lead in counted), Decimal(0)),
        sales_value=sum((lead.sales_value for lead in counted), Decimal(0)),
    )
    for dimension in ("channel", "source", "campaign"):
        assert report_source_value(period=MARCH, currency="USD", dimension=dimension).total == expected
    by_channel = report_source_value(period=MARCH, currency="USD")
    for row in by_channel.rows:
        below = report_source_value(period=MARCH, currency="USD", dimension="source", within={"channel": row.value})
        assert below.total == row.numbers


def test_report_is_one_statement_for_leads_and_one_for_spend(in_scope: Organization, ada: Membership) -> None:
    fill_randomly(ada, seed=1, count=20)
    with CaptureQueriesContext(connection) as captured:
        report_source_value(period=MARCH, currency="USD")
    assert len(captured) == 2
    with CaptureQueriesContext(connection) as captured:
        report_source_value(period=MARCH, currency="USD", now=CAPTURED_AT)
    assert len(captured) == 4


def fill_randomly(owner: Membership, *, seed: int, count: int) -> None:
    """Make leads of every channel, verdict and value."""
    chance = random.Random(seed)
    for _ in range(count):
        LeadFactory(
            owner=owner,
            channel=chance.choice(Channel.values),
            source=chance.choice(["google", "bing", ""]),
            campaign=chance.choice(["spring", "brand", ""]),
            verdict=chance.choice(Verdict.values),
            quote_value=chance.choice([None, Decimal(chance.randint(0, 9_000_000)) / 100]),
            pipeline_value=Decimal(chance.randint(0, 500_000)) / 100,
            sales_value=Decimal(chance.randint(0, 500_000)) / 100,
            captured_at=CAPTURED_AT + timedelta(hours=chance.randint(0, 24 * 29)),
        )
