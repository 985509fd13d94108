"""Home's five metrics: each by its definition, with target and trend, and its number opens what is behind it."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from leadhub.desk.home_numbers import CHANNELS, draw_numbers
from leadhub.desk.metrics import read_metrics
from leadhub.leads.filters import LeadFilter
from leadhub.leads.models import Channel, Lead, Stage, Verdict
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from reporting.days import list_days
from reporting.metrics import MEANINGS, MetricNumber
from reporting.models import Metric
from reporting.periods import Period
from reporting.source_value import list_cohort, report_source_value
from reporting.targets import set_target, set_targets
from routing.models import Assignment
from tests.contracts.test_permissions import make_caller
from tests.desk.leads import add_inquiry, offer
from tests.factories import LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, make_random_lead, undone

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
State = Assignment.State


def read(organization: Organization) -> dict[Metric, MetricNumber]:
    return {number.metric: number for number in read_metrics(organization=organization, now=NOW).numbers}


def make(owner: Membership, *, days_ago: int, **fields: object) -> Lead:
    lead: Lead = LeadFactory.create(owner=owner, captured_at=NOW - days_ago * DAY, **fields)
    return lead


def test_the_mql_rate_is_by_arrival_and_compared_at_equal_age(in_scope: Organization, ada: Membership) -> None:
    make(ada, days_ago=3, mql_at=NOW)
    make(ada, days_ago=3)
    make(ada, days_ago=40, mql_at=NOW - 39 * DAY)
    make(ada, days_ago=40, mql_at=NOW - 2 * DAY)
    make(ada, days_ago=3, mql_at=NOW, verdict=Verdict.NOT_A_LEAD)
    LeadFactory(owner=ada, captured_at=NOW - 30 * DAY + DAY / 4)  # later that day than it is now
    number = read(in_scope)[Metric.LEAD_TO_MQL_RATE]
    assert (number.value, number.before) == (0.5, 0.5)
    assert number.trend[-1] == 0.5


def test_acceptance_counts_the_first_answer(in_scope: Organization, ria: Membership, raj: Membership) -> None:
    for state in (State.ACCEPTED, State.REJECTED, State.OFFERED, State.REROUTED):
        lead = make(ria, days_ago=3, mql_at=NOW - 2 * DAY)
        reason = "timing" if state == State.REJECTED else ""
        offer(lead, now=NOW - 2 * DAY, state=state, responded_at=NOW - DAY, reject_reason=reason)
    late = make(ria, days_ago=3, mql_at=NOW - 2 * DAY)
    offer(late, now=NOW - 2 * DAY, state=State.EXPIRED, responded_at=NOW - DAY, ended_at=NOW - DAY)
    offer(late, now=NOW - DAY, state=State.ACCEPTED, responded_at=NOW)
    number = read(in_scope)[Metric.MQL_ACCEPTANCE_RATE]
    assert (number.value, number.before) == (1 / 3, None)


def test_speed_velocity_and_revenue(in_scope: Organization, ada: Membership) -> None:
    for minutes in (2, 4, 60):
        lead = make(ada, days_ago=5)
        at = lead.captured_at
        answered = at + timedelta(minutes=minutes)
        add_inquiry(lead, arrived_at=at, due_at=at + DAY, first_attempt_at=answered, first_contact_at=answered + DAY)
    make(ada, days_ago=70, stage=Stage.CUSTOMER, customer_at=NOW - 10 * DAY, sales_value=Decimal(500))
    make(ada, days_ago=9, stage=Stage.CUSTOMER, customer_at=NOW - 5 * DAY, sales_value=Decimal(700))
    numbers = read(in_scope)
    assert numbers[Metric.FIRST_ATTEMPT_SECONDS].value == 240
    assert numbers[Metric.FIRST_CONTACT_SECONDS].value == 86_640
    assert numbers[Metric.STAGE_VELOCITY_DAYS].value == 32
    assert numbers[Metric.REVENUE].value == 700


def test_a_target_is_held_against_the_number(in_scope: Organization, ada: Membership) -> None:
    make(ada, days_ago=3, mql_at=NOW)
    make(ada, days_ago=3)
    month = NOW.date().replace(day=1)
    for metric, value in ((Metric.LEAD_TO_MQL_RATE, "0.4"), (Metric.FIRST_ATTEMPT_SECONDS, "300")):
        set_target(metric=metric, month=month, value=Decimal(value), actor=ada, now=NOW)
    reading = read_metrics(organization=in_scope, now=NOW)
    numbers = {number.metric: number for number in reading.numbers}
    assert numbers[Metric.LEAD_TO_MQL_RATE].is_met
    assert numbers[Metric.FIRST_ATTEMPT_SECONDS].is_met is None
    tiles = {tile.label: tile for tile in draw_numbers(reading, currency="USD")["tiles"]}
    assert (tiles["Lead to MQL rate"].value, tiles["Lead to MQL rate"].target) == ("50%", "40%, reached")
    assert tiles["Speed to first attempt"].target == "5 min"


def test_it_asks_as_often_whatever_there_is(in_scope: Organization, ada: Membership) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            read_metrics(organization=in_scope, now=NOW)
        return len(captured)

    before = count()
    for days_ago in range(1, 20):
        make(ada, days_ago=days_ago, mql_at=NOW, source=f"source{days_ago}")
    assert count() == before <= 13


@examples(8)
@given(seed=st.integers(0, 10_000), zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe"]))
def test_the_days_sum_to_the_cohort(in_scope: Organization, ada: Membership, seed: int, zone: str) -> None:
    chance = random.Random(seed)
    period = Period(first_on=date(2026, 3, 7), last_on=date(2026, 3, 9), zone=ZoneInfo(zone))
    with undone():
        for _ in range(25):
            make_random_lead(chance, owners=[ada], around=datetime(2026, 3, 8, 7, tzinfo=UTC), days=3)
        days = list_days(period=period, currency="USD", as_of=NOW)
        report = report_source_value(period=period, currency="USD")
        assert sum(each.leads for each in days) == report.total.leads == list_cohort(period=period).count()
        assert sum((each.sales_value for each in days), Decimal(0)) == report.total.sales_value
        assert all(period.first_on <= each.day <= period.last_on for each in days)


def test_home_says_what_is_unusual_and_opens_its_leads(ada: Membership, max_: Membership, client_of: ClientOf) -> None:
    now = timezone.now()
    with scope(ada.organization_id):
        for week, leads in enumerate([2, *[14] * 9]):
            for _ in range(leads):
                LeadFactory.create(owner=ada, captured_at=now - timedelta(days=4 + 7 * week), source="google")
    page = client_of(max_).get(reverse("home"))
    assert "google (Paid Search): 86% fewer leads than in the last 8 weeks" in page.content.decode()
    ((_, url),) = page.context["anomalies"]
    assert client_of(max_).get(url).context["page"].paginator.count == 2


@examples(8)
@given(seed=st.integers(0, 10_000), currencies=st.sampled_from([["USD"], ["USD", "EUR"]]))
def test_home_s_channels_sum_to_its_revenue(
    in_scope: Organization, ada: Membership, seed: int, currencies: list[str]
) -> None:
    chance = random.Random(seed)
    with undone():
        for channel in chance.choices(Channel.values, k=chance.randint(0, 14)):
            lead = make(ada, days_ago=chance.randint(0, 40), channel=channel, currency=chance.choice(currencies))
            Lead.objects.filter(pk=lead.pk).update(sales_value=Decimal(chance.randint(0, 90_000)) / 100)
        reading = read_metrics(organization=in_scope, now=NOW)
        shown = draw_numbers(reading, currency="USD")["channels"]
        whole = next(number for number in reading.numbers if number.metric == Metric.REVENUE)
        assert len(shown) <= CHANNELS + 1
        assert sum(row.numbers.leads for row, *_ in shown) == reading.report.total.leads
        assert sum((row.numbers.sales_value for row, *_ in shown), Decimal(0)) == reading.report.total.sales_value
        assert whole.value == float(reading.report.total.sales_value)
        for row, url, _ in shown:
            leads = LeadFilter(QueryDict(url.partition("?")[2]), queryset=Lead.objects.all()).qs
            assert sum((lead.sales_value for lead in leads), Decimal(0)) == row.numbers.sales_value


def test_every_metric_says_its_basis_and_its_target_or_how_to_set_one(
    ada: Membership, max_: Membership, mia: Membership, client_of: ClientOf
) -> None:
    with scope(ada.organization_id):
        LeadFactory.create(owner=ada, captured_at=timezone.now())
    page = client_of(max_).get(reverse("home")).content.decode()
    tiles = page.count('<div class="lh-tile-hint"><a href="/reports/targets/">Set a target</a> · by ')
    assert (tiles, page.count(">Set a target<")) == (6, 7)  # the sources' revenue has it as well
    client = client_of(mia).get(reverse("home"))
    assert client.content.decode().count("Target not set · by ") == 7
    assert "Set a target" not in client.content.decode()
    month = timezone.now().date().replace(day=1)
    with scope(ada.organization_id):
        set_targets(targets=dict.fromkeys(MEANINGS, Decimal(1)), month=month, actor=ada, now=NOW)
    page = client_of(max_).get(reverse("home")).content.decode()
    assert (page.count("Target "), "Set a target" in page) == (7, False)


@pytest.fixture
def sold(ada: Membership, ria: Membership) -> Lead:
    """One lead of this month that was accepted and won, beside one that was not."""
    now = timezone.now()
    with scope(ada.organization_id):
        LeadFactory.create(owner=ada, captured_at=now - DAY)
        dates = {"mql_at": now - DAY, "customer_at": now - timedelta(hours=1)}
        lead: Lead = LeadFactory.create(
            owner=ria, captured_at=now - DAY, stage=Stage.CUSTOMER, sales_value=Decimal(900), **dates
        )
        offer(lead, now=now - DAY, state=State.ACCEPTED, responded_at=now - DAY)
    return lead


def test_the_numbers_open_what_is_behind_them(sold: Lead, max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    shown = client.get(reverse("home")).context
    tiles = {tile.label: tile for tile in shown["tiles"]}
    for label in ("Lead to MQL rate", "MQL acceptance rate", "Revenue"):
        assert client.get(tiles[label].href).context["page"].paginator.count == 1, label
    assert client.get(tiles["Speed to first attempt"].href).status_code == 200
    assert client.get(tiles["Stage velocity"].href).context["report"].median_seconds > 0
    for row, url, leads_url in shown["channels"]:
        assert (client.get(url).context["page"].paginator.count > 0) == (row.numbers.sales_value > 0)
        assert client.get(leads_url).context["page"].paginator.count == row.numbers.leads
        assert client.get(f"{leads_url}&verdict=qualified").context["page"].paginator.count == row.numbers.qualified


def test_a_rep_s_speed_opens_the_inquiries_behind_it(ria: Membership, raj: Membership, client_of: ClientOf) -> None:
    now = timezone.now()
    with scope(ria.organization_id):
        for owner in (ria, ria, raj):
            lead: Lead = LeadFactory.create(owner=owner, captured_at=now - 2 * DAY)
            add_inquiry(lead, arrived_at=now - 2 * DAY, due_at=now - DAY)
    client = client_of(ria)
    shown = client.get(reverse("home")).context
    assert shown["own_speed"].late_now == 2
    assert client.get(shown["speed_urls"]["late_now"]).context["page"].paginator.count == 2
    assert client.get(shown["speed_urls"]["attempt_median"]).context["page"].paginator.count == 0
    assert client.get(shown["speed_urls"]["kept_share"]).context["page"].paginator.count == 2


def test_revenue_opens_what_it_sums(sold: Lead, max_: Membership, client_of: ClientOf) -> None:
    with scope(max_.organization_id):
        LeadFactory(owner=max_, channel=sold.channel, captured_at=sold.captured_at, sales_value=7, currency="EUR")
    client = client_of(max_)
    shown = client.get(reverse("home")).context
    tile = next(tile for tile in shown["tiles"] if tile.label == "Revenue")
    for url in (tile.href, shown["channels"][0][1]):
        assert [lead.pk for lead in client.get(url).context["page"]] == [sold.pk]


def test_the_page_says_its_basis(sold: Lead, max_: Membership, client_of: ClientOf) -> None:
    page = client_of(max_).get(reverse("home")).content.decode()
    for words in ("by arrival", "by day of the step", "days of UTC", "Accepted ÷ (accepted + rejected + expired)"):
        assert words in page


def test_each_role_sees_what_it_comes_for(
    ada: Membership, max_: Membership, mia: Membership, ria: Membership, client_of: ClientOf
) -> None:
    def list_parts(member: Membership) -> list[str]:
        parts: list[str] = client_of(member).get(reverse("home")).context["parts"]
        return [part.removeprefix("desk/home/_").removesuffix(".html") for part in parts]

    assert list_parts(ria) == ["next", "speed"]
    assert list_parts(mia)[0] == "team"
    assert list_parts(max_) == ["anomalies", "metrics", "value"]
    assert list_parts(ada) == ["checklist"]  # there is nothing to measure yet
    with scope(ada.organization_id):
        LeadFactory(owner=ada)
    assert set(list_parts(ada)) >= {"checklist", "metrics", "team", "next"}


def test_the_api_tells_the_same(sold: Lead, mia: Membership, client_of: ClientOf) -> None:
    told = make_caller(mia, list(SCOPES)).get("/api/v1/reports/metrics/").json()
    assert [each["metric"] for each in told["metrics"]][:2] == ["lead_to_mql_rate", "mql_acceptance_rate"]
    values = {each["metric"]: each["value"] for each in told["metrics"]}
    assert (values["lead_to_mql_rate"], values["mql_acceptance_rate"], values["revenue"]) == (0.5, 1, 900)
    shown: Client = client_of(mia)
    assert shown.get(reverse("home")).context["tiles"][0].value == "50%"
