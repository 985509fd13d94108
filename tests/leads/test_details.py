"""Correcting a person: who they are, how they are recognised, and what the timeline says of it."""

from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.details import SomebodyElses, Unreadable, change_details
from leadhub.leads.models import Company, Event, EventKind, Identity, Lead, Person
from leadhub.tenancy.models import Organization
from leadhub.work.models import Job
from tests.leads.arrivals import arrive, make_lead
from tests.personas import NOW


def correct(lead: Lead, actor: Membership, **changes: Any) -> Person:
    change_details(lead=lead, changes=changes, actor=actor, now=NOW)
    return Person.objects.get(pk=lead.person_id)


def test_a_new_address_recognises_them_and_the_former_one_still_does(in_scope: Organization, ada: Membership) -> None:
    lead = arrive(email="ann@gmail.com", phone="+12065550100").lead
    person = correct(lead, ada, email="Ann@Builders.test", phone="+1 206 555 0199")
    assert (person.email, person.email_norm, person.is_free_mail) == ("Ann@Builders.test", "ann@builders.test", False)
    assert (person.phone, person.phone_e164) == ("+1 206 555 0199", "+12065550199")
    assert person.company == Company.objects.get(domain="builders.test")
    for email, phone in (("ann@builders.test", ""), ("", "+12065550199"), ("ann@gmail.com", "")):
        assert arrive(email, phone=phone).lead.person_id == person.pk


def test_the_timeline_says_who_changed_what_and_the_line_walks_it(in_scope: Organization, ada: Membership) -> None:
    lead = arrive(email="ann@gmail.com", first_name="An").lead
    correct(lead, ada, first_name="Ann", title="Owner", email="ann@gmail.com")
    event = Event.objects.get(kind=EventKind.DETAILS_CHANGED)
    assert (event.summary, event.actor) == ("First name An → Ann, Job title none → Owner", ada)
    assert event.properties["first_name"] == {"before": "An", "after": "Ann"}
    assert Job.objects.filter(kind="line.walk_event", target_id=event.pk).exists()
    correct(lead, ada, first_name="Ann")
    assert Event.objects.filter(kind=EventKind.DETAILS_CHANGED).count() == 1


def test_the_address_is_corrected_part_by_part(in_scope: Organization, ada: Membership) -> None:
    lead = arrive(email="ann@gmail.com", postal_code="60201", city="Evanston").lead
    person = correct(lead, ada, street="12 Elm Street", postal_code="60202 ", country="Vereinigte Staaten", region="")
    assert (person.street, person.postal_code, person.city) == ("12 Elm Street", "60202", "Evanston")
    assert person.country == "US"
    summary = Event.objects.get(kind=EventKind.DETAILS_CHANGED).summary
    assert summary == "Street none → 12 Elm Street, Postal code 60201 → 60202, Country none → US"


def test_what_is_emptied_is_shown_no_more(in_scope: Organization, ada: Membership) -> None:
    person = correct(arrive(email="ann@gmail.com").lead, ada, email="", company=" Ann & Sons ")
    assert (person.email, person.email_norm, person.is_free_mail, person.company_name) == ("", "", False, "Ann & Sons")


@pytest.mark.parametrize(("field", "text"), [("email", "ann at gmail"), ("phone", "ask her"), ("country", "Atlantis")])
def test_what_cannot_be_read_is_refused_at_its_field(
    in_scope: Organization, ada: Membership, field: str, text: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        change_details(lead=make_lead(), changes={"first_name": "Ann", field: text}, actor=ada, now=NOW)
    assert refused.value.field == field
    assert Person.objects.get().first_name != "Ann"


def test_somebody_else_s_address_stays_theirs(in_scope: Organization, ada: Membership) -> None:
    arrive(email="bob@gmail.com", first_name="Bob")
    lead = arrive(email="ann@gmail.com").lead
    with pytest.raises(SomebodyElses, match="Bob is known by it already") as refused:
        change_details(lead=lead, changes={"email": "BOB@gmail.com"}, actor=ada, now=NOW)
    assert refused.value.field == "email"
    assert Identity.objects.get(value="bob@gmail.com").person_id != lead.person_id
