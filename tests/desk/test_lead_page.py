"""The lead page: what it opens with, the cards beside the timeline, who sees which acts, how many statements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.consent import record_consent
from leadhub.leads.models import Event, EventKind, Lead, Outcome, Stage, Touch, ValueSource
from leadhub.leads.opportunities import open_opportunity
from leadhub.leads.outcomes import log_outcome
from leadhub.leads.timeline import record_event
from leadhub.leads.values import set_quote_value
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.desk.leads import add_inquiry, add_score, add_task, make_lead, offer
from tests.personas import ClientOf

RECEIPT = {"rules": [{"name": "West", "matched": True, "why": "region is CO"}], "skipped": []}


@pytest.fixture
def lead(in_scope: Organization, ria: Membership) -> Lead:
    """Ria's hot lead with everything on it."""
    now = utc_now()
    hot = make_lead(owner=ria, now=now, quote_value=900, campaign="spring")
    hot.person.time_zone, hot.person.city = "America/Denver", "Denver"
    hot.person.save()
    record_consent(person=hot.person, purpose="monthly_letter", is_given=True, source="Quote: Write to me", now=now)
    add_inquiry(hot, arrived_at=now, due_at=now + timedelta(minutes=5), fields={"building": "Office"})
    add_score(hot, now=now)
    add_task(hot, due_at=now, now=now, title="Ask for plans")
    offer(hot, now=now, receipt=RECEIPT)
    Touch.objects.create(person=hot.person, occurred_at=now, channel="paid_search", source="google", term="windows")
    return hot


def write_event(lead: Lead, kind: str, summary: str) -> None:
    """Write an event of the lead."""
    now = utc_now()
    Event.objects.create(person=lead.person, lead=lead, kind=kind, occurred_at=now, logged_at=now, summary=summary)


def read(browser: Client, lead: Lead, query: str = "") -> str:
    """Return the page."""
    answer = browser.get(f"/leads/{lead.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_opens_with_their_words_and_shows_every_card(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    page = read(client_of(ria), lead)

    assert page.index("Please send me a quote.") < page.index("<h1>Pat Doe</h1>")
    assert "Consent: monthly letter" in page
    assert "Quote: Write to me" in page
    for shown in ("in Denver", "Ask for plans", "Qualification", "Score", "Keyword: windows", "region is CO", "Office"):
        assert shown in page


def test_do_not_contact_stands_on_top_and_hides_the_number(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    lead.person.do_not_contact = True
    lead.person.save()

    page = read(client_of(ria), lead)

    assert page.index("They asked to be left alone") < page.index("Please send me a quote.")
    assert "tel:" not in page


def test_the_timeline_is_filtered(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    write_event(lead, "call_outbound", "Talked about plans")
    write_event(lead, "page_viewed", "Saw the prices")
    browser = client_of(ria)

    assert "Saw the prices" in read(browser, lead)
    talk = read(browser, lead, "?timeline=talk")
    assert "Talked about plans" in talk
    assert "Saw the prices" not in talk


def test_an_earlier_lead_is_folded_with_its_events(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    former = Lead.objects.create(
        person=lead.person,
        number=2,
        owner=ria,
        stage=Stage.RECYCLED,
        disposition="cold",
        captured_at=utc_now(),
        currency="USD",
        updated_at=utc_now(),
    )
    write_event(former, "note", "Went quiet in autumn")

    page = read(client_of(ria), lead)

    assert page.index("Lead no. 2") < page.index("Went quiet in autumn")
    assert f"/leads/{former.pk}/" in page


def test_the_score_is_explained_as_of_a_day(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    page = read(client_of(ria), lead, "?as_of=2026-01-31")

    assert 'value="2026-01-31"' in page
    assert 'value="nonsense"' not in read(client_of(ria), lead, "?as_of=nonsense")


def test_another_rep_reads_but_has_no_pad(client_of: ClientOf, raj: Membership, lead: Lead) -> None:
    page = read(client_of(raj), lead)

    assert "Please send me a quote." in page
    assert "Voicemail" not in page
    assert "/disposition/" not in page


def test_a_marketer_judges_and_a_manager_reassigns(
    client_of: ClientOf, max_: Membership, mia: Membership, lead: Lead
) -> None:
    marketer, manager = read(client_of(max_), lead), read(client_of(mia), lead)

    assert "Set the verdict" in marketer
    assert "Voicemail" not in marketer
    assert "Give it" in manager


def test_nobody_of_another_organization_finds_it(
    client_of: ClientOf, acme: Organization, ria: Membership, eve: Membership
) -> None:
    with scope(acme.id):
        theirs = make_lead(owner=ria, now=utc_now())

    assert client_of(eve).get(f"/leads/{theirs.pk}/").status_code == 404


def test_a_long_history_takes_no_more_statements(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    browser = client_of(ria)
    counts = []
    for events in (1, 30):
        for number in range(events):
            write_event(lead, "page_viewed", f"Page {number}")
        with CaptureQueriesContext(connection) as queries:
            read(browser, lead)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 40


def test_only_the_outcome_logged_last_can_be_undone(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    now = utc_now()
    first = log_outcome(lead=lead, outcome=Outcome.VOICEMAIL, actor=ria, now=now - timedelta(minutes=9)).event
    last = log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ria, now=now).event
    browser = client_of(ria)

    page = read(browser, lead)
    assert f"/outcomes/{last.pk}/undo/" in page
    assert f"/outcomes/{first.pk}/undo/" not in page

    browser.post(f"/leads/{lead.pk}/outcomes/{last.pk}/undo/")
    assert f"/outcomes/{first.pk}/undo/" in read(browser, lead)


def test_how_to_reach_them_and_what_they_named_stand_on_top(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    add_inquiry(lead, arrived_at=utc_now() + timedelta(minutes=1), quote_value=5050, message="How much?")
    lead.person.phone, lead.person.email = "+1 312 555 0145", "pat@example.com"
    lead.person.save()
    browser = client_of(ria)

    page = read(browser, lead)
    head = page[: page.index("Log what happened")]
    assert "$5,050" in head
    assert "+1 312 555 0145 · pat@example.com" in head

    lead.person.do_not_contact = True
    lead.person.save()
    assert "pat@example.com" not in read(browser, lead).split("Log what happened")[0]


def test_the_timeline_writes_amounts_as_money(client_of: ClientOf, ria: Membership, lead: Lead) -> None:
    set_quote_value(lead=lead, amount=Decimal(5050), source=ValueSource.MEMBER, actor=ria, now=utc_now())
    open_opportunity(lead=lead, name="Roof", amount=Decimal("23600.50"), actor=ria, now=utc_now())
    told = {"amount": "NaN", "currency": "USD", "from": "x"}  # whatever another system tells
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.CUSTOM,
        occurred_at=utc_now(),
        now=utc_now(),
        summary="Paid: NaN USD",
        properties=told,
    )

    page = read(client_of(ria), lead)

    assert "$900 → $5,050" in page
    assert "Opportunity opened: Roof: $23,600.50" in page
    assert "Paid: NaN USD" in page


@pytest.mark.parametrize(("stage", "is_warned"), [(Stage.SQL, True), (Stage.CUSTOMER, False)])
def test_only_an_open_lead_is_said_to_cool(
    client_of: ClientOf, ria: Membership, lead: Lead, stage: Stage, is_warned: bool
) -> None:
    lead.stage, lead.cooling_at, lead.customer_at = stage, utc_now(), utc_now()
    lead.save()

    assert ("Cooling since" in read(client_of(ria), lead)) is is_warned
