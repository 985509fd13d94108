"""An alert in a rep's browser: toast, badge, list; once, in every tab, and only to whom it belongs."""

from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.live.alerts import raise_alert
from leadhub.tenancy.scope import scope
from tests.desk.leads import add_inquiry, make_lead, offer
from tests.factories import LeadFactory
from tests.journeys.browser import list_accessibility_violations, photograph
from tests.journeys.conftest import OpenPage

# What a reader would see jump, by the browser's own account (https://web.dev/articles/cls); toasts lie above the page.
WATCH_SHIFTS = """() => {
  window.shifted = [];
  const name = (node) => (node?.outerHTML ?? `${node?.nodeValue}`).slice(0, 120);
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => node).filter((node) => !document.getElementById('toasts').contains(node));
      if (moved.length) window.shifted.push(moved.map(name));
    }
  }).observe({ type: 'layout-shift' });
}"""


def ring(member: Membership, *, text: str, key: str) -> None:
    """Raise an alert as the line does."""
    with scope(member.organization_id):
        lead: Lead = LeadFactory(owner=member)  # type: ignore[assignment]
        raise_alert(member=member, kind="assigned", lead=lead, text=text, dedupe_key=key, now=utc_now())


def wait_for_stream(page: Page) -> None:
    """Wait until the page hears."""
    expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "open")


def test_alert_appears_without_reloading(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/queue/", user=ria.user)
    wait_for_stream(page)
    ring(ria, text="Hannah Berg asks for a quote", key="a")

    expect(page.locator("#toasts").get_by_text("Hannah Berg asks for a quote")).to_be_visible()
    expect(page.locator("#alert-count")).to_have_text("1")
    assert list_accessibility_violations(page) == []
    photograph(page, "alert", full_page=False)

    page.locator("summary[aria-label='Alerts']").click()
    expect(page.locator("#alert-list").get_by_text("Hannah Berg asks for a quote")).to_be_visible()


def test_nothing_moves_when_an_alert_arrives(open_page: OpenPage, ria: Membership) -> None:
    with scope(ria.organization_id):
        hand_over(ria, name="Grace Hopper")
    page = open_page("/queue/", user=ria.user)
    wait_for_stream(page)
    page.evaluate(WATCH_SHIFTS)
    for name in ("Hannah Berg", "Jonas Wolf"):
        with scope(ria.organization_id):
            lead = hand_over(ria, name=name)
            raise_alert(member=ria, kind="assigned", lead=lead, text=name, dedupe_key=name, now=utc_now())
    expect(page.locator("#toasts .lh-toast")).to_have_count(2)
    expect(page.get_by_role("link", name="2 new")).to_be_visible()

    assert page.evaluate("window.shifted") == []


def hand_over(member: Membership, *, name: str) -> Lead:
    """Offer the member a lead with an inquiry."""
    now = utc_now()
    lead = make_lead(owner=member, now=now, name=name)
    add_inquiry(lead, arrived_at=now)
    offer(lead, now=now)
    return lead


def test_every_tab_shows_it_once(open_page: OpenPage, ria: Membership) -> None:
    first = open_page("/", user=ria.user)
    wait_for_stream(first)
    second = first.context.new_page()
    second.goto("/queue/")
    wait_for_stream(second)
    ring(ria, text="Hannah Berg asks for a quote", key="a")
    ring(ria, text="Jonas Wolf calls back", key="b")

    for page in (first, second):
        expect(page.locator("#alert-count")).to_have_text("2")
        expect(page.locator("#toasts .lh-toast")).to_have_count(2)


def test_the_next_tab_takes_the_stream_over(open_page: OpenPage, ria: Membership) -> None:
    first = open_page("/", user=ria.user)
    wait_for_stream(first)
    second = first.context.new_page()
    second.goto("/queue/")
    first.close()
    wait_for_stream(second)
    ring(ria, text="Jonas Wolf calls back", key="b")

    expect(second.locator("#toasts").get_by_text("Jonas Wolf calls back")).to_be_visible()


def test_colleague_is_seen_looking_but_hears_nothing(open_page: OpenPage, ria: Membership, raj: Membership) -> None:
    with scope(ria.organization_id):
        lead = hand_over(ria, name="Grace Hopper")
    hers = open_page(f"/leads/{lead.pk}/", user=ria.user)
    wait_for_stream(hers)
    hers.evaluate(WATCH_SHIFTS)
    his = open_page(f"/leads/{lead.pk}/", user=raj.user)
    wait_for_stream(his)
    for page, name in ((his, "Ria"), (hers, "Raj")):
        expect(page.locator("[data-looking]")).to_have_text(f"{name} is looking at this lead too")
    assert list_accessibility_violations(hers) == []
    his.goto("/")
    expect(hers.locator("[data-looking]")).to_be_empty()
    assert hers.evaluate("window.shifted") == []

    wait_for_stream(his)
    ring(ria, text="Hannah Berg asks for a quote", key="a")

    expect(hers.locator("#toasts .lh-toast")).to_have_count(1)
    expect(his.locator("#toasts .lh-toast")).to_have_count(0)


def test_opt_in_is_kept(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/", user=ria.user)
    page.locator("summary[aria-label='Alerts']").click()
    page.get_by_role("button", name="Sound on a new lead").click()
    expect(page.locator("body")).to_have_attribute("data-sound", "")
    page.reload()

    expect(page.locator("body")).to_have_attribute("data-sound", "")
