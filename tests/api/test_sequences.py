"""Sequences over the API: written, turned on, counted; leads put in and taken out; the suppression list."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller
from tests.desk.leads import make_lead
from tests.nurture.programmes import set_rules
from tests.personas import NOW


@pytest.fixture
def sequence(caller: Caller, acme: Organization) -> dict[str, Any]:
    """A running sequence with one wait."""
    with scope(acme.id):
        set_rules()
    made = caller.post("sequences/", {"name": "Warm-up", "exit_stages": ["customer"]}).json()
    step = caller.post(f"sequences/{made['id']}/steps/", {"kind": "wait", "wait_days": 3})
    assert step.status_code == 201, step.content
    running = caller.post(f"sequences/{made['id']}/state/", {"state": "active"})
    assert running.json()["state"] == "active"
    found: dict[str, Any] = running.json()
    return found


@pytest.fixture
def make(acme: Organization) -> Callable[..., Lead]:
    """Write a lead of a member."""

    def make_one(owner: Membership, name: str = "Pat Doe") -> Lead:
        with scope(acme.id):
            return make_lead(owner=owner, now=NOW, name=name)

    return make_one


def test_a_lead_enters_is_read_with_its_path_and_is_taken_out(
    caller: Caller, sequence: dict[str, Any], make: Callable[..., Lead], ada: Membership
) -> None:
    lead = make(ada)
    body = {"leads": [str(lead.pk), sequence["id"]]}
    tally = caller.post(f"sequences/{sequence['id']}/enrollments/", body).json()
    assert tally == {"enrolled": [str(lead.pk)], "refused": {"There is no such lead.": 1}}
    again = caller.post(f"sequences/{sequence['id']}/enrollments/", {"leads": [str(lead.pk)]}).json()
    assert again == {"enrolled": [], "refused": {"Is in this sequence already.": 1}}
    [listed] = caller.get(f"sequences/{sequence['id']}/enrollments/?state=active").json()["results"]
    read = caller.get(f"enrollments/{listed['id']}/").json()
    assert [move["kind"] for move in read["path"]] == ["entered"]
    assert read["why_here"].startswith("Waits until")
    ended = caller.call("DELETE", f"enrollments/{listed['id']}/", {"reason": "Called"}).json()
    assert (ended["state"], ended["why_here"]) == ("stopped", "Stopped by Ada: Called")
    numbers = caller.get(f"sequences/{sequence['id']}/statistics/").json()
    assert (numbers["whole"]["entered"], numbers["whole"]["stopped"]) == (1, 1)


def test_a_rep_enrolls_their_own_leads_only(
    caller_of: Callable[..., Caller],
    sequence: dict[str, Any],
    make: Callable[..., Lead],
    ria: Membership,
    raj: Membership,
) -> None:
    own, theirs = make(ria, "Own Lead"), make(raj, "Their Lead")
    rep = caller_of(ria)
    path = f"sequences/{sequence['id']}/enrollments/"
    assert rep.post(path, {"leads": [str(own.pk), str(theirs.pk)]}).status_code == 403
    assert rep.post(path, {"leads": [str(own.pk)]}).status_code == 201
    assert rep.post("sequences/", {"name": "Mine"}).status_code == 403
    assert rep.post("suppressions/", {"addresses": ["a@b.example"], "reason": "x"}).status_code == 403


def test_faults_are_named(caller: Caller, sequence: dict[str, Any]) -> None:
    path = f"sequences/{sequence['id']}/"
    assert caller.post("sequences/", {"name": "Warm-up"}).json()["errors"][0]["field"] == "name"
    mail = caller.post(f"{path}steps/", {"kind": "mail", "subject": "Hi", "body": "{% if %}"})
    assert (mail.status_code, mail.json()["errors"][0]["field"]) == (422, "body")
    assert caller.patch(path, {"entry_events": ["nope"]}).status_code == 400
    assert caller.post(f"{path}state/", {"state": "archived"}).json()["state"] == "archived"
    assert caller.patch(path, {"name": "Other"}).status_code == 422


def test_patch_changes_what_is_given_only(caller: Caller, sequence: dict[str, Any]) -> None:
    patched = caller.patch(f"sequences/{sequence['id']}/", {"entry_dispositions": ["cold"]}).json()
    assert (patched["name"], patched["entry_dispositions"], patched["exit_stages"]) == (
        "Warm-up",
        ["cold"],
        ["customer"],
    )
    assert [step["kind"] for step in patched["steps"]] == ["wait"]


def test_eve_sees_nothing(caller_of: Callable[..., Caller], sequence: dict[str, Any], eve: Membership) -> None:
    stranger = caller_of(eve)
    assert "Warm-up" not in [each["name"] for each in stranger.get("sequences/").json()]
    for path in ("", "statistics/", "enrollments/"):
        assert stranger.get(f"sequences/{sequence['id']}/{path}").status_code == 404


def test_the_suppression_list(caller: Caller) -> None:
    added = caller.post("suppressions/", {"addresses": ["A@B.example", "a@b.example"], "reason": "Asked"})
    assert added.json() == {"new": 1, "known": 0}
    [row] = caller.get("suppressions/?q=b.example").json()["results"]
    assert row["email_norm"] == "a@b.example"
    assert caller.call("DELETE", f"suppressions/{row['id']}/", {}).status_code == 422
    assert caller.call("DELETE", f"suppressions/{row['id']}/", {"reason": "Wrong"}).status_code == 200
    assert caller.get("suppressions/").json()["results"] == []


def test_a_list_costs_the_same_for_one_as_for_many(
    caller: Caller, sequence: dict[str, Any], make: Callable[..., Lead], ada: Membership
) -> None:
    path = f"sequences/{sequence['id']}/enrollments/"
    counts = []
    for number in range(3):
        caller.post(path, {"leads": [str(make(ada, f"Lead Nr{number}").pk)]})
        with CaptureQueriesContext(connection) as queries:
            caller.get(path)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_step_is_changed_moved_and_removed(caller: Caller, sequence: dict[str, Any]) -> None:
    path = f"sequences/{sequence['id']}/"
    first = caller.get(path).json()["steps"][0]["id"]
    second = caller.post(f"{path}steps/", {"kind": "task", "task_title": "Call"}).json()["id"]

    changed = caller.patch(f"steps/{first}/", {"wait_days": 5, "position": 1}).json()
    assert (changed["position"], changed["does"]["wait_days"]) == (1, 5)
    assert [step["id"] for step in caller.get(path).json()["steps"]] == [second, first]
    assert caller.patch(f"steps/{second}/", {"task_title": " "}).status_code == 400

    assert caller.call("DELETE", f"steps/{first}/").json()["position"] is None
    assert [step["id"] for step in caller.get(path).json()["steps"]] == [second]
    assert caller.call("DELETE", f"steps/{first}/").status_code == 404


def test_tried_it_says_who_fits_and_stays_off(
    caller: Caller, sequence: dict[str, Any], make: Callable[..., Lead]
) -> None:
    path = f"sequences/{sequence['id']}/"
    for state, told in (("paused", 400), ("archived", 400)):
        assert caller.post(f"{path}state/?dry_run=true", {"state": state}).status_code == told
    caller.post(f"{path}state/", {"state": "paused"})
    forecast = caller.post(f"{path}state/?dry_run=true", {"state": "active"}).json()
    assert forecast == {"fitting": 0, "entries_per_week": 0.0, "mails_per_week": 0.0, "enters_by_hand": True}
    empty = caller.post("sequences/", {"name": "Empty"}).json()["id"]
    assert caller.post(f"sequences/{empty}/state/?dry_run=true", {"state": "active"}).status_code == 422
    assert caller.get(path).json()["state"] == "paused"


def test_a_step_that_is_tried_is_filled_in_for_the_lead(
    caller: Caller, sequence: dict[str, Any], make: Callable[..., Lead], ada: Membership
) -> None:
    lead, path = make(ada), f"sequences/{sequence['id']}/"
    caller.post(f"{path}enrollments/", {"leads": [str(lead.pk)]})
    before = caller.get(path).json()
    mail = {"kind": "mail", "subject": "Hello {{ person.first_name }}", "body": "{{ persn.name }}Words"}
    told = caller.post(f"{path}steps/?dry_run=true&lead={lead.pk}", mail).json()
    assert (told["subject"], told["text"][:5], told["unknown"]) == ("Hello Pat", "Words", ["persn.name"])
    assert caller.post(f"{path}steps/?dry_run=true", mail).json()["errors"][0]["field"] == "lead"
    assert caller.post(f"{path}steps/?dry_run=true&lead={lead.pk}", {**mail, "body": "{{ oops"}).status_code == 422
    assert caller.call("DELETE", f"steps/{before['steps'][0]['id']}/?dry_run=true").json() == {"waiting": 1}
    assert caller.get(path).json() == before
    made = caller.post(f"{path}steps/", mail).json()
    tried = caller.patch(f"steps/{made['id']}/?dry_run=true&lead={lead.pk}", {"subject": "Hi {{ person.first_name }}"})
    assert tried.json()["subject"] == "Hi Pat"
    assert caller.get(path).json()["steps"][1]["does"]["subject"] == mail["subject"]
