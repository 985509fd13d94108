"""The parts sum to the whole: on every level, in every cut of the days, for any leads and any spend."""

import random
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Lead, Stage, Verdict
from leadhub.tenancy.models import Organization
from reporting.models import Spend
from reporting.periods import Period
from reporting.source_value import DIMENSIONS, Numbers, SourceValueReport, add_numbers, report_source_value
from reporting.trend import read_trend
from tests.factories import LeadFactory
from tests.reporting.random_leads import examples, undone

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin"]
CHANNELS = [Channel.PAID_SEARCH, Channel.PAID_SOCIAL, Channel.UNKNOWN]
NOW = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


def write_leads(owner: Membership, chance: random.Random) -> None:
    """Write leads of every verdict, some of them second passes, and delete a few."""
    for _ in range(chance.randint(0, 14)):
        lead: Lead = LeadFactory.create(owner=owner, **choose_lead(chance))
        if lead.stage == Stage.RECYCLED:
            LeadFactory(owner=owner, person=lead.person, number=2, **{**choose_lead(chance), "stage": Stage.NEW})
        if chance.random() < 0.1:
            Lead.objects.filter(pk=lead.pk).delete()


def choose_lead(chance: random.Random) -> dict[str, object]:
    """Choose what a lead came by, when, and what it is worth."""
    captured_at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(-40 * 1440, 45 * 1440))
    return {
        "captured_at": captured_at,
        "channel": chance.choice(CHANNELS),
        "source": chance.choice(["google", "bing", ""]),
        "campaign": chance.choice(["spring", ""]),
        "term": chance.choice(["roof", ""]),
        "landing_page": chance.choice(["https://a.example/", ""]),
        "stage": chance.choice([Stage.NEW, Stage.CUSTOMER, Stage.RECYCLED]),
        "verdict": chance.choice(Verdict.values),
        "is_test": chance.random() < 0.1,
        "currency": chance.choice(["USD", "USD", "EUR"]),
        "quote_value": chance.choice([None, Decimal(chance.randint(0, 9_000_000)) / 100]),
        "pipeline_value": Decimal(chance.randint(0, 500_000)) / 100,
        "sales_value": chance.choice([Decimal(0), Decimal(chance.randint(0, 500_000)) / 100]),
    }


def write_spend(owner: Membership, chance: random.Random) -> None:
    """Write spend of every level over days that cross the period's edges."""
    for _ in range(chance.randint(0, 8)):
        first_on = date(2026, 2, 1) + timedelta(days=chance.randint(-20, 60))
        source = chance.choice(["google", "bing", "yandex", ""])
        Spend.objects.get_or_create(
            channel=chance.choice([*CHANNELS[:2], Channel.DISPLAY]),
            source=source,
            campaign=chance.choice(["spring", "winter", ""]),
            first_on=first_on,
            last_on=first_on + timedelta(days=chance.choice([0, 6, 30, 364])),
            defaults={
                "amount": Decimal(chance.randint(0, 1_000_000)) / 100,
                "currency": chance.choice(["USD", "USD", "EUR"]),
                "entered_by": owner,
                "updated_at": NOW,
            },
        )


def expect(period: Period) -> Numbers:
    """Count the leads of the period one by one."""
    leads = [
        lead
        for lead in Lead.objects.all()
        if not lead.is_test
        and lead.verdict != Verdict.NOT_A_LEAD
        and period.first_on <= lead.captured_at.astimezone(period.zone).date() <= period.last_on
    ]
    ours = [lead for lead in leads if lead.currency == "USD"]
    good = [lead for lead in leads if lead.verdict == Verdict.QUALIFIED]
    rich = [lead for lead in leads if (lead.quote_value or 0) > 0 or lead.pipeline_value > 0 or lead.sales_value > 0]
    return Numbers(
        leads=len(leads),
        qualified=len(good),
        still_open=sum(lead.is_open for lead in leads),
        quote_value=sum((lead.quote_value or Decimal(0) for lead in good if lead in ours), Decimal(0)),
        pipeline_value=sum((lead.pipeline_value for lead in ours), Decimal(0)),
        sales_value=sum((lead.sales_value for lead in ours), Decimal(0)),
        foreign_currency=sum(lead not in ours for lead in rich),
    )


def check_levels(report: SourceValueReport, within: dict[str, str]) -> None:
    """Assert that each row is the whole of the level below it, now and before, as far down as there are leads."""
    depth = DIMENSIONS.index(report.dimension)
    if depth + 1 == len(DIMENSIONS):
        return
    for row in report.rows:
        if row.is_split:
            chosen = {**within, report.dimension: row.value}
            below = report_source_value(
                period=report.period, currency="USD", dimension=DIMENSIONS[depth + 1], within=chosen, now=NOW
            )
            assert (below.total, below.before) == (row.numbers, row.before), chosen
            if depth < 2:
                check_levels(below, chosen)


@given(seed=st.integers(0, 10**9), zone=st.sampled_from(ZONES), days=st.integers(1, 40), start=st.integers(0, 20))
@examples(12)
def test_parts_sum_to_the_whole(
    in_scope: Organization, ada: Membership, seed: int, zone: str, days: int, start: int
) -> None:
    chance = random.Random(seed)
    first_on = date(2026, 2, 20) + timedelta(days=start)
    period = Period(first_on=first_on, last_on=first_on + timedelta(days=days - 1), zone=ZoneInfo(zone))
    with undone():
        write_leads(ada, chance)
        write_spend(ada, chance)
        whole = report_source_value(period=period, currency="USD", now=NOW)
        assert replace(whole.total, cost=None, foreign_spend=0) == expect(period)
        for dimension in DIMENSIONS:
            other = report_source_value(period=period, currency="USD", dimension=dimension, now=NOW)
            assert (other.total, other.before) == (whole.total, whole.before)
        check_levels(whole, {})
        check_cuts(period, whole.total, chance)


def check_cuts(period: Period, whole: Numbers, chance: random.Random) -> None:
    """Assert that the trend's days, and any two halves of the period, add up to it."""
    trend = add_numbers(stretch.numbers for stretch in read_trend(period=period, currency="USD", within={}))
    summed = [field.name for field in fields(Numbers) if field.name != "foreign_spend"]
    assert [getattr(trend, name) for name in summed] == [getattr(whole, name) for name in summed]
    if period.days == 1:
        return
    middle = period.first_on + timedelta(days=chance.randint(0, period.days - 2))
    halves = [replace(period, last_on=middle), replace(period, first_on=middle + timedelta(days=1))]
    parts = add_numbers(report_source_value(period=half, currency="USD").total for half in halves)
    assert [getattr(parts, name) for name in summed] == [getattr(whole, name) for name in summed]
