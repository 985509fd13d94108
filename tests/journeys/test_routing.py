"""Ada sends roofs to Ria: a rule in the editor, its effect on the last 30 days, live. And the pool's page."""

from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import expect

from leadhub.accounts.models import Membership
from leadhub.leads.arrival import receive_inquiry
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.models import Channel, Door, Inquiry, Intent, Lead
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.touches import TouchDetails
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.assignment import offer_lead
from routing.models import Pool, PoolMember, RoutingRule
from routing.publishing import save_rule
from tests.journeys.browser import list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage

SERVICES = ["roofs", "roofs", "siding", "windows", "siding", "roofs", "siding", "doors"]


@pytest.fixture
def leads(acme: Organization, ria: Membership, raj: Membership) -> None:
    """A week of arrivals, and reps in the pool."""
    now = utc_now()
    with scope(acme.id):
        pool = Pool.objects.get(is_fallback=True)
        PoolMember.objects.create(pool=pool, member=ria, weight=2, capacity=30)
        PoolMember.objects.create(pool=pool, member=raj)
        for number, service in enumerate(SERVICES):
            receive_inquiry(
                details=PersonDetails(email=f"p{number}@x.example", first_name="Jane"),
                touch=TouchDetails(channel=Channel.PAID_SEARCH),
                inquiry=InquiryDetails(
                    door=Door.FORM, arrived_at=now - timedelta(days=number), service=service, intent=Intent.HOT
                ),
                now=now,
            )


def test_a_rule_is_drafted_previewed_and_published(
    open_page: OpenPage, ada: Membership, acme: Organization, ria: Membership, leads: None
) -> None:
    page = open_page("/routing/", user=ada.user)
    page.get_by_role("button", name="Change the rules").click()
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_label("Name").fill("Roofs to Ria")
    page.get_by_role("button", name="Condition").click()
    page.locator("select[name='condition-0.field']").select_option("inquiry.service")
    page.locator("[name='condition-0.value']").fill("roofs")
    expect(page.locator(".lh-condition-count")).to_contain_text("3")
    page.get_by_label("A member").check()
    page.locator("#id_member").select_option("Ria")
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "routing-rule")
    page.get_by_role("button", name="Save in the draft").last.click()

    expect(page.get_by_text("would have been routed differently")).to_contain_text("3")
    expect(page.locator("[data-chart] canvas")).to_have_count(2)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "routing-draft")
    page.get_by_placeholder("What changes, and why").fill("Ria knows roofs")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("The new rules are live.")).to_be_visible()
    with scope(acme.id):
        assert RoutingRule.objects.get(rule_set__state="published").member == ria


def test_rules_are_dragged_into_order(
    open_page: OpenPage, ada: Membership, acme: Organization, ria: Membership
) -> None:
    with scope(acme.id):
        for name in ("First", "Second", "Third"):
            save_rule(name=name, condition={}, target="member", member=ria, actor=ada, now=utc_now())
    page = open_page("/routing/", user=ada.user)
    rules = page.locator(".routing-rule[draggable=true]")
    rules.filter(has_text="Third").drag_to(rules.filter(has_text="First"))
    expect(rules.first).to_contain_text("Third")
    rules.filter(has_text="Third").drag_to(rules.filter(has_text="Second"))
    expect(rules.last).to_contain_text("Third")


def test_a_pool_shows_who_takes_turns(
    open_page: OpenPage, ada: Membership, acme: Organization, ria: Membership, leads: None
) -> None:
    page = open_page("/routing/pools/", user=ada.user)
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "routing-pools")
    page.get_by_role("link", name="Open Sales").click()
    page.get_by_label("More for Ria").click()
    page.get_by_role("button", name="Send away Ria").click()
    expect(page.get_by_text("Ria is away and takes no turns.")).to_be_visible()
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "routing-pool")
    with scope(acme.id):
        in_time, late = F("arrived_at") + timedelta(minutes=4), F("arrived_at") + timedelta(minutes=8)
        Inquiry.objects.update(due_at=F("arrived_at") + timedelta(minutes=5), first_attempt_at=late)
        Inquiry.objects.filter(service="roofs").update(first_attempt_at=in_time)
        for lead in Lead.objects.order_by("pk"):
            offer_lead(lead=lead, inquiry=None, now=utc_now())
    turns = page.locator("#pool-turns")
    turns.get_by_label("Weight").last.fill("0")
    turns.get_by_role("button", name="See the effect for Ria").click()
    expect(turns.get_by_text("With weight 0 and at most 30 open, Ria would have got 0 of them")).to_be_visible()
    expect(turns.get_by_label("Weight").last).to_have_value("0")
    page.get_by_label("Hot: minutes").fill("10")
    promises = page.locator("#pool-promises")
    promises.get_by_role("button", name="See the effect").click()
    expect(promises.get_by_text("By these promises, 8 would have been")).to_be_visible()
    expect(page.get_by_label("Hot: minutes")).to_have_value("10")
    expect(promises.get_by_role("button", name="See the effect")).to_be_focused()
    page.evaluate("scrollTo(0, 0)")  # from under the bar, which covers half a button
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "routing-pool-effect")
