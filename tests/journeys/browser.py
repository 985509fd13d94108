"""The browser of the journey tests: Debian's Chromium, watched for errors, photographed in both themes.

`CHROMIUM` names another executable. A missing browser is a failure that says what to install, never a skip.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, ViewportSize

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
SIZES = {"desktop": DESKTOP, "phone": PHONE}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Nobody asks for what axe found to be right, so that it need not describe it.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# What a theme decides: the page is the same in both but for its colours.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
_REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => console.error(
  `CSP: ${event.violatedDirective} refused ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""

# A toast that fades in has the contrast of its half-way for a moment; what turns for ever is not waited for.
_STAND_STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
  .map(({ finished }) => finished)).then(() => true)"""


class ChromiumMissing(Exception):
    """No browser to test with."""


def find_chromium() -> str:
    """Return the executable's path. Raises ChromiumMissing with what to do about it."""
    wanted = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    found = shutil.which(wanted)
    if found is None:
        raise ChromiumMissing(f"{wanted} is missing: install it (apt-get install chromium) or set CHROMIUM to its path")
    return found


def launch(chromium: BrowserType) -> Browser:
    """Start the browser without a window."""
    return chromium.launch(executable_path=find_chromium(), args=ARGUMENTS, headless=True)


@dataclass
class Errors:
    """What a page complained about; `allowed` names parts of the complaints that a test expects."""

    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Collect the page's console errors, exceptions and policy violations."""
        page.add_init_script(_REPORT_VIOLATIONS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.found.append(f"exception: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"{message.text} ({message.location.get('url', '')})")

    def list_unexpected(self) -> list[str]:
        """Return the complaints that no test expects."""
        return [each for each in self.found if not any(part in each for part in self.allowed)]


def photograph(page: Page, name: str, *, full_page: bool = True) -> None:
    """Save the page as it stands now."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page, animations="disabled")


def photograph_everywhere(
    page: Page, name: str, *, full_page: bool = True, themes: Sequence[Literal["light", "dark"]] = ("light", "dark")
) -> None:
    """Save the page at a desk and on a phone, light and dark; the theme must follow the device."""
    before = page.viewport_size
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function("theme => document.documentElement.dataset.bsTheme === theme", arg=theme)
            page.wait_for_timeout(400 if page.locator("[data-chart]").count() else 50)
            photograph(page, f"{name}-{size}-{theme}", full_page=full_page)
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def list_accessibility_violations(page: Page, *, rules: Mapping[str, Any] = RULES) -> list[str]:
    """Check the page, once it stands still, with axe-core: against WCAG 2.2 A and AA, unless told otherwise."""
    page.evaluate(_STAND_STILL)
    answer = Axe().run(page, options={**rules}).response
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
