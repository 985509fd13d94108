"""The story of the table: many cheap leads against few good ones, from the form's door to the dashboard and the API.

Visitors post at the real door, the real line makes leads of what they sent, a marketer judges the inquiries by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import Settings

from capture.form_editing import update_form
from capture.models import Form
from leadhub.accounts.models import Membership
from leadhub.desk.founding import Founded
from leadhub.leads.models import Inquiry
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.capture.posting import post_json
from tests.personas import ClientOf

Figures = tuple[int, int, Decimal]
UNQUALIFIED_VALUE = 7_000


@dataclass(frozen=True)
class Campaign:
    """What one platform sent: how many leads, and the quote values of those that qualify."""

    source: str
    click_id: str
    leads: int
    values: tuple[int, ...]


CAMPAIGNS = (
    Campaign("facebook", "fbclid", 60, (1_500,) * 9),
    Campaign("google", "gclid", 42, (3_500,) * 25 + (4_500,)),
    Campaign("bing", "msclkid", 28, (2_000,) * 6 + (2_200,)),
)
EXPECTED: dict[str, Figures] = {
    "facebook": (60, 9, Decimal(13_500)),
    "google": (42, 26, Decimal(92_000)),
    "bing": (28, 7, Decimal(14_200)),
}
TOTAL: Figures = (130, 42, Decimal(119_700))


@pytest.fixture
def marketer(founded: Founded, max_: Membership, client_of: ClientOf, settings: Settings) -> Client:
    """Max's browser, after 130 visitors have asked and he has judged them."""
    settings.FORM_RATE = "off"
    with scope(founded.organization.id):  # a talk, not a quote: nobody is an MQL by asking
        update_form(form=Form.objects.get(), changes={"intent": "warm"}, actor=founded.admin, now=utc_now())
    good = {address for campaign in CAMPAIGNS for address in post_leads(founded.form_key, campaign)}
    run_due(now=utc_now(), organization_id=founded.organization.id)
    client = client_of(max_)
    judge(client, founded, good)
    return client


def post_leads(key: str, campaign: Campaign) -> Iterator[str]:
    """Post the campaign's leads at the door; yield the addresses of those that are to qualify."""
    for number in range(campaign.leads):
        is_good = number < len(campaign.values)
        address = f"{campaign.source}{number}@example.com"
        values = {
            "name": f"Visitor {number}",
            "email": address,
            "quote_value": f"${campaign.values[number] if is_good else UNQUALIFIED_VALUE:,}",
            "landing_page": f"https://acme.example/siding?{campaign.click_id}=click{number}",
        }
        assert post_json(key, values).status_code == 202
        if is_good:
            yield address


def judge(client: Client, founded: Founded, good: set[str]) -> None:
    """Press a verdict at each inquiry."""
    with scope(founded.organization.id):
        inquiries = list(Inquiry.objects.values_list("pk", "person__email_norm"))
    assert len(inquiries) == TOTAL[0]
    for pk, address in inquiries:
        verdict = "qualified" if address in good else "unqualified"
        assert client.post(reverse("inquiry_verdict", args=[pk]), {"verdict": verdict}).status_code == 302


def test_the_dashboard_and_the_api_show_exactly_the_table(marketer: Client, founded: Founded) -> None:
    page = marketer.get(reverse("source_value"), {"by": "source"}).content.decode()
    assert read_table(page) == {**EXPECTED, "Total": TOTAL}
    bearer = {"Authorization": f"Bearer {founded.api_key}"}
    answer = Client().get(reverse("api_source_value"), {"by": "source"}, headers=bearer).json()
    assert {row["value"]: read_figures(row) for row in answer["rows"]} == EXPECTED
    assert read_figures(answer["total"]) == TOTAL


def read_figures(row: dict[str, Any]) -> Figures:
    """Return what the API says of a row."""
    return row["leads"], row["qualified"], Decimal(row["quote_value"])


def read_table(page: str) -> dict[str, Figures]:
    """Return the figures of the page's table by the name of their row, as a person reads them."""
    found = re.search(r"<caption[^>]*>Source and value</caption>(.*?)</table>", page, re.DOTALL)
    assert found
    rows = [read_cells(row) for row in re.findall(r"<tr.*?</tr>", found[1], re.DOTALL)]
    places = [rows[0].index(name) for name in ("Leads", "Qualified", "Quote value")]
    return {row[0]: read_row(*(row[place] for place in places)) for row in rows[1:]}


def read_row(leads: str, qualified: str, value: str) -> Figures:
    """Read what stands in the cells."""
    return int(leads), int(qualified), Decimal(re.sub(r"[^\d.]", "", value))


def read_cells(row: str) -> list[str]:
    """Return the first words of each cell; what a cell says below its number is left out."""
    cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
    return [next((line.strip() for line in strip_tags(cell).splitlines() if line.strip()), "") for cell in cells]
