"""The settings area in a browser: the hub leads everywhere, an effect is shown before a change, the log tells it."""

from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage


def check(page: Page, name: str) -> None:
    """Photograph the page and look for what assistive technology would stumble over."""
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, name)


def test_an_admin_changes_the_organization_and_reads_it_in_the_log(
    ada: Membership, ria: Membership, open_page: OpenPage
) -> None:
    page = open_page("/settings/", user=ada.user)
    expect(page.get_by_role("link", name="Score model")).to_be_visible()
    check(page, "settings-hub")
    page.get_by_role("link", name="Organization Name").click()
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Change the organization?")).to_be_visible()
    check(page, "settings-confirmation")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("The organization is saved.")).to_be_visible()
    check(page, "settings-organization")
    page.goto("/audit/?q=organization")
    expect(page.get_by_text("EUR", exact=True)).to_be_visible()
    check(page, "settings-audit")
