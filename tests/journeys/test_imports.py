"""An import in a real browser: upload, columns, check, a bar that survives a reload, ledger, export, undo."""

import re
from pathlib import Path

from playwright.sync_api import expect

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.capture.imports.files import make_csv
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage

HEADER = ("E-mail", "Full name", "Lead source", "Campaign", "Created at", "Quote value", "Status", "Roof size")
ROWS = [
    (f"p{n}@client{n % 7}.example", f"Pat Person{n}", "google", "spring", "2026-02-01", f"{n}00.50", "", "90 m²")
    for n in range(1, 41)
]
BROKEN = [
    ("not an address", "Bo", "", "", "31.31.2026", "", "", ""),
    ("x@y.example", "X", "", "", "", "", "banana", ""),
]


def test_a_marketer_imports_a_file_and_undoes_it(max_: Membership, open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "old crm.csv"
    file.write_bytes(make_csv(HEADER, *ROWS, *BROKEN))
    page = open_page("/imports/", user=max_.user)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "imports")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/mapping/")
    expect(page.get_by_label("What is the column Lead source?")).to_have_value("channel")
    expect(page.get_by_label("What is the column Roof size?")).to_have_value("custom")
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "import-columns")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.reload()
    expect(page.get_by_text("of 42 rows")).to_be_visible()
    assert list_accessibility_violations(page) == []
    run_jobs(max_)
    expect(page.get_by_role("button", name="Import 40 rows")).to_be_visible()
    expect(page.get_by_text("This is no date in the chosen format")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "import-check")
    page.get_by_role("button", name="Import 40 rows").click()
    run_jobs(max_)
    expect(page.get_by_role("link", name="Pat Person1", exact=True)).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "import-ledger")
    with page.expect_download() as download:
        page.get_by_text("Export", exact=True).click()
        page.get_by_role("link", name="CSV", exact=True).click()
    assert "created" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo the import").click()
    run_jobs(max_)
    expect(page.get_by_text(re.compile("40 rows taken back"))).to_be_visible()
    assert list_accessibility_violations(page) == []
    with scope(max_.organization_id):
        assert not Lead.objects.exists()


def run_jobs(member: Membership) -> None:
    """Do what a worker would."""
    with scope(member.organization_id):
        run_due(now=utc_now())
