"""`Idempotency-Key`: a retry makes no second lead and gets the first answer again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from capture.idempotency import KEPT_FOR, find_first_answer, forget_old_keys
from capture.models import IdempotencyKey
from leadhub.desk.founding import Founded
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.capture.posting import count_jobs, list_submissions, post_json, post_page

GRACE = {"email": "grace@navy.example"}
KEY = {"Idempotency-Key": "order-1"}


def test_the_same_key_and_body_get_the_first_answer(founded: Founded, acme: Organization) -> None:
    first, again = (post_json(founded.form_key, GRACE, **KEY) for _ in range(2))
    assert (again.status_code, again.json()) == (202, first.json())
    assert (len(list_submissions(acme.id)), count_jobs(acme.id)) == (1, 1)


def test_a_refused_post_is_refused_again_and_kept_once(founded: Founded, acme: Organization) -> None:
    first, again = (post_json(founded.form_key, {"email": "x"}, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.json() == first.json()
    assert len(list_submissions(acme.id)) == 1


def test_a_browsers_other_body_is_refused_too(founded: Founded, acme: Organization) -> None:
    values = {**GRACE, "name": "Grace"}
    first = post_json(founded.form_key, values, **KEY)
    assert first.status_code == 202
    assert post_page(founded.form_key, values, headers=KEY).status_code == 422  # another body
    assert len(list_submissions(acme.id)) == 1


def test_another_body_is_refused(founded: Founded, acme: Organization) -> None:
    post_json(founded.form_key, GRACE, **KEY)
    response = post_json(founded.form_key, {"email": "ada@navy.example"}, **KEY)
    assert response.status_code == 422
    assert "another body" in response.json()["detail"]
    assert len(list_submissions(acme.id)) == 1


def test_a_key_is_the_forms_own(founded: Founded, acme: Organization, eve: object) -> None:
    from capture.models import Form

    theirs = Organization.objects.exclude(pk=acme.id).get()
    with scope(theirs.id):
        other = Form.objects.get().key
    assert post_json(founded.form_key, GRACE, **KEY).status_code == 202
    assert post_json(other, {"email": "x@y.example"}, **KEY).status_code == 202


def test_too_long_a_key_is_refused(founded: Founded, acme: Organization) -> None:
    assert post_json(founded.form_key, GRACE, **{"Idempotency-Key": "x" * 256}).status_code == 400
    assert post_json(founded.form_key, GRACE, **{"Idempotency-Key": "x" * 255}).status_code == 202


def test_after_a_day_the_key_is_free(founded: Founded, acme: Organization) -> None:
    post_json(founded.form_key, GRACE, **KEY)
    with scope(acme.id):
        IdempotencyKey.objects.update(created_at=utc_now() - KEPT_FOR - timedelta(seconds=1))
    assert post_json(founded.form_key, {"email": "ada@navy.example"}, **KEY).status_code == 202
    with scope(acme.id):
        assert forget_old_keys(now=utc_now()) == 0
        assert forget_old_keys(now=utc_now() + KEPT_FOR) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_in_flight_is_a_conflict(founded: Founded) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), scope(founded.organization.id):
                find_first_answer(scope=founded.form_key, key="order-1", body_sha256="", now=utc_now())
                held.set()
                done.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    response = post_json(founded.form_key, GRACE, **KEY)
    done.set()
    thread.join()
    assert (response.status_code, response.headers["Retry-After"]) == (409, "1")
    assert post_json(founded.form_key, GRACE, **KEY).status_code == 202
