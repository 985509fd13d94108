"""The source and value page: its numbers open exactly the leads behind them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Verdict
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from tests.factories import LeadFactory
from tests.personas import ClientOf

PERIOD = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def filled(ada: Membership) -> Membership:
    """Three leads of two channels, one of them qualified with a value, one without a source."""
    with scope(ada.organization_id):
        LeadFactory(owner=ada, source="google", verdict=Verdict.QUALIFIED, quote_value=Decimal(900))
        LeadFactory(owner=ada, source="")
        LeadFactory(owner=ada, channel=Channel.UNKNOWN)
        LeadFactory(owner=ada, verdict=Verdict.NOT_A_LEAD)
    return ada


def test_every_number_opens_the_leads_behind_it(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    for query in (PERIOD, {**PERIOD, "channel": "paid_search"}):
        shown = client.get(reverse("source_value"), query).context
        for line in [*shown["rows"], shown["total"]]:
            numbers = line.row.numbers
            for url, expected in ((line.leads_url, numbers.leads), (line.qualified_url, numbers.qualified)):
                assert client.get(url).context["leaf"].count == expected, url


def test_money_opens_the_leads_that_carry_it(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    total = client.get(reverse("source_value"), PERIOD).context["total"]
    for url, expected in ((total.quote_url, 1), (total.pipeline_url, 0), (total.sales_url, 0)):
        assert client.get(url).context["leaf"].count == expected, url


def test_the_home_page_opens_the_leads_behind_its_numbers(ada: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        LeadFactory(owner=ada, captured_at=utc_now(), verdict=Verdict.QUALIFIED, quote_value=Decimal(900))
        LeadFactory(owner=ada, captured_at=utc_now())
    client = client_of(ada)
    shown = client.get(reverse("home")).context
    behind = {tile.label: client.get(tile.href).context["leaf"].count for tile in shown["tiles"]}
    assert behind == {"Leads": 2, "Qualified": 1, "Quote value": 1, "Pipeline": 0, "Won": 0}
    for row, url in shown["channels"]:
        assert client.get(url).context["leaf"].count == row.numbers.qualified


def test_the_table_drills_down(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    top = client.get(reverse("source_value"), PERIOD).context
    search = next(line for line in top["rows"] if line.row.value == "paid_search")
    below = client.get(reverse("source_value") + search.drill_url).context["report"]
    assert below.dimension == "source"
    assert {row.label for row in below.rows} == {"google", "Unknown"}
    assert below.total == search.row.numbers


def test_a_bad_period_says_what_to_do_and_shows_the_usual_one(filled: Membership, client_of: ClientOf) -> None:
    answer = client_of(filled).get(reverse("source_value"), {"from": "2026-13-45"})
    assert "YYYY-MM-DD" in answer.context["error"]
    assert answer.context["report"].period.days == 30


def test_an_empty_period_says_what_to_do_next(ada: Membership, client_of: ClientOf) -> None:
    answer = client_of(ada).get(reverse("source_value"))
    assert "No leads in this period" in answer.content.decode()


def test_others_see_nothing_of_it(filled: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert client_of(eve).get(reverse("source_value"), PERIOD).context["report"].total.leads == 0
