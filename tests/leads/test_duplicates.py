"""Who may be the same human is found by shared addresses, arrivals that named both, and colleagues of one name."""

from datetime import datetime
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.duplicates import find_duplicates
from leadhub.leads.merge import merge_people
from leadhub.leads.models import Company, Event, EventKind, Identity, Person
from leadhub.tenancy.models import Organization
from tests.personas import NOW


@pytest.fixture
def client(in_scope: Organization) -> Company:
    """An employer."""
    company: Company = Company.objects.create(domain="client.example", name="Client", created_at=NOW)
    return company


def add(first_name: str, last_name: str = "Stone", *, now: datetime = NOW, **fields: Any) -> Person:
    person: Person = Person.objects.create(first_name=first_name, last_name=last_name, created_at=now, **fields)
    return person


def look(person: Person) -> list[tuple[str, str]]:
    return [(found.person.name, found.reason) for found in find_duplicates(person=person)]


def test_an_address_that_somebody_else_is_known_by(in_scope: Organization) -> None:
    holder = add("Lea", "Other")
    Identity.objects.create(person=holder, kind="phone", value="+14155550132", created_at=NOW)
    assert look(add("L.", phone_e164="+14155550132")) == [("Lea Other", "Same phone: +14155550132")]


def test_colleagues_of_nearly_the_same_name(client: Company) -> None:
    lea, _, _ = (add(name, company=client) for name in ("Lea", "L.", "Max"))
    assert look(lea) == [("L. Stone", "Same company, nearly the same name")]


def test_an_arrival_that_named_both(in_scope: Organization) -> None:
    lea, other = add("Lea"), add("Nora", "Far")
    left_alone = [{"kind": "email", "person": str(other.pk)}]
    Event.objects.create(
        person=lea,
        kind=EventKind.FORM_SUBMITTED,
        occurred_at=NOW,
        logged_at=NOW,
        properties={"left_alone": left_alone},
    )
    assert look(lea) == [("Nora Far", "One inquiry named both")]


def test_who_was_joined_is_no_duplicate_any_more(client: Company, ada: Membership) -> None:
    lea, twin = add("Lea", company=client), add("L.", company=client)
    merge_people(kept=lea, absorbed=twin, actor=ada, now=NOW)
    assert look(lea) == []


def test_without_an_address_or_a_company_nobody_is_alike(in_scope: Organization) -> None:
    add("Lea")
    assert look(add("Lea")) == []
