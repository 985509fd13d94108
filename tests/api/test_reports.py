"""The reports of the API say exactly what their pages show."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from tests.contracts.test_permissions import make_caller
from tests.personas import ClientOf
from tests.reporting.random_leads import fill_march

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture(autouse=True)
def filled(ria: Membership, raj: Membership) -> None:
    fill_march([ria, raj], seed=2, count=40)


def call(member: Membership, report: str, **query: str) -> dict[str, Any]:
    answer = make_caller(member, list(SCOPES)).get(f"/api/v1/reports/{report}/", {**MARCH, **query})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("basis", ["cohort", "activity"])
def test_the_funnel(mia: Membership, client_of: ClientOf, basis: str) -> None:
    shown = client_of(mia).get(reverse("funnel"), {**MARCH, "basis": basis}).context["report"]
    told = call(mia, "funnel", basis=basis)
    for step, said in zip(shown.steps, told["steps"], strict=True):
        assert {name: getattr(step, name) for name in said} == said
    assert (told["recycled"], told["disqualified"]) == (shown.recycled, shown.disqualified)


def test_speed(mia: Membership, ria: Membership, client_of: ClientOf) -> None:
    shown = client_of(mia).get(reverse("speed"), MARCH).context["report"]
    told = call(mia, "speed")
    for row, said in zip([row.numbers for row in shown.rows], [row["numbers"] for row in told["rows"]], strict=True):
        assert {name: getattr(row, name) for name in said} == said
    assert [row["label"] for row in call(ria, "speed", owner=str(mia.pk))["rows"]] == ["Ria"]


def test_cohorts(mia: Membership, client_of: ClientOf) -> None:
    query = {"unit": "month", "stage": "sal"}
    shown = client_of(mia).get(reverse("cohorts"), {**MARCH, **query}).context["report"]
    (said,) = call(mia, "cohorts", **query)["cohorts"]
    assert (said["leads"], said["reached"]) == (shown.leads, shown.reached)
    assert [cell["reached"] for cell in said["cells"]] == [cell.reached for cell in shown.cohorts[0].cells]


def test_lost_reasons(mia: Membership, client_of: ClientOf) -> None:
    shown = client_of(mia).get(reverse("lost_reasons"), {**MARCH, "by": "channel"}).context["report"]
    told = call(mia, "lost-reasons", by="channel")
    assert [(row["value"], row["count"]) for row in told["leads"]] == [(row.value, row.count) for row in shown.leads]
    assert told["lead_total"]["worth"] == f"{shown.lead_total.worth:.2f}"


@pytest.mark.parametrize(
    ("report", "query"),
    [
        ("speed", {"by": "moon"}),
        ("cohorts", {"unit": "year"}),
        ("cohorts", {"stage": "recycled"}),
        ("funnel", {"basis": "moon"}),
        ("funnel", {"owner": "nobody"}),
        ("funnel", {"from": "soon"}),
        ("lost-reasons", {"by": "moon"}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(mia: Membership, report: str, query: dict[str, str]) -> None:
    client: Client = make_caller(mia, list(SCOPES))
    answer = client.get(f"/api/v1/reports/{report}/", query)
    assert answer.status_code in {400, 422}
    assert answer.json()["errors"][0]["field"] in query
