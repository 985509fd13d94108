"""Source and value in a browser: a marketer uploads spend, sees what a lead cost, drills down to the leads, prints."""

import random
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Verdict
from leadhub.tenancy.scope import scope
from reporting.models import Metric
from reporting.targets import set_target
from tests.factories import LeadFactory
from tests.journeys.browser import list_accessibility_violations, photograph, photograph_everywhere
from tests.journeys.conftest import OpenPage

SOURCES = [
    (Channel.PAID_SOCIAL, "facebook", 60, 0.15, 1500),
    (Channel.PAID_SEARCH, "google", 42, 0.6, 3500),
    (Channel.PAID_SEARCH, "bing", 28, 0.25, 2000),
    (Channel.REFERRAL, "partner.example", 12, 0.5, 6000),
    (Channel.UNKNOWN, "", 6, 0.2, 900),
]


@pytest.fixture
def business(max_: Membership) -> Membership:
    """Two months of leads from five sources, and what the month should bring."""
    chance, now = random.Random(3), timezone.now()
    with scope(max_.organization_id):
        for channel, source, count, share, value in SOURCES:
            for _ in range(count * 2):
                is_good = chance.random() < share
                LeadFactory(
                    owner=max_,
                    channel=channel,
                    source=source,
                    campaign=chance.choice(["spring siding", "roof repair"]) if source else "",
                    term=chance.choice(["siding near me", "roof", ""]),
                    landing_page="https://acme.example/siding" if source else "",
                    captured_at=now - timedelta(days=chance.random() * 59),
                    verdict=Verdict.QUALIFIED if is_good else Verdict.UNQUALIFIED,
                    quote_value=Decimal(chance.randint(value // 2, value * 2)) if is_good else Decimal(800),
                    pipeline_value=Decimal(value) if is_good and chance.random() < 0.4 else Decimal(0),
                    sales_value=Decimal(value) if is_good and chance.random() < 0.3 else Decimal(0),
                )
        for metric, target in ((Metric.QUALIFIED_LEADS, 60), (Metric.REVENUE, 90_000), (Metric.QUOTE_VALUE, 150_000)):
            month = (now - timedelta(days=70)).date()
            set_target(metric=metric, month=month, value=Decimal(target), actor=max_, now=now)
    return max_


def write_export(folder: Path, *, days: int, today: date) -> Path:
    """Write what an ad platform exports, with a line of totals that is no day."""
    lines = ["Day,Campaign,Cost"]
    for back in range(days):
        lines += [f"{today - timedelta(days=back)},{campaign},41.37" for campaign in ("spring siding", "roof repair")]
    path = folder / "google-ads.csv"
    path.write_text("\n".join([*lines, "Total: 2 campaigns,,999"]))
    return path


def test_a_marketer_uploads_spend_and_sees_what_leads_cost(
    business: Membership, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/reports/spend/", user=business.user)
    upload = page.locator("form", has=page.get_by_label("CSV or XLSX file"))
    file = write_export(tmp_path, days=30, today=timezone.now().date())
    upload.get_by_label("CSV or XLSX file").set_input_files(file)
    upload.get_by_label("Channel").select_option("paid_search")
    upload.get_by_label("Source").fill("google")
    upload.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("“Total: 2 campaigns” is no day")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "spend-upload")
    page.get_by_role("button", name="Write 60 rows, leave out 1").click()
    expect(page.get_by_text("60 rows written.")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "spend")
    page.goto("/reports/source-value/")
    expect(page.locator("[data-chart=trend] canvas")).to_be_visible()
    search = page.get_by_role("row").filter(has=page.get_by_role("link", name="Paid Search"))
    expect(search).to_contain_text("$2,482.20")
    expect(page.get_by_text("no cost").first).to_be_visible()
    page.wait_for_timeout(500)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "source-value")
    page.emulate_media(media="print")
    photograph(page, "source-value-print")


def test_the_table_opens_down_to_the_leads(business: Membership, open_page: OpenPage) -> None:
    page = open_page("/reports/source-value/?days=90", user=business.user)
    for name in ("Paid Search", "google", "spring siding", "roof", "https://acme.example/siding"):
        page.get_by_role("link", name=name, exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/leads/.*term=roof"))
    page.go_back()
    expect(page.get_by_label("Chosen")).to_contain_text("Campaign: spring siding")


def test_targets_are_set_and_stand_on_the_report(business: Membership, open_page: OpenPage) -> None:
    page = open_page("/reports/targets/", user=business.user)
    page.get_by_label("Cost per qualified lead").fill("75")
    page.get_by_role("button", name="Save from").click()
    expect(page.get_by_text("these targets stand from")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "targets")
    page.goto("/reports/source-value/?days=7")
    expect(page.get_by_text("Target $75").first).to_be_visible()
