"""A field that a call does not know is refused where it stands, with what is accepted; a lead keeps every field."""

from typing import Any

import pytest
from django.test import Client

from capture.models import Form
from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Pool
from tests.api.conftest import Caller


@pytest.fixture
def lead_path(caller: Caller) -> str:
    """A lead just created, with a field that nobody has heard of."""
    created = caller.post("leads/", {"email": "lena@example.com", "roof_age": 12}).json()
    assert created["inquiry"]["fields"] == {"roof_age": 12}
    return f"leads/{created['id']}/"


def tell(answer: Any) -> dict[str, str]:
    """Return field → message of a refusal."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), answer.content
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def test_a_slip_is_told_with_what_was_meant_and_changes_nothing(
    caller: Caller, lead_path: str, acme: Organization
) -> None:
    told = tell(caller.patch(lead_path, {"title": "Owner", "quotevalue": "15000.00"}))
    assert set(told) == {"quotevalue"}
    assert told["quotevalue"].startswith(
        "There is no such field here. Did you mean quote_value? This takes first_name,"
    )
    with scope(acme.id):
        assert Lead.objects.select_related("person").get().person.title == ""


def test_it_is_told_together_with_what_is_missing(caller: Caller, lead_path: str) -> None:
    told = tell(caller.post(f"{lead_path}verdict/", {"verdict": "qualified", "because": "They called"}))
    assert set(told) == {"because", "reason"}
    assert told["because"] == "There is no such field here. This takes verdict, reason."


def test_what_takes_any_keys_still_does(caller: Caller, lead_path: str) -> None:
    changed = caller.patch(lead_path, {"custom": {"colour of the roof": "red"}})
    assert changed.json()["custom"]["colour of the roof"] == "red"
    event: Any = {"kind": "custom", "properties": {"anything": {"at": "all"}}}
    assert caller.post(f"{lead_path}events/", event).status_code == 201


def test_rows_within_a_body_are_read_as_strictly(caller: Caller, acme: Organization) -> None:
    with scope(acme.id):
        form, pool = Form.objects.earliest("id").pk, Pool.objects.get(is_fallback=True).pk
    fields: list[Any] = [{"name": "email", "kind": "email"}, {"name": "roof", "lable": "Roof"}]
    assert set(tell(caller.patch(f"forms/{form}/", {"fields": fields}))) == {"fields.1.lable"}
    fields[1] = {"name": "roof", "lable": "Roof", "kind": "colour"}
    assert set(tell(caller.patch(f"forms/{form}/", {"fields": fields}))) == {"fields.1.lable", "fields.1.kind"}
    assert set(tell(caller.patch(f"pools/{pool}/", {"promises": {"hott": 3}}))) == {"promises.hott"}
    row = {"weekday": 0, "opens_at": "08:00", "closes_at": "17:00", "day": "Monday"}
    assert set(tell(caller.patch(f"pools/{pool}/", {"hours": [row]}))) == {"hours.0.day"}


def test_many_of_them_are_told_of_the_first_and_long_ones_are_cut(caller: Caller, lead_path: str) -> None:
    told = tell(caller.patch(lead_path, {f"{number}{'x' * 2000}": 1 for number in range(300)}))
    assert len(told) == 20
    assert max(map(len, told)) == 80


def test_a_browsers_form_may_carry_its_token(ada: Membership, lead_path: str) -> None:
    browser = Client()
    browser.force_login(ada.user)
    path = f"/api/v1/{lead_path}verdict/"
    urlencoded = "verdict=qualified&reason=They+called&csrfmiddlewaretoken=x"
    assert browser.post(path, urlencoded, content_type="application/x-www-form-urlencoded").status_code == 200
    slipped = browser.post(path, f"{urlencoded}&because=x", content_type="application/x-www-form-urlencoded")
    assert set(tell(slipped)) == {"because"}


def test_the_document_says_which_bodies_are_open() -> None:
    shapes = Client().get("/api/schema/?format=json").json()["components"]["schemas"]
    assert shapes["LeadInput"]["additionalProperties"] is True
    assert {shapes[name]["additionalProperties"] for name in ("VerdictInput", "FieldShape", "PromisesInput")} == {False}


def test_a_row_within_a_patch_is_whole(caller: Caller, acme: Organization) -> None:
    with scope(acme.id):
        form, pool = Form.objects.earliest("id").pk, Pool.objects.get(is_fallback=True).pk
    opens = caller.patch(f"pools/{pool}/", {"hours": [{"weekday": 0}]})
    assert set(tell(opens)) == {"hours.0.opens_at", "hours.0.closes_at"}
    assert set(tell(caller.patch(f"forms/{form}/", {"fields": [{"label": "Roof"}]}))) == {"fields.0.name"}
    kept = caller.patch(f"forms/{form}/", {"fields": [{"name": "email", "kind": "email"}, {"name": "roof"}]}).json()
    assert [field["kind"] for field in kept["fields"]] == ["email", "text"]
