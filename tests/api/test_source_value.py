"""The API tells of source, value and spend exactly what the pages show."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Verdict
from leadhub.tenancy.scope import scope
from reporting.models import Spend
from reporting.pages.source_table import FIGURES
from reporting.source_value import Numbers
from reporting.spend import SpendLine, enter_spend
from tests.contracts.test_permissions import make_caller
from tests.factories import LeadFactory
from tests.personas import NOW, ClientOf

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
SPENT = {"channel": "paid_search", "source": "google", "first_on": "2026-03-04", "amount": "41.37"}


@pytest.fixture
def filled(ada: Membership) -> Membership:
    """Leads of two sources, one of them paid for."""
    with scope(ada.organization_id):
        LeadFactory(owner=ada, source="google", verdict=Verdict.QUALIFIED, quote_value=Decimal("900.10"))
        LeadFactory(owner=ada, source="bing", sales_value=Decimal(80))
        for source, amount in (("", "60"), ("google", "30.01")):
            line = SpendLine(
                channel=Channel.PAID_SEARCH,
                source=source,
                first_on=date(2026, 3, 1),
                last_on=date(2026, 4, 11),
                amount=Decimal(amount),
                currency="USD",
            )
            enter_spend(line=line, actor=ada, now=NOW)
    return ada


def check_numbers(told: dict[str, Any], shown: Numbers) -> None:
    """Assert that each figure of the page is told."""
    names = [
        *("leads", "qualified", "qualified_rate", "quote_value", "pipeline_value", "sales_value"),
        *("cost", "cost_per_lead", "cost_per_qualified_lead", "roas"),
    ]
    assert len(names) == len(FIGURES)
    for name in names:
        number = getattr(shown, name)
        assert (Decimal(told[name]) if isinstance(number, Decimal) else told[name]) == number, name


@pytest.mark.parametrize("level", [{}, {"by": "source", "channel": "paid_search"}, {"by": "term"}])
def test_the_report_is_the_page_s(filled: Membership, client_of: ClientOf, level: dict[str, str]) -> None:
    told = make_caller(filled, list(SCOPES)).get("/api/v1/reports/source-value/", {**MARCH, **level}).json()
    report = client_of(filled).get(reverse("source_value"), {**MARCH, **level}).context["report"]
    assert [row["label"] for row in told["rows"]] == [row.label for row in report.rows]
    for row, shown in zip(told["rows"], report.rows, strict=True):
        check_numbers(row, shown.numbers)
        check_numbers(row["before"], shown.before)
        assert row["is_split"] == shown.is_split
    check_numbers(told["total"], report.total)
    check_numbers(told["before"], report.before)
    assert (told["former_first_on"], told["former_last_on"]) == ("2026-01-29", "2026-02-28")


def test_spend_is_entered_listed_and_deleted(ada: Membership) -> None:
    caller = make_caller(ada, list(SCOPES))
    made = caller.post("/api/v1/spend/", SPENT, content_type="application/json")
    assert made.status_code == 201
    assert (made.json()["last_on"], made.json()["currency"]) == ("2026-03-04", "USD")
    again = caller.post("/api/v1/spend/", SPENT, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "first_on")
    for query, count in ((MARCH, 1), ({"source": "google"}, 1), ({"source": "-"}, 0), ({"from": "2026-03-05"}, 0)):
        assert len(caller.get("/api/v1/spend/", query).json()["results"]) == count, query
    url = f"/api/v1/spend/{made.json()['id']}/"
    assert caller.get(url).json()["amount"] == "41.37"
    assert caller.delete(url).json()["amount"] == "41.37"
    assert caller.delete(url).status_code == 404
    with scope(ada.organization_id):
        assert not Spend.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"channel": "radio"}, "channel"), ({"amount": "-1"}, "amount"), ({"first_on": ""}, "first_on")],
)
def test_wrong_spend_is_told_at_its_field(ada: Membership, change: dict[str, str], field: str) -> None:
    caller = make_caller(ada, list(SCOPES))
    answer = caller.post("/api/v1/spend/", {**SPENT, **change}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_reading_needs_less_than_writing(max_: Membership, ria: Membership) -> None:
    reader = make_caller(max_, ["reports:read"])
    assert reader.get("/api/v1/spend/").status_code == 200
    assert reader.post("/api/v1/spend/", SPENT, content_type="application/json").status_code == 403
    assert make_caller(ria, list(SCOPES)).get("/api/v1/spend/").status_code == 403
