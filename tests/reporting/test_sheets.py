"""The reports as files hold what the pages show."""

import csv
import io

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from tests.personas import ClientOf
from tests.reporting.random_leads import fill_march

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def fetch(member: Membership, client_of: ClientOf, name: str, **query: str) -> list[list[str]]:
    answer = client_of(member).get(reverse(f"{name}_export"), {**MARCH, **query})
    assert "attachment" in answer["Content-Disposition"]
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture(autouse=True)
def filled(ria: Membership, raj: Membership) -> None:
    fill_march([ria, raj], seed=6, count=40)


def test_the_funnel(mia: Membership, client_of: ClientOf) -> None:
    rows = fetch(mia, client_of, "funnel")
    shown = client_of(mia).get(reverse("funnel"), MARCH).context["report"]
    assert [(row[0], int(row[1])) for row in rows[1:]] == [(step.label, step.reached) for step in shown.steps]


def test_speed_has_the_own_row_only_for_a_rep(mia: Membership, ria: Membership, client_of: ClientOf) -> None:
    assert {row[0] for row in fetch(mia, client_of, "speed")[1:]} == {"Ria", "Raj", "All inquiries"}
    assert [row[0] for row in fetch(ria, client_of, "speed")[1:]] == ["Ria", "All inquiries"]


def test_cohorts_and_lost_reasons_sum_to_the_page(mia: Membership, client_of: ClientOf) -> None:
    cohorts = fetch(mia, client_of, "cohorts")
    shown = client_of(mia).get(reverse("cohorts"), MARCH).context["report"]
    assert sum(int(row[1]) for row in cohorts[1:]) == shown.leads
    lost = fetch(mia, client_of, "lost_reasons", by="channel")
    report = client_of(mia).get(reverse("lost_reasons"), {**MARCH, "by": "channel"}).context["report"]
    assert sum(int(row[2]) for row in lost[1:] if row[0] == "Leads") == report.lead_total.count


def test_a_workbook_where_one_is_asked_for(mia: Membership, client_of: ClientOf) -> None:
    answer = client_of(mia).get(reverse("funnel_export"), {**MARCH, "kind": "xlsx"})
    assert answer.getvalue().startswith(b"PK")
