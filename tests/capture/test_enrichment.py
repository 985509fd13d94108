"""What the submission already tells of a person is filled in, and nothing known is overwritten."""

from datetime import datetime
from typing import Any

import pytest

from capture.enrichment import enrich
from capture.models import Form
from leadhub.leads.models import Door, Person
from leadhub.leads.walk import Walk
from tests.capture.test_intake import arrive
from tests.personas import NOW

pytestmark = pytest.mark.usefixtures("in_scope")


def walk_of(values: dict[str, Any]) -> Walk:
    _, walk = arrive(values, door=Door.FORM)
    assert walk is not None
    return walk


@pytest.mark.parametrize(
    ("values", "country", "region", "time_zone"),
    [
        ({"phone": "+1 415 555 0123"}, "US", "San Francisco, CA", "America/Los_Angeles"),
        ({"phone": "(415) 555-0123"}, "US", "San Francisco, CA", "America/Los_Angeles"),
        ({"phone": "+49 30 123456"}, "DE", "Berlin", "Europe/Berlin"),
        ({"phone": "+61 412 345 678"}, "AU", "", ""),
        ({"email": "ada@lovelace.co.uk"}, "GB", "", ""),
        ({"email": "ada@lovelace.de", "phone": "+33 6 12 34 56 78"}, "FR", "", "Europe/Paris"),
        ({"email": "ada@lovelace.io"}, "", "", ""),
        ({"email": "ada@lovelace.de", "Country": "Österreich"}, "AT", "", ""),
        ({"phone": "+49 30 123456", "country": "ch"}, "CH", "", "Europe/Berlin"),
        ({"phone": "+49 30 123456", "country": "Berlin-Mitte"}, "DE", "Berlin", "Europe/Berlin"),
        ({"email": "ada@lovelace.example"}, "", "", ""),
    ],
)
def test_place_and_zone(values: dict[str, str], country: str, region: str, time_zone: str) -> None:
    walk = walk_of(values)
    enrich(walk)
    walk.person.refresh_from_db()
    assert (walk.person.country, walk.person.region, walk.person.time_zone) == (country, region, time_zone)


def test_what_is_known_stays(now: datetime) -> None:
    walk = walk_of({"phone": "+49 30 123456"})
    walk.person.country = "AT"
    enrich(walk)
    enrich(walk)
    assert (walk.person.country, walk.person.time_zone) == ("AT", "Europe/Berlin")


def test_company_and_name_parts_come_with_identity() -> None:
    person = walk_of({"email": "grace@navy.example", "name": "Grace Hopper"}).person
    assert person.company is not None
    assert (person.company.domain, person.first_name, person.is_free_mail) == ("navy.example", "Grace", False)
    assert walk_of({"email": "ada@gmail.com"}).person.is_free_mail


@pytest.mark.parametrize(
    ("answer", "consent"),
    [
        ({"letter": "yes"}, {"letter": {"given": True, "at": NOW.isoformat(), "source": "Quote: Write to me monthly"}}),
        (
            {"letter": False},
            {"letter": {"given": False, "at": NOW.isoformat(), "source": "Quote: Write to me monthly"}},
        ),
        ({}, {}),
        ({"terms": "yes"}, {}),
    ],
)
def test_what_was_agreed_to_is_kept_with_its_words(answer: dict[str, Any], consent: dict[str, Any]) -> None:
    box = {"name": "letter", "label": "Write to me monthly", "kind": "consent"}
    Form.objects.update(name="Quote", fields=[box, {"name": "terms", "label": "Terms", "kind": "checkbox"}])
    enrich(walk_of({"email": "grace@navy.example", **answer}))
    assert Person.objects.get().consent == consent
