"""Leads over the API: created through the line, read whole, worked on, never somebody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, Inquiry, Lead, Person
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.api.conftest import Caller

BODY = {
    "email": "lena@example.com",
    "name": "Lena Berg",
    "message": "A quote for siding, please",
    "quote_value": "12500.00",
    "utm_source": "google",
    "utm_medium": "cpc",
    "gclid": "abc",
    "roof_age": 12,
}
FIELDS = {
    "id",
    "number",
    "email",
    "person",
    "stage",
    "verdict",
    "channel",
    "grade",
    "score",
    "fit",
    "engagement",
    "owner",
    "quote_value",
    "pipeline_value",
    "sales_value",
    "currency",
    "captured_at",
    "first_touch",
    "last_touch",
    "inquiry",
    "custom",
}


@pytest.fixture
def lead(caller: Caller) -> dict[str, Any]:
    """A lead, created over the API."""
    answer = caller.post("leads/", BODY)
    assert answer.status_code == 201, answer.content
    created: dict[str, Any] = answer.json()
    return created


def test_a_lead_reads_as_documented(lead: dict[str, Any], caller: Caller) -> None:
    assert set(lead) >= FIELDS
    assert lead["email"] == lead["person"]["email"] == "lena@example.com"
    assert (lead["channel"], lead["quote_value"], lead["inquiry"]["door"]) == ("paid_search", "12500.00", "api")
    assert lead["inquiry"]["fields"]["roof_age"] == 12
    assert lead["first_touch"]["click_id"] == "abc"
    assert caller.get(f"leads/{lead['id']}/").json()["id"] == lead["id"]


def test_the_named_intent_counts(caller: Caller) -> None:
    warm = caller.post("leads/", {"email": "warm@example.com", "intent": "warm"}).json()
    assert (warm["inquiry"]["intent"], warm["stage"]) == ("warm", "new")
    unnamed = caller.post("leads/", {"email": "hot@example.com"}).json()
    assert (unnamed["inquiry"]["intent"], unnamed["stage"]) == ("hot", "mql")


def test_creating_stores_the_submission(lead: dict[str, Any], acme: Organization, caller: Caller) -> None:
    with scope(acme.id):
        submission = Submission.objects.get()
    assert (str(submission.lead_id), submission.status) == (lead["id"], "created")
    told = caller.get(f"submissions/{submission.pk}/").json()
    assert (told["status"], told["lead_id"]) == ("created", lead["id"])


def test_the_same_idempotency_key_creates_one_lead(caller: Caller, acme: Organization) -> None:
    headers = {"Idempotency-Key": "once"}
    first = caller.post("leads/", BODY, **headers)
    second = caller.post("leads/", BODY, **headers)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert caller.post("leads/", {**BODY, "name": "Other"}, **headers).status_code == 422
    with scope(acme.id):
        assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "No address"}, 422, "email"),
        ({"email": "not an address"}, 422, "email"),
        ({"email": "a@example.com", "quote_value": "-5"}, 400, "quote_value"),
        ({"email": "a@example.com", "intent": "lukewarm"}, 400, "intent"),
    ],
)
def test_bad_values_are_problems_at_their_field(
    caller: Caller, acme: Organization, body: dict[str, str], status: int, field: str
) -> None:
    answer = caller.post("leads/", body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in {error["field"] for error in answer.json()["errors"]}
    with scope(acme.id):
        assert not Person.objects.exists()
        assert not Submission.objects.exists()


def test_a_failed_call_leaves_nothing_behind(lead: dict[str, Any], caller: Caller, acme: Organization) -> None:
    answer = caller.patch(f"leads/{lead['id']}/", {"first_name": "Changed", "quote_value": "99999999999999"})
    assert answer.status_code == 400
    with scope(acme.id):
        assert Person.objects.get().first_name == "Lena"


def test_a_patch_changes_person_value_and_custom(lead: dict[str, Any], caller: Caller) -> None:
    body = {"first_name": "Lea", "quote_value": "100.00", "custom": {"colour": "red"}}
    changed = caller.patch(f"leads/{lead['id']}/", body).json()
    assert (changed["person"]["first_name"], changed["quote_value"]) == ("Lea", "100.00")
    assert changed["custom"]["colour"] == "red"


def test_a_patch_corrects_address_and_number_or_says_at_which_field_not(lead: dict[str, Any], caller: Caller) -> None:
    path = f"leads/{lead['id']}/"
    changed = caller.patch(path, {"email": "lena@new.example", "phone": "+12065550177"}).json()
    assert (changed["person"]["email"], changed["person"]["phone"]) == ("lena@new.example", "+12065550177")
    refused = caller.patch(path, {"phone": "ask her"})
    assert refused.status_code == 422
    assert "not a phone number" in refused.content.decode()


def test_a_lead_is_worked_to_the_sale(lead: dict[str, Any], caller: Caller) -> None:
    path = f"leads/{lead['id']}"
    assert caller.post(f"{path}/assignment/", {"answer": "accept"}).status_code == 200
    called = caller.post(f"{path}/outcomes/", {"outcome": "connected", "note": "Wants it by June"})
    assert called.json()["stage"] == "sal"
    answers = {"budget": "15k", "authority": "Owner", "need": "New siding", "timeline": "June"}
    assert caller.patch(f"{path}/", answers).json()["stage"] == "sql"
    deal = caller.post(f"{path}/opportunities/", {"name": "Siding", "amount": "14000.00"})
    assert deal.status_code == 201
    assert caller.get(f"{path}/").json()["pipeline_value"] == "14000.00"
    won = caller.patch(f"opportunities/{deal.json()['id']}/", {"stage": "won"})
    assert won.json()["stage"] == "won"
    sold = caller.get(f"{path}/").json()
    assert (sold["stage"], sold["sales_value"], sold["pipeline_value"]) == ("customer", "14000.00", "0.00")
    assert [move["to_stage"] for move in caller.get(f"{path}/stage/").json()][-1] == "customer"


def test_a_stage_without_its_evidence_names_what_is_missing(lead: dict[str, Any], caller: Caller) -> None:
    answer = caller.post(f"leads/{lead['id']}/stage/", {"stage": "sql"})
    assert answer.status_code == 422
    assert "budget" in answer.json()["detail"].lower()


def test_disposition_by_timing_needs_a_date(lead: dict[str, Any], caller: Caller) -> None:
    answer = caller.post(f"leads/{lead['id']}/disposition/", {"code": "timing"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["wakes_at"]


def test_an_event_told_twice_is_one(lead: dict[str, Any], caller: Caller) -> None:
    path = f"leads/{lead['id']}/events/"
    body = {"kind": "page_viewed", "properties": {"page": "/pricing"}, "dedupe_key": "view-1"}
    assert caller.post(path, body).json()["id"] == caller.post(path, body).json()["id"]
    assert caller.post(path, {"kind": "stage_changed"}).status_code == 400
    kinds = [event["kind"] for event in caller.get(path).json()["results"]]
    assert kinds.count("page_viewed") == 1


def test_a_rep_tells_of_the_own_leads(
    lead: dict[str, Any], ria: Membership, caller_of: Callable[..., Caller], acme: Organization
) -> None:
    path, body = f"leads/{lead['id']}/events/", {"kind": "mail_replied", "summary": "Yes, please"}
    rep = caller_of(ria)
    assert rep.post(path, body).status_code == 403
    with scope(acme.id):
        assert not Event.objects.filter(kind="mail_replied").exists()
        Lead.objects.filter(pk=lead["id"]).update(owner=ria)
    assert rep.post(path, body).status_code == 201


def test_a_caller_s_key_is_not_one_of_ours(lead: dict[str, Any], caller: Caller, acme: Organization) -> None:
    path = f"leads/{lead['id']}/events/"
    with scope(acme.id):
        Event.objects.filter(lead=lead["id"], kind="form_submitted").update(dedupe_key="ours:1")
    told = caller.post(path, {"kind": "custom", "dedupe_key": "ours:1"}).json()
    assert told["kind"] == "custom"


def test_an_answered_call_that_a_system_tells_stops_the_clock(
    lead: dict[str, Any], caller: Caller, acme: Organization
) -> None:
    path = f"leads/{lead['id']}/events/"
    caller.post(path, {"kind": "call_inbound", "properties": {"answered": False}})
    with scope(acme.id):
        assert Inquiry.objects.get().first_attempt_at is None
    caller.post(path, {"kind": "call_inbound", "properties": {"answered": True}})
    run_due(now=utc_now(), organization_id=acme.id)
    with scope(acme.id):
        inquiry = Inquiry.objects.get()
        assert inquiry.first_contact_at
        assert inquiry.sla_seconds is not None


def test_an_address_comes_in_is_corrected_and_is_read(caller: Caller) -> None:
    home = {"street": "12 Elm Street", "zip": 60201, "city": "Evanston", "region": None, "country": "USA"}
    lead = caller.post("leads/", {"email": "lea@gmail.com", **home}).json()
    told = {name: lead["person"][name] for name in ("street", "postal_code", "city", "region", "country")}
    assert list(told.values()) == ["12 Elm Street", "60201", "Evanston", "", "US"]
    corrected = caller.patch(f"leads/{lead['id']}/", {"postal_code": "60202", "region": "IL", "country": "Kanada"})
    assert corrected.json()["person"] == {**lead["person"], "postal_code": "60202", "region": "IL", "country": "CA"}
    person = caller.get(f"people/{lead['person']['id']}/").json()
    assert (person["street"], person["postal_code"]) == ("12 Elm Street", "60202")
    refused = caller.patch(f"leads/{lead['id']}/", {"country": "Atlantis"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "country")


def test_a_marketer_s_key_sets_the_value_corrects_the_person_and_does_nothing_else(
    lead: dict[str, Any], max_: Membership, caller_of: Callable[..., Caller]
) -> None:
    marketer = caller_of(max_)
    assert marketer.patch(f"leads/{lead['id']}/", {"quote_value": "900.00"}).json()["quote_value"] == "900.00"
    assert marketer.patch(f"leads/{lead['id']}/", {"title": "Owner"}).json()["person"]["title"] == "Owner"
    assert marketer.patch(f"leads/{lead['id']}/", {"quote_value": "1.00", "need": "Roof"}).status_code == 403


def test_verdict_inquiries_and_assignment(lead: dict[str, Any], caller: Caller) -> None:
    path = f"leads/{lead['id']}"
    judged = caller.post(f"{path}/verdict/", {"verdict": "unqualified", "reason": "Wrong country"})
    assert judged.json()["verdict"] == "unqualified"
    assert len(caller.get(f"{path}/inquiries/").json()["results"]) == 1
    assert caller.get(f"{path}/assignment/").json()[0]["receipt"]


def test_the_list_filters_and_pages_by_cursor(caller: Caller, acme: Organization) -> None:
    for number in range(5):
        caller.post("leads/", {"email": f"p{number}@example.com"})
    first = caller.get("leads/?page_size=3").json()
    second = Caller(caller.secret).get("leads/" + first["next"].split("/leads/")[1]).json()
    assert (len(first["results"]), len(second["results"])) == (3, 2)
    found = caller.get("leads/?q=p3@example.com").json()["results"]
    assert [row["email"] for row in found] == ["p3@example.com"]


def test_the_list_asks_as_many_queries_for_one_lead_as_for_many(caller: Caller) -> None:
    counts = []
    for number in range(6):
        caller.post("leads/", {"email": f"q{number}@example.com", "company": f"Company {number}"})
        with CaptureQueriesContext(connection) as captured:
            caller.get("leads/")
        counts.append(len(captured))
    assert counts[0] == counts[-1]


def test_leads_of_others_are_not_there(lead: dict[str, Any], eve: Membership, caller_of: Callable[..., Caller]) -> None:
    stranger = caller_of(eve)
    assert stranger.get("leads/").json()["results"] == []
    for path in ("", "events/", "inquiries/", "stage/", "assignment/", "opportunities/"):
        assert stranger.get(f"leads/{lead['id']}/{path}").status_code == 404
    assert stranger.patch(f"leads/{lead['id']}/", {"first_name": "X"}).status_code == 404
    assert stranger.post(f"leads/{lead['id']}/disposition/", {"code": "cold"}).status_code == 404


def test_a_rep_works_on_leads_of_their_own_only(
    lead: dict[str, Any], raj: Membership, caller_of: Callable[..., Caller], acme: Organization
) -> None:
    answer = caller_of(raj).post(f"leads/{lead['id']}/outcomes/", {"outcome": "connected"})
    assert answer.status_code == 403
    with scope(acme.id):
        assert Lead.objects.get().sal_at is None
