"""The frame around every page, in a browser: logging in and out, the map per role, the theme, the account pages."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from tests.journeys.browser import Errors, list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage
from tests.personas import PASSWORD

ACCOUNT_PAGES = ["/accounts/password/change/", "/accounts/2fa/", "/accounts/email/"]
ENTRANCE_PAGES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]


def list_links(page: Page) -> list[str]:
    """Return the paths of the side bar."""
    links = page.get_by_role("navigation", name="Main", exact=True).get_by_role("link")
    return [str(link.get_attribute("href")) for link in links.all()]


def test_member_logs_in_and_out(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/queue/")
    page.get_by_label("E-mail").fill(ria.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Acme Siding").first).to_be_visible()
    assert urlsplit(page.url).path == "/queue/"

    page.locator("summary[aria-label='Your account']").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_each_role_sees_its_own_map(open_page: OpenPage, ria: Membership, ada: Membership) -> None:
    of_rep = list_links(open_page("/", user=ria.user))
    of_admin = list_links(open_page("/", user=ada.user))

    assert "/queue/" in of_rep
    assert not {"/members/", "/api-keys/", "/jobs/", "/team/"} & set(of_rep)
    assert {"/members/", "/api-keys/", "/jobs/", "/team/"} <= set(of_admin)


def test_every_page_of_the_map_is_accessible(open_page: OpenPage, ada: Membership) -> None:
    page = open_page("/", user=ada.user)
    findings = {}
    for number, path in enumerate(list_links(page)):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.goto(path)
        findings[path] = list_accessibility_violations(page)
        photograph_everywhere(page, f"map{path.replace('/', '-').rstrip('-')}", full_page=False, themes=["light"])
    assert {path: found for path, found in findings.items() if found} == {}


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
def test_account_pages_wear_the_look(open_page: OpenPage, ria: Membership, path: str) -> None:
    page = open_page(path, user=ria.user)

    expect(page.get_by_role("navigation", name="Your account")).to_be_visible()
    assert list_accessibility_violations(page) == []


@pytest.mark.parametrize("path", ENTRANCE_PAGES)
def test_entrance_pages_wear_the_look(open_page: OpenPage, path: str) -> None:
    page = open_page(path)

    assert page.locator(".lh-public-box").is_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, f"entrance{path.replace('/', '-').rstrip('-')}", full_page=False, themes=["dark"])


def test_authenticator_app_can_be_set_up(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/accounts/2fa/", user=ria.user)
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page.locator("img.lh-qr")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "account-totp", full_page=False)


def test_missing_page_says_where_to_go(open_page: OpenPage, page_errors: Errors, ria: Membership) -> None:
    page_errors.allowed.append("404")
    page = open_page("/no/such/page/", user=ria.user)

    expect(page.get_by_role("link", name="Go home")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "missing", full_page=False)


def test_forbidden_page_says_why(open_page: OpenPage, page_errors: Errors, ria: Membership) -> None:
    page_errors.allowed.append("403")
    page = open_page("/members/", user=ria.user)

    expect(page.get_by_text("Your role, Rep, may not do this.")).to_be_visible()


def test_chosen_theme_stays(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/", user=ria.user, theme="light")
    page.locator("summary[aria-label='Your account']").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_question_mark_opens_the_keys(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/", user=ria.user)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue/")


def test_phone_opens_the_menu(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/", user=ria.user, size="phone")
    expect(page.get_by_role("navigation", name="Main, short")).to_be_visible()
    page.get_by_role("link", name="More").click()
    expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible()


def test_ended_session_asks_to_log_in(open_page: OpenPage, ria: Membership) -> None:
    page = open_page("/queue/", user=ria.user)
    page.context.clear_cookies()
    page.locator("summary[aria-label='Alerts']").click()

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
