"""The earlier cohort is read as it stood: whatever happened since, its numbers are those of a report made then."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Lead, Opportunity, Stage, ValueSource, Verdict
from leadhub.leads.opportunities import change_opportunity, lose_opportunity, open_opportunity, win_opportunity
from leadhub.leads.values import set_quote_value
from leadhub.leads.verdicts import set_verdict
from leadhub.tenancy.models import Organization
from reporting.periods import Period
from reporting.source_value import Numbers, report_source_value
from tests.factories import LeadFactory

BERLIN = ZoneInfo("Europe/Berlin")
MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=BERLIN)
APRIL = Period(first_on=date(2026, 4, 1), last_on=date(2026, 5, 1), zone=BERLIN)
THEN = datetime(2026, 3, 20, 12, 0, tzinfo=BERLIN)


def act(lead: Lead, actor: Membership, now: datetime, chance: random.Random) -> None:
    """Do something to the lead that moves its numbers."""
    deal = Opportunity.objects.filter(opportunity_leads__lead=lead, closed_at=None).first()
    choice = chance.random()
    if choice < 0.3:
        verdict = chance.choice([Verdict.QUALIFIED, Verdict.UNQUALIFIED, Verdict.NOT_A_LEAD])
        set_verdict(lead=lead, verdict=verdict, actor=actor, reason="As heard.", now=now, walks=False)
    elif choice < 0.5:
        amount = chance.choice([None, Decimal(chance.randint(1, 9999))])
        set_quote_value(lead=lead, amount=amount, source=ValueSource.MEMBER, actor=actor, now=now, walks=False)
    elif deal is None:
        if lead.stage not in {Stage.RECYCLED, Stage.DISQUALIFIED}:
            open_opportunity(lead=lead, name="Roof", amount=Decimal(chance.randint(1, 999)), actor=actor, now=now)
    elif choice < 0.8:
        change_opportunity(opportunity=deal, amount=Decimal(chance.randint(1, 999)), actor=actor, now=now)
    elif choice < 0.9:
        win_opportunity(opportunity=deal, actor=actor, now=now)
    else:
        lose_opportunity(opportunity=deal, reason="Price", actor=actor, now=now)


def play(actor: Membership, since: datetime, until: datetime, times: int, chance: random.Random) -> None:
    """Do many things to random leads, in order of time."""
    minutes = int((until - since).total_seconds() // 60) - 1
    for minute in sorted(chance.sample(range(1, minutes), times)):
        now = since + timedelta(minutes=minute)
        lead = chance.choice(list(Lead.objects.filter(captured_at__lt=now).select_related("person", "owner")))
        act(lead, actor, now, chance)


@pytest.mark.parametrize("seed", range(6))
def test_the_comparison_is_the_report_of_then(in_scope: Organization, ada: Membership, seed: int) -> None:
    chance = random.Random(seed)
    first = MARCH.starts_at.astimezone(UTC)
    for number in range(12):
        channel = chance.choice([Channel.PAID_SEARCH, Channel.REFERRAL])
        captured_at = first + timedelta(minutes=chance.randint(number and 1, 25_000))
        LeadFactory(owner=ada, channel=channel, captured_at=captured_at, quote_value=Decimal(number))
    LeadFactory(owner=ada, captured_at=first)
    play(ada, first + timedelta(hours=1), THEN, 60, chance)
    then = {row.value: row.numbers for row in report_source_value(period=MARCH, currency="USD").rows}
    LeadFactory(owner=ada, captured_at=THEN + timedelta(hours=1))
    play(ada, THEN + timedelta(seconds=1), THEN + timedelta(days=31), 60, chance)
    compared = report_source_value(period=APRIL, currency="USD", now=THEN + timedelta(days=31))
    assert compared.as_of == THEN
    before = {row.value: row.before for row in compared.rows}
    assert before == {value: _forget_openness(numbers) for value, numbers in then.items()}


def test_an_imported_lead_without_a_history_is_judged_by_its_dates(in_scope: Organization, ada: Membership) -> None:
    for at in (THEN - timedelta(days=1), THEN + timedelta(days=1)):
        LeadFactory(owner=ada, captured_at=MARCH.starts_at, verdict=Verdict.QUALIFIED, verdict_at=at)
    compared = report_source_value(period=APRIL, currency="USD", now=THEN + timedelta(days=31))
    assert compared.before == Numbers(leads=2, qualified=1)


def _forget_openness(numbers: Numbers) -> Numbers:
    """Leave out what the comparison does not tell."""
    kept = {name: value for name, value in vars(numbers).items() if name != "still_open"}
    return Numbers(**kept)
