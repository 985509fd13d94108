"""A rep's day over the API: tasks, putting off and waking, taking back an outcome, the queue; on one's own leads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Stage, Task, TaskKind
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller
from tests.desk.leads import add_inquiry, add_task, make_lead, offer

HOUR = timedelta(hours=1)


@pytest.fixture
def own(ria: Membership) -> Lead:
    """Ria's lead."""
    now = utc_now()
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=now)
        add_inquiry(lead, arrived_at=now - HOUR, due_at=now + HOUR)
        offer(lead, now=now - HOUR)
    return lead


@pytest.fixture
def hers(ria: Membership, caller_of: Callable[..., Caller]) -> Caller:
    """Ria's program."""
    return caller_of(ria)


@pytest.fixture
def task(own: Lead) -> Task:
    """What Ria promised for it."""
    now = utc_now()
    with scope(own.owner.organization_id):
        return add_task(own, due_at=now + HOUR, now=now)


def test_a_task_is_planned_moved_done_and_opened_again(hers: Caller, own: Lead) -> None:
    due_at = (utc_now() + HOUR).replace(microsecond=0)
    planned = hers.post(f"leads/{own.pk}/tasks/", {"kind": "call", "due_at": due_at.isoformat()})
    assert (planned.status_code, planned.json()["title"], planned.json()["member"]["name"]) == (201, "Call", "Ria")
    path, later = f"tasks/{planned.json()['id']}/", due_at + HOUR
    moved = hers.patch(path, {"due_at": later.isoformat(), "title": " Ask about gutters "}).json()
    assert (moved["due_at"], moved["title"], moved["kind"]) == (
        f"{later:%Y-%m-%dT%H:%M:%SZ}",
        "Ask about gutters",
        "call",
    )
    assert [each["id"] for each in hers.get("tasks/").json()["results"]] == [moved["id"]]
    done = hers.call("PUT", f"{path}completion/").json()
    assert done["done_at"]
    assert hers.call("PUT", f"{path}completion/").json() == done
    assert hers.get("tasks/").json()["results"] == []
    assert [each["id"] for each in hers.get(f"leads/{own.pk}/tasks/").json()] == [moved["id"]]
    assert {hers.call(method, path, {}).status_code for method in ("PATCH", "DELETE")} == {422}
    assert hers.call("DELETE", f"{path}completion/").json()["done_at"] is None
    assert hers.call("DELETE", path).json()["id"] == moved["id"]
    assert hers.get(path).status_code == 404


def test_open_tasks_are_listed_by_when_they_are_due(
    caller: Caller, ada: Membership, own: Lead, task: Task, ria: Membership
) -> None:
    with scope(own.owner.organization_id):
        late = add_task(own, due_at=utc_now() - HOUR, now=utc_now() - 2 * HOUR, kind=TaskKind.WOKEN)
        add_task(own, due_at=utc_now(), now=utc_now(), member=ada)
    path = f"tasks/?member={ria.pk}"
    assert [each["id"] for each in caller.get(path).json()["results"]] == [str(late.pk), str(task.pk)]
    until = utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [each["id"] for each in caller.get(f"{path}&due_until={until}").json()["results"]] == [str(late.pk)]
    assert [each["member"]["id"] for each in caller.get("tasks/").json()["results"]] == [str(ada.pk)]
    assert caller.get(f"tasks/?member={own.pk}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "leads/{lead}/tasks/", {"kind": "call", "due_at": "2027-03-05T09:00:00Z"}),
        ("PATCH", "tasks/{task}/", {"title": "Mine"}),
        ("DELETE", "tasks/{task}/", None),
        ("PUT", "tasks/{task}/completion/", None),
        ("DELETE", "tasks/{task}/completion/", None),
        ("PUT", "leads/{lead}/snooze/", {"until": "2027-03-05T09:00:00Z"}),
        ("DELETE", "leads/{lead}/snooze/", None),
    ],
)
def test_a_colleagues_lead_is_left_alone(
    raj: Membership, caller_of: Callable[..., Caller], own: Lead, task: Task, method: str, path: str, body: Any
) -> None:
    answer = caller_of(raj).call(method, path.format(lead=own.pk, task=task.pk), body)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This lead belongs to a colleague.")


def test_a_lead_is_put_off_once_and_woken_before_its_day(hers: Caller, own: Lead) -> None:
    until = (utc_now() + timedelta(days=30)).replace(microsecond=0).isoformat()
    path = f"leads/{own.pk}/snooze/"
    assert {hers.call("PUT", path, {"until": until}).json()["wakes_at"] for _ in range(2)} == {until[:19] + "Z"}
    with scope(own.owner.organization_id):
        assert own.events.filter(kind="snoozed").count() == 1
    assert hers.call("DELETE", path).json()["wakes_at"] is None
    assert hers.call("DELETE", path).status_code == 422
    with scope(own.owner.organization_id):
        assert Task.objects.get(lead=own).kind == TaskKind.WOKEN
        assert own.events.get(kind="woken").actor_id == own.owner_id
    past = hers.call("PUT", path, {"until": "2020-01-01T00:00:00Z"})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")


def test_a_parked_lead_is_open_again_when_it_is_woken(hers: Caller, own: Lead) -> None:
    ended = hers.post(f"leads/{own.pk}/disposition/", {"code": "timing", "wakes_at": "2030-01-01T09:00:00Z"})
    assert ended.json()["stage"] == Stage.RECYCLED
    woken = hers.call("DELETE", f"leads/{own.pk}/snooze/").json()
    assert (woken["stage"], woken["disposition"], woken["wakes_at"]) == (Stage.MQL, "", None)


def test_an_outcome_is_taken_back_by_whoever_logged_it_once(hers: Caller, caller: Caller, own: Lead) -> None:
    path = f"leads/{own.pk}/outcomes/"
    logged = hers.post(path, {"outcome": "voicemail", "next_task_due_at": "2030-01-01T09:00:00Z"}).json()
    assert (logged["stage"], hers.get(f"tasks/{logged['task_id']}/").status_code) == (Stage.SAL, 200)
    undo = f"{path}{logged['event_id']}/undo/"
    assert caller.post(undo, None).status_code == 422
    key = {"Idempotency-Key": "once"}
    assert [hers.post(undo, None, **key).json()["stage"] for _ in range(2)] == [Stage.MQL, Stage.MQL]
    assert hers.post(undo, None).status_code == 422
    assert hers.get(f"tasks/{logged['task_id']}/").status_code == 404
    told = {each["id"]: each["voided_at"] for each in hers.get(f"leads/{own.pk}/events/").json()["results"]}
    assert told[logged["event_id"]]


def test_the_queue_says_what_is_next_and_why_page_by_page(hers: Caller, own: Lead, ria: Membership) -> None:
    with scope(own.owner.organization_id):
        other = make_lead(owner=ria, now=utc_now(), name="Late Riser", wakes_at=utc_now() + timedelta(days=9))
    told = hers.get("queue/").json()
    assert [(row["lead_id"], row["reason"], row["group"]) for row in told["results"]] == [(str(own.pk), "hot", "hot")]
    assert told["results"][0]["why"].startswith("Hot: asked")
    assert (told["counts"]["hot"], told["counts"]["planned"], told["results"][0]["is_offered"]) == (1, 1, True)
    planned = hers.get("queue/?planned=true").json()["results"]
    assert [(row["lead_id"], row["why"][:14]) for row in planned] == [(str(other.pk), "Put off until ")]
    assert hers.get("queue/?page=2").json()["results"] == []
    assert hers.get("queue/?page_size=0").status_code == 400
