"""The API's own page, in a browser: it draws under the content security policy."""

from playwright.sync_api import expect

from leadhub.desk.founding import Founded
from tests.journeys.conftest import OpenPage


def test_the_page_lists_the_calls(open_page: OpenPage, founded: Founded) -> None:
    page = open_page("/api/docs/")
    expect(page.get_by_role("heading", name="LeadHub").first).to_be_visible()
    expect(page.get_by_text("/api/v1/forms/{id}/").first).to_be_visible()
    schemas = page.get_by_role("heading", name="Schemas")
    schemas.scroll_into_view_if_needed()  # calls are drawn as they come into view
    page.mouse.wheel(0, -900)
    expect(page.get_by_text("/api/v1/webhooks/{id}/").first).to_be_visible()
