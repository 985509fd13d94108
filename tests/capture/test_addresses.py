"""A form asks for the address, by kind or by name; the person has it, and the answer stays with the inquiry."""

from typing import Any

import pytest
from django.test import Client

from capture.addresses import read_address
from capture.definitions import forget_form
from capture.enrichment import enrich
from capture.models import Form
from leadhub.leads.models import Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.capture.test_intake import arrive

KINDS = ("street", "postal_code", "city", "region")
FIELDS = [{"name": f"job_{kind}", "label": kind, "kind": kind, "required": False, "options": []} for kind in KINDS]


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"street": "12 Elm", "postal_code": "60201", "city": "Evanston", "region": "IL"}, "12 Elm|60201|Evanston|IL"),
        ({"STREET_ADDRESS": "12 Elm", "POSTAL_CODE": "60201"}, "12 Elm|60201||"),  # Google's lead forms
        ({"street_address": "12 Elm", "zip_code": "60201", "state": "IL"}, "12 Elm|60201||IL"),  # Meta's
        ({"Address line 1": "12 Elm", "ZIP/Postal code": 60201, "Town": "Evanston"}, "12 Elm|60201|Evanston|"),
        ({"zip": "", "post code": "60614", "city": None, "address": {"line": 1}}, "|60614||"),
        ({"job_postal_code": "60614", "zip": "60201"}, "|60614||"),
        ({"email_address": "a@b.example", "roof_state": "bad", "ip": "::1"}, "|||"),
    ],
)
def test_the_parts_are_found(values: dict[str, Any], address: str) -> None:
    found = read_address(values, fields=FIELDS)
    assert "|".join(found.get(part, "") for part in KINDS) == address


@pytest.mark.usefixtures("in_scope")
def test_the_person_has_the_address_and_the_inquiry_its_answers() -> None:
    Form.objects.update(fields=FIELDS)
    answers = {"job_street": "12 Elm\nApt 4", "job_postal_code": "60201", "city": "Evanston"}
    _, walk = arrive({"email": "ada@gmail.com", "phone": "+1 415 555 0123", **answers})
    assert walk is not None
    assert walk.inquiry is not None
    enrich(walk)
    person = Person.objects.get()
    assert (person.street, person.postal_code, person.city) == ("12 Elm, Apt 4", "60201", "Evanston")
    assert (person.region, person.country) == ("", "US")  # a Californian number moved to Evanston with its owner
    assert walk.inquiry.fields == answers


@pytest.mark.usefixtures("in_scope")
@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"street": "Weg 1", "city": "Berlin", "country": "Germany"}, ("", "DE")),
        ({"zip": "60201", "city": "Evanston"}, ("", "US")),
        ({"zip": "60201", "state": "IL"}, ("IL", "US")),
        ({"country": "Germany"}, ("San Francisco, CA", "US")),
    ],
)
def test_what_a_number_hinted_at_gives_way_to_the_address_that_follows(
    told: dict[str, str], place: tuple[str, str]
) -> None:
    for answers in ({}, told):
        _, walk = arrive({"phone": "+1 415 555 0123", **answers})
        assert walk is not None
        enrich(walk)
    person = Person.objects.get()
    assert (person.region, person.country) == place


def test_a_browser_fills_the_address_in(acme: Organization) -> None:
    with scope(acme.id):
        form = Form.objects.get()
        email = {"name": "email", "kind": "email"}
        Form.objects.update(fields=[email, *FIELDS, {"name": "region", "kind": "select", "options": ["IL"]}])
    forget_form(form.key)
    page = Client().get(f"/f/{form.key}").content.decode()
    script = Client().get(f"/f/{form.key}.js").content.decode()
    tokens = ("street-address", "postal-code", "address-level2", "address-level1")
    for name, token in zip(KINDS, tokens, strict=True):
        assert f'name="job_{name}" type="text"\n               value="" autocomplete="{token}"' in page
        assert (
            f'"kind": "{name}", "isRequired": false, "options": [], "type": "text", "autocomplete": "{token}"' in script
        )
    assert 'name="region" autocomplete="address-level1"' in page
