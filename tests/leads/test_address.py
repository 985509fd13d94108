"""Where somebody is: what is told of it replaces what was, as a whole, and is written as on a letter."""

from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.address import choose_parts, write_lines
from leadhub.leads.bulk.arrival import receive_many
from leadhub.leads.bulk.rows import Duplicates, IncomingRow, Reception
from leadhub.leads.keys import list_keys
from leadhub.leads.merge import merge_people
from leadhub.leads.models import Lead, Person
from leadhub.leads.normal import normalise_postal_code, restore_zeros, write_in_a_line
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive
from tests.personas import NOW

HOME = {"street": "12 Elm Street", "postal_code": "60201", "city": "Evanston", "region": "IL"}


def tell(**told: Any) -> list[str]:
    """Let Lea tell more of her address and return it, part by part."""
    person = arrive(email="lea@client.example", **told).person
    stored = Person.objects.get(pk=person.pk)
    return [stored.street, stored.postal_code, stored.city, stored.region]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"postal_code": " 60201 "}, list(HOME.values())),
        ({"city": "evanston", "region": "Illinois"}, ["12 Elm Street", "60201", "evanston", "Illinois"]),
        ({"street": "9 Oak Avenue", "postal_code": "60614"}, ["9 Oak Avenue", "60614", "", ""]),
        ({"city": "Chicago"}, ["", "", "Chicago", ""]),
        ({"street": "", "city": " "}, list(HOME.values())),
        ({"region": "California"}, list(HOME.values())),
        ({"street": "12 ELM STREET", "city": "Evanston"}, ["12 ELM STREET", "60201", "Evanston", "IL"]),
    ],
)
def test_another_place_replaces_the_former_one_as_a_whole(
    in_scope: Organization, told: dict[str, str], known: list[str]
) -> None:
    assert tell(**HOME) == list(HOME.values())
    assert tell(**told) == known


def test_what_an_area_code_says_gives_way_to_what_they_say(in_scope: Organization) -> None:
    person = arrive(email="lea@client.example").person
    Person.objects.filter(pk=person.pk).update(region="San Francisco, CA")
    assert tell(**HOME) == list(HOME.values())


NOWHERE = dict.fromkeys(HOME, "")
OAK = {"street": "9 Oak Avenue", "city": "Chicago"}


@pytest.mark.parametrize(
    ("known", "told", "replaced", "filled"),
    [
        ({}, OAK, OAK, OAK),
        ({"region": "CA"}, {**OAK, "region": "IL"}, {**OAK, "region": "IL"}, {**OAK, "region": "IL"}),
        (HOME, OAK, {**NOWHERE, **OAK}, {}),
        (HOME, {"city": "Chicago"}, {**NOWHERE, "city": "Chicago"}, {}),
        ({"street": "12 Elm Street"}, {"city": "Chicago"}, {"street": "", "city": "Chicago"}, {}),
        (
            {"city": "Evanston", "region": "IL"},
            {"postal_code": "60614"},
            {"city": "", "region": "", "postal_code": "60614"},
            {},
        ),
        (
            {"city": "Evanston"},
            {"city": "evanston", "street": "12 Elm"},
            {"city": "evanston", "street": "12 Elm"},
            {"street": "12 Elm"},
        ),
        (HOME, {"region": "CA"}, {}, {}),
        ({"city": "Evanston"}, {"region": "IL"}, {"region": "IL"}, {"region": "IL"}),
        (HOME, {"street": "", "city": ""}, {}, {}),
    ],
)
def test_no_two_places_are_mixed(
    known: dict[str, str], told: dict[str, str], replaced: dict[str, str], filled: dict[str, str]
) -> None:
    assert choose_parts(known=known, told=told) == replaced
    assert choose_parts(known=known, told=told, may_replace=False) == filled


@pytest.mark.parametrize(
    ("duplicates", "known", "told", "place"),
    [
        ("overwrite", HOME, {"city": "Chicago"}, ("", "Chicago", "", "US")),
        ("fill", HOME, {"city": "Chicago"}, ("12 Elm Street", "Evanston", "IL", "US")),
        ("fill", {"street": "12 Elm Street"}, {"city": "Berlin", "country": "DE"}, ("12 Elm Street", "", "", "US")),
        ("fill", {"region": "CA"}, {**OAK, "country": "DE"}, ("9 Oak Avenue", "Chicago", "CA", "DE")),
        ("fill", {"city": "Evanston"}, {"city": "Evanston", "region": "IL"}, ("", "Evanston", "IL", "US")),
    ],
)
def test_a_file_mixes_no_two_places(
    in_scope: Organization,
    ada: Membership,
    duplicates: str,
    known: dict[str, str],
    told: dict[str, str],
    place: tuple[str, ...],
) -> None:
    person = arrive(email="lea@client.example").person
    Person.objects.filter(pk=person.pk).update(country="US", **known)
    keys = tuple(list_keys(email="lea@client.example", phone="", external_ids=(), country="US"))
    row = IncomingRow(number=1, keys=keys, person=told, domain="", touch={}, custom={}, asks=False, arrived_at=NOW)
    reception = Reception(duplicates=Duplicates(duplicates), owner_id=ada.pk, actor_id=ada.pk, currency="USD", now=NOW)
    receive_many(rows=[row], reception=reception)
    person.refresh_from_db()
    assert (person.street, person.city, person.region, person.country) == place


def test_a_merge_puts_no_region_of_another_place_beside_an_address(in_scope: Organization, ada: Membership) -> None:
    kept, absorbed = (arrive(email=f"{name}@client.example").person for name in ("lea", "lia"))
    Lead.objects.filter(person=absorbed).update(stage="recycled", disposition="cold")
    Person.objects.filter(pk=kept.pk).update(city="Evanston")
    Person.objects.filter(pk=absorbed.pk).update(city="Berlin", region="Berlin", country="DE")
    merge_people(kept=kept, absorbed=absorbed, actor=ada, now=NOW)
    kept.refresh_from_db()
    assert (kept.city, kept.region, kept.country) == ("Evanston", "", "")


@pytest.mark.parametrize(
    ("person", "lines"),
    [
        ({**HOME, "country": "US"}, ["12 Elm Street", "Evanston, IL 60201", "United States"]),
        (
            {"street": "Weg 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
            ["Weg 1", "10115 Berlin", "Germany"],
        ),
        ({"postal_code": "60201"}, ["60201"]),
        ({"postal_code": "10115", "region": "Berlin", "country": "DE"}, ["10115, Berlin", "Germany"]),
        ({"region": "San Francisco, CA"}, ["San Francisco, CA"]),
        ({}, []),
    ],
)
def test_lines_of_a_letter(in_scope: Organization, person: dict[str, str], lines: list[str]) -> None:
    assert write_lines(Person(**person)) == lines


@pytest.mark.parametrize(
    ("code", "country", "whole"),
    [
        ("2134", "US", "02134"),
        ("501", "US", "00501"),
        ("1067", "DE", "01067"),
        ("800", "AU", "0800"),
        ("8001", "CH", "8001"),
        ("60201", "US", "60201"),
        ("60201-1234", "US", "60201-1234"),
        ("12", "US", "12"),
        ("", "US", ""),
        ("2134", "", "2134"),
    ],
)
def test_zeros_that_a_spreadsheet_took_come_back(code: str, country: str, whole: str) -> None:
    assert restore_zeros(code, country) == whole


def test_spellings_become_one() -> None:
    assert normalise_postal_code(" sw1a  1aa ") == "SW1A 1AA"
    assert write_in_a_line("12 Elm Street,\r\n  Apt  4\n") == "12 Elm Street, Apt 4"
