"""Every page in a browser, with a business in it: both themes, phone, tablet, paper. A new URL is tried by default."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from django.test import Client
from playwright.sync_api import Page, ViewportSize

from leadhub.accounts.models import Membership
from leadhub.cli.places import Kind, Place, list_places
from leadhub.demo.load import load_demo
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from tests.contracts.places import build_url, furnish
from tests.journeys.browser import COLOURS, PHONE, RULES, Errors, list_accessibility_violations
from tests.journeys.conftest import OpenPage
from tests.personas import ClientOf

pytestmark = pytest.mark.timeout(900)
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return '';
  const found = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  return `${wide} px too wide: ${found.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)).join(' | ')}`;
}"""
LOOKS: tuple[tuple[Literal["dark", "light"], Mapping[str, Any]], ...] = (("dark", COLOURS), ("light", RULES))
TABLET = (ViewportSize(width=820, height=1100), ViewportSize(width=1024, height=1100))
# A4 less a centimetre at each side; paper does not scroll, so that what is too wide is lost.
PAPER = ViewportSize(width=718, height=1046)
# Without motion every change of style still takes until the next frame.
WIDE_TABLES = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [...document.querySelectorAll('.lh-table-wrap:not(:has(.report-cohorts))')]
    .filter((wrap) => wrap.firstElementChild.offsetWidth > wrap.clientWidth + 1)
    .map((wrap) => `${wrap.getAttribute('aria-label')}: ${wrap.firstElementChild.offsetWidth} in ${wrap.clientWidth}`);
}"""
ON_PAPER = """() => [...document.querySelectorAll('nav, .btn, #toasts, .lh-side')]
  .filter((element) => element.checkVisibility()).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def boss(db: None) -> Membership:
    """The admin of a business that has run for some weeks."""
    now = utc_now()
    loaded = load_demo(now=now, leads=25, days=21)
    with scope(loaded.organization.id):
        return Membership.objects.select_related("user").get(role="admin")


def list_pages(member: Membership, client: Client) -> Iterator[tuple[Place, str]]:
    """Yield every URL that answers the admin with a whole page of the product's."""
    furniture = furnish(member)
    for place in list_places():
        if place.kind == Kind.PAGE and "GET" in place.asks:
            url = build_url(place, furniture)
            answer = client.get(url)
            is_html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and is_html and not answer.streaming and b'id="content"' in answer.content:
                yield place, url


def examine(page: Page, place: Place, url: str) -> Iterator[str]:
    """Yield what is wrong with the page at a desk, at night, on a phone and on paper."""
    for theme, rules in LOOKS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.goto(url)
        yield from (f"{theme}: {violation}" for violation in list_accessibility_violations(page, rules=rules))
    desk = page.viewport_size
    page.set_viewport_size(PHONE)
    if overflow := page.evaluate(OVERFLOW):
        yield f"phone: {overflow}"
    if place.route.startswith("/reports/"):
        yield from examine_report(page)
    if desk:
        page.set_viewport_size(desk)


def examine_report(page: Page) -> Iterator[str]:
    """Yield what is wrong with a report on a tablet, where no table scrolls sideways, and on paper."""
    for size in TABLET:
        page.set_viewport_size(size)
        yield from (f"tablet, {size['width']} px: {table}" for table in page.evaluate(WIDE_TABLES))
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.bsTheme === 'light'")
    yield from (f"paper: {wrong}" for wrong in (*page.evaluate(ON_PAPER), *page.evaluate(WIDE_TABLES)))
    page.emulate_media(media="screen", color_scheme="light")


def test_every_page_is_accessible_and_fits(
    open_page: OpenPage, boss: Membership, client_of: ClientOf, page_errors: Errors
) -> None:
    pages = list(list_pages(boss, client_of(boss)))
    browser_page = open_page(user=boss.user)
    wrong = {}
    for place, url in pages:
        if found := list(examine(browser_page, place, url)):
            wrong[url] = found[:8]
    assert not page_errors.list_unexpected()
    assert len(pages) > 30
    assert not wrong, "\n".join(f"{url}\n  " + "\n  ".join(found) for url, found in wrong.items())
