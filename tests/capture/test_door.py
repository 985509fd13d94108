"""The form's door stores whatever arrives and answers clearly."""

import json
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from capture.models import Submission
from leadhub.desk.founding import Founded
from leadhub.tenancy.models import Organization
from leadhub.work.models import Job
from tests.capture.posting import BROWSER, count_jobs, list_submissions, post_json, post_page, read_page

GRACE = {"email": "grace@navy.example", "first_name": "Grace", "message": "New siding"}


def test_json_is_stored_with_its_job_before_the_202(founded: Founded, acme: Organization) -> None:
    response = post_json(founded.form_key, {**GRACE, "roof_color": "red"})
    assert response.status_code == 202
    [submission] = list_submissions(acme.id)
    assert response.json() == {"submission_id": str(submission.id)}
    assert submission.status == Submission.Status.PENDING
    assert json.loads(bytes(submission.body)) == {**GRACE, "roof_color": "red"}
    assert submission.values["roof_color"] == "red"
    job = Job.objects.get(kind="line.walk_submission")
    assert (job.target_id, job.dedupe_key, job.lane) == (submission.id, str(submission.id), "speed")


def test_a_browser_is_sent_to_the_thanks(founded: Founded, acme: Organization) -> None:
    response = post_page(founded.form_key, {**GRACE, "name": "Grace Hopper"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/f/{founded.form_key}/thanks")
    assert "Thank you" in read_page(Client().get(response.headers["Location"]))
    assert [one.status for one in list_submissions(acme.id)] == ["pending"]


def test_urlencoded_from_a_server_without_origin_or_timestamp(founded: Founded, acme: Organization) -> None:
    response = Client().post(
        f"/f/{founded.form_key}",
        "email=grace%40navy.example&topic=a&topic=b",
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": "application/json"},
    )
    assert response.status_code == 202
    [submission] = list_submissions(acme.id)
    assert submission.values == {"email": "grace@navy.example", "topic": ["a", "b"]}


def test_multipart_keeps_the_names_of_files(founded: Founded, acme: Organization) -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="email"\r\n\r\ngrace@navy.example\r\n'
        b'--B\r\nContent-Disposition: form-data; name="plan"; filename="plan.pdf"\r\n\r\nPDF\r\n--B--\r\n'
    )
    response = Client().post(f"/f/{founded.form_key}", body, content_type="multipart/form-data; boundary=B")
    assert response.status_code == 303
    assert list_submissions(acme.id)[0].values == {"email": "grace@navy.example", "plan": "plan.pdf"}


def test_what_postgresql_cannot_hold_is_taken_out_of_the_values(founded: Founded, acme: Organization) -> None:
    body = (
        b'{"email": "grace@navy.example", "note\\u0000": "a\\u0000b\\ud800", "big": 1e999, "n": 12345678901234567890}'
    )
    assert post_json(founded.form_key, body).status_code == 202
    [submission] = list_submissions(acme.id)
    assert bytes(submission.body) == body
    assert submission.values == {"email": "grace@navy.example", "note": "ab?", "big": None, "n": 12345678901234567890}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "email"),
        ({"name": "Grace"}, "email"),
        ({"email": "grace at navy"}, "email"),
        ({"email": "grace@navy.example", "phone": "abc"}, "phone"),
        ({"email": "grace@navy.example", "quote_value": "a lot"}, "quote_value"),
        ({"email": "grace@navy.example", "currency": "Euro"}, "currency"),
    ],
)
def test_wrong_fields_are_named_and_kept(
    founded: Founded, acme: Organization, values: dict[str, str], field: str
) -> None:
    response = post_json(founded.form_key, values)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    [submission] = list_submissions(acme.id)
    assert (submission.status, submission.values) == ("rejected", values)
    assert submission.settled_at is not None
    assert submission.reasons[0].startswith(field)
    assert count_jobs(acme.id) == 0


def test_a_browser_gets_its_words_back_with_the_error_at_the_field(founded: Founded, acme: Organization) -> None:
    response = post_page(founded.form_key, {"name": "Grace Hopper", "email": "grace", "utm_source": "google"})
    page = read_page(response)
    assert response.status_code == 422
    assert 'value="Grace Hopper"' in page
    assert 'aria-describedby="email_error"' in page
    assert 'name="utm_source" value="google"' in page
    assert [one.status for one in list_submissions(acme.id)] == ["rejected"]


def test_a_rendered_form_asks_for_its_required_fields(founded: Founded) -> None:
    response = post_page(founded.form_key, {"email": "grace@navy.example"})
    assert response.status_code == 422
    assert 'id="name_error"' in read_page(response)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000])
def test_malformed_json_is_refused_and_kept(founded: Founded, acme: Organization, body: bytes) -> None:
    response = post_json(founded.form_key, body)
    assert response.status_code == 400
    [submission] = list_submissions(acme.id)
    assert (submission.status, bytes(submission.body)) == ("rejected", body)


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "image/png"])
def test_unreadable_content_types_are_refused_and_kept(founded: Founded, acme: Organization, content_type: str) -> None:
    response = Client().post(f"/f/{founded.form_key}", b"email=a@b.example", content_type=content_type)
    assert response.status_code == 400
    assert [one.status for one in list_submissions(acme.id)] == ["rejected"]


def test_too_large_is_refused_and_kept_up_to_the_cap(founded: Founded, acme: Organization, settings: Settings) -> None:
    settings.FORM_MAX_BYTES = 100
    response = post_json(founded.form_key, {"email": "grace@navy.example", "message": "x" * 200})
    assert response.status_code == 413
    [submission] = list_submissions(acme.id)
    assert (submission.status, len(submission.body)) == ("rejected", 100)


def test_an_unknown_key_is_not_found_and_nothing_is_kept(founded: Founded, acme: Organization) -> None:
    assert post_json("nobody", GRACE).status_code == 404
    page = Client().get("/f/nobody", headers=BROWSER)
    assert page.status_code == 404
    assert "no form here" in read_page(page)
    assert list_submissions(acme.id) == []


def test_another_organizations_form_takes_nothing_of_ours(founded: Founded, acme: Organization, eve: object) -> None:
    theirs = Organization.objects.exclude(pk=acme.id).get()
    post_json(founded.form_key, GRACE)
    assert list_submissions(theirs.id) == []
    assert len(list_submissions(acme.id)) == 1


def test_other_methods_are_refused(founded: Founded) -> None:
    response = Client().put(f"/f/{founded.form_key}", b"{}")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST, OPTIONS")


def test_the_post_reads_no_session_and_sets_no_cookie(founded: Founded) -> None:
    response = post_json(founded.form_key, GRACE)
    assert not response.cookies
    assert UUID(response.json()["submission_id"]).version == 7
