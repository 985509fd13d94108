"""Lost reasons: leads by disposition and what was noted, deals by their reason; the parts sum to the whole."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.lifecycle import reopen_lead
from leadhub.leads.models import DispositionCode, Lead, Opportunity, OpportunityLead, Stage, Verdict
from leadhub.leads.stage_dates import ENDED
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from reporting.lost import DIMENSIONS, LostReport, report_lost
from reporting.periods import Period
from reporting.slices import Basis
from tests.factories import CAPTURED_AT, LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, make_random_lead, undone

MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=ZoneInfo("UTC"))
PERIOD = {"from": "2026-03-01", "to": "2026-03-31"}
DAY = timedelta(days=1)
REASONS = ("Too expensive", "too expensive ", "Went with Acme", "Total")


def lose(owner: Membership, **fields: object) -> Lead:
    """Write a recycled lead that chose a competitor."""
    values = {"disposition": "competitor", "recycled_at": CAPTURED_AT + DAY, "verdict": Verdict.QUALIFIED, **fields}
    lead: Lead = LeadFactory.create(owner=owner, stage=Stage.RECYCLED, **values)
    return lead


def lose_deal(lead: Lead, *, reason: str, amount: int = 100, closed_at: datetime = CAPTURED_AT) -> None:
    """Write a lost deal of the lead."""
    deal = Opportunity.objects.create(
        name="Roof",
        stage="lost",
        amount=Decimal(amount),
        currency=lead.currency,
        owner=lead.owner,
        opened_at=lead.captured_at,
        closed_at=closed_at,
        close_reason=reason,
    )
    OpportunityLead.objects.create(opportunity=deal, lead=lead, is_primary=True)


def test_leads_by_reason_and_what_was_noted(in_scope: Organization, ada: Membership) -> None:
    lose(ada, quote_value=Decimal(900), disposition_note="Acme")
    lose(ada, quote_value=Decimal(100), disposition_note=" acme")
    lose(ada, quote_value=Decimal(50), verdict=Verdict.UNQUALIFIED)
    lose(ada, quote_value=Decimal(70), currency="EUR")
    LeadFactory(owner=ada)
    report = report_lost(period=MARCH, currency="USD")
    (row,) = report.leads
    assert (row.label, row.count, row.worth, row.foreign_currency) == ("Chose a competitor", 4, Decimal(1000), 1)
    noted = report_lost(period=MARCH, currency="USD", reason="competitor")
    assert [(row.label, row.count, row.worth) for row in noted.leads] == [
        ("Acme", 2, Decimal(1000)),
        ("Nothing noted", 2, Decimal(0)),
    ]
    assert noted.lead_total == report.lead_total


def test_deals_by_reason_whatever_their_case(in_scope: Organization, ada: Membership) -> None:
    lead = LeadFactory.create(owner=ada)
    for reason in REASONS:
        lose_deal(lead, reason=reason)
    rows = report_lost(period=MARCH, currency="USD").deals
    assert [(row.label, row.count, row.worth) for row in rows] == [
        ("Too expensive", 2, Decimal(200)),
        ("Total", 1, Decimal(100)),
        ("Went with Acme", 1, Decimal(100)),
    ]


def test_by_activity_the_day_of_the_loss_counts(in_scope: Organization, ada: Membership) -> None:
    february = CAPTURED_AT - 10 * DAY
    lead = lose(ada, captured_at=february)
    lose_deal(lead, reason="Price")
    assert report_lost(period=MARCH, currency="USD").lead_total.count == 0
    report = report_lost(period=MARCH, currency="USD", basis=Basis.ACTIVITY)
    assert (report.lead_total.count, report.deal_total.count) == (1, 1)


def list_lost_on(day: date) -> LostReport:
    """Report what was lost on one day of March."""
    return report_lost(period=replace(MARCH, first_on=day, last_on=day), currency="USD", basis=Basis.ACTIVITY)


@examples(6)
@given(seed=st.integers(0, 10_000))
def test_lost_again_counts_once_on_the_day_of_the_last_loss(in_scope: Organization, ada: Membership, seed: int) -> None:
    chance = random.Random(seed)
    with undone():
        last: Counter[tuple[int, str]] = Counter()
        for lead in LeadFactory.create_batch(6, owner=ada, captured_at=CAPTURED_AT):
            for day in sorted(chance.sample(range(20), chance.randint(1, 4))):
                at = MARCH.starts_at + day * DAY
                code = chance.choice([DispositionCode.COLD, DispositionCode.COMPETITOR, DispositionCode.NO_FIT])
                reopen_lead(lead=lead, now=at, actor=ada, reason="Called again")
                dispose_lead(lead=lead, code=code, actor=ada, now=at)
            if chance.random() < 0.2:
                reopen_lead(lead=lead, now=at + DAY, actor=ada, reason="Called again")
            else:
                last[day, code.value] += 1
        days = [MARCH.first_on + day * DAY for day in range(31)]
        reports = [list_lost_on(day) for day in days]
        told = {(day, row.value): row.count for day, report in enumerate(reports) for row in report.leads}
        assert told == last
        whole = report_lost(period=MARCH, currency="USD", basis=Basis.ACTIVITY)
        assert whole.lead_total.count == report_lost(period=MARCH, currency="USD").lead_total.count == last.total()


def test_each_table_is_one_statement(in_scope: Organization, ada: Membership) -> None:
    for dimension in DIMENSIONS:
        with CaptureQueriesContext(connection) as captured:
            report_lost(period=MARCH, currency="USD", dimension=dimension)
        assert len(captured) == 2


@examples(8)
@given(seed=st.integers(0, 10_000), zone=st.sampled_from(["America/New_York", "Asia/Kathmandu"]))
def test_the_parts_sum_to_the_whole(
    in_scope: Organization, ada: Membership, ria: Membership, seed: int, zone: str
) -> None:
    chance = random.Random(seed)
    around = datetime(2026, 3, 8, 7, tzinfo=UTC)
    period = Period(first_on=date(2026, 3, 7), last_on=date(2026, 3, 9), zone=ZoneInfo(zone))
    with undone():
        for _ in range(25):
            lead = make_random_lead(chance, owners=[ada, ria], around=around, days=3)
            lose_deal(lead, reason=chance.choice(REASONS), amount=chance.randint(1, 999), closed_at=lead.captured_at)
        cohort = Lead.objects.counted().filter(is_test=False, stage__in=ENDED)
        lost = [lead for lead in cohort if period.starts_at <= lead.captured_at < period.ends_at]
        totals = set()
        for dimension in DIMENSIONS:
            report = report_lost(period=period, currency="USD", dimension=dimension)
            totals.add((report.lead_total.worth, report.deal_total.count, report.deal_total.worth))
            assert report.lead_total.count == len(lost)
        assert len(totals) == 1
        qualified = [lead for lead in lost if lead.verdict == Verdict.QUALIFIED]
        assert totals.pop()[0] == sum((lead.quote_value or Decimal(0) for lead in qualified), Decimal(0))


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("more", [*({"by": each} for each in DIMENSIONS), {"reason": "competitor"}])
def test_every_number_opens_what_is_behind_it(
    ada: Membership, ria: Membership, client_of: ClientOf, more: dict[str, str], basis: Basis
) -> None:
    chance = random.Random(4)
    with scope(ada.organization_id):
        for _ in range(40):
            lead = make_random_lead(chance, owners=[ada, ria], around=CAPTURED_AT + 15 * DAY, days=20)
            lose_deal(lead, reason=chance.choice(REASONS), closed_at=lead.captured_at + 9 * DAY)
    client = client_of(ada)
    shown = client.get(reverse("lost_reasons"), {**PERIOD, **more, "basis": basis.value}).context
    for line in [*shown["lines"], shown["total"]]:
        assert client.get(line.url).context["page"].paginator.count == line.row.count, line.url
    for line in [*shown["deal_lines"], shown["deal_total"]]:
        assert client.get(line.url).context["page"].paginator.count == line.row.count, line.url
    assert shown["total"].row.count
    assert shown["deal_total"].row.count


def test_an_empty_period_says_so(ada: Membership, eve: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        lose(ada)
    answer = client_of(eve).get(reverse("lost_reasons"), PERIOD)
    assert "Nothing was lost in this period" in answer.content.decode()
    deals = client_of(eve).get(reverse("lost_deals"), {**PERIOD, "sort": "x"})
    assert deals.context["page"].paginator.count == 0
    assert "it stands as usual, latest lost first." in deals.content.decode()
