"""Strangers' forms and the marketer's pages in a real browser: keys, frames, policies, errors at their fields."""

import re
import threading
from collections.abc import Generator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from leadhub.accounts.models import Membership
from leadhub.desk.founding import Founded
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.capture.posting import list_submissions, post_json
from tests.journeys.browser import Errors, list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage


class Site(BaseHTTPRequestHandler):
    """A site of somebody else's, with a strict policy, that embeds one form."""

    script_url = ""

    def do_GET(self) -> None:
        origin = self.script_url.partition("/f/")[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src {origin}; connect-src {origin}")
        self.end_headers()
        self.wfile.write(f'<!doctype html><title>Acme</title><script src="{self.script_url}" async></script>'.encode())

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def site(founded: Founded, live_server: LiveServer) -> Generator[str, None, None]:
    """The address of the site, up while the test runs."""
    handler = type("EmbeddingSite", (Site,), {"script_url": f"{live_server.url}/f/{founded.form_key}.js"})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_stranger_fills_in_the_hosted_form(founded: Founded, open_page: OpenPage) -> None:
    page = open_page(f"/f/{founded.form_key}?utm_source=google&utm_medium=cpc&gclid=G1")
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "form-hosted")
    page.get_by_label("Name").fill("Grace Hopper")
    page.get_by_label("E-mail").fill("grace@navy.example")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/thanks")
    assert list_accessibility_violations(page) == []
    [submission] = list_submissions(founded.organization.id)
    assert submission.status == "pending"
    assert submission.values["gclid"] == "G1"
    assert submission.values["visitor_id"]


def test_errors_stand_at_their_fields(founded: Founded, open_page: OpenPage, page_errors: Errors) -> None:
    page_errors.allowed.append("422")
    page = open_page(f"/f/{founded.form_key}")
    page.get_by_label("Name").fill("Grace Hopper")
    page.get_by_label("E-mail").fill("grace@navy.example")
    page.get_by_label("Phone").fill("12")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Enter a phone number with its area code.")).to_be_visible()
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Grace Hopper")
    assert list_accessibility_violations(page) == []


def test_a_strict_site_embeds_the_form(founded: Founded, site: str, open_page: OpenPage, page_errors: Errors) -> None:
    page_errors.allowed += ["422", "favicon"]
    page = open_page()
    page.goto(site + "?utm_source=news&utm_medium=email")
    page.get_by_role("button", name="Send").wait_for()
    page.goto(site + "contact")
    page.get_by_label("Name").fill("Grace Hopper")
    page.get_by_label("E-mail").fill("grace@navy.example")
    page.get_by_label("Phone").fill("12")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Enter a phone number with its area code.")).to_be_visible()
    page.get_by_label("Phone").fill("")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. We have your message")).to_be_visible()
    refused, taken = list_submissions(founded.organization.id)
    assert (refused.status, taken.status) == ("rejected", "pending")
    assert taken.request["origin"] == site.rstrip("/")
    assert (taken.values["utm_source"], taken.values["landing_page"]) == (
        "news",
        site + "?utm_source=news&utm_medium=email",
    )


def test_a_marketer_judges_by_keys(founded: Founded, max_: Membership, open_page: OpenPage) -> None:
    for name in ("Grace", "Katherine"):
        post_json(founded.form_key, {"email": f"{name}@navy.example", "name": name, "message": f"{name} asks"})
    run_due(now=utc_now() + timedelta(seconds=1), organization_id=founded.organization.id)
    page = open_page("/inquiries/", user=max_.user)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "inquiries")
    page.keyboard.press("j")
    page.keyboard.press("n")
    row = page.locator("[data-row]").first
    expect(row.get_by_role("button", name="Not a lead")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("v")
    page.keyboard.type("$1,500")
    page.keyboard.press("Enter")
    expect(row.get_by_label("Quote value in USD")).to_have_value(re.compile(r"^1,?500"))
    with scope(founded.organization.id):
        lead = Lead.objects.get(person__first_name="Katherine")
    assert (lead.verdict, str(lead.quote_value)) == ("not_a_lead", "1500.00")


def test_the_ledger_and_the_forms_are_accessible(founded: Founded, max_: Membership, open_page: OpenPage) -> None:
    post_json(founded.form_key, {"email": "x@mailinator.com"})
    page = open_page("/intake/", user=max_.user)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "intake")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    assert list_accessibility_violations(page) == []
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released: it goes along the line now")).to_be_visible()
    page.goto("/forms/")
    assert list_accessibility_violations(page) == []
    page.get_by_role("link", name="Website contact").click()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "form")
    page.get_by_role("link", name="Acknowledgement").click()
    page.get_by_label("Subject").fill("Hello {{ person.last_name }}")
    expect(page.get_by_text("Hello Hopper")).to_be_visible()
    assert list_accessibility_violations(page) == []
