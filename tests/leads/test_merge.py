"""Two people who are one human are joined by a colleague's word, and parted again exactly as they were."""

from datetime import timedelta
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.address import write_lines
from leadhub.leads.consent import is_suppressed, suppress_person
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.merge import AlreadyParted, JoinedOn, NotTwoPeople, TwoOpenLeads, merge_people, part_people
from leadhub.leads.models import (
    DispositionCode,
    Event,
    EventKind,
    Identity,
    Inquiry,
    Lead,
    Outcome,
    Person,
    PersonMerge,
    Touch,
)
from leadhub.leads.outcomes import log_outcome
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive
from tests.personas import NOW

DAY = timedelta(days=1)
MERGE_EVENTS = [EventKind.PEOPLE_MERGED, EventKind.PEOPLE_PARTED]


@pytest.fixture
def lea(in_scope: Organization, ada: Membership) -> Person:
    """Known by mail; her lead is open."""
    return arrive("lea@client.example").person


@pytest.fixture
def lele(in_scope: Organization, ada: Membership) -> Person:
    """Known by phone; her two leads are over."""
    for at in (NOW - 9 * DAY, NOW - 3 * DAY):
        received = arrive("", phone="+14155550132", at=at)
        dispose_lead(lead=received.lead, code=DispositionCode.COLD, actor=ada, now=at)
    return received.person


def picture() -> dict[str, Any]:
    """Return who has what, without the merge's own events."""
    return {
        model.__name__: set(model.objects.exclude(kind__in=MERGE_EVENTS).values_list("pk", "person"))
        if model is Event
        else set(model.objects.values_list("pk", "person"))
        for model in (Identity, Touch, Event, Inquiry)
    } | {"Lead": set(Lead.objects.values_list("pk", "person", "number"))}


def test_everything_goes_to_the_kept_person(lea: Person, lele: Person, ada: Membership) -> None:
    merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    assert {row[1] for rows in picture().values() for row in rows} == {lea.pk}
    assert sorted(Lead.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert arrive("", phone="+14155550132", service="again", at=NOW + DAY).person == lea


def test_parting_takes_back_exactly_what_was_moved(lea: Person, lele: Person, ada: Membership) -> None:
    before = picture()
    merge = merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    part_people(merge=merge, actor=ada, now=NOW + DAY)
    assert picture() == before
    with pytest.raises(AlreadyParted):
        part_people(merge=merge, actor=ada, now=NOW + DAY)
    assert merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW + 2 * DAY).pk != merge.pk


def test_what_came_since_stays_with_its_lead(lea: Person, lele: Person, ada: Membership) -> None:
    merge = merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    lead = Lead.objects.get(pk=next(iter(merge.moved["leads"])))
    event = log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW + DAY).event
    later = arrive("lea@client.example", service="again", at=NOW + DAY)
    part_people(merge=merge, actor=ada, now=NOW + 2 * DAY)
    assert Event.objects.get(pk=event.pk).person == lele
    assert Inquiry.objects.get(pk=later.inquiry.pk).person == lea


def test_who_was_joined_twice_is_parted_in_turn(lea: Person, lele: Person, ada: Membership) -> None:
    zoe = arrive("zoe@client.example", at=NOW - 9 * DAY)
    dispose_lead(lead=zoe.lead, code=DispositionCode.COLD, actor=ada, now=NOW)
    before = picture()
    first = merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    second = merge_people(kept=zoe.person, absorbed=lea, actor=ada, now=NOW)
    with pytest.raises(JoinedOn):
        part_people(merge=first, actor=ada, now=NOW)
    for merge in (second, first):
        part_people(merge=merge, actor=ada, now=NOW)
    assert picture() == before


def test_two_open_leads_are_not_united(lea: Person, ada: Membership) -> None:
    other = arrive("", phone="+14155550199").person
    with pytest.raises(TwoOpenLeads):
        merge_people(kept=lea, absorbed=other, actor=ada, now=NOW)


def test_one_person_is_merged_once_and_not_with_themselves(lea: Person, lele: Person, ada: Membership) -> None:
    with pytest.raises(NotTwoPeople):
        merge_people(kept=lea, absorbed=lea, actor=ada, now=NOW)
    merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    with pytest.raises(NotTwoPeople):
        merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    with pytest.raises(NotTwoPeople):
        merge_people(kept=lele, absorbed=arrive("", name="Lee", at=NOW - 9 * DAY).person, actor=ada, now=NOW)
    assert PersonMerge.objects.count() == 1


def test_who_asked_to_be_left_alone_stays_so_as_a_whole(lea: Person, lele: Person, ada: Membership) -> None:
    suppress_person(person=lele, reason="Asked", now=NOW)
    merge = merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    assert is_suppressed("lea@client.example")
    part_people(merge=merge, actor=ada, now=NOW)
    assert not is_suppressed("lea@client.example")
    assert Person.objects.get(pk=lele.pk).do_not_contact


def test_parting_lifts_no_silence_that_was_there_before(lea: Person, lele: Person, ada: Membership) -> None:
    for person in (lea, lele):
        suppress_person(person=person, reason="Asked", now=NOW)
    part_people(merge=merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW), actor=ada, now=NOW)
    assert Person.objects.filter(do_not_contact=True).count() == 2


def test_what_was_changed_since_stays_when_they_are_parted(lea: Person, lele: Person, ada: Membership) -> None:
    Person.objects.filter(pk=lele.pk).update(title="Buyer", language="en")
    merge = merge_people(kept=lea, absorbed=lele, actor=ada, now=NOW)
    Person.objects.filter(pk=lea.pk).update(title="Architect")
    part_people(merge=merge, actor=ada, now=NOW)
    parted = Person.objects.get(pk=lea.pk)
    assert (parted.title, parted.language) == ("Architect", "")


def test_what_is_not_known_of_the_kept_person_is_filled_in_until_they_are_parted(
    lea: Person, lele: Person, ada: Membership
) -> None:
    Person.objects.filter(pk=lele.pk).update(first_name="Lele", city="Reno")
    Person.objects.filter(pk=lea.pk).update(street="12 Elm Street", city="Evanston", region="IL")
    agreed = {"letter": {"given": True, "at": NOW.isoformat(), "source": "Quote: Write to me"}}
    Person.objects.filter(pk=lea.pk).update(first_name="Lea", consent=agreed)

    merge = merge_people(kept=lele, absorbed=lea, actor=ada, now=NOW)
    joined = Person.objects.get(pk=lele.pk)
    assert (joined.first_name, joined.email_norm, joined.city) == ("Lele", "lea@client.example", "Reno")
    assert joined.consent == agreed
    assert (joined.street, joined.region) == ("", "")  # both are in Evanston, not in Reno
    Person.objects.filter(pk=lele.pk).update(title="Architect")
    part_people(merge=merge, actor=ada, now=NOW)

    parted = Person.objects.get(pk=lele.pk)
    assert (parted.first_name, parted.email, parted.email_norm, parted.consent) == ("Lele", "", "", {})
    assert (parted.company_id, parted.title, parted.city) == (None, "Architect", "Reno")
    assert Person.objects.get(pk=lea.pk).email_norm == "lea@client.example"


def test_an_address_is_filled_in_as_a_whole_until_they_are_parted(lea: Person, lele: Person, ada: Membership) -> None:
    Person.objects.filter(pk=lele.pk).update(region="San Francisco, CA", country="US")  # by the number's area code
    Person.objects.filter(pk=lea.pk).update(street="Weg 1", postal_code="10115", city="Berlin", country="DE")
    merge = merge_people(kept=lele, absorbed=lea, actor=ada, now=NOW)
    assert write_lines(Person.objects.get(pk=lele.pk)) == ["Weg 1", "10115 Berlin", "Germany"]
    part_people(merge=merge, actor=ada, now=NOW)
    parted = Person.objects.get(pk=lele.pk)
    assert (parted.street, parted.postal_code, parted.city) == ("", "", "")
    assert (parted.region, parted.country) == ("San Francisco, CA", "US")


def test_a_merge_of_an_earlier_release_is_parted_too(lea: Person, lele: Person, ada: Membership) -> None:
    Person.objects.filter(pk=lea.pk).update(title="Buyer")
    merge = merge_people(kept=lele, absorbed=lea, actor=ada, now=NOW)
    merge.moved["filled"] = list(merge.moved["filled"])
    part_people(merge=merge, actor=ada, now=NOW)
    parted = Person.objects.get(pk=lele.pk)
    assert (parted.title, parted.email, parted.company_id) == ("", "", None)


def test_the_later_word_stands_until_they_are_parted(lea: Person, lele: Person, ada: Membership) -> None:
    def say(days: int, *, is_given: bool) -> dict[str, Any]:
        return {"given": is_given, "at": (NOW + days * DAY).isoformat(), "source": f"On day {days}"}

    ours = {"letter": say(1, is_given=True), "sms": say(1, is_given=True), "calls": say(1, is_given=True)}
    theirs = {"letter": say(2, is_given=False), "sms": say(0, is_given=False), "email": say(0, is_given=False)}
    Person.objects.filter(pk=lele.pk).update(consent=ours)
    Person.objects.filter(pk=lea.pk).update(consent=theirs)

    merge = merge_people(kept=lele, absorbed=lea, actor=ada, now=NOW)
    joined = Person.objects.get(pk=lele.pk).consent
    assert joined == {**ours, "letter": theirs["letter"], "email": theirs["email"]}
    since = say(3, is_given=False)
    Person.objects.filter(pk=lele.pk).update(consent={**joined, "calls": since})
    part_people(merge=merge, actor=ada, now=NOW)

    assert Person.objects.get(pk=lele.pk).consent == {**ours, "calls": since}
    assert Person.objects.get(pk=lea.pk).consent == theirs
