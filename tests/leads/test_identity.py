"""One human is one person: by e-mail, phone or external id, and never two identified people by accident."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.identity import Resolved, choose_person, resolve_person
from leadhub.leads.keys import Key
from leadhub.leads.models import Company, Identity, Person
from leadhub.leads.person_fields import PersonDetails
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.personas import NOW

EMAIL, PHONE, EXTERNAL = Identity.Kind.EMAIL, Identity.Kind.PHONE, Identity.Kind.EXTERNAL


def resolve(**details: Any) -> Resolved:
    return resolve_person(details=PersonDetails(**details), now=NOW)


@pytest.mark.parametrize(
    "again",
    [
        {"email": " LEA@client.example"},
        {"phone": "(415) 555-0132"},
        {"external_ids": (("crm", "7"),)},
        {"email": "lea@client.example", "phone": "+1 415 555 0199"},
        {"email": "new@client.example", "external_ids": (("crm", "7"),)},
    ],
)
def test_a_known_key_finds_the_person(in_scope: Organization, again: dict[str, Any]) -> None:
    first = resolve(email="lea@client.example", phone="+14155550132", external_ids=(("CRM", "7"),))
    second = resolve(**again)
    assert first.is_new
    assert not second.is_new
    assert second.person == first.person
    assert Person.objects.count() == 1


def test_a_plus_address_is_another_mailbox(in_scope: Organization) -> None:
    assert resolve(email="lea+b@client.example").person != resolve(email="lea@client.example").person


def test_the_same_details_again_change_nothing(in_scope: Organization) -> None:
    details = {"email": "lea@client.example", "phone": "+14155550132", "name": "Lea Lang", "custom": {"size": 3}}
    first = resolve(**details)
    before = Person.objects.values().get()
    assert resolve(**details).person == first.person
    assert Person.objects.values().get() == before
    assert Identity.objects.count() == 2


def test_two_identified_people_are_never_joined(in_scope: Organization) -> None:
    lea = resolve(email="lea@client.example").person
    ben = resolve(phone="+14155550132").person
    both = resolve(email="lea@client.example", phone="+14155550132")
    assert both.person == lea
    assert [(key.kind, person_id) for key, person_id in both.left_alone] == [(PHONE, ben.pk)]
    assert Identity.objects.get(kind=PHONE).person == ben
    assert Person.objects.get(pk=lea.pk).phone_e164 == ""


def test_only_the_address_of_somebody_else_is_left_out_of_what_is_shown(in_scope: Organization) -> None:
    resolve(email="ben@client.example")
    lea = resolve(email="lea@client.example", external_ids=(("crm", "7"),)).person
    resolve(email="ben@client.example", phone="+14155550132", external_ids=(("crm", "7"),))
    shown = Person.objects.get(pk=lea.pk)
    assert (shown.email_norm, shown.phone_e164) == ("lea@client.example", "+14155550132")


def test_a_shared_number_does_not_make_colleagues_one_person(in_scope: Organization) -> None:
    lea = resolve(email="lea@client.example", phone="+14155550132").person
    ben = resolve(email="ben@client.example", phone="+14155550132")
    assert ben.is_new
    assert ben.person != lea
    assert ben.person.phone_e164 == "+14155550132"
    assert Identity.objects.get(kind=PHONE).person == lea


def test_a_caller_who_later_tells_an_address_stays_one_person(in_scope: Organization) -> None:
    caller = resolve(phone="+14155550132").person
    assert resolve(phone="+14155550132", email="lea@client.example").person == caller
    assert resolve(email="lea@client.example").person == caller


def test_what_was_blank_is_filled_and_the_latest_address_shown(in_scope: Organization) -> None:
    resolve(email="lea@client.example", first_name="Lea", external_ids=(("crm", "7"),))
    resolve(email="lea@new.example", first_name="L.", last_name="Lang", title="CEO", external_ids=(("crm", "7"),))
    person = Person.objects.get()
    assert (person.first_name, person.last_name, person.title) == ("Lea", "Lang", "CEO")
    assert person.email_norm == "lea@new.example"
    assert Identity.objects.filter(kind=EMAIL).count() == 2


def test_an_unreadable_number_does_not_replace_a_good_one(in_scope: Organization) -> None:
    resolve(email="lea@client.example", phone="+14155550132")
    person = resolve(email="lea@client.example", phone="ask me").person
    assert person.phone == "+14155550132"


def test_details_are_cut_to_their_columns(in_scope: Organization) -> None:
    person = resolve(email="lea@client.example", first_name="x" * 900, title="  a \n b ").person
    assert len(person.first_name) == 200
    assert person.title == "a b"


def test_the_employer_is_the_registered_domain(in_scope: Organization) -> None:
    lea = resolve(email="lea@eu.client.example", company="Client Ltd").person
    ben = resolve(email="ben@client.example").person
    cat = resolve(email="cat@gmail.com", company="Client Ltd").person
    assert lea.company == ben.company == Company.objects.get()
    assert (Company.objects.get().domain, Company.objects.get().name) == ("client.example", "Client Ltd")
    assert cat.company is None
    assert (cat.is_free_mail, lea.is_free_mail) == (True, False)


def test_each_organization_has_its_own_person(acme: Organization, eve: Membership) -> None:
    with scope(acme.id):
        ours = resolve(email="lea@client.example").person
    with scope(eve.organization_id):
        theirs = resolve(email="lea@client.example")
    assert theirs.is_new
    assert theirs.person.pk != ours.pk


_KEYS = [
    Key(EXTERNAL, "crm:1"),
    Key(EMAIL, "a@b.example"),
    Key(EMAIL, "c@d.example"),
    Key(PHONE, "+1415"),
    Key(PHONE, "+1416"),
]


@given(
    st.lists(st.sampled_from(_KEYS), unique=True),
    st.dictionaries(st.sampled_from(_KEYS), st.integers(0, 2)),
)
def test_nobody_is_chosen_against_a_stronger_key(given_keys: list[Key], held: dict[Key, int]) -> None:
    """Whoever is chosen holds one of the keys, and is known by no other one of a stronger kind that was given."""
    keys = sorted(given_keys, key=lambda key: [EXTERNAL, EMAIL, PHONE].index(key.kind))
    people = [Person(pk=uuid4(), organization_id=UUID(int=1)) for _ in range(3)]
    families = {
        person.pk: frozenset(key.family for key, number in held.items() if people[number] is person)
        for person in people
    }
    holders = {key: people[number] for key, number in held.items() if key in keys}
    chosen = choose_person(keys=keys, holders=holders, families=families)
    if chosen is None:
        assert not keys or keys[0] not in holders
        return
    position = next(index for index, key in enumerate(keys) if holders.get(key) == chosen)
    assert all(key.family not in families[chosen.pk] for key in keys[:position])
