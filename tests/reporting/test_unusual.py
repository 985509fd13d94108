"""What a qualified lead costs and how many qualify: told when a week is far from those before at the same age."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Lead, MqlReason, Verdict
from leadhub.leads.timeline import record_event
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from reporting.anomalies import MOST, Anomaly
from reporting.cost import measure_cost, measure_weekly_cost
from reporting.earlier_cohorts import measure_former, measure_former_weeks
from reporting.models import Spend
from reporting.periods import Period
from reporting.unusual import Week, find_unusual, judge_cost, judge_rate
from tests.factories import LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, make_random_lead, undone
from tests.reporting.test_anomalies import TODAY
from tests.reporting.test_anomalies import week as make_week
from tests.reporting.test_conservation import write_spend

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
USUAL = [(20, 1_000)] * 8


def tell(*weeks: tuple[int, int, int], channel: str = "paid_search") -> list[Anomaly]:
    """Find what is unusual in weeks of (leads, qualified, cost), the last one first."""
    days = [make_week(number, leads, channel=channel, source="google") for number, (leads, _, _) in enumerate(weeks)]
    cohorts = {(channel, number): (leads, qualified) for number, (leads, qualified, _) in enumerate(weeks)}
    costs = {(channel, number): Decimal(cost) for number, (_, _, cost) in enumerate(weeks) if cost}
    return find_unusual(days=days, cohorts=cohorts, costs=costs, today=TODAY, currency="USD")


@pytest.mark.parametrize(
    ("now", "before", "is_unusual"),
    [
        ((4, 1_000), USUAL, True),
        ((40, 1_000), USUAL, True),
        ((14, 1_000), USUAL, False),
        ((0, 1_000), USUAL, True),
        ((20, 0), USUAL, False),  # nothing was spent
        ((10, 500), USUAL, False),  # half the spend, half the leads
        ((4, 1_000), USUAL[:3], False),  # nobody knows yet what is usual
        ((0, 1_000), [(2, 1_000)] * 8, False),  # a tiny count
        ((4, 1_000), [(2, 1_000), (38, 1_000)] * 4, False),  # it always swings like this
        ((0, 1_000), [(0, 1_000)] * 8, False),  # it never brought one
        ((0, 2_000), [(5, 500)] * 4, True),  # twenty of four weeks are enough to know the price by
        ((0, 1_000), [(5, 500)] * 4, False),  # but not for sure
        ((5, 250), [(5, 1_000)] * 4, False),  # fewer than five more or less are nobody's alarm
        ((5, 500), [(20, 500)] * 4, True),
        ((800, 500), [(1_000, 500)] * 4, False),  # chance makes less of it, a business would not call it unusual
    ],
)
def test_judging_the_cost(now: tuple[int, int], before: list[tuple[int, int]], is_unusual: bool) -> None:
    weeks = [Week(qualified=qualified, cost=cost) for qualified, cost in (now, *before)]
    assert judge_cost(weeks[0], weeks[1:]) == is_unusual


@pytest.mark.parametrize(
    ("now", "before", "is_unusual"),
    [
        ((40, 8), [(40, 24)] * 8, True),
        ((40, 38), [(40, 20)] * 8, True),
        ((40, 20), [(40, 24)] * 8, False),
        ((10, 0), [(40, 24)] * 8, False),  # too few to say
        ((40, 8), [(40, 24)] * 3, False),
        ((40, 8), [(9, 6)] * 8, False),
        ((40, 8), [(40, 4), (40, 36)] * 4, False),
        ((40, 40), [(40, 40)] * 8, False),
        ((40, 0), [(40, 0)] * 8, False),
        ((500, 230), [(500, 300)] * 8, False),  # certain, but not worth an alarm
        ((20, 4), [(20, 0)] * 4, True),  # twenty leads after eighty are enough to say
        ((20, 10), [(20, 16)] * 4, False),
        ((40, 10), [(20, 2)] * 4, False),  # what is usual is not known for sure either
    ],
)
def test_judging_the_rate(now: tuple[int, int], before: list[tuple[int, int]], is_unusual: bool) -> None:
    weeks = [Week(leads=leads, qualified=qualified) for leads, qualified in (now, *before)]
    assert judge_rate(weeks[0], weeks[1:]) == is_unusual


def test_it_says_it_in_words() -> None:
    (cost,) = tell((30, 5, 1_000), *[(30, 20, 1_000)] * 8)
    assert cost.words == (
        "Paid Search: a qualified lead costs 300% more than in the last 8 weeks "
        "(5 for $1k in the last 7 days, usually one for $50)"
    )
    (none,) = tell((30, 0, 1_000), *[(30, 20, 1_000)] * 8)
    assert none.words == (
        "Paid Search: $1k in the last 7 days and nobody qualified, usually one for $50 in the last 8 weeks"
    )
    (rate,) = tell((40, 8, 0), *[(40, 24, 0)] * 8, channel="referral")
    assert rate.words == (
        "Referral: 20% of the leads qualify, 40 points fewer than in the last 8 weeks "
        "(8 of 40 in the last 7 days, usually 60%)"
    )
    (better,) = tell((40, 36, 0), *[(40, 20, 0)] * 8, channel="referral")
    assert (cost.is_bad, none.is_bad, rate.is_bad, better.is_bad) == (True, True, True, False)


def test_a_channel_is_told_of_once_and_a_few_at_most() -> None:
    (counted,) = tell((0, 0, 1_000), *[(30, 20, 1_000)] * 8)
    assert counted.kind == "leads"
    channels = ["paid_search", "paid_social", "referral", "email", "display", "organic_search"]
    days = [make_week(number, 40, channel=channel, source="google") for channel in channels for number in range(9)]
    cohorts = {(channel, number): (40, 24 if number else 4) for channel in channels for number in range(9)}
    assert len(find_unusual(days=days, cohorts=cohorts, costs={}, today=TODAY, currency="USD")) == MOST


def test_the_bad_is_told_first_and_of_it_what_concerns_the_most_leads() -> None:
    weeks = {"email": (40, 36), "referral": (40, 4), "display": (60, 6)}
    cohorts = {(name, week): (leads, 20 if week else now) for name, (leads, now) in weeks.items() for week in range(9)}
    found = find_unusual(days=[], cohorts=cohorts, costs={}, today=TODAY, currency="USD")
    assert [anomaly.channel for anomaly in found] == ["display", "referral", "email"]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 900)), min_size=9, max_size=9))
def test_a_usual_week_raises_no_alarm(weeks: list[tuple[int, int, int]]) -> None:
    steady = [(leads, min(qualified, leads), cost) for leads, qualified, cost in weeks[:1]] * 9
    assert tell(*steady) == []
    assert [each for each in tell((1, 1, 1), *weeks[1:]) if each.kind == "qualified_rate"] == []


def test_the_weeks_before_are_told_as_they_stood_at_the_same_age(in_scope: Organization, ada: Membership) -> None:
    def make(week: int, *verdicts: tuple[int, Verdict], mql: int = 0) -> None:
        """Write a lead of the week whose verdict changed, and that became an MQL, so many days after it arrived."""
        captured_at = NOW - 3 * DAY - 7 * week * DAY
        lead = LeadFactory.create(owner=ada, captured_at=captured_at)
        if mql:
            made = {"mql_at": captured_at + mql * DAY, "mql_reason": MqlReason.HAND_RAISE}
            Lead.objects.filter(pk=lead.pk).update(**made, verdict_at=made["mql_at"], verdict=Verdict.QUALIFIED)
        for age, verdict in verdicts:
            at = captured_at + age * DAY
            Lead.objects.filter(pk=lead.pk).update(verdict=verdict, verdict_at=at)
            record_event(
                person=lead.person,
                lead=lead,
                kind=EventKind.VERDICT_CHANGED,
                occurred_at=at,
                now=at,
                properties={"to": verdict.value},
                walks=False,
            )

    make(0, mql=1)
    make(1, mql=1)
    make(1, mql=9)  # not yet, when that week was as young
    make(2, (9, Verdict.UNQUALIFIED), mql=1)  # revoked since
    make(3, (1, Verdict.QUALIFIED), (9, Verdict.UNQUALIFIED))
    make(3, (9, Verdict.QUALIFIED))
    make(4, (1, Verdict.QUALIFIED), (9, Verdict.NOT_A_LEAD))
    make(4, (1, Verdict.NOT_A_LEAD), (9, Verdict.QUALIFIED))
    make(9, mql=1)
    weeks = measure_former_weeks(last_on=TODAY - DAY, weeks=9, zone=ZoneInfo("America/New_York"), now=NOW)
    told = {number: found for (_, number), found in weeks.items()}
    assert told == {0: (1, 1), 1: (2, 1), 2: (1, 1), 3: (2, 1), 4: (1, 1)}


@examples(8)
@given(seed=st.integers(0, 10_000))
def test_a_week_is_what_the_source_report_says_of_it(in_scope: Organization, ada: Membership, seed: int) -> None:
    chance = random.Random(seed)
    with undone():
        for _ in range(25):
            make_random_lead(chance, owners=[ada], around=NOW - 10 * DAY, days=20)
        weeks = measure_former_weeks(last_on=TODAY - DAY, weeks=2, zone=ZoneInfo("UTC"), now=NOW)
        for number in range(2):
            last_on, as_of = TODAY - DAY - 7 * number * DAY, NOW - 7 * number * DAY
            week = Period(first_on=last_on - 6 * DAY, last_on=last_on, zone=ZoneInfo("UTC"))
            report = measure_former(period=week, as_of=as_of, currency="USD", dimension="channel", within={})
            assert {channel: found for (channel, back), found in weeks.items() if back == number} == {
                channel: (found["leads"], found["qualified"]) for channel, found in report.items()
            }


@examples(8)
@given(seed=st.integers(0, 10_000))
def test_the_weeks_cost_what_their_days_do(in_scope: Organization, ada: Membership, seed: int) -> None:
    with undone():
        write_spend(ada, random.Random(seed))
        weekly = measure_weekly_cost(last_on=date(2026, 3, 20), weeks=9, currency="USD")
        for number in range(9):
            last_on = date(2026, 3, 20) - 7 * number * DAY
            week = Period(first_on=last_on - 6 * DAY, last_on=last_on, zone=ZoneInfo("UTC"))
            found = measure_cost(period=week, currency="USD", dimension="channel", within={})
            told = {channel: amount for (channel, back), amount in weekly.items() if back == number}
            assert told == {channel: cost.amount for channel, cost in found.items() if cost.amount is not None}


def test_home_tells_what_a_lead_costs_and_opens_it(ada: Membership, max_: Membership, client_of: ClientOf) -> None:
    now = timezone.now()
    with scope(ada.organization_id):
        for week in range(9):
            captured_at = now - timedelta(days=4 + 7 * week)
            for number in range(14):
                dear = week == 0 and number
                LeadFactory.create(
                    owner=ada,
                    captured_at=captured_at,
                    verdict=Verdict.UNQUALIFIED if dear else Verdict.QUALIFIED,
                    mql_at=None if dear else captured_at,
                )
        last_on = now.date() - DAY
        spend = {"channel": "paid_search", "first_on": last_on - 62 * DAY, "last_on": last_on, "amount": Decimal(6_300)}
        Spend.objects.create(**spend, currency="USD", entered_by=ada, updated_at=now)
    page = client_of(max_).get(reverse("home"))
    words = "Paid Search: a qualified lead costs 1300% more than in the last 8 weeks (1 for $700 in the last 7 days"
    assert words in page.content.decode()
    ((anomaly, url),) = page.context["anomalies"]
    assert f'<a href="{url.replace("&", "&amp;")}">See the spend</a>' in page.content.decode()
    total = client_of(max_).get(url).context["report"].total
    assert (total.leads, total.qualified, total.cost_per_qualified_lead) == (14, 1, Decimal(anomaly.value))
