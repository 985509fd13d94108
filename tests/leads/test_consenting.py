"""What a person tells a colleague that we may do, or no longer: kept, told, and heeded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.bulk.arrival import receive_many
from leadhub.leads.bulk.rows import Duplicates, IncomingRow, Reception
from leadhub.leads.consent import find_silence, is_suppressed, list_covered, record_consent, suppress
from leadhub.leads.consenting import ConsentUnclear, Said, note_consent
from leadhub.leads.details import change_details
from leadhub.leads.identity import resolve_person
from leadhub.leads.keys import list_keys
from leadhub.leads.merge import merge_people, part_people
from leadhub.leads.models import Event, EventKind, Identity, Lead, Person, PersonMerge, Suppression
from leadhub.leads.person_fields import PersonDetails
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job
from tests.leads.arrivals import arrive
from tests.personas import NOW
from tests.threads import in_threads

NO_MAIL = Said(purpose="email", is_given=False, way="phone", words="Stop it")
YES_SMS = Said(purpose="sms", is_given=True, way="in_person")
MAY_TEXT = {"given": True, "at": NOW.isoformat(), "source": "In person, to Ada"}


@pytest.fixture
def lead(in_scope: object) -> Lead:
    """Lea, who has two addresses."""
    lead = arrive("lea@client.example", first_name="Lea").lead
    Identity.objects.create(person=lead.person, kind="email", value="lea@home.example", created_at=NOW)
    return lead


def read_person(lead: Lead) -> Person:
    return Person.objects.get(pk=lead.person_id)


def test_who_withdraws_mail_is_unsubscribed_under_every_address(lead: Lead, ada: Membership) -> None:
    note_consent(lead=lead, said=NO_MAIL, actor=ada, now=NOW)
    source = "By phone, to Ada: “Stop it”"
    assert read_person(lead).consent == {"email": {"given": False, "at": NOW.isoformat(), "source": source}}
    assert is_suppressed("lea@client.example")
    assert is_suppressed("lea@home.example")
    assert list(list_covered([lead.person_id])) == [lead.person_id]
    assert not read_person(lead).do_not_contact
    event = Event.objects.get(kind=EventKind.UNSUBSCRIBED)
    assert (event.lead, event.actor, event.occurred_at) == (lead, ada, NOW)
    assert event.summary == "Consent to “e-mail” withdrawn, by phone"
    assert event.properties["note"] == "“Stop it”"
    assert Job.objects.filter(kind="line.walk_event", target_id=event.pk).exists()


def test_who_withdraws_texts_or_agrees_is_mailed_as_before(lead: Lead, ada: Membership) -> None:
    for said in (Said(purpose="sms", is_given=False, way="letter"), YES_SMS):
        note_consent(lead=lead, said=said, actor=ada, now=NOW)
    assert read_person(lead).consent == {"sms": MAY_TEXT}
    assert not Suppression.objects.exists()
    summaries = Event.objects.filter(kind=EventKind.DETAILS_CHANGED).order_by("id").values_list("summary", flat=True)
    assert [*summaries] == [
        "Consent to “text messages” withdrawn, by letter",
        "Consent to “text messages” given, in person",
    ]


def test_a_consent_takes_nobody_off_the_suppression_list(lead: Lead, ada: Membership) -> None:
    suppress(email="lea@client.example", reason="Unsubscribed", now=NOW, covers_person=True)
    note_consent(lead=lead, said=Said(purpose="email", is_given=True, way="phone"), actor=ada, now=NOW)
    assert is_suppressed("lea@client.example")


def test_the_audit_log_says_who_noted_what(lead: Lead, ada: Membership) -> None:
    for said in (YES_SMS, Said(purpose="sms", is_given=False, way="phone")):
        note_consent(lead=lead, said=said, actor=ada, now=NOW)
    entry = AuditEntry.objects.get(action="consent.withdrawn")
    assert (entry.actor, entry.target_id, entry.before) == (ada, lead.person_id, {"sms": MAY_TEXT})
    assert entry.summary == "Consent to “text messages” withdrawn: Lea"


def test_the_same_word_again_changes_nothing(lead: Lead, ada: Membership) -> None:
    for days in (0, 1):
        note_consent(lead=lead, said=NO_MAIL, actor=ada, now=NOW + timedelta(days=days))
    assert read_person(lead).consent["email"]["at"] == NOW.isoformat()
    assert Event.objects.filter(kind=EventKind.UNSUBSCRIBED).count() == 1
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_the_same_no_is_heeded_again_where_an_address_gets_mail_by_now(lead: Lead, ada: Membership) -> None:
    note_consent(lead=lead, said=NO_MAIL, actor=ada, now=NOW)
    Suppression.objects.filter(email_norm="lea@home.example").delete()  # taken off the list
    Identity.objects.create(person=lead.person, kind="email", value="lea@new.example", created_at=NOW)
    later = NOW + timedelta(days=1)
    note_consent(lead=lead, said=NO_MAIL, actor=ada, now=later)
    assert is_suppressed("lea@home.example")
    assert is_suppressed("lea@new.example")
    assert read_person(lead).consent["email"]["at"] == later.isoformat()
    assert Event.objects.filter(kind=EventKind.UNSUBSCRIBED).count() == 2


LATER = "lea@later.example"
PHONE = "+1 206 555 0142"


def learn_at_a_door(lead: Lead, actor: Membership) -> None:
    arrive(LATER, phone=PHONE, at=NOW + timedelta(days=1))


def learn_from_a_colleague(lead: Lead, actor: Membership) -> None:
    change_details(lead=lead, changes={"email": LATER}, actor=actor, now=NOW)


def learn_by_merging(lead: Lead, actor: Membership) -> None:
    other = resolve_person(details=PersonDetails(email=LATER), now=NOW).person
    merge_people(kept=other, absorbed=lead.person, actor=actor, now=NOW)


def learn_from_a_file(lead: Lead, actor: Membership) -> None:
    keys = tuple(list_keys(email=LATER, phone=PHONE, external_ids=(), country="US"))
    told = {"email": LATER, "email_norm": LATER, "is_free_mail": False}
    row = IncomingRow(number=1, keys=keys, person=told, domain="", touch={}, custom={}, asks=False, arrived_at=NOW)
    reception = Reception(duplicates=Duplicates.FILL, owner_id=actor.pk, actor_id=actor.pk, currency="USD", now=NOW)
    receive_many(rows=[row], reception=reception)


@pytest.mark.parametrize(
    "learn",
    [learn_at_a_door, learn_from_a_colleague, learn_by_merging, learn_from_a_file],
    ids=lambda way: way.__name__,
)
def test_a_no_of_somebody_without_an_address_holds_for_the_one_that_comes_later(
    in_scope: object, ada: Membership, learn: Callable[[Lead, Membership], None]
) -> None:
    lead = arrive("", phone=PHONE, first_name="Lea").lead
    note_consent(lead=lead, said=NO_MAIL, actor=ada, now=NOW)
    learn(lead, ada)
    lead.refresh_from_db()
    person = Identity.objects.get(value=LATER).person
    assert person.pk == lead.person_id
    assert is_suppressed(LATER)
    assert list_covered([person.pk]) == {person.pk: LATER}
    silence = find_silence(person)
    assert silence is not None
    assert (silence.reason, silence.covers_person) == ("They said so. By phone, to Ada: “Stop it”", True)


def test_a_yes_to_mail_takes_back_the_no_of_somebody_without_an_address(in_scope: object, ada: Membership) -> None:
    lead = arrive("", phone=PHONE, first_name="Lea").lead
    for said in (NO_MAIL, replace(NO_MAIL, purpose="newsletter"), replace(NO_MAIL, is_given=True)):
        note_consent(lead=lead, said=said, actor=ada, now=NOW)
    learn_at_a_door(lead, ada)
    assert not is_suppressed(LATER)
    assert find_silence(read_person(lead)) is None


def test_parting_takes_the_no_away_again(in_scope: object, ada: Membership) -> None:
    lead = arrive("", phone=PHONE, first_name="Lea").lead
    note_consent(lead=lead, said=NO_MAIL, actor=ada, now=NOW)
    learn_by_merging(lead, ada)
    part_people(merge=PersonMerge.objects.get(), actor=ada, now=NOW)
    assert not is_suppressed(LATER)


def test_a_post_that_waited_does_not_overrule_what_was_said_since(lead: Lead, ada: Membership) -> None:
    note_consent(lead=lead, said=Said(purpose="letter", is_given=False, way="phone"), actor=ada, now=NOW)
    for days, is_given in ((-1, False), (1, True)):
        at = NOW + timedelta(days=days)
        record_consent(person=read_person(lead), purpose="letter", is_given=True, source="Quote: Yes", now=at)
        assert read_person(lead).consent["letter"]["given"] is is_given


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(purpose="", is_given=True, way="phone"), "purpose"),
        (Said(purpose="E-Mail!", is_given=True, way="phone"), "purpose"),
        (Said(purpose="email", is_given=True, way="dream"), "way"),
        (Said(purpose="email", is_given=True, way="phone", words="x" * 301), "words"),
    ],
)
def test_what_is_unclear_is_refused_at_its_field(lead: Lead, ada: Membership, said: Said, field: str) -> None:
    with pytest.raises(ConsentUnclear) as refused:
        note_consent(lead=lead, said=said, actor=ada, now=NOW)
    assert refused.value.field == field
    assert read_person(lead).consent == {}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_note_something_at_once_both_have_it_kept(ada: Membership) -> None:
    with scope(ada.organization_id):
        lead = arrive("lea@client.example").lead
    left = [YES_SMS, NO_MAIL]

    def note() -> None:
        with scope(ada.organization_id):
            mine = Lead.objects.select_related("person").get(pk=lead.pk)
            note_consent(lead=mine, said=left.pop(), actor=ada, now=NOW)

    in_threads(note, 2)
    with scope(ada.organization_id):
        assert set(read_person(lead).consent) == {"email", "sms"}
