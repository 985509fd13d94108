"""Qualification, quote value, service and intent, consent, and the timeline that notes them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads import timeline
from leadhub.leads.consent import NoAddress, is_suppressed, record_consent, suppress, suppress_person
from leadhub.leads.inquiries import set_service
from leadhub.leads.models import Event, EventKind, Intent, Lead, Person, Stage, Suppression, ValueSource
from leadhub.leads.qualification import qualify_lead
from leadhub.leads.timeline import follow, record_event
from leadhub.leads.values import ImpossibleAmount, set_quote_value
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive, make_lead, make_mql
from tests.personas import NOW


def count(kind: EventKind) -> int:
    return Event.objects.filter(kind=kind).count()


def test_four_answers_make_an_sql(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    qualify_lead(lead=lead, budget=" 10k ", authority="", need="siding", timeline="", actor=ada, now=NOW)
    assert (lead.stage, lead.budget) == (Stage.MQL, "10k")
    for _ in range(2):
        qualify_lead(lead=lead, budget="10k", authority="CEO", need="siding", timeline="May", actor=ada, now=NOW)
    lead.refresh_from_db()
    assert (lead.stage, lead.sql_at, lead.authority) == (Stage.SQL, NOW, "CEO")
    assert count(EventKind.QUALIFICATION_CHANGED) == 2


def test_an_answer_taken_back_leaves_the_stage(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    for budget in ("10k", ""):
        qualify_lead(lead=lead, budget=budget, authority="a", need="n", timeline="t", actor=ada, now=NOW)
    assert (Lead.objects.get().stage, Lead.objects.get().budget) == (Stage.SQL, "")


def test_a_quote_value_has_its_provenance(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead(quote_value=Decimal(100))
    for _ in range(2):
        set_quote_value(lead=lead, amount=Decimal("250.5"), source=ValueSource.MEMBER, actor=ada, now=NOW)
    assert (Lead.objects.get().quote_value, lead.quote_value_source) == (Decimal("250.50"), ValueSource.MEMBER)
    assert Event.objects.get(kind=EventKind.VALUE_CHANGED).properties["from"] == "100.00"
    set_quote_value(lead=lead, amount=None, source=ValueSource.MEMBER, actor=ada, now=NOW)
    assert (Lead.objects.get().quote_value, lead.quote_value_source) == (None, "")


@pytest.mark.parametrize("amount", ["-0.01", "1e12", "NaN", "Infinity"])
def test_an_impossible_amount_is_refused(in_scope: Organization, ada: Membership, amount: str) -> None:
    with pytest.raises(ImpossibleAmount):
        set_quote_value(lead=make_lead(), amount=Decimal(amount), source=ValueSource.API, actor=ada, now=NOW)


def test_marketing_says_what_was_really_asked(in_scope: Organization, ada: Membership) -> None:
    inquiry = arrive(intent=Intent.WARM).inquiry
    for _ in range(2):
        set_service(inquiry=inquiry, service=" windows ", actor=ada, now=NOW)
    inquiry.refresh_from_db()
    assert inquiry.service == "windows"
    assert Event.objects.get(kind=EventKind.INQUIRY_CHANGED).summary == "Service: none → windows"


def test_a_suppressed_address_stays_so_in_every_spelling(in_scope: Organization) -> None:
    for reason in ("Unsubscribed", "Bounced"):
        suppress(email="Lea@Client.example", reason=reason, now=NOW)
    assert Suppression.objects.get().reason == "Unsubscribed"
    assert is_suppressed(" lea@CLIENT.example")
    assert not is_suppressed("ben@client.example")
    with pytest.raises(NoAddress):
        suppress(email="Lea", reason="", now=NOW)


def test_a_suppressed_person_is_left_alone_at_later_addresses_too(in_scope: Organization) -> None:
    person = arrive("lea@client.example", external_ids=(("crm", "7"),)).person
    for _ in range(2):
        suppress_person(person=person, reason="Asked", now=NOW)
    arrive("lea@new.example", external_ids=(("crm", "7"),), service="again")
    assert is_suppressed("lea@client.example")
    assert is_suppressed("lea@new.example")
    assert count(EventKind.UNSUBSCRIBED) == 1


def test_consent_is_kept_per_purpose(in_scope: Organization) -> None:
    person = arrive().person
    record_consent(person=person, purpose="newsletter", is_given=True, source="form", now=NOW)
    record_consent(person=person, purpose="calls", is_given=False, source="phone", now=NOW)
    consent = Person.objects.get().consent
    assert (consent["newsletter"]["given"], consent["calls"]["given"]) == (True, False)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events that a follower was told of."""
    events: list[Event] = []
    monkeypatch.setattr(timeline, "_followers", [])

    def note(told: Sequence[Event], now: datetime) -> None:
        events.extend(told)

    follow(note)
    follow(note)
    return events


def test_followers_are_told_once_of_what_is_to_be_walked(in_scope: Organization, told: list[Event]) -> None:
    lead = make_lead()
    assert told == []
    for walks in (True, False):
        record_event(person=lead.person, lead=lead, kind=EventKind.PAGE_VIEWED, occurred_at=NOW, now=NOW, walks=walks)
    assert [event.kind for event in told] == [EventKind.PAGE_VIEWED]


def test_an_event_with_a_known_key_is_not_written_again(in_scope: Organization, told: list[Event]) -> None:
    person = make_lead().person
    first, second = (
        record_event(
            person=person, lead=None, kind=EventKind.CUSTOM, occurred_at=NOW, now=NOW, dedupe_key="messageId:1"
        )
        for _ in range(2)
    )
    assert first == second
    assert len(told) == 1
