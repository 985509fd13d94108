"""The settings area in a browser: the hub leads everywhere, an effect is shown before a change, the log tells it."""

from typing import Any

from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from routing.models import Pool, PoolMember
from routing.publishing import save_rule
from tests.factories import LeadFactory
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage

SEARCH = {"all": [{"field": "lead.channel", "op": "is", "value": "paid_search"}]}


def check(page: Page, name: str) -> None:
    """Photograph the page and look for what assistive technology would stumble over."""
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, name)


def test_an_admin_sees_what_rules_do_before_they_do_it(ada: Membership, ria: Membership, open_page: OpenPage) -> None:
    with scope(ada.organization_id):
        who: dict[str, Any] = {"actor": ada, "now": utc_now()}
        PoolMember.objects.create(pool=Pool.objects.get(), member=ria, capacity=3)
        for number in range(12):
            LeadFactory(owner=ria, captured_at=utc_now(), channel="direct" if number % 3 else "paid_search")
        save_rule(name="Search to Ria", condition=SEARCH, target="member", member=ria, **who)
    page = open_page("/routing/", user=ada.user)
    expect(page.get_by_text("By the draft")).to_be_visible()
    check(page, "settings-routing-draft")
    page.goto("/scoring/")
    expect(page.get_by_text("somebody without a limit")).to_be_visible()
    photograph_everywhere(page, "settings-scoring")
    page.goto("/settings/dry-run/")
    page.get_by_label("E-mail").fill("grace@navy.example")
    page.get_by_label("By the drafts").check()
    page.get_by_role("button", name="Run it dry").click()
    expect(page.get_by_text("is a new lead.")).to_be_visible()
    check(page, "settings-dry-run")


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
