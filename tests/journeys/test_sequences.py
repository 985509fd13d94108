"""Max writes a sequence beside its rendering for a real lead, turns it on and puts Grace in; the mail arrives in the
local sink; she follows its link; Ria writes to her from a template; she unsubscribes. And every page of it, by axe and
by camera.
"""

import re
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from leadhub.accounts.models import Membership
from leadhub.delivery.channels.smtp import forget_kept_connection
from leadhub.delivery.models import Delivery
from leadhub.embedded.mail_sink import start_smtp
from leadhub.embedded.ports import choose_port
from leadhub.leads.consent import is_suppressed
from leadhub.leads.full_mailboxes import describe_full
from leadhub.leads.models import EventKind, Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from nurture.mail_templates import TemplatePlan, create_template
from tests.desk.leads import add_inquiry, make_lead
from tests.journeys.browser import DESKTOP, Errors, list_accessibility_violations, photograph_everywhere
from tests.journeys.conftest import OpenPage
from tests.nurture.programmes import CALL, HELLO, THREE_DAYS, happen, make_sequence, put_in, set_rules

MISSED_YOU = TemplatePlan(
    name="Missed you",
    subject="I tried to call you, {{ person.first_name }}",
    body="Hello {{ person.first_name }}, may I call again?\n\n{{ sender.name }}",
)
HUMAN = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def sink(tmp_path: Path, settings: LazySettings, live_server: LiveServer) -> Generator[Path, None, None]:
    """A real mail server that keeps everything, where the product finds it."""
    port = choose_port(home=tmp_path, name="smtp")
    smtp = start_smtp(folder=tmp_path / "mail", host="127.0.0.1", port=port)
    settings.EMAIL_BACKEND = "leadhub.delivery.channels.smtp.KeptSmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    settings.PUBLIC_URL = live_server.url
    forget_kept_connection()
    yield tmp_path / "mail"
    forget_kept_connection()
    smtp.stop()


@pytest.fixture
def grace(acme: Organization, ria: Membership) -> Lead:
    """A lead of Ria's that is not ready for sales."""
    now = utc_now()
    with scope(acme.pk):
        lead = make_lead(owner=ria, now=now, name="Grace Hopper", stage="new")
        add_inquiry(lead, arrived_at=now, service="Siding", intent="content")
        return lead


def write_sequence(page: Page, *, target: str) -> None:
    """Begin an empty sequence and write its mail, with a mistake that shows as it is typed."""
    page.get_by_role("button", name="New sequence").click()
    page.get_by_label("Name of an empty sequence").fill("Spring offer")
    page.get_by_role("button", name="Begin empty").click()
    page.get_by_role("link", name="E-mail as step 1").click()
    page.get_by_label("Subject").fill("A word, {{ person.first_name }}")
    page.get_by_role("textbox", name="Words").fill("Hello {{ person.first_name")
    expect(page.locator("#preview")).to_contain_text("“Words” cannot be read")
    page.get_by_role("textbox", name="Words").fill(f"Hello {{{{ person.first_name }}}}, see {target}")
    expect(page.locator("#preview")).to_contain_text("A word, Grace")
    expect(page.locator("#preview")).to_contain_text("Hello Grace, see")
    page.get_by_role("button", name="Add the step").click()
    page.get_by_role("link", name="Wait as step 2").click()
    page.get_by_role("button", name="Add the step").click()
    expect(page.get_by_role("link", name="Wait 3 days")).to_be_visible()


def turn_on(page: Page) -> None:
    """Enter the postal address that the page asks for, then turn the sequence on, seeing what that does."""
    page.get_by_role("link", name="enter it in the rules of sending").click()
    page.get_by_label("Postal address").fill("1 Main Street, Springfield")
    page.get_by_label("From").fill("00:00")
    page.get_by_label("Until").fill("00:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: what waits is sent by these rules.")).to_be_visible()
    page.get_by_role("navigation", name="Nurture").get_by_role("link", name="Sequences").click()
    page.get_by_role("link", name="Spring offer").click()
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("You put leads in from their page")).to_be_visible()
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("“Spring offer” is on")).to_be_visible()


def let_a_minute_pass(acme: Organization) -> None:
    """Date the mail back: what is asked for in the first seconds counts as a machine's."""
    with scope(acme.pk):
        Delivery.objects.update(sent_at=utc_now() - timedelta(minutes=1))


def put_in_on_the_lead_page(page: Page, lead: Lead) -> None:
    """Put the lead into the sequence from its own page."""
    page.goto(f"/leads/{lead.pk}/")
    page.locator("#nurture summary").click()
    page.locator("#nurture").get_by_label("Sequence").select_option("Spring offer")
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_text("Is in “Spring offer” now.")).to_be_visible()


def read_links(inbox: Page) -> tuple[str, str]:
    """Open the mail in the inbox; return its counted link and the one that unsubscribes."""
    inbox.get_by_role("link", name=re.compile("A word, Grace")).click()
    letter = inbox.frame_locator(".inbox-frame")
    expect(letter.get_by_text("Hello Grace, see")).to_be_visible()
    photograph_everywhere(inbox, "inbox")
    leave = letter.get_by_role("link", name="Unsubscribe")
    return str(letter.get_by_role("link").first.get_attribute("href")), str(leave.get_attribute("href"))


def send_without_subject(page: Page) -> None:
    """Be refused: the words are still hers, and nothing drops them unasked."""
    subject = page.get_by_role("textbox", name="Subject")
    written = subject.input_value()
    subject.fill(" ")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Template").select_option("")
    expect(page.get_by_role("textbox", name="Words")).to_have_value("Hello Grace, shall I call on Monday?")
    subject.fill(written)


def write_from_template(page: Page, inbox: Page) -> None:
    """Write to Grace by one key and a template, edited; find the mail on her page and in the inbox."""
    page.keyboard.press("e")
    page.get_by_label("Template").select_option("Missed you")
    words = page.get_by_role("textbox", name="Words")
    expect(words).to_have_value("Hello Grace, may I call again?\n\nRia\n")
    words.fill("Hello Grace, shall I call on Monday?")
    page.get_by_label("Template").select_option("")  # asked whether to drop the words, Ria says no
    expect(page.get_by_label("Template").locator("option:checked")).to_have_text("Missed you")
    expect(words).to_have_value("Hello Grace, shall I call on Monday?")
    assert list_accessibility_violations(page) == []
    photograph_everywhere(page, "lead-mail")
    send_without_subject(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("is on its way.")).to_be_visible()
    run_due(now=utc_now())
    page.reload()
    page.locator("#timeline").get_by_text("The mail", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("shall I call on Monday?")
    photograph_everywhere(page, "lead-mail-sent")
    inbox.goto("/inbox/")
    inbox.get_by_role("link", name=re.compile("I tried to call you, Grace")).click()
    expect(inbox.frame_locator(".inbox-frame").get_by_text("shall I call on Monday?")).to_be_visible()


def unsubscribe(reader: Page, url: str) -> None:
    """Follow the link as the mail's reader, and press the button."""
    reader.goto(url)
    assert list_accessibility_violations(reader) == []
    photograph_everywhere(reader, "unsubscribe")
    reader.get_by_role("button", name="Unsubscribe").click()
    expect(reader.get_by_text("You are unsubscribed")).to_be_visible()


def test_a_sequence_from_its_first_word_to_the_unsubscribe_link(
    open_page: OpenPage,
    browser: Browser,
    live_server: LiveServer,
    sink: Path,
    grace: Lead,
    acme: Organization,
    ada: Membership,
    max_: Membership,
    ria: Membership,
    page_errors: Errors,
) -> None:
    page_errors.allowed.append("422")  # a mail without a subject
    with scope(acme.pk):
        create_template(plan=MISSED_YOU, actor=max_, now=utc_now())
    page = open_page("/sequences/", user=max_.user)
    write_sequence(page, target=f"{live_server.url}/accounts/login/")
    turn_on(page)
    put_in_on_the_lead_page(page, grace)
    run_due(now=utc_now())
    let_a_minute_pass(acme)

    inbox = open_page("/inbox/", user=ada.user)
    click_url, leave_url = read_links(inbox)
    reader = browser.new_context(user_agent=HUMAN, viewport=DESKTOP).new_page()
    reader.goto(click_url)
    expect(reader).to_have_url(re.compile("/accounts/login/"))
    run_due(now=utc_now())
    page.reload()
    expect(page.get_by_text("Mail clicked: ").first).to_be_visible()

    write_from_template(open_page(f"/leads/{grace.pk}/", user=ria.user), inbox)
    unsubscribe(reader, leave_url)
    reader.context.close()
    with scope(acme.pk):
        assert is_suppressed(grace.person.email)
    page.goto("/sequences/suppressions/")
    expect(page.get_by_text(grace.person.email).first).to_be_visible()
    page.goto(f"/leads/{grace.pk}/")
    expect(page.locator("#nurture")).not_to_contain_text("Stop")


def list_paths(acme: Organization, ada: Membership, ria: Membership, grace: Lead) -> dict[str, str]:
    """Return every page of nurture, with something to show on each."""
    now: Any = utc_now()
    with scope(acme.pk):
        set_rules()
        sequence = make_sequence(HELLO, THREE_DAYS, CALL)
        enrollment = put_in(sequence, grace, actor=ada, now=now)
        alan = make_lead(owner=ria, now=now, name="Alan Turing", stage="new")
        happen(alan, EventKind.MAIL_BOUNCED, now=now, **describe_full(alan.person.email))
        mail, wait, task = sequence.steps.order_by("position")
        delivery = Delivery.objects.get(purpose="nurture")
        template = create_template(plan=MISSED_YOU, actor=ada, now=now)
    base = f"/sequences/{sequence.pk}"
    return {
        "sequences": "/sequences/",
        "sequence": f"{base}/",
        "sequence-rules": f"{base}/rules/",
        "sequence-people": f"{base}/people/",
        "sequence-mail": f"{base}/steps/{mail.pk}/",
        "sequence-wait": f"{base}/steps/{wait.pk}/",
        "sequence-task": f"{base}/steps/{task.pk}/",
        "enrollment": f"/sequences/enrollments/{enrollment.pk}/",
        "templates": "/sequences/templates/",
        "template": f"/sequences/templates/{template.pk}/",
        "sending": "/sequences/sending/",
        "suppressions": "/sequences/suppressions/",
        "bulk-enrollment": f"/leads/enrollment/?sequence={sequence.pk}",
        "inbox-mail": f"/inbox/{delivery.pk}/",
        "lead-nurture": f"/leads/{grace.pk}/",
    }


def test_every_page_is_photographed_with_people_in_it(
    open_page: OpenPage, sink: Path, grace: Lead, acme: Organization, ada: Membership, ria: Membership
) -> None:
    page = open_page(user=ada.user)
    for name, path in list_paths(acme, ada, ria, grace).items():
        page.goto(path)
        assert list_accessibility_violations(page) == [], name
        photograph_everywhere(page, name, themes=["light"])
