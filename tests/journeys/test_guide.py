"""The pictures of the guides in docs/guide: the demo's people at work, where a guide sends its reader.

`make pictures` runs this and brings what it photographs, `screenshots/guide-*.png`, into docs/images.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from leadhub.demo.load import Loaded, load_demo
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from nurture.models import Sequence, Step
from routing.models import Pool
from tests.capture.imports.files import make_csv
from tests.capture.posting import post_json
from tests.journeys.browser import SCREENSHOTS, Errors, photograph
from tests.journeys.conftest import OpenPage

pytestmark = pytest.mark.timeout(600)
SEED = 4
PICTURE = re.compile(r"guide-[a-z-]+\.png")
PLACES = {
    "ria": {"guide-speed-own": "/reports/speed/?days=90"},
    "max": {
        "guide-home": "/",
        "guide-inquiries": "/inquiries/",
        "guide-source-value": "/reports/source-value/?days=90",
        "guide-funnel": "/reports/funnel/?days=90",
        "guide-spend": "/reports/spend/",
        "guide-sequences": "/sequences/",
    },
    "mia": {"guide-leads": "/leads/", "guide-team": "/team/", "guide-speed": "/reports/speed/?days=90"},
    "ada": {
        "guide-settings": "/settings/",
        "guide-routing": "/routing/",
        "guide-intake": "/intake/?days=90",
        "guide-audit": "/audit/",
        "guide-members": "/members/",
        "guide-api-keys": "/api-keys/",
        "guide-api": "/api/docs/",
    },
}
NEWCOMER = {
    "first_name": "Grace",
    "last_name": "Keller",
    "email": "grace.keller@harborhomes.example",
    "phone": "+1 312 555 0164",
    "company": "Harbor Homes",
    "title": "Property manager",
    "message": "Hail broke the roof of our clubhouse. Can somebody look at it this week?",
    "service": "Roofing",
    "quote_value": "21500",
    "utm_source": "google",
    "utm_medium": "cpc",
    "utm_campaign": "roof-replacement",
    "utm_term": "roof repair near me",
    "landing_page": "https://northwind.example/roofing",
}
OLD_LEADS = (
    ("E-mail", "Full name", "Lead source", "Created at", "Quote value", "Status"),
    *((f"p{n}@client{n}.example", f"Pat Person{n}", "google", "2026-02-01", f"{n}00.50", "") for n in range(1, 41)),
    ("not an address", "Bo", "", "31.31.2026", "", ""),
)


@pytest.fixture
def demo(db: None) -> Loaded:
    """The demo with a lead that has just arrived."""
    loaded = load_demo(now=utc_now() - timedelta(minutes=3), leads=100, days=60, seed=SEED)
    assert post_json(loaded.form_key, NEWCOMER).status_code == 202
    run_due(now=utc_now(), organization_id=loaded.organization.id)
    return loaded


@pytest.fixture
def open_as(demo: Loaded, open_page: OpenPage, settings: LazySettings) -> Callable[..., Page]:
    """Open a browser as one of the demo's people: `open_as("ria", size="phone")`."""
    settings.MAIL_FOLDER = ""

    def open_(name: str, path: str = "", *, size: str = "desktop") -> Page:
        with scope(demo.organization.id):
            member = Membership.objects.select_related("user").get(user__email__startswith=f"{name}@")
        page = open_page(path, user=member.user, size=size)
        page.emulate_media(reduced_motion="reduce")
        return page

    return open_


def take(page: Page, name: str, path: str = "") -> None:
    """Photograph what the reader sees first of the page."""
    if path:
        page.goto(path)
    if page.locator("[data-chart]").count():
        expect(page.locator("[data-chart] canvas").first).to_be_visible()
        page.wait_for_timeout(700)
    photograph(page, name, full_page=False)


def test_the_pictures_of_the_guides(
    demo: Loaded, open_as: Callable[..., Page], page_errors: Errors, tmp_path: Path
) -> None:
    page_errors.allowed += ["htmx:sendAbort", "htmx:afterRequest"]  # a page is left while its bar asks for what is new
    for former in SCREENSHOTS.glob("guide-*.png"):
        former.unlink()
    for who, places in PLACES.items():
        take_all(open_as(who), places)
    take_at_night_and_on_the_way(open_as)
    take_work_on_newcomer(demo, open_as)
    take_rules(demo, open_as("ada"))
    take_sequence(demo, open_as("max"))
    take_import(demo, open_as("max", "/imports/"), tmp_path / "old crm.csv")
    assert {taken.name for taken in SCREENSHOTS.glob("guide-*.png")} == list_shown()


def list_shown() -> set[str]:
    """Return the pictures that the guides and the README show."""
    root = SCREENSHOTS.parent
    pages = (root / "README.md", *(root / "docs" / "guide").glob("*.md"))
    return {picture for page in pages for picture in PICTURE.findall(page.read_text())}


def take_all(page: Page, places: dict[str, str]) -> None:
    """Photograph the pages that need no preparation."""
    for name, path in places.items():
        page.goto(path)
        if path == "/api/docs/":
            expect(page.get_by_role("heading", name="LeadHub")).to_be_visible()
        take(page, name)


def take_at_night_and_on_the_way(open_as: Callable[..., Page]) -> None:
    """Photograph a report in the dark theme and two lists on a phone."""
    night = open_as("max", "/reports/source-value/?days=90")
    night.emulate_media(color_scheme="dark")
    take(night, "guide-source-value-dark")
    take(open_as("mia", "/leads/", size="phone"), "guide-leads-phone")
    take(open_as("max", "/inquiries/", size="phone"), "guide-inquiries-phone")


def take_work_on_newcomer(demo: Loaded, open_as: Callable[..., Page]) -> None:
    """Photograph the queue and the lead that has just arrived, as whose turn it is sees them."""
    with scope(demo.organization.id):
        lead = Lead.objects.select_related("owner").get(person__email=NEWCOMER["email"])
    page = open_as(lead.owner.name.lower(), "/queue/")
    expect(page.locator("[data-row]").filter(has_text="Grace Keller")).to_be_visible()
    take(page, "guide-queue")
    take(page, "guide-lead", f"/leads/{lead.pk}/")
    page.keyboard.press("e")
    page.get_by_label("Template").select_option("Tried to call you")
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("I tried to reach you, Grace")
    take(page, "guide-letter")
    pocket = open_as(lead.owner.name.lower(), "/queue/", size="phone")
    take(pocket, "guide-queue-phone")
    take(pocket, "guide-lead-phone", f"/leads/{lead.pk}/")


def take_rules(demo: Loaded, page: Page) -> None:
    """Photograph moved lines, a pool and a dry run."""
    page.goto("/scoring/")
    page.get_by_label("Fit line").fill("0")
    page.get_by_label("Engagement line").fill("15")
    page.get_by_role("button", name="Show what it does").click()
    expect(page.get_by_text("Nobody comes in.")).to_have_count(0)
    expect(page.locator(".lh-score-room")).to_contain_text("open")  # it is asked for by itself
    take(page, "guide-scoring")
    with scope(demo.organization.id):
        pool = Pool.objects.get(is_fallback=True)
    take(page, "guide-pool", f"/routing/pools/{pool.pk}/")
    page.goto("/settings/dry-run/")
    page.get_by_label("E-mail").fill("hannah@lakeviewproperty.example")
    page.get_by_label("Their words").fill("A quote for our roof, please.")
    page.get_by_label("Quote value").fill("12000")
    page.get_by_role("button", name="Run it dry").click()
    expect(page.get_by_text("Owner", exact=True).first).to_be_visible()
    take(page, "guide-dry-run")


def take_sequence(demo: Loaded, page: Page) -> None:
    """Photograph a sequence and one of its mails."""
    with scope(demo.organization.id):
        sequence = Sequence.objects.get(name="Welcome")
        mail = Step.objects.filter(sequence=sequence, kind=Step.Kind.MAIL).earliest("position")
    take(page, "guide-sequence", f"/sequences/{sequence.pk}/")
    take(page, "guide-mail", f"/sequences/{sequence.pk}/steps/{mail.pk}/")


def take_import(demo: Loaded, page: Page, file: Path) -> None:
    """Photograph an import after its check, before anything is written."""
    file.write_bytes(make_csv(*OLD_LEADS))
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/mapping/")
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url(lambda url: "/mapping/" not in url)
    run_due(now=utc_now(), organization_id=demo.organization.id)
    expect(page.get_by_role("button", name="Import 40 rows")).to_be_visible()
    take(page, "guide-import")
