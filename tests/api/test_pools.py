"""Pools over the API: the pages' checks, audit rows and effects, one pool whole in each answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Holiday, Pool, PoolMember
from tests.api.conftest import Caller
from tests.desk.leads import add_inquiry, make_lead


@pytest.fixture
def pool(acme: Organization) -> Pool:
    with scope(acme.id):
        found: Pool = Pool.objects.get(is_fallback=True)
        return found


def list_changes(member: Membership, action: str) -> list[AuditEntry]:
    with scope(member.organization_id):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_a_pool_is_made_with_the_usual_terms_and_changed(caller: Caller, ada: Membership) -> None:
    made = caller.post("pools/", {"name": "North", "time_zone": "America/Chicago", "promises": {"hot": 3}})
    told = made.json()
    assert (made.status_code, told["is_active"], told["is_fallback"], len(told["hours"])) == (201, True, False, 5)
    assert told["promises"] == {"hot": 3, "warm": 240, "content": None}
    week = [{"weekday": 5, "opens_at": "10:00:00", "closes_at": "14:00:00"}]
    changed = caller.patch(f"pools/{told['id']}/", {"name": "Far North", "hours": week, "promises": {"warm": None}})
    assert changed.status_code == 200
    assert changed.json() == {**told, "name": "Far North", "hours": week} | {
        "promises": {"hot": 3, "warm": None, "content": None}
    }
    assert caller.get(f"pools/{told['id']}/").json() == changed.json()
    log = list_changes(ada, "pool.changed")
    assert [entry.actor for entry in log] == [ada] * 4
    assert (log[1].before, log[1].after) == ({"name": "North"}, {"name": "Far North"})


def test_turns_and_holidays_are_put_twice_and_taken_once(
    caller: Caller, ada: Membership, ria: Membership, pool: Pool
) -> None:
    part = {"weight": 2, "capacity": 40}
    for _ in range(2):
        told = caller.call("PUT", f"pools/{pool.pk}/members/{ria.pk}/", part).json()
        assert {"member": str(ria.pk), "name": ria.name, **part, "turns": 0} in told["members"]
        told = caller.call("PUT", f"pools/{pool.pk}/holidays/2026-12-25/", {"name": "Christmas"}).json()
        assert told["holidays"] == [{"on": "2026-12-25", "name": "Christmas"}]
    kept = caller.call("PUT", f"pools/{pool.pk}/members/{ria.pk}/", {"weight": 0}).json()["members"]
    assert {"weight": 0, "capacity": 40}.items() <= next(row for row in kept if row["member"] == str(ria.pk)).items()
    assert len(list_changes(ada, "pool.changed")) == 3
    for path in (f"members/{ria.pk}", "holidays/2026-12-25"):
        assert caller.call("DELETE", f"pools/{pool.pk}/{path}/").status_code == 200
        assert caller.call("DELETE", f"pools/{pool.pk}/{path}/").status_code == 404
    assert caller.get(f"pools/{pool.pk}/").json()["holidays"] == []


def test_retired_and_the_fallback(caller: Caller, pool: Pool) -> None:
    refused = caller.patch(f"pools/{pool.pk}/", {"is_active": False})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "is_active")
    refused = caller.patch(f"pools/{pool.pk}/", {"is_fallback": False})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "is_fallback")
    other = caller.post("pools/", {"name": "North"}).json()["id"]
    assert caller.patch(f"pools/{other}/", {"is_fallback": True}).json()["is_fallback"]
    assert not caller.patch(f"pools/{pool.pk}/", {"is_active": False}).json()["is_active"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": ""}, 400, "name"),
        ({"time_zone": "Mars/Olympus"}, 400, "time_zone"),
        ({"promises": {"hot": 0}}, 400, "promises.hot"),
        ({"promises": {"hot": 10_000_000}}, 400, "promises.hot"),
        ({"hours": [{"weekday": 7, "opens_at": "09:00", "closes_at": "10:00"}]}, 400, "hours.0.weekday"),
        ({"hours": [{"weekday": 1, "opens_at": "09:00", "closes_at": "08:00"}]}, 422, "hours"),
        ({"name": "North", "hours": []}, 409, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    caller: Caller, pool: Pool, body: dict[str, Any], status: int, field: str
) -> None:
    caller.post("pools/", {"name": "North"})
    before = caller.get(f"pools/{pool.pk}/").json()
    answer = caller.patch(f"pools/{pool.pk}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert caller.get(f"pools/{pool.pk}/").json() == before


def test_a_colleague_who_left_takes_no_turns(caller: Caller, ria: Membership, pool: Pool) -> None:
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    answer = caller.call("PUT", f"pools/{pool.pk}/members/{ria.pk}/", {"weight": 1})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "member")
    assert caller.call("PUT", f"pools/{pool.pk}/holidays/someday/", {}).status_code == 404


def test_tried_it_says_the_effect_and_changes_nothing(
    caller: Caller, ada: Membership, ria: Membership, pool: Pool
) -> None:
    now = utc_now()
    with scope(ada.organization_id):
        lead = make_lead(owner=ria, now=now)
        asked_at, minute = now - timedelta(days=8), timedelta(minutes=1)
        add_inquiry(lead, arrived_at=asked_at, due_at=asked_at + 5 * minute, first_attempt_at=asked_at + 8 * minute)
    before = caller.get(f"pools/{pool.pk}/").json()
    told = caller.patch(f"pools/{pool.pk}/?dry_run=true", {"promises": {"hot": 10}, "works_always": True}).json()
    assert told["promises"]["total"]["kept"] == {"live": 0, "draft": 1}
    assert [(row["name"], row["asked"]) for row in told["promises"]["by_owner"]] == [(ria.name, 1)]
    turns = caller.call("PUT", f"pools/{pool.pk}/members/{ria.pk}/?dry_run=1", {"weight": 3}).json()["turns"]
    assert (turns["leads"], ria.name in [row["name"] for row in turns["people"]]) == (0, True)
    day = caller.call("PUT", f"pools/{pool.pk}/holidays/{asked_at:%Y-%m-%d}/?dry_run=true", {}).json()
    assert day["promises"]["total"]["outside"]["draft"] == 1
    with scope(ada.organization_id):
        holiday = Holiday.objects.create(pool=pool, on=asked_at.date() + timedelta(weeks=9))
    opened = caller.call("DELETE", f"pools/{pool.pk}/holidays/{holiday.on}/?dry_run=true").json()["promises"]["total"]
    assert (opened["asked"], opened["outside"]["draft"]) == (1, 0)
    assert opened["outside"]["live"] == 1
    with scope(ada.organization_id):
        assert Holiday.objects.filter(pk=holiday.pk).delete()[0] == 1  # the trial took nothing away
    leaving = caller.call("DELETE", f"pools/{pool.pk}/members/{ada.pk}/?dry_run=true").json()
    assert "100 % of this pool's turns" in leaving["effects"][0]
    refused = caller.patch(f"pools/{pool.pk}/?dry_run=true", {"is_active": False})
    assert refused.status_code == 422
    assert caller.get(f"pools/{pool.pk}/").json() == before
    assert list_changes(ada, "pool.changed") == []


def test_a_call_that_cannot_be_tried_does_nothing(caller: Caller, ada: Membership, pool: Pool) -> None:
    refused = caller.post("pools/?dry_run=true", {"name": "North"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "dry_run")
    assert caller.patch(f"pools/{pool.pk}/?dry_run=perhaps", {"name": "North"}).status_code == 400
    assert list_changes(ada, "pool.created") == []


def test_a_tried_call_leaves_its_key_to_the_real_one(caller: Caller) -> None:
    template = {"name": "Hello", "subject": "Hello", "body": "Words"}
    lead = caller.post("leads/", {"email": "a@example.com"}).json()["id"]
    key = {"Idempotency-Key": "one"}
    assert caller.post(f"mail-templates/?dry_run=true&lead={lead}", template, **key).json()["text"] == "Words\n"
    made = caller.post("mail-templates/", template, **key)
    assert (made.status_code, made.json()["name"]) == (201, "Hello")
    assert caller.post("mail-templates/", template, **key).json() == made.json()
    assert len(caller.get("mail-templates/").json()) == 1


def test_the_list_asks_as_much_for_many_pools(caller: Caller, ada: Membership) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert caller.get("pools/").status_code == 200
        return len(queries)

    count()
    few = count()
    for name in ("North", "South"):
        pool = caller.post("pools/", {"name": name}).json()["id"]
        caller.call("PUT", f"pools/{pool}/members/{ada.pk}/", {})
    assert count() == few


def test_who_may(caller_of: Callable[..., Caller], mia: Membership, eve: Membership, pool: Pool) -> None:
    assert caller_of(mia).get(f"pools/{pool.pk}/").status_code == 200
    assert caller_of(mia).patch(f"pools/{pool.pk}/?dry_run=true", {"name": "North"}).status_code == 403
    assert caller_of(eve).get(f"pools/{pool.pk}/").status_code == 404
    with scope(mia.organization_id):
        assert PoolMember.objects.filter(pool=pool).count() == 1
