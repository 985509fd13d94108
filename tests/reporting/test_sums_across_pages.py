"""A number is the same wherever it is told: in the report, its file, the list behind it and that list's file."""

import csv
import io
import random
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope
from reporting.lost import DIMENSIONS as LOST_BY
from reporting.source_value import DIMENSIONS
from reporting.speed import DIMENSIONS as SPEED_BY
from tests.personas import ClientOf
from tests.reporting.random_leads import fill_march
from tests.reporting.test_conservation import write_leads, write_spend

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
SEEDS = range(3)


@pytest.fixture(params=SEEDS)
def marketer(request: pytest.FixtureRequest, max_: Membership, ria: Membership, client_of: ClientOf) -> Client:
    """Max's browser, in an organization with any leads and any spend."""
    chance = random.Random(request.param)
    fill_march([max_, ria], seed=request.param, count=25, days=20)
    with scope(max_.organization_id):
        write_leads(ria, chance)
        write_spend(max_, chance)
    return client_of(max_)


def fetch(client: Client, name: str, **query: str) -> list[dict[str, str]]:
    answer: Any = client.get(reverse(name), query)
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def add(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def test_source_and_value(marketer: Client) -> None:
    for dimension in DIMENSIONS:
        report = marketer.get(reverse("source_value"), {**MARCH, "by": dimension}).context["report"]
        *rows, total = fetch(marketer, "source_value_export", **MARCH, by=dimension)
        for column in ("Leads", "Qualified", "Quote value", "Pipeline", "Sales value", "Cost", "Leads before"):
            assert add(rows, column) == add([total], column), (dimension, column)
        assert add([total], "Leads") == report.total.leads
    leads = {**MARCH, "counted": "true", "captured_from": MARCH["from"], "captured_to": MARCH["to"]}
    listed = fetch(marketer, "lead_export", **leads)
    assert len(listed) == report.total.leads
    ours = [row for row in listed if row["Currency"] == "USD"]
    assert add([row for row in ours if row["Verdict"] == "Qualified"], "Quote value") == report.total.quote_value
    assert (add(ours, "Pipeline"), add(ours, "Sales value")) == (report.total.pipeline_value, report.total.sales_value)


def test_spend(marketer: Client) -> None:
    report = marketer.get(reverse("source_value"), MARCH).context["report"]
    page = marketer.get(reverse("spend_list"), MARCH)
    cost = page.context["cost"]
    assert (cost.amount, cost.foreign) == (report.total.cost or 0, report.total.foreign_spend)
    assert len(fetch(marketer, "spend_export", **MARCH)) == page.context["page"].paginator.count
    channels = {row["Channel"] for row in fetch(marketer, "spend_export", **MARCH)}
    named = [row for row in report.rows if row.label in channels]
    parts = [marketer.get(reverse("spend_list"), {**MARCH, "channel": row.value}).context["cost"] for row in named]
    assert [part.amount for part in parts] == [row.numbers.cost or 0 for row in named]
    assert sum((part.amount for part in parts), Decimal(0)) == cost.amount


@pytest.mark.parametrize("basis", ["cohort", "activity"])
def test_lost_reasons(marketer: Client, basis: str) -> None:
    wholes = set()
    for dimension in LOST_BY:
        query = {**MARCH, "basis": basis, "by": dimension}
        report = marketer.get(reverse("lost_reasons"), query).context["report"]
        rows = [row for row in fetch(marketer, "lost_reasons_export", **query) if row["What"] == "Leads"]
        assert (add(rows, "Number"), add(rows, "Value lost (USD)")) == (
            report.lead_total.count,
            report.lead_total.worth,
        )
        wholes.add((report.lead_total.count, report.lead_total.worth))
    assert len(wholes) == 1


def test_funnel_and_cohorts_count_the_leads_of_source_and_value(marketer: Client) -> None:
    leads = marketer.get(reverse("source_value"), MARCH).context["report"].total.leads
    assert int(fetch(marketer, "funnel_export", **MARCH)[0]["Leads"]) == leads
    for unit in ("week", "month"):
        cohorts = fetch(marketer, "cohorts_export", **MARCH, unit=unit)
        assert add(cohorts, "Leads") == leads


def test_speed(mia: Membership, marketer: Client, client_of: ClientOf) -> None:
    totals = set()
    for dimension in SPEED_BY:
        *rows, total = fetch(client_of(mia), "speed_export", **MARCH, by=dimension)
        counted = [name for name in total if name not in {"Kept share"} and "median" not in name and "p90" not in name]
        for column in counted[1:]:
            assert add(rows, column) == add([total], column), (dimension, column)
        totals.add(tuple(total[column] for column in counted[1:]))
    assert len(totals) == 1


def test_inquiries_of_each_verdict_are_all_of_them(marketer: Client, max_: Membership) -> None:
    count = marketer.get(reverse("inquiry_list")).context["page"].paginator.count
    parts = [
        marketer.get(reverse("inquiry_list"), {"verdict": verdict}).context["page"].paginator.count
        for verdict in ("pending", "qualified", "unqualified", "not_a_lead")
    ]
    assert sum(parts) == count == len(fetch(marketer, "inquiry_export"))
