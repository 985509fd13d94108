"""Forms over the API: checked as their pages check them, audited, and tried before something is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller

EMAIL = {"name": "email", "label": "E-mail", "kind": "email", "required": True, "options": []}
ROOF = {"name": "roof", "label": "Roof", "kind": "select", "required": False, "options": ["Flat", "Pitched"]}


def test_a_form_is_made_works_and_is_changed(caller: Caller, ada: Membership) -> None:
    made = caller.post("forms/", {"name": "Brochure", "intent": "content", "allowed_origins": ["https://a.example/x"]})
    form = made.json()
    assert (made.status_code, form["intent"], form["allowed_origins"]) == (201, "content", ["https://a.example"])
    assert [field["name"] for field in form["fields"]] == ["name", "email", "phone", "company", "message"]
    path = f"forms/{form['id']}/"
    changed = caller.patch(path, {"button_text": "Get it", "fields": [EMAIL, {**ROOF, "name": "Roof"}]})
    assert changed.json() == {**form, "button_text": "Get it", "fields": [EMAIL, ROOF]}
    assert caller.get(path).json() == changed.json()
    assert Client().get(form["url"]).status_code == 200
    assert Client().get(form["script_url"]).status_code == 200
    with scope(ada.organization_id):
        entry = AuditEntry.objects.filter(action="form.changed").latest("id")
        assert (entry.actor, entry.before["button_text"], set(entry.after)) == (ada, "Send", {"button_text", "fields"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"intent": "cool"}, "intent"),
        ({"redirect_url": "no site"}, "redirect_url"),
        ({"allowed_origins": ["https://a b"]}, "allowed_origins"),
        ({"acknowledgement_body": "{{ oops"}, "acknowledgement_body"),
        ({"acknowledgement_subject": ""}, "acknowledgement_subject"),
        ({"fields": [{**EMAIL, "name": "roof", "kind": "text"}]}, "fields"),
        ({"fields": [EMAIL, EMAIL]}, "fields"),
        ({"fields": [EMAIL, {**EMAIL, "name": "utm_source"}]}, "fields.1.name"),
        ({"fields": [EMAIL, {**ROOF, "options": []}]}, "fields.1.options"),
        ({"fields": [EMAIL, {**ROOF, "options": ["Flat, green"]}]}, "fields.1.options.0"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(caller: Caller, body: dict[str, Any], field: str) -> None:
    before = caller.post("forms/", {"name": "Brochure"}).json()
    answer = caller.patch(f"forms/{before['id']}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert caller.get(f"forms/{before['id']}/").json() == before


def test_tried_it_says_what_is_lost(caller: Caller) -> None:
    form = caller.post("forms/", {"name": "Brochure"}).json()
    told = caller.patch(f"forms/{form['id']}/?dry_run=true", {"is_active": False, "fields": [EMAIL]}).json()["effects"]
    assert told[0].startswith("0 posts came through it")
    assert [line.split("”")[0] for line in told[1:] if line.startswith("“")] == [
        "“Name",
        "“Phone",
        "“Company",
        "“How can we help?",
    ]
    assert caller.get(f"forms/{form['id']}/").json() == form


def test_who_may(caller_of: Callable[..., Caller], mia: Membership, eve: Membership, caller: Caller) -> None:
    form = caller.post("forms/", {"name": "Brochure"}).json()
    assert caller_of(mia).get("forms/").status_code == 403
    assert caller_of(eve).patch(f"forms/{form['id']}/", {"name": "Mine"}).status_code == 404
    assert form["id"] not in [each["id"] for each in caller_of(eve).get("forms/").json()]


def test_google_ads_is_let_in_by_a_key_that_the_caller_chose(caller: Caller) -> None:
    form = caller.post("forms/", {"name": "Ads"}).json()
    path = f"forms/{form['id']}/google-key/"
    assert caller.call("PUT", path, {"google_key": "short"}).json()["errors"][0]["field"] == "google_key"
    changed = caller.call("PUT", path, {"google_key": "a-key-of-twenty-signs"}).json()
    assert changed == {**form, "has_google_key": True}
    lead = {"google_key": "a-key-of-twenty-signs", "user_column_data": [], "is_test": True}
    assert Client().post(form["google_ads_url"], lead, content_type="application/json").status_code == 200
    assert caller.call("DELETE", path).json() == form
    assert Client().post(form["google_ads_url"], lead, content_type="application/json").status_code == 403
