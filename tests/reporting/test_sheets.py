"""The reports as files hold what the pages show."""

import csv
import io

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from tests.personas import ClientOf
from tests.reporting.random_leads import fill_march
from tests.reporting.test_lost import lose_deal

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


def test_the_inquiries_behind_a_number(mia: Membership, max_: Membership, client_of: ClientOf) -> None:
    question = {"state": "attempted", "channel": "paid_search"}
    shown = client_of(mia).get(reverse("speed_inquiries"), {**MARCH, **question}).context["page"]
    header, *rows = fetch(mia, client_of, "speed_inquiries", **question)
    assert [row[-1] for row in rows] == [str(inquiry.lead_id) for inquiry in shown]
    assert rows
    owner = header.index("Owner")
    assert {row[owner] for row in rows} <= {"Ria", "Raj"}
    assert {row[owner] for row in fetch(max_, client_of, "speed_inquiries", **question)[1:]} == {""}


def test_the_lost_deals_behind_a_number(mia: Membership, ria: Membership, client_of: ClientOf) -> None:
    with scope(ria.organization_id):
        lead = Lead.objects.filter(owner=ria).first()
        assert lead
        for reason in ("Price", "Moved away"):
            lose_deal(lead, reason=reason)
    _, *rows = fetch(mia, client_of, "lost_deals", row="price")
    assert [(row[0], row[4], row[7]) for row in rows] == [("Roof", "100.00", "Price")]
    assert len(fetch(mia, client_of, "lost_deals")) == 3
