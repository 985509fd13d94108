"""A marketer changes a form; visitors see it, the audit log says so, and mistakes are told before they are live."""

from typing import Any

import pytest

from capture.definitions import find_form
from capture.models import Form
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.desk.founding import Founded
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.personas import ClientOf

SETTINGS = {
    "name": "Quote",
    "headline": "Get a quote",
    "button_text": "Ask",
    "thank_you_text": "Thanks.",
    "intent": "hot",
    "is_active": "on",
    "allowed_origins": "https://WWW.acme.example/contact\nacme.example",
    "service": "Siding",
    "introduction": "",
    "redirect_url": "",
}


def post_fields(*rows: dict[str, str]) -> dict[str, str]:
    """Return the form set's part of a post."""
    data = {"fields-TOTAL_FORMS": str(len(rows)), "fields-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        data |= {f"fields-{index}-{name}": value for name, value in {"kind": "text", **row}.items()}
    return data


EMAIL = {"name": "email", "label": "E-mail", "kind": "email", "required": "on", "ORDER": "2"}


@pytest.fixture
def form(acme: Organization) -> Form:
    with scope(acme.id):
        found: Form = Form.objects.get()
        return found


def test_the_list_leads_to_a_form_with_its_code(
    founded: Founded, form: Form, max_: Membership, client_of: ClientOf
) -> None:
    client = client_of(max_)
    assert f"/forms/{form.pk}/" in client.get("/forms/").content.decode()
    page = client.get(f"/forms/{form.pk}/").content.decode()
    assert f"http://testserver/f/{founded.form_key}.js" in page
    assert "How can we help?" in page


def test_a_change_is_seen_by_visitors_and_in_the_audit_log(
    founded: Founded, acme: Organization, form: Form, max_: Membership, client_of: ClientOf
) -> None:
    assert find_form(founded.form_key) is not None
    size = {"name": "House size", "label": "", "kind": "select", "options": "small, big", "ORDER": "1"}
    land = {"name": "land", "kind": "country", "ORDER": "3"}
    rows = post_fields(EMAIL, size, land, {"name": ""})
    response = client_of(max_).post(f"/forms/{form.pk}/", {**SETTINGS, **rows, "confirmed": "1"})
    assert response.status_code == 302
    definition = find_form(founded.form_key)
    assert definition is not None
    assert [item.name for item in definition.fields] == ["house_size", "email", "land"]
    assert definition.fields[0].options == ("small", "big")
    assert (definition.fields[2].kind, definition.fields[2].options[0]) == ("select", "Afghanistan")
    assert definition.allowed_origins == ("https://acme.example", "https://www.acme.example")
    with scope(acme.id):
        entry = AuditEntry.objects.get(action="form.changed")
        assert (entry.actor_id, entry.after["service"]) == (max_.id, "Siding")


@pytest.mark.parametrize(
    ("rows", "settings", "message"),
    [
        ([{"name": "name"}], {}, "Keep a field called email or phone"),
        ([EMAIL, EMAIL], {}, "Two fields have the same name"),
        ([EMAIL, {"name": "gclid"}], {}, "filled in by the form itself"),
        ([EMAIL, {"name": "1st!"}], {}, "letters, digits and underscores"),
        ([EMAIL, {"name": "size", "kind": "select"}], {}, "Name the choices"),
        ([EMAIL], {"allowed_origins": "ftp://acme.example"}, "is no site"),
        ([EMAIL], {"allowed_origins": "http://[acme"}, "is no site"),
        ([EMAIL], {"allowed_origins": "https://acme.example; script-src *"}, "is no site"),
        ([EMAIL], {"name": ""}, "This field is required"),
    ],
)
def test_mistakes_are_told(
    form: Form,
    max_: Membership,
    client_of: ClientOf,
    rows: list[dict[str, str]],
    settings: dict[str, str],
    message: str,
) -> None:
    response = client_of(max_).post(f"/forms/{form.pk}/", {**SETTINGS, **settings, **post_fields(*rows)})
    assert response.status_code == 422
    assert message in response.content.decode()


def test_saving_the_same_writes_no_audit(acme: Organization, form: Form, max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    for _ in range(2):
        client.post(f"/forms/{form.pk}/", {**SETTINGS, **post_fields(EMAIL), "confirmed": "1"})
    with scope(acme.id):
        assert AuditEntry.objects.filter(action="form.changed").count() == 1


def test_a_new_form_works_at_once(acme: Organization, max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    response = client.post("/forms/new/", {"name": "Brochure"})
    with scope(acme.id):
        made = Form.objects.get(name="Brochure")
        assert AuditEntry.objects.get(action="form.created").target_id == made.pk
    assert response.headers["Location"] == f"/forms/{made.pk}/"
    assert client.get(f"/f/{made.key}").status_code == 200


def test_the_acknowledgement_is_previewed_and_saved(
    acme: Organization, form: Form, max_: Membership, client_of: ClientOf
) -> None:
    client, url = client_of(max_), f"/forms/{form.pk}/acknowledgement/"
    assert "Max will answer you by Wednesday 4 March" in client.get(url).content.decode()
    words = {
        "sends_acknowledgement": "on",
        "acknowledgement_subject": "Hi {{ person.first_name }}",
        "acknowledgement_body": "{{ answer.name }} calls.",
    }
    preview = client.post(url, {**words, "preview": "1"}, headers={"HX-Request": "true", "HX-Target": "preview"})
    assert "Hi Grace" in preview.content.decode()
    assert "<html" not in preview.content.decode()
    with scope(acme.id):
        assert "calls" not in Form.objects.get().acknowledgement_body
    assert client.post(url, words).status_code == 302
    with scope(acme.id):
        assert Form.objects.get().acknowledgement_body == "{{ answer.name }} calls."


@pytest.mark.parametrize("body", ["{% if %}", "", "{% for i in (1..99999) %}{% endfor %}"])
def test_words_that_would_fail_are_refused(form: Form, max_: Membership, client_of: ClientOf, body: str) -> None:
    words = {"sends_acknowledgement": "on", "acknowledgement_subject": "Hi", "acknowledgement_body": body}
    response = client_of(max_).post(f"/forms/{form.pk}/acknowledgement/", words)
    assert response.status_code == 422
    assert "lh-field-error" in response.content.decode()


def test_reps_and_strangers_may_not(form: Form, ria: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert client_of(ria).get("/forms/").status_code == 403
    stranger = client_of(eve)
    for path in (f"/forms/{form.pk}/", f"/forms/{form.pk}/acknowledgement/"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, SETTINGS).status_code == 404


def test_the_list_costs_the_same_however_long(
    acme: Organization, max_: Membership, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of(max_)
    for number in range(6):
        client.post("/forms/new/", {"name": f"Form {number}"})
    with django_assert_num_queries(11, exact=False):
        client.get("/forms/")
