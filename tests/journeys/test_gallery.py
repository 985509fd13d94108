"""The gallery in a browser: every component, in both themes, without a policy violation or an axe finding."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage

pytestmark = pytest.mark.urls("tests.journeys.gallery_urls")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_component_is_accessible(open_page: OpenPage, theme: str, size: str) -> None:
    page = open_page("/_components/", theme=theme, size=size)

    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert list_accessibility_violations(page) == []


def test_gallery_shows_every_component(open_page: OpenPage) -> None:
    page = open_page("/_components/")

    components = settings.BASE_DIR / "templates/_components"
    shown = "".join(path.read_text() for folder in ("gallery", "../_shell") for path in (components / folder).glob("*"))
    shown += "".join((components / f"{nesting}.html").read_text() for nesting in ("form_fields", "table"))
    assert [path.stem for path in components.glob("*.html") if f'"{path.stem}"' not in shown] == []
    expect(page.get_by_role("heading", name="Components", exact=True)).to_be_visible()
    photograph_everywhere(page, "gallery")
