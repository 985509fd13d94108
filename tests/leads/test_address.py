"""Where somebody is: what is told of it replaces what was, as a whole, and is written as on a letter."""

from typing import Any

import pytest

from leadhub.leads.address import write_lines
from leadhub.leads.models import Person
from leadhub.leads.normal import normalise_postal_code, restore_zeros, write_in_a_line
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive

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
