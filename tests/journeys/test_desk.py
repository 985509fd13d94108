"""The desk in a browser: the queue by keyboard and pad, nothing moving under the cursor, every page accessible."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Opportunity, OpportunityLead, Stage, Touch
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.desk.leads import add_inquiry, add_score, add_task, make_lead, offer
from tests.journeys.browser import Errors, list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage

MINUTE = timedelta(minutes=1)


def build_hot(ria: Membership, now: datetime, name: str, *, minutes_left: int) -> Lead:
    """Write a hot lead that was offered to Ria."""
    lead = make_lead(owner=ria, now=now, name=name, captured_at=now - MINUTE, quote_value=12000, source="google")
    add_inquiry(
        lead,
        arrived_at=now - MINUTE,
        due_at=now + minutes_left * MINUTE,
        message="We need forty windows replaced before winter. Can someone call me today?",
        service="Windows",
    )
    Touch.objects.create(person=lead.person, occurred_at=now, channel="paid_search", source="google", medium="cpc")
    add_score(lead, now=now)
    offer(lead, now=now, receipt={"rules": [{"name": "West", "matched": True, "why": "region is CO"}]})
    return lead


@pytest.fixture
def leads(acme: Organization, ria: Membership) -> list[Lead]:
    """Three of Ria's leads: two hot, one with a task."""
    now = utc_now()
    with scope(acme.id):
        first = build_hot(ria, now, "Ann First", minutes_left=4)
        second = build_hot(ria, now, "Ben Second", minutes_left=30)
        third = make_lead(owner=ria, now=now, name="Cy Third")
        add_task(third, due_at=now - MINUTE, now=now)
    return [first, second, third]


def list_names(page: Page) -> list[str]:
    """Return the names in the queue from top to bottom."""
    return page.locator("[data-row] .desk-row-link").all_inner_texts()


def test_the_queue_by_keyboard_and_pad(open_page: OpenPage, ria: Membership, leads: list[Lead]) -> None:
    page = open_page("/queue/", user=ria.user)
    order = ["Ann First", "Ben Second", "Cy Third"]
    assert list_names(page) == order
    preview = page.locator("#preview")
    expect(preview.get_by_role("heading")).to_have_text("Ann First")

    page.keyboard.press("j")
    expect(preview.get_by_role("heading")).to_have_text("Ben Second")
    page.keyboard.press("s")
    expect(preview.get_by_role("button", name="In a week")).to_be_visible()
    page.keyboard.press("Escape")
    preview.get_by_role("button", name="Voicemail").click()

    row = page.locator(f"#row-{leads[1].pk}")
    expect(row).to_contain_text("Voicemail logged. Next task:")
    assert list_names(page) == order

    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("We need forty windows")
    assert list_names(page) == order

    row.get_by_role("button", name="Accept").click()
    expect(row.get_by_role("button", name="Accept")).to_have_count(0)

    page.keyboard.press("j")
    expect(preview.get_by_role("heading")).to_have_text("Cy Third")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cy Third")


def test_new_leads_wait_behind_a_bar(
    open_page: OpenPage, acme: Organization, ria: Membership, leads: list[Lead]
) -> None:
    page = open_page("/queue/", user=ria.user)
    before = list_names(page)
    with scope(acme.id):
        build_hot(ria, utc_now(), "Dee Fourth", minutes_left=3)

    page.evaluate("document.body.dispatchEvent(new CustomEvent('leadhub:alert', {bubbles: true, detail: {}}))")
    bar = page.get_by_role("link", name="1 new")
    expect(bar).to_be_visible()
    assert list_names(page) == before

    bar.click()
    expect(page.locator("[data-row]")).to_have_count(4)


def test_no_menu_reaches_over_the_sidebar(open_page: OpenPage, ria: Membership, leads: list[Lead]) -> None:
    page = open_page(f"/leads/{leads[0].pk}/", user=ria.user)
    page.set_viewport_size({"width": 1024, "height": 900})
    menus = page.locator(".desk-head-who .lh-menu")
    assert menus.count() > 3
    for menu in menus.all():
        menu.locator("summary").click()
        panel = menu.locator(".lh-menu-panel")
        expect(panel).to_be_visible()
        page.wait_for_function(
            "(panel) => panel.getBoundingClientRect().left >= panel.closest('main').getBoundingClientRect().left",
            arg=panel.element_handle(),
        )
        page.keyboard.press("Escape")


def test_the_lead_page_qualifies_converts_and_wins(
    open_page: OpenPage, ria: Membership, leads: list[Lead], page_errors: Errors
) -> None:
    page_errors.allowed.append("422")  # a loss without a reason
    page = open_page(f"/leads/{leads[0].pk}/", user=ria.user)
    page.get_by_role("button", name="Connected").click()
    expect(page.get_by_role("status")).to_contain_text(["Connected logged."])

    for field in ("Budget", "Authority", "Need", "Timeline"):
        page.get_by_label(field).fill("known")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".lh-step-current")).to_contain_text("SQL")

    page.locator("summary", has_text="Convert").click()
    page.get_by_label("Amount").fill("9000")
    page.get_by_role("button", name="Open the opportunity").click()
    expect(page.locator(".lh-step-current")).to_contain_text("Opportunity")

    page.locator("summary", has_text="Won or lost").click()
    page.get_by_role("button", name="Lost").click()
    expect(page.get_by_text("Say why it was lost.")).to_be_visible()
    page.locator(".desk-deal").get_by_label("Reason").fill("Quick answer")
    page.get_by_role("button", name="Won", exact=True).click()
    expect(page.locator(".lh-step-current")).to_contain_text("Customer")


def test_a_lead_is_put_off_to_a_day_and_woken_where_the_page_was_read(
    open_page: OpenPage, ria: Membership, leads: list[Lead]
) -> None:
    page = open_page(f"/leads/{leads[0].pk}/", user=ria.user)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("summary", has_text="Snooze").click()
    page.get_by_label("Until a day").fill("2040-05-22")
    page.get_by_role("button", name="Put off").click()
    expect(page.get_by_role("status")).to_contain_text(["Put off until 22 May 2040, 09:00."])

    page.evaluate("scrollTo(0, 150)")
    page.get_by_role("button", name="Wake it now").click()
    expect(page.get_by_role("status")).to_contain_text(["Back in the queue."])
    assert page.evaluate("scrollY") == 150


@pytest.fixture
def deal(acme: Organization, ria: Membership, leads: list[Lead]) -> Lead:
    """A lead with an open deal."""
    now = utc_now()
    with scope(acme.id):
        lead = make_lead(owner=ria, now=now, name="Eva Fifth", stage=Stage.OPPORTUNITY, opportunity_at=now)
        opportunity = Opportunity.objects.create(name="Windows", amount=9000, currency="USD", owner=ria, opened_at=now)
        OpportunityLead.objects.create(opportunity=opportunity, lead=lead, is_primary=True)
    return lead


@pytest.mark.parametrize("name", ["home", "queue", "lead", "deal", "leads", "new", "team", "set-up", "numbers"])
def test_every_page_is_accessible(
    open_page: OpenPage,
    ada: Membership,
    mia: Membership,
    max_: Membership,
    ria: Membership,
    leads: list[Lead],
    deal: Lead,
    name: str,
) -> None:
    places = {
        "home": ("/", ria),
        "queue": ("/queue/", ria),
        "lead": (f"/leads/{leads[0].pk}/", ria),
        "deal": (f"/leads/{deal.pk}/", ria),
        "leads": ("/leads/", ria),
        "new": ("/leads/new/", ria),
        "team": ("/team/", mia),
        "set-up": ("/", ada),
        "numbers": ("/", max_),
    }
    path, member = places[name]
    page = open_page(path, user=member.user)

    assert list_accessibility_violations(page) == []
    assert list_accessibility_violations(open_page(path, user=member.user, theme="dark", size="phone")) == []
    photograph_everywhere(page, f"desk-{name}")
