"""Fixtures of the browser tests: a browser, a live server, watched pages, log-in by cookie.

Every test in this folder gets the `browser` mark and real transactions on both database aliases.
"""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Literal

import pytest
from csp.constants import SELF
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from leadhub.accounts.models import User
from tests.journeys.browser import SIZES, Errors, launch
from tests.journeys.olist import is_there
from tests.journeys.streams import run_live_process

OpenPage = Callable[..., Page]
collect_ignore = [] if is_there() else ["test_olist.py"]
HERE = Path(__file__).parent
# Milliseconds until a page that never answers fails its test: long, since a loaded machine is slow, not wrong.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "owner"]))


@pytest.fixture(scope="package")
def playwright_driver() -> Generator[Playwright, None, None]:
    """Run Playwright's driver; its sync API keeps an event loop, which Django would refuse to share a thread with.

    It ends with the package: while it lasts, no other test of this process can run a loop of its own.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def browser(playwright_driver: Playwright) -> Generator[Browser, None, None]:
    """Run one browser for all the tests."""
    running = launch(playwright_driver.chromium)
    yield running
    running.close()


@pytest.fixture(scope="session")
def live_process(django_db_setup: None) -> Generator[int, None, None]:
    """Run the event streams' process for all the tests."""
    with run_live_process() as port:
        yield port


@pytest.fixture
def live_streams(live_process: int, settings: LazySettings) -> None:
    """Let the pages find the event streams."""
    settings.LIVE_URL = f"http://{{host}}:{live_process}"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = {**directives, "connect-src": [SELF, f"http://*:{live_process}"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": allowed}


@pytest.fixture
def page_errors() -> Generator[Errors, None, None]:
    """Collect what pages complain about, and fail the test for it at its end."""
    errors = Errors()
    yield errors
    assert not errors.list_unexpected(), "\n".join(errors.list_unexpected())


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, live_streams: None, page_errors: Errors
) -> Generator[OpenPage, None, None]:
    """Open a page in a browser of its own: `open_page("/queue/", user=ria, size="phone", theme="dark")`."""
    contexts = []

    def open_(
        path: str = "",
        *,
        user: User | None = None,
        size: str = "desktop",
        theme: Literal["light", "dark"] = "light",
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=SIZES[size],
            color_scheme=theme,
            has_touch=size == "phone",
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": log_in(user), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page_errors.watch(page)
        if path:
            page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def log_in(user: User) -> str:
    """Return a new session of the user."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
