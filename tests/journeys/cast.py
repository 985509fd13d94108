"""The people of the story, each in a browser context of their own, in a real installation.

Nothing here reads the database: what happens is what they do and see. Pages wait long enough for a busy machine.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.contracts.running import Installation
from tests.embedded.test_up import wait_until
from tests.journeys.browser import DESKTOP, Errors

PATIENCE = 60_000
PASSWORD = "correct horse battery"


def see(place: Locator) -> None:
    """Wait until it is on the page."""
    expect(place.first).to_be_visible(timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    """Press the button of that name, the first of several."""
    page.get_by_role("button", name=name, exact=True).first.click()


@dataclass
class Stage:
    """Where the story plays: one installation, one browser, a context for every person."""

    installation: Installation
    browser: Browser
    errors: Errors
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page as somebody new."""
        base_url = f"http://localhost:{self.installation.port}"
        context = self.browser.new_context(base_url=base_url, viewport=DESKTOP)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self.errors.watch(page)
        page.goto(path)
        return page

    def log_in(self, address: str) -> Page:
        """Open a browser and log in by hand."""
        page = self.open("/accounts/login/")
        page.get_by_label("E-mail", exact=True).fill(address)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Log in")
        see(page.get_by_role("navigation", name="Main", exact=True))
        return page

    def join(self, address: str) -> Page:
        """Open the invitation that came by mail, in a browser of the invited person's, and join."""
        page = self.open(self.read_link(address))
        page.get_by_label("Choose a password").fill(PASSWORD)
        press(page, "Join")
        see(page.get_by_text("Welcome to Acme."))
        return page

    def read_link(self, address: str) -> str:
        """Return the link in the newest mail to the address, as soon as there is one."""
        wait_until(lambda: bool(self.find_mails(address, containing="/join/")))
        found = re.search(r"http://\S+/join/\S+", self.find_mails(address, containing="/join/")[-1])
        assert found
        return found.group()

    def find_mails(self, address: str, *, containing: str) -> list[str]:
        """Return the texts of the mails to the address, the oldest first."""
        files = sorted((self.installation.home / "mail" / "new").glob("*"), key=lambda path: path.stat().st_mtime)
        mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        bodies = [mail.get_body(("plain",)) for mail in mails if address in str(mail["To"])]
        texts = [str(body.get_content()) for body in bodies if body]
        return [text for text in texts if containing in text]


@contextmanager
def set_stage(installation: Installation, browser: Browser, errors: Errors) -> Iterator[Stage]:
    """Open the stage, and close every browser context at the end."""
    stage = Stage(installation, browser, errors)
    try:
        yield stage
    finally:
        for context in stage.contexts:
            context.close()
