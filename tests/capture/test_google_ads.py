"""Lead forms of Google Ads: let in by the form's key, stored once for ever, read as Google writes them."""

import json
from typing import Any

import pytest
from django.test import Client

from capture.definitions import forget_form
from capture.google_ads import hash_key, read_lead, set_doubtful_aside
from capture.google_door import TEST_REASON
from capture.intake import identify_submission
from capture.models import Form, Submission
from leadhub.accounts.models import AuditEntry
from leadhub.desk.founding import Founded
from leadhub.leads.models import Channel, Door, Inquiry, Lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.capture.posting import count_jobs, list_submissions
from tests.personas import NOW, ClientOf

KEY = "the-key-of-grace-hopper"
# As developers.google.com/google-ads/webhook/docs/implementation has it, with numbers of eight bytes.
LEAD: dict[str, Any] = {
    "lead_id": "TeSter-lead-1",
    "user_column_data": [
        {"column_name": "Full Name", "string_value": "Grace Hopper", "column_id": "FULL_NAME"},
        {"column_name": "User Email", "string_value": "grace@navy.example", "column_id": "EMAIL"},
        {"column_name": "User Phone", "string_value": "+14155550123", "column_id": "PHONE_NUMBER"},
        {"column_name": "Postal Code", "string_value": "94043", "column_id": "POSTAL_CODE"},
        {"column_name": "Country", "string_value": "US", "column_id": "COUNTRY"},
        {"column_name": "Which roof is it?", "string_value": "Flat", "column_id": "which_roof"},
    ],
    "api_version": "1.0",
    "form_id": 40000000000,
    "campaign_id": 123456789012345678,
    "google_key": KEY,
    "is_test": False,
    "gcl_id": "EAIaIQobChMI",
    "adgroup_id": 20000000000,
    "creative_id": 30000000000,
    "asset_group_id": 0,
    "something_new": {"of": "theirs"},
}


@pytest.fixture
def door(founded: Founded, acme: Organization) -> str:
    """Return the URL of a form's door to Google Ads, opened by the key."""
    with scope(acme.id):
        Form.objects.update(google_key_sha256=hash_key(KEY))
    forget_form(founded.form_key)
    return f"/f/{founded.form_key}/google-ads"


def post(url: str, body: Any) -> Any:
    return Client().post(url, body, content_type="application/json")


def test_a_lead_is_stored_and_becomes_one_with_its_source(door: str, acme: Organization) -> None:
    response = post(door, LEAD)
    assert (response.status_code, response.json()) == (200, {})
    [submission] = list_submissions(acme.id)
    assert (submission.door, submission.status, count_jobs(acme.id)) == (Door.AD, "pending", 1)
    with scope(acme.id):
        assert identify_submission(submission_id=submission.id, now=NOW)
        lead = Lead.objects.select_related("person", "first_touch").get()
        assert (lead.person.name, lead.person.email, lead.person.postal_code) == (
            "Grace Hopper",
            "grace@navy.example",
            "94043",
        )
        touch = lead.first_touch
        assert (touch.channel, touch.source, touch.campaign) == (Channel.PAID_SEARCH, "google", "123456789012345678")
        inquiry = Inquiry.objects.get(lead=lead)
        assert (touch.click_id, inquiry.door) == ("EAIaIQobChMI", Door.AD)
        assert (inquiry.fields["Which roof is it?"], inquiry.fields["google_form_id"]) == ("Flat", "40000000000")


def test_the_key_is_kept_nowhere(door: str, acme: Organization) -> None:
    post(door, LEAD)
    post(door, {**LEAD, "google_key": "the-former-key"})
    post(door, {"google_key": KEY})
    escaped = json.dumps(LEAD).replace(KEY, KEY.replace("-", "\\u002d").replace("y", "y\\u0022"))
    post(door, escaped)
    post(door, json.dumps(LEAD)[:-1])
    assert len(list_submissions(acme.id)) == 5
    for submission in list_submissions(acme.id):
        assert b"grace-hopper" not in bytes(submission.body)
        assert b"002d" not in bytes(submission.body)
        assert b"-key" not in bytes(submission.body).replace(b"google_key", b"")
        assert "google_key" not in submission.values


def test_sent_twice_it_is_one_for_ever(door: str, acme: Organization) -> None:
    assert [post(door, LEAD).status_code for _ in range(3)] == [200, 200, 200]
    assert (len(list_submissions(acme.id)), count_jobs(acme.id)) == (1, 1)


def test_a_test_shows_each_time_and_makes_no_lead(door: str, acme: Organization) -> None:
    assert [post(door, {**LEAD, "is_test": True}).json() for _ in range(2)] == [{}, {}]
    assert post(door, LEAD).status_code == 200
    assert [one.status for one in list_submissions(acme.id)] == ["rejected", "rejected", "pending"]
    assert [one.reasons for one in list_submissions(acme.id)] == [[TEST_REASON], [TEST_REASON], []]
    assert count_jobs(acme.id) == 1


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({**LEAD, "google_key": "another"}, 403, "google_key"),
        ({**LEAD, "google_key": ""}, 403, "google_key"),
        ({key: value for key, value in LEAD.items() if key != "google_key"}, 403, "google_key"),
        ({**LEAD, "user_column_data": LEAD["user_column_data"][:1]}, 422, "e-mail address or a phone"),
        ("{", 400, "well-formed"),
        ("[]", 400, "user_column_data"),
        ({**LEAD, "user_column_data": "none"}, 400, "user_column_data"),
        (b'{"user_column_data": [], "google_key": "\xff"}', 400, "well-formed"),
        (b'{"user_column_data": [], "google_key": "\\ud800"}', 403, "google_key"),
    ],
)
def test_what_is_refused_is_told_and_kept(door: str, acme: Organization, body: Any, status: int, word: str) -> None:
    response = post(door, body)
    assert response.status_code == status
    assert word in response.json()["message"]
    [submission] = list_submissions(acme.id)
    assert (submission.status, count_jobs(acme.id)) == ("rejected", 0)
    assert word in submission.reasons[0]


def test_a_refused_key_does_not_take_the_place_of_the_lead(door: str, acme: Organization) -> None:
    post(door, {**LEAD, "google_key": "another"})
    assert post(door, LEAD).status_code == 200
    assert sorted(one.status for one in list_submissions(acme.id)) == ["pending", "rejected"]


def test_what_was_refused_is_taken_when_it_is_sent_again(door: str, acme: Organization, founded: Founded) -> None:
    for is_active, status in ((False, 410), (True, 200), (True, 200)):
        with scope(acme.id):
            Form.objects.update(is_active=is_active)
        forget_form(founded.form_key)
        assert post(door, LEAD).status_code == status
    assert [one.status for one in list_submissions(acme.id)] == ["rejected", "pending"]
    assert count_jobs(acme.id) == 1


def test_signs_that_no_text_holds_cost_no_lead(door: str, acme: Organization) -> None:
    broken = json.dumps({**LEAD, "lead_id": "\ud800", "campaign_id": "a\x00b"})
    assert [post(door, broken).status_code for _ in range(2)] == [200, 200]
    [submission] = list_submissions(acme.id)
    assert (submission.status, submission.values["utm_campaign"]) == ("pending", "ab")


def test_a_form_without_a_key_lets_nobody_in(founded: Founded, acme: Organization) -> None:
    for key in ("", KEY):
        assert post(f"/f/{founded.form_key}/google-ads", {**LEAD, "google_key": key}).status_code == 403
    assert post("/f/none/google-ads", LEAD).status_code == 404
    assert Client().get(f"/f/{founded.form_key}/google-ads").status_code == 405
    assert count_jobs(acme.id) == 0


def test_a_closed_form_says_so(door: str, acme: Organization, founded: Founded) -> None:
    with scope(acme.id):
        Form.objects.update(is_active=False)
    forget_form(founded.form_key)
    response = post(door, LEAD)
    assert (response.status_code, response.json()) == (410, {"message": "This form is closed in LeadHub."})


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({"WORK_EMAIL": "g@navy.example"}, {"email": "g@navy.example"}),
        (
            {"EMAIL": "g@home.example", "WORK_EMAIL": "g@navy.example"},
            {"email": "g@home.example", "work_email": "g@navy.example"},
        ),
        ({"PHONE_NUMBER": "12", "EMAIL": "g@navy.example"}, {"email": "g@navy.example", "phone_as_sent": "12"}),
        ({"PHONE_NUMBER": "12"}, {"phone": "12"}),
        ({"EMAIL": "g@navy.example", "quote value": "x"}, {"email": "g@navy.example", "quote_value_as_sent": "x"}),
        ({"STREET_ADDRESS": "Elm 1", "REGION": "CA", "JOB_TITLE": "Admiral"},
         {"street": "Elm 1", "region": "CA", "title": "Admiral"}),
    ],
)  # fmt: skip
def test_answers_are_named_as_ours_and_doubtful_ones_set_aside(columns: dict[str, str], kept: dict[str, str]) -> None:
    told = [{"column_id": name, "string_value": value} for name, value in columns.items()]
    lead = read_lead(json.dumps({"user_column_data": [*told, "no column", {}]}).encode())
    values = set_doubtful_aside(lead.values, country="US")
    assert values == {**kept, "utm_source": "google", "utm_medium": "cpc"}


def test_a_question_called_email_does_not_stand_before_the_address() -> None:
    own = {"column_id": "question_1", "column_name": "Email", "string_value": "yes, please"}
    columns = [{"column_id": "EMAIL", "string_value": "g@navy.example"}, own]
    assert read_lead(json.dumps({"user_column_data": columns}).encode()).values["email"] == "g@navy.example"


def test_the_page_makes_a_key_shows_it_once_and_ends_it(
    client_of: ClientOf, founded: Founded, acme: Organization
) -> None:
    ada = client_of(founded.admin)
    with scope(acme.id):
        page = f"/forms/{Form.objects.get().pk}/google-ads/"
    assert "Nothing yet" in ada.get(page).content.decode()
    made = ada.post(page, {"do": "make"})
    key = made.context["key"]
    assert (f'value="{key}"' in made.content.decode(), made["Cache-Control"]) == (True, "no-store")
    assert post(f"/f/{founded.form_key}/google-ads", {**LEAD, "google_key": key}).status_code == 200
    shown = ada.get(page).content.decode()
    assert (key in shown, "Pending" in shown) == (False, True)
    assert "Disconnect" in ada.post(page, {"do": "end"}).content.decode()  # asked first
    ada.post(page, {"do": "end", "confirmed": "1"})
    assert post(f"/f/{founded.form_key}/google-ads", {**LEAD, "google_key": key}).status_code == 403
    with scope(acme.id):
        told = AuditEntry.objects.filter(action="form.google_key").order_by("id").values_list("after", flat=True)
        assert list(told) == [{"has_google_key": True}, {"has_google_key": False}]
        assert Submission.objects.filter(door=Door.AD).count() == 2
