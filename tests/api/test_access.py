"""Keys and scopes: what is missing is named, and nothing opens without both scope and role."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client, RequestFactory

from leadhub.accounts.models import Membership
from leadhub.api.document import Schema
from leadhub.api.unrouted import answer_broken
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller
from tests.desk.leads import make_lead
from tests.personas import ClientOf


@pytest.mark.parametrize("secret", ["", "lh_wrong"])
def test_without_a_key_the_answer_is_401_and_a_problem(db: None, secret: str) -> None:
    answer = Caller(secret).get("leads/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_key_without_the_scope_is_told_which(ada: Membership, caller_of: Callable[..., Caller]) -> None:
    answer = caller_of(ada, ["reports:read"]).get("leads/")
    assert answer.status_code == 403
    assert "leads:read" in answer.json()["detail"]


def test_a_key_may_no_more_than_its_member(ria: Membership, caller_of: Callable[..., Caller]) -> None:
    answer = caller_of(ria).post("score-models/publications/", {})
    assert answer.status_code == 403


def test_a_rep_judges_their_own_lead_only(
    ria: Membership, raj: Membership, caller_of: Callable[..., Caller], now: datetime
) -> None:
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=now)
    judgement = {"verdict": "unqualified", "reason": "Rents the building"}
    assert caller_of(raj).post(f"leads/{lead.pk}/verdict/", judgement).status_code == 403
    assert caller_of(ria).post(f"leads/{lead.pk}/verdict/", judgement).json()["verdict"] == "unqualified"


def test_a_logged_in_browser_may_call(ada: Membership, client_of: ClientOf) -> None:
    assert client_of(ada).get("/api/v1/leads/").status_code == 200


def test_a_browser_needs_the_csrf_token_to_write(ada: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)
    answer = client.post("/api/v1/leads/", {"email": "a@example.com"}, content_type="application/json")
    assert answer.status_code == 403


def test_malformed_json_is_a_problem(caller: Caller) -> None:
    answer = Client().post(
        "/api/v1/leads/",
        data=b"{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.secret}"},
    )
    assert answer.status_code == 400
    assert "JSON" in answer.json()["detail"]


def test_the_schema_describes_every_path_and_has_no_warnings(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Client().get("/api/schema/?format=json")
    assert answer.status_code == 200
    assert "/api/v1/leads/{id}/verdict/" in answer.json()["paths"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("query", ["", "?format=json", "?format=yaml"])
def test_the_schema_is_written_once_whatever_else_is_asked(db: None, query: str) -> None:
    first = Client().get(f"/api/schema/{query}")
    again = Client().get("/api/schema/", QUERY_STRING=f"{query[1:]}&lang=de&version=99")
    assert (again.content, again.headers.items()) == (first.content, first.headers.items())
    assert (first.content, first.headers["Content-Disposition"]) in Schema._written.values()


def test_the_page_of_the_api_has_no_inline_script(db: None) -> None:
    page = Client().get("/api/docs/").content.decode()
    assert "<style" not in page
    assert re.findall(r"<script(?! src=)", page) == []
    script = Client().get("/api/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in script.content.decode()


@pytest.mark.parametrize("path", ["nowhere/", "leads/no-number/"])
def test_a_url_that_is_none_is_a_problem_too(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_our_own_failure_is_a_problem_too() -> None:
    answer = answer_broken(RequestFactory().get("/api/v1/leads/"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")


def test_reports_and_rules_read(caller: Caller) -> None:
    caller.post("leads/", {"email": "a@example.com", "utm_source": "bing", "utm_medium": "cpc"})
    source_value = caller.get("reports/source-value/?days=7").json()
    assert [(row["value"], row["leads"]) for row in source_value["rows"]] == [("paid_search", 1)]
    assert caller.get("reports/funnel/").json()["steps"][0]["reached"] == 1
    assert caller.get("reports/source-value/?from=never").json()["errors"][0]["field"] == "from"
    assert caller.get("score-models/").json()[0]["state"] == "published"
    assert caller.get("routing-rules/").json()[0]["state"] == "published"
    assert caller.get("queue/").status_code == 200
    assert caller.get("people/?q=a@example.com").json()["results"][0]["email"] == "a@example.com"


def test_a_score_model_is_drafted_previewed_published_and_rolled_back(caller: Caller) -> None:
    numbers = {
        "fit_bar": "10",
        "engagement_bar": "5",
        "half_life_days": "7",
        "sql_bar": "50",
        "hand_raise_intents": ["hot"],
    }
    drafted = caller.post("score-models/", numbers)
    assert (drafted.status_code, drafted.json()["state"]) == (201, "draft")
    assert caller.get("score-models/draft/preview/").json()["open_leads"] == 0
    published = caller.post("score-models/publications/", {"note": "Lower"}).json()
    assert (published["state"], published["fit_bar"]) == ("published", "10.00")
    back = caller.post("score-models/publications/", {"version": 1}).json()
    assert back["state"] == "published"
    assert caller.post("score-models/publications/", {"version": 99}).status_code == 422


def test_a_routing_rule_is_drafted_previewed_and_published(caller: Caller, ada: Membership) -> None:
    rule = {
        "name": "Big",
        "condition": {"all": [{"field": "lead.quote_value", "op": "gte", "value": 10000}]},
        "target": "member",
        "member": str(ada.pk),
    }
    made = caller.post("routing-rules/", rule)
    assert made.status_code == 201, made.content
    assert caller.get("routing-rules/draft/preview/").json()["leads"] == 0
    assert caller.post("routing-rules/publications/", {}).json()["rules"][0]["name"] == "Big"
    assert caller.post("routing-rules/", {**rule, "condition": {"all": [{"field": "x"}]}}).status_code == 422
