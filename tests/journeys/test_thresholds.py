"""The thresholds page in a browser: a line is dragged, a rule edited in place, the count follows the typing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage
from tests.scoring.arrivals import act, arrive

KINDS = [EventKind.PAGE_VIEWED, EventKind.CONTENT_DOWNLOADED, EventKind.MAIL_CLICKED, EventKind.CALL_INBOUND]


@pytest.fixture
def leads(acme: Organization) -> None:
    """Thirty leads, of all ages and fits."""
    now = timezone.now()
    with scope(acme.pk):
        for number in range(30):
            then = now - timedelta(days=number % 9 * 3)
            phone = f"+1202555{1000 + number}" if number % 3 else ""
            title = "Owner" if number % 4 == 0 else ""
            email = f"lead{number}@{'gmail.com' if number % 5 == 0 else f'c{number}.test'}"
            lead = arrive(email=email, first_name=f"Lead {number}", title=title, phone=phone, now=then).lead
            for times in range(number % 5):
                act(lead, KINDS[times % 4], now=now, ago=timedelta(days=times), page="/pricing")


def drag_line(page: Page, *, to: int) -> None:
    """Drag the engagement line to a value, by where the chart says that both are."""
    figure = page.locator('[data-chart="score-grid"]')
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box
    find = """async ([figure, value]) => {
      const echarts = await import("/static/vendor/echarts-5.6.0/echarts.esm.min.mjs");
      return echarts.getInstanceByDom(figure).convertToPixel({ xAxisIndex: 0 }, value);
    }"""
    start, end = (page.evaluate(find, [figure.element_handle(), value]) for value in (30, to))
    page.mouse.move(box["x"] + start, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + (start + end) / 2, box["y"] + 205, steps=4)
    page.mouse.move(box["x"] + end, box["y"] + 205, steps=4)
    page.mouse.up()


@pytest.mark.usefixtures("leads")
def test_a_line_is_dragged_and_the_preview_follows(ada: Membership, open_page: OpenPage) -> None:
    page = open_page("/scoring/", user=ada.user)
    expect(page.locator('[data-chart="score-grid"] canvas')).to_be_visible()
    expect(page.get_by_text("Nobody comes in.")).to_be_visible()
    page.wait_for_timeout(600)
    drag_line(page, to=12)
    expect(page.get_by_text("Nobody comes in.")).to_have_count(0)
    assert 11 <= int(page.get_by_label("Engagement line").input_value()) <= 13
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "thresholds")


@pytest.mark.usefixtures("leads")
def test_a_rule_is_edited_in_place(ada: Membership, open_page: OpenPage) -> None:
    page = open_page("/scoring/", user=ada.user)
    page.get_by_role("link", name="Add a rule").first.click()
    page.get_by_label("Name", exact=True).fill("Is an owner")
    page.get_by_label("Points").fill("12")
    expect(page.get_by_text("30 of 30 open leads match")).to_be_visible()
    page.get_by_role("button", name="Condition", exact=True).click()
    expect(page.get_by_text("Choose what to compare.")).to_be_visible()
    page.get_by_label("What to compare").select_option("person.title")
    page.get_by_label("Comparison").select_option("contains")
    page.wait_for_load_state("networkidle")
    page.locator('[name="condition-0.value"]').press_sequentially("own")
    expect(page.get_by_text("8 of 30 open leads match")).to_be_visible()
    page.get_by_role("button", name="Group", exact=True).first.click()
    expect(page.get_by_label("What to compare")).to_have_count(2)
    assert page.locator('[name="condition-0.value"]').input_value() == "own"
    photograph_everywhere(page, "rule-in-place")
    page.get_by_role("button", name="Remove this group").click()
    expect(page.get_by_label("What to compare")).to_have_count(1)
    assert list_accessibility_violations(page) == []
    page.get_by_role("button", name="Keep in the draft").last.click()
    expect(page.get_by_text("Job title contains “own”")).to_be_visible()
