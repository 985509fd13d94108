"""Drafts over the API: rules of the score by their key, of routing by their id, changed, moved and thrown away."""

from collections.abc import Callable
from typing import Any

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Pool
from scoring.models import ScoreModel
from tests.api.conftest import Caller

CITY = {"all": [{"field": "person.city", "op": "is", "value": "Springfield"}]}
NUMBERS = {
    "fit_bar": "10",
    "engagement_bar": "5",
    "half_life_days": "7",
    "sql_bar": "50",
    "hand_raise_intents": ["hot"],
}


def add_rule(caller: Caller, member: Membership, name: str, **parts: Any) -> Any:
    rule = {"name": name, "condition": {}, "target": "member", "member": str(member.pk), **parts}
    answer = caller.post("routing-rules/", rule)
    assert answer.status_code == 201, answer.content
    return answer.json()


def list_draft(caller: Caller) -> list[str]:
    return [rule["name"] for rule in caller.get("routing-rules/").json()[0]["rules"]]


def test_rules_of_the_draft_are_changed_moved_and_removed(caller: Caller, ada: Membership, ria: Membership) -> None:
    first = add_rule(caller, ada, "First")
    add_rule(caller, ada, "Second")
    third = add_rule(caller, ada, "", position=0, condition=CITY)
    assert third["position"] == 0
    assert list_draft(caller) == [third["name"], "First", "Second"]
    path = f"routing-rules/{first['id']}/"
    assert caller.patch(path, {"position": 9}).json()["position"] == 2
    changed = caller.patch(path, {"name": "Renamed", "member": str(ria.pk)}).json()
    assert (changed["name"], changed["member"], changed["target"]) == ("Renamed", str(ria.pk), "member")
    assert list_draft(caller) == [third["name"], "Second", "Renamed"]
    assert caller.call("DELETE", f"routing-rules/{third['id']}/").json()["id"] == third["id"]
    assert list_draft(caller) == ["Second", "Renamed"]
    with scope(ada.organization_id):
        log = AuditEntry.objects.filter(action="routing_rules.draft_changed", summary__contains="changed").latest("id")
        assert (log.actor, log.before["name"], log.after["name"]) == (ada, "First", "Renamed")


def test_a_rule_in_force_is_changed_by_a_draft_alone(caller: Caller, ada: Membership) -> None:
    add_rule(caller, ada, "Big")
    live = caller.post("routing-rules/publications/", {}).json()["rules"][0]["id"]
    assert caller.patch(f"routing-rules/{live}/", {"name": "Bigger"}).status_code == 404
    draft = caller.post("routing-rules/draft/", {}).json()
    assert caller.post("routing-rules/draft/", {}).json() == draft
    assert (draft["state"], [rule["name"] for rule in draft["rules"]]) == ("draft", ["Big"])
    assert caller.patch(f"routing-rules/{draft['rules'][0]['id']}/", {"name": "Bigger"}).status_code == 200
    assert caller.call("DELETE", "routing-rules/draft/").json()["id"] == draft["id"]
    assert caller.call("DELETE", "routing-rules/draft/").status_code == 422
    assert list_draft(caller) == ["Big"]


def test_a_rule_goes_to_nobody_who_left_nor_to_a_pool_that_is_off(
    caller: Caller, ria: Membership, acme: Organization, now: Any
) -> None:
    with scope(acme.id):
        off = Pool.objects.create(name="Off", is_active=False, created_at=now)
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    for target, found in (("member", ria), ("pool", off)):
        answer = caller.post("routing-rules/", {"name": "X", "condition": {}, "target": target, target: str(found.pk)})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, target)


def test_rules_of_the_score_are_put_by_their_key(caller: Caller, ada: Membership) -> None:
    fit = {"label": "Town", "points": 7, "condition": CITY}
    drafted = caller.call("PUT", "score-models/draft/rules/fit/town/", fit).json()
    assert drafted["state"] == "draft"
    assert {"key": "town", **fit} in drafted["fit_rules"]
    done = {"label": "Chatted", "points": 3, "event_kind": "chat"}
    caller.call("PUT", "score-models/draft/rules/engagement/chatted/", done)
    again = caller.call("PUT", "score-models/draft/rules/engagement/chatted/", {**done, "points": 5}).json()
    assert [rule["points"] for rule in again["engagement_rules"] if rule["key"] == "chatted"] == [5]
    left = caller.call("DELETE", "score-models/draft/rules/fit/town/").json()["fit_rules"]
    assert "town" not in {rule["key"] for rule in left}
    assert caller.call("DELETE", "score-models/draft/rules/fit/town/").status_code == 404
    assert caller.call("DELETE", "score-models/draft/").json()["state"] == "draft"
    assert [model["state"] for model in caller.get("score-models/").json()] == ["published"]


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("fit/town", {"label": "Town"}, 400, "points"),
        ("fit/town", {"label": "Town", "points": 9_999}, 422, "points"),
        ("fit/town", {"label": "Town", "points": 1, "condition": {"all": [{"field": "x"}]}}, 422, "condition"),
        ("fit/new", {"label": "Town", "points": 1}, 400, "key"),
        ("engagement/chat", {"label": "Chat", "points": 1}, 400, "event_kind"),
        ("engagement/chat", {"label": "Chat", "points": -1, "event_kind": "chat"}, 422, "points"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_and_no_draft_begins(
    caller: Caller, ada: Membership, path: str, body: dict[str, Any], status: int, field: str
) -> None:
    answer = caller.call("PUT", f"score-models/draft/rules/{path}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    with scope(ada.organization_id):
        assert not ScoreModel.objects.filter(state="draft").exists()


def test_numbers_are_tried_without_a_draft(caller: Caller, ada: Membership) -> None:
    assert caller.post("score-models/?dry_run=true", NUMBERS).json()["open_leads"] == 0
    with scope(ada.organization_id):
        assert not ScoreModel.objects.filter(state="draft").exists()


def test_who_may(caller_of: Callable[..., Caller], mia: Membership) -> None:
    assert caller_of(mia).call("DELETE", "routing-rules/draft/").status_code == 403
    assert caller_of(mia).call("PUT", "score-models/draft/rules/fit/town/", {}).status_code == 403
