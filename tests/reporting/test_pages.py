"""The source and value page: each of its numbers opens exactly what is behind it."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Verdict
from leadhub.lib.sheets import detect_layout, read_rows
from leadhub.tenancy.scope import scope
from reporting.models import Metric
from reporting.pages.source_table import FIGURES
from reporting.spend import SpendLine, enter_spend
from reporting.targets import set_target
from tests.factories import LeadFactory
from tests.personas import NOW, ClientOf

PERIOD = {"from": "2026-03-01", "to": "2026-03-31"}
QUERIES = (
    PERIOD,
    {**PERIOD, "channel": "paid_search"},
    {**PERIOD, "channel": "paid_search", "source": "google"},
    {**PERIOD, "by": "campaign"},
    {**PERIOD, "channel": "unknown", "source": "", "campaign": "", "term": ""},
)
COLUMNS = {"quote": "quote_value", "pipeline": "pipeline_value", "sales": "sales_value"}


def spend(owner: Membership, amount: str, **level: Any) -> None:
    line = SpendLine(
        first_on=date(2026, 2, 20), last_on=date(2026, 3, 13), amount=Decimal(amount), currency="USD", **level
    )
    enter_spend(line=line, actor=owner, now=NOW)


@pytest.fixture
def filled(ada: Membership) -> Membership:
    """Leads of two channels, with and without a source, values in two currencies, and spend on three levels."""
    with scope(ada.organization_id):
        qualified = {"owner": ada, "verdict": Verdict.QUALIFIED, "quote_value": Decimal("900.10")}
        LeadFactory(**qualified, source="google", campaign="spring", term="siding", landing_page="https://a.example/x")
        LeadFactory(**qualified, source="google", pipeline_value=Decimal(70), sales_value=Decimal("80.5"))
        LeadFactory(**qualified, source="bing", currency="EUR", sales_value=Decimal(5))
        LeadFactory(owner=ada, source="", quote_value=Decimal(7), pipeline_value=Decimal(3))
        LeadFactory(owner=ada, channel=Channel.UNKNOWN)
        LeadFactory(owner=ada, verdict=Verdict.NOT_A_LEAD, quote_value=Decimal(7))
        spend(ada, "100.01", channel=Channel.PAID_SEARCH)
        spend(ada, "50", channel=Channel.PAID_SEARCH, source="google", campaign="spring")
        spend(ada, "9", channel=Channel.DISPLAY)
    return ada


def check_cell(client: Client, key: str, url: str, number: Any) -> None:
    """Assert that the number is that of what its link opens."""
    shown = client.get(url).context
    if key == "cost":
        assert shown["cost"].amount == number, url
    elif key in COLUMNS:
        assert sum((getattr(lead, COLUMNS[key]) for lead in shown["page"]), Decimal(0)) == number, url
    else:
        assert shown["page"].paginator.count == number, url


@pytest.mark.parametrize("query", QUERIES)
def test_every_number_opens_what_is_behind_it(filled: Membership, client_of: ClientOf, query: dict[str, str]) -> None:
    client = client_of(filled)
    shown = client.get(reverse("source_value"), query).context
    opened = 0
    for line in [*shown["rows"], shown["total"]]:
        for figure, cell in zip(FIGURES, line.cells, strict=True):
            if cell.url:
                check_cell(client, figure.key, cell.url, figure.read(line.row.numbers))
                opened += 1
    assert opened >= 6


def test_every_tile_and_bar_opens_the_leads_behind_it(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    shown = client.get(reverse("source_value"), PERIOD).context
    counts = [client.get(tile.href).context["page"].paginator.count for tile in shown["tiles"]]
    assert counts == [3, 2, 2, 1, 3]
    for series in shown["trend"].option["series"]:
        for bar in series["data"]:
            if bar["value"]:
                assert client.get(bar["url"]).context["page"].paginator.count == bar["value"]
    assert (
        client.get(shown["foreign_url"]).context["page"].paginator.count == shown["report"].total.foreign_currency == 1
    )


def test_who_may_not_see_spend_gets_no_link_to_it(filled: Membership, ria: Membership, client_of: ClientOf) -> None:
    client = client_of(ria)
    shown = client.get(reverse("source_value"), PERIOD).context
    assert all(not line.cells[6].url for line in [*shown["rows"], shown["total"]])
    assert client.get(reverse("spend_list")).status_code == 403


def test_the_table_drills_down_to_the_leads(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    url = f"?from={PERIOD['from']}&to={PERIOD['to']}"
    for label in ("Paid Search", "google", "spring", "siding"):
        shown = client.get(reverse("source_value") + url).context
        line = next(line for line in shown["rows"] if line.row.label == label)
        url = line.url
        below = client.get(reverse("source_value") + url).context["report"]
        assert (below.total.leads, below.total.cost) == (line.row.numbers.leads, line.row.numbers.cost)
    last = client.get(reverse("source_value") + url).context["rows"][0]
    assert [lead.term for lead in client.get(last.url).context["page"]] == ["siding"]


def test_rows_are_sorted_as_asked(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)

    def sort(by: str) -> list[str]:
        rows = client.get(reverse("source_value"), {**PERIOD, "by": "campaign", "sort": by}).context["rows"]
        return [line.row.label for line in rows]

    assert sort("name") == ["spring", "Unknown", "Spend not split by campaign"]
    assert sort("-leads") == ["Unknown", "spring", "Spend not split by campaign"]
    assert sort("-cost")[0] == "spring"


def test_tiles_show_targets_only_of_the_whole(filled: Membership, client_of: ClientOf) -> None:
    with scope(filled.organization_id):
        for metric, value in ((Metric.QUALIFIED_LEADS, "6"), (Metric.COST_PER_QUALIFIED_LEAD, "30")):
            set_target(metric=metric, month=date(2026, 3, 1), value=Decimal(value), actor=filled, now=NOW)
    client = client_of(filled)
    tiles = client.get(reverse("source_value"), PERIOD).context["tiles"]
    assert (tiles[0].target, tiles[4].target) == ("6, 50% reached", "$30, missed")
    below = client.get(reverse("source_value"), {**PERIOD, "channel": "paid_search"}).context["tiles"]
    assert not any(tile.target for tile in below)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_the_page_s_numbers(filled: Membership, client_of: ClientOf, kind: str) -> None:
    client = client_of(filled)
    query = {**PERIOD, "by": "source", "channel": "paid_search"}
    report = client.get(reverse("source_value"), query).context["report"]
    answer = client.get(reverse("source_value_export"), {**query, "kind": kind})
    file = BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    header, *rows = read_rows(file, detect_layout(file))
    assert header[:3] == ["Source", "Leads", "Qualified"]
    assert [row[0] for row in rows] == [*(row.label for row in report.rows), "Total"]
    assert [int(row[1] or 0) for row in rows] == [*(row.numbers.leads for row in report.rows), report.total.leads]
    assert Decimal(rows[-1][7]) == report.total.cost


def test_many_values_are_one_line_beyond_two_hundred(ada: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        for number in range(203):
            LeadFactory(owner=ada, landing_page=f"https://a.example/{number}")
    shown = client_of(ada).get(reverse("source_value"), {**PERIOD, "by": "landing_page"}).context
    assert [line.row.label for line in shown["rows"]][-1] == "3 more"
    assert sum(line.row.numbers.leads for line in shown["rows"]) == shown["total"].row.numbers.leads == 203


@pytest.mark.parametrize(
    ("pages", "labels"),
    [
        (["https://a.example", "https://a.example/b?x=1"], ["/", "/b?x=1"]),
        (["https://a.example/b", "https://c.example/d"], ["https://a.example/b", "https://c.example/d"]),
        (["http://[b", "b://[c"], ["/", "b://[c"]),  # whatever a visitor sends
    ],
)
def test_pages_of_one_site_stand_below_the_bars_by_their_paths(
    ada: Membership, client_of: ClientOf, pages: list[str], labels: list[str]
) -> None:
    with scope(ada.organization_id):
        for page in pages:
            LeadFactory(owner=ada, landing_page=page)
    shown = client_of(ada).get(reverse("source_value"), {**PERIOD, "by": "landing_page"}).context
    assert sorted(shown["shares"].option["yAxis"]["data"]) == sorted(labels)


def test_queries_do_not_grow_with_the_leads(filled: Membership, client_of: ClientOf) -> None:
    client = client_of(filled)
    client.get(reverse("source_value"), PERIOD)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("source_value"), PERIOD)
    with scope(filled.organization_id):
        for number in range(20):
            LeadFactory(owner=filled, source=f"source {number}", channel=Channel.REFERRAL)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("source_value"), {**PERIOD, "by": "source"})
    assert len(many) == len(few)


def test_a_bad_period_says_what_to_do_and_shows_the_usual_one(filled: Membership, client_of: ClientOf) -> None:
    answer = client_of(filled).get(reverse("source_value"), {"from": "2026-13-45"})
    assert "YYYY-MM-DD" in answer.context["question"].error
    assert answer.context["report"].period.days == 30


def test_an_empty_period_says_what_to_do_next(ada: Membership, client_of: ClientOf) -> None:
    answer = client_of(ada).get(reverse("source_value"))
    assert "No leads in this period" in answer.content.decode()


def test_others_see_nothing_of_it(filled: Membership, eve: Membership, client_of: ClientOf) -> None:
    total = client_of(eve).get(reverse("source_value"), PERIOD).context["report"].total
    assert (total.leads, total.cost) == (0, None)
