"""What programs send that no page would: methods that are not there, bytes the database cannot hold, the future."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from capture.models import Import, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, Inquiry
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from nurture.models import Sequence
from tests.api.conftest import Caller
from tests.contracts.rows import build_row


@pytest.fixture
def lead_id(caller: Caller) -> str:
    """A lead just created."""
    return str(caller.post("leads/", {"email": "lena@example.com"}).json()["id"])


@pytest.mark.parametrize(("method", "path"), [("GET", "outcomes/"), ("PUT", ""), ("DELETE", "events/")])
def test_a_method_that_is_not_there_is_a_405(caller: Caller, lead_id: str, method: str, path: str) -> None:
    answer = caller.call(method, f"leads/{lead_id}/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")


def test_options_are_answered(caller: Caller, lead_id: str) -> None:
    assert caller.call("OPTIONS", f"leads/{lead_id}/outcomes/").status_code == 200


def test_what_the_database_cannot_hold_is_left_out(caller: Caller, acme: Organization) -> None:
    answer = caller.post("leads/", {"email": "nul@example.com", "roof\0": "ti\0le", "deep": {"a": ["\0"]}})
    assert answer.status_code == 201
    path = f"leads/{answer.json()['id']}/"
    assert caller.patch(path, {"custom": {"colour": "r\0ed"}}).json()["custom"] == {"colour": "red"}
    event: Any = {"kind": "custom", "properties": {"note": "a\0b"}}
    assert caller.post(f"{path}events/", event).json()["properties"] == {"note": "ab"}
    with scope(acme.id):
        assert Submission.objects.get().values["roof"] == "tile"


@pytest.mark.parametrize("cursor", ["cD1hYmM=", "cD05OTk5LTk5LTk5", "bz05OTk5OTk5OTk5", "!!!", "/w=="])
def test_a_cursor_that_is_none_of_ours_is_a_404(caller: Caller, lead_id: str, cursor: str) -> None:
    statuses = {caller.get(f"{path}?cursor={cursor}").status_code for path in ("leads/", f"leads/{lead_id}/events/")}
    assert statuses <= {200, 404}


def test_too_many_fields_are_a_problem(caller: Caller) -> None:
    fields = {f"field_{number}": "x" for number in range(600)}
    assert caller.post("leads/", {"email": "many@example.com", **fields}).status_code == 400


# Python reads as deep as its stack reaches, which is a thousand with what stands below the view.
@pytest.mark.parametrize("depth", [300, 700, 3_000, 100_000])
def test_json_of_any_depth_is_read_or_a_problem(caller: Caller, depth: int) -> None:
    body = '{"email": "deep@example.com", "x": ' + "[" * depth + "]" * depth + "}"
    bearer = {"Authorization": f"Bearer {caller.secret}"}
    answer = Client().post("/api/v1/leads/", data=body, content_type="application/json", headers=bearer)
    assert answer.status_code == (201 if depth < 1_000 else 400)


def test_the_intent_that_is_told_counts(caller: Caller, acme: Organization) -> None:
    answer = caller.post("leads/", {"email": "guide@example.com", "intent": "content"})
    assert answer.json()["stage"] == "new"
    with scope(acme.id):
        assert Inquiry.objects.get().intent == "content"


def test_an_event_of_the_future_is_refused(caller: Caller, acme: Organization, lead_id: str) -> None:
    future = (utc_now() + timedelta(days=1)).isoformat()
    answer = caller.post(f"leads/{lead_id}/events/", {"kind": "page_viewed", "occurred_at": future})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "occurred_at")
    with scope(acme.id):
        assert not Event.objects.filter(kind="page_viewed").exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("events/", {"kind": "page_viewed", "occurred_at": "0001-01-01T00:00:00Z"}),
        ("outcomes/", {"outcome": "connected", "next_task_due_at": "9999-12-31T23:59:59Z"}),
        ("disposition/", {"code": "timing", "wakes_at": "9999-12-31T23:59:59Z"}),
    ],
)
def test_a_moment_that_no_calendar_offers_is_refused(caller: Caller, lead_id: str, path: str, body: Any) -> None:
    answer = caller.post(f"leads/{lead_id}/{path}", body)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "Choose a day between 1970 and 2199.")


def test_a_body_beyond_the_limit_is_a_413(caller: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = caller.post("leads/", {"email": "long@example.com", "message": "x" * 2_000})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


def test_a_large_file_and_a_large_mail_are_repeated_by_their_key(caller: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    bearer = {"Authorization": f"Bearer {caller.secret}", "Idempotency-Key": "again"}
    rows = "email\n" + "".join(f"{number}@example.com\n" for number in range(200))

    def post(path: str, **body: Any) -> tuple[int, str]:
        answer = Client().post(f"/api/v1/{path}", headers=bearer, **body)
        return answer.status_code, str(answer.json().get("id") or answer.json().get("submission_id"))

    def post_file(text: str) -> tuple[int, str]:
        return post("imports/", data={"file": SimpleUploadedFile("leads.csv", text.encode())})

    first = post_file(rows)
    assert first[0] == 201
    assert post_file(rows) == first
    assert post_file(rows + "one@more.example\n")[0] == 422
    mail = {"data": b"From: lea@client.example\n\n" + b"x" * 2_000, "content_type": "message/rfc822"}
    assert post("mail/inbound/", **mail) == post("mail/inbound/", **mail)


@pytest.mark.parametrize(
    ("kind", "path", "field"),
    [(Import, "imports/{}/rows/", "outcome"), (Sequence, "sequences/{}/enrollments/", "state")],
)
def test_a_choice_that_there_is_not_is_told(
    caller: Caller, acme: Organization, kind: Any, path: str, field: str
) -> None:
    with scope(acme.id):
        row = build_row(kind)
    answer = caller.get(f"{path.format(row.pk)}?{field}=lost")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_nul_in_the_address_is_a_problem(caller: Caller) -> None:
    for path in ("leads/?q=%00", "score-models/draft/rules/fit/a%00b/"):
        answer = caller.call("PUT" if "rules" in path else "GET", path, {})
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_nul_in_a_condition_is_refused(caller: Caller, ada: Membership) -> None:
    condition = {"all": [{"field": "person.city", "op": "is", "value": "a\0b"}]}
    rule = {"name": "Town", "target": "member", "member": str(ada.pk), "condition": condition}
    assert caller.post("routing-rules/", rule).status_code == 422
    fit = {"label": "Town", "points": 1, "condition": condition}
    assert caller.call("PUT", "score-models/draft/rules/fit/town/", fit).status_code == 422


def test_a_person_who_is_not_there_is_told_at_their_field(caller: Caller) -> None:
    caller.post("leads/", {"email": "lena@example.com"})
    person = caller.get("people/").json()["results"][0]["id"]
    answer = caller.post(f"people/{person}/merges/", {"absorbed": str(UUID(int=1))})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "absorbed")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stage=lost", "stage"),
        ("owner=me", "owner"),
        ("captured_from=never", "captured_from"),
        ("page_size=many", "page_size"),
        ("page_size=0", "page_size"),
    ],
)
def test_a_query_that_means_nothing_is_told_at_its_name(caller: Caller, query: str, field: str) -> None:
    answer = caller.get(f"leads/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_page_has_at_most_200_rows(caller: Caller, lead_id: str) -> None:
    assert caller.get("leads/?page_size=5000").json()["results"][0]["id"] == lead_id
