"""A raised hand opens a lead or joins the open one; a repeat within a day counts for nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.inquiries import set_service
from leadhub.leads.inquiry_records import find_latest_inquiry
from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import (
    Channel,
    Company,
    Door,
    Event,
    EventKind,
    Inquiry,
    Lead,
    MqlReason,
    Person,
    Stage,
    StageChange,
    Touch,
    ValueSource,
    Verdict,
)
from leadhub.leads.touches import TouchDetails
from leadhub.leads.verdicts import set_verdict
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import DIRECT, SEARCH, arrive
from tests.personas import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QueryCounter = Callable[[int], AbstractContextManager[Any]]


def close(lead: Lead) -> None:
    """End the pass, as a disposition would."""
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.RECYCLED, disposition="cold")


def test_a_stranger_becomes_a_person_a_lead_and_an_inquiry(in_scope: Organization, ada: Membership) -> None:
    received = arrive("lea@client.example", first_name="Lea", quote_value=Decimal(1200), service="siding")
    lead = Lead.objects.get()
    assert received.is_new_lead
    assert not received.is_duplicate
    assert (lead.number, lead.stage, lead.verdict, lead.owner) == (1, Stage.NEW, Verdict.PENDING, ada)
    assert (lead.channel, lead.source, lead.campaign) == (Channel.PAID_SEARCH, "google", "spring")
    assert lead.first_touch == lead.last_touch == Touch.objects.get()
    assert (lead.quote_value, lead.quote_value_source, lead.currency) == (Decimal(1200), ValueSource.FORM, "USD")
    assert (lead.captured_at, received.inquiry.arrived_at) == (NOW, NOW)
    assert received.inquiry.is_opening
    assert received.event.kind == EventKind.FORM_SUBMITTED
    assert received.event.inquiry == received.inquiry


def test_a_new_lead_takes_six_statements(in_scope: Organization, django_assert_num_queries: QueryCounter) -> None:
    arrive("first@client.example")
    with django_assert_num_queries(6):
        arrive("lea@client.example", phone="+14155550132")


def test_the_same_submission_again_changes_nothing(in_scope: Organization) -> None:
    submission_id = uuid4()
    first = arrive(submission_id=submission_id)
    again = arrive(submission_id=submission_id, at=NOW + HOUR)
    assert (again.person, again.lead, again.inquiry, again.event) == (
        first.person,
        first.lead,
        first.inquiry,
        first.event,
    )
    assert (again.is_new_lead, again.is_duplicate) == (True, False)
    assert [model.objects.count() for model in (Person, Touch, Lead, Inquiry, Event)] == [1, 1, 1, 1, 1]


def test_a_submission_is_known_by_itself_alone(in_scope: Organization, ada: Membership) -> None:
    submission_id = uuid4()
    first = arrive(submission_id=submission_id)
    second = arrive(submission_id=uuid4(), at=NOW + HOUR)
    assert second.inquiry.duplicate_of == first.inquiry
    set_service(inquiry=first.inquiry, service="windows", actor=ada, now=NOW)
    assert arrive(submission_id=submission_id).inquiry == first.inquiry


@pytest.mark.parametrize(
    ("later", "options", "is_duplicate"),
    [
        (HOUR, {}, True),
        (DAY - timedelta(seconds=1), {}, True),
        (-HOUR, {}, True),
        (DAY, {}, False),
        (-DAY, {}, False),
        (HOUR, {"service": "windows"}, False),
        (HOUR, {"door": Door.API}, False),
        (HOUR, {"email": "ben@client.example"}, False),
    ],
)
def test_a_repeat_is_the_same_person_door_and_service_within_a_day(
    in_scope: Organization, later: timedelta, options: dict[str, Any], is_duplicate: bool
) -> None:
    first = arrive(service="siding")
    second = arrive(**{"service": "siding", "at": NOW + later, **options})
    assert second.is_duplicate is is_duplicate
    assert second.inquiry.duplicate_of == (first.inquiry if is_duplicate else None)
    assert second.event.kind == (EventKind.INQUIRY_REPEATED if is_duplicate else EventKind.FORM_SUBMITTED)


def test_what_somebody_else_asked_is_not_repeated(in_scope: Organization) -> None:
    arrive("ben@client.example", service="windows")
    arrive(service="siding")
    assert not arrive("ben@client.example", service="siding", at=NOW + HOUR).is_duplicate


def test_the_last_of_two_is_repeated(in_scope: Organization) -> None:
    arrive()
    second = arrive(at=NOW + 25 * HOUR)
    assert arrive(at=NOW + 20 * HOUR).inquiry.duplicate_of == second.inquiry


def test_the_latest_inquiry_of_a_lead_is_no_repeat(in_scope: Organization) -> None:
    arrive(service="siding")
    latest = arrive(service="windows", at=NOW + HOUR)
    arrive(service="windows", at=NOW + 2 * HOUR)
    arrive("ben@client.example", at=NOW + 3 * HOUR)
    assert find_latest_inquiry(lead_id=latest.lead.pk) == latest.inquiry


def test_a_repeat_does_not_prolong_the_day(in_scope: Organization) -> None:
    arrive()
    assert arrive(at=NOW + 20 * HOUR).is_duplicate
    assert not arrive(at=NOW + 25 * HOUR).is_duplicate


def test_a_repeat_of_an_ended_lead_opens_none(in_scope: Organization) -> None:
    first = arrive()
    close(first.lead)
    second = arrive(at=NOW + HOUR)
    assert second.lead == first.lead
    assert Lead.objects.count() == 1


def test_another_inquiry_joins_the_open_lead(in_scope: Organization) -> None:
    first = arrive(service="siding", quote_value=Decimal(100))
    Lead.objects.update(wakes_at=NOW + DAY)
    second = arrive(
        service="windows", at=NOW + HOUR, quote_value=Decimal(300), touch=TouchDetails(channel=Channel.EMAIL)
    )
    lead = Lead.objects.get()
    assert second.lead == first.lead == lead
    assert not second.is_new_lead
    assert lead.quote_value == Decimal(300)
    assert (lead.channel, lead.last_touch) == (Channel.PAID_SEARCH, second.inquiry.touch)
    assert lead.wakes_at is None
    assert lead.updated_at == NOW + HOUR


def test_what_a_joining_inquiry_does_not_tell_stays(in_scope: Organization) -> None:
    first = arrive(service="siding", quote_value=Decimal(100))
    arrive(service="windows", touch=TouchDetails())
    lead = Lead.objects.get()
    assert (lead.quote_value, lead.last_touch) == (Decimal(100), first.inquiry.touch)
    arrive(service="doors", quote_value=Decimal(300), currency="usd")
    assert Lead.objects.get().quote_value == Decimal(300)


def test_a_joining_inquiry_takes_no_verdict_back_and_names_the_source_of_its_value(in_scope: Organization) -> None:
    lead = arrive(service="siding", quote_value=Decimal(100)).lead
    mark_mql(lead=lead, reason=MqlReason.HAND_RAISE, now=NOW)
    arrive(service="windows", door=Door.API, quote_value=Decimal(300))
    lead.refresh_from_db()
    assert (lead.verdict, lead.quote_value, lead.quote_value_source) == ("qualified", Decimal(300), ValueSource.API)


def test_another_currency_stays_on_the_inquiry(in_scope: Organization) -> None:
    arrive(service="siding", quote_value=Decimal(100), currency="EUR")
    arrive(service="windows", quote_value=Decimal(9000), currency="JPY")
    lead = Lead.objects.get()
    assert (lead.quote_value, lead.currency) == (Decimal(100), "EUR")


def test_an_inquiry_after_the_end_opens_the_next_lead(in_scope: Organization) -> None:
    first = arrive()
    close(first.lead)
    second = arrive(at=NOW + 2 * DAY)
    assert second.is_new_lead
    assert second.lead.number == 2
    assert second.person == first.person
    close(second.lead)
    assert arrive(at=NOW + 4 * DAY).lead.number == 3


def test_a_fresh_inquiry_asks_for_a_new_verdict(in_scope: Organization, ada: Membership) -> None:
    lead = arrive(service="job").lead
    set_verdict(lead=lead, verdict=Verdict.NOT_A_LEAD, actor=ada, reason="Job seeker", now=NOW)
    assert arrive(service="job", at=NOW + HOUR).lead.verdict == Verdict.NOT_A_LEAD
    received = arrive(service="siding", at=NOW + HOUR)
    assert received.lead.verdict == Verdict.PENDING
    assert mark_mql(lead=received.lead, reason=MqlReason.HAND_RAISE, now=NOW).verdict == Verdict.QUALIFIED


@pytest.mark.parametrize(
    ("earlier_days", "session", "channel"),
    [
        (90, DIRECT, Channel.PAID_SEARCH),
        (91, DIRECT, Channel.DIRECT),
        (89, TouchDetails(), Channel.PAID_SEARCH),
        (91, TouchDetails(), Channel.UNKNOWN),
        (1, TouchDetails(channel=Channel.EMAIL), Channel.EMAIL),
    ],
)
def test_the_report_channel(in_scope: Organization, earlier_days: int, session: TouchDetails, channel: Channel) -> None:
    first = arrive(touch=SEARCH, at=NOW - earlier_days * DAY)
    close(first.lead)
    assert arrive(touch=session, service="again").lead.channel == channel


def test_the_last_telling_touch_before_the_inquiry_is_the_person_s_own(in_scope: Organization) -> None:
    email, social = TouchDetails(channel=Channel.EMAIL), TouchDetails(channel=Channel.ORGANIC_SOCIAL)
    arrive("ben@client.example", touch=email, at=NOW - DAY)
    for days, touch in ((-9, social), (-5, SEARCH), (-3, DIRECT), (1, email)):
        close(arrive(touch=touch, service=str(days), at=NOW + days * DAY).lead)
    assert arrive(touch=DIRECT, service="again").lead.channel == Channel.PAID_SEARCH


@pytest.mark.parametrize("session", [DIRECT, TouchDetails()])
def test_a_later_lead_is_reported_under_the_touch_that_told_most(in_scope: Organization, session: TouchDetails) -> None:
    first = arrive(touch=SEARCH, at=NOW - 9 * DAY)
    close(first.lead)
    second = arrive(touch=session, service="again")
    assert second.lead.first_touch == first.inquiry.touch
    assert second.lead.last_touch == (second.inquiry.touch or first.inquiry.touch)
    assert (second.lead.source, second.lead.campaign) == ("google", "spring")


def test_a_lead_without_a_source_is_unknown(in_scope: Organization) -> None:
    assert arrive(touch=TouchDetails(visitor_id="v1")).lead.channel == Channel.UNKNOWN
    assert not Touch.objects.exists()


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("1e12"), Decimal("NaN")])
def test_an_impossible_value_is_no_value(in_scope: Organization, amount: Decimal) -> None:
    assert arrive(quote_value=amount).lead.quote_value is None


def test_nothing_is_a_value_too(in_scope: Organization) -> None:
    assert arrive(quote_value=Decimal(0)).lead.quote_value == 0


def test_keys_of_somebody_else_are_noted(in_scope: Organization) -> None:
    other = arrive("", phone="+14155550132").person
    arrive("lea@client.example")
    event = arrive("lea@client.example", phone="+14155550132", service="again").event
    assert event.properties["left_alone"] == [{"kind": "phone", "person": str(other.pk)}]


def test_an_arrival_without_any_key_is_kept(in_scope: Organization) -> None:
    assert arrive("not an address", name="Lea Lang").lead.person.name == "Lea Lang"
    assert Person.objects.get().email == "not an address"


def test_opening_a_lead_is_no_move(in_scope: Organization) -> None:
    arrive()
    assert not StageChange.objects.exists()
    assert Company.objects.count() == 1
