"""The reports in a browser: accessible in both themes and on a phone, their pictures drawn, a bar opens its leads."""

import random
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage
from tests.reporting.random_leads import make_random_lead

PAGES = {
    "funnel": "/reports/funnel/",
    "cohorts": "/reports/cohorts/?stage=sal",
    "speed": "/reports/speed/",
    "lost": "/reports/lost/?by=channel",
    "inquiries": "/reports/speed/inquiries/?state=late",
}


@pytest.fixture(autouse=True)
def filled(ria: Membership, raj: Membership) -> None:
    """Eighty random leads of the last days."""
    chance, now = random.Random(8), utc_now()
    with scope(ria.organization_id):
        for _ in range(80):
            make_random_lead(chance, owners=[ria, raj], around=now - timedelta(days=20), days=19)


@pytest.mark.parametrize("name", PAGES)
def test_every_report_is_accessible(open_page: OpenPage, mia: Membership, name: str) -> None:
    page = open_page(PAGES[name], user=mia.user)
    assert list_accessibility_violations(page) == []
    assert list_accessibility_violations(open_page(PAGES[name], user=mia.user, theme="dark", size="phone")) == []
    photograph_everywhere(page, f"reports-{name}")


def test_from_the_funnel_to_the_leads_and_back(open_page: OpenPage, mia: Membership) -> None:
    page = open_page("/reports/funnel/", user=mia.user)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    stage = page.get_by_role("row", name="SAL").first
    count = stage.get_by_role("link").first.inner_text()
    stage.get_by_role("link").first.click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text(f"{count} leads")
    page.go_back()
    page.get_by_role("link", name="Speed to lead").click()
    expect(page.get_by_role("heading", name="Speed to lead")).to_be_visible()
