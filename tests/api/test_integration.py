"""What an integration asks for besides leads: who it is, deals, views, what arrived, many leads moved at once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, SavedView
from leadhub.leads.opportunities import open_opportunity, win_opportunity
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.api.conftest import Caller
from tests.contracts.rows import build_row
from tests.desk.leads import make_lead, offer


def count_queries(caller: Caller, path: str) -> int:
    """Return how many statements the call takes."""
    with CaptureQueriesContext(connection) as made:
        assert caller.get(path).status_code == 200
    return len(made)


def test_a_key_says_whom_it_acts_as_and_where(
    ria: Membership, acme: Organization, caller_of: Callable[..., Caller]
) -> None:
    told = caller_of(ria, ["leads:read"]).get("me/").json()
    assert (told["member"], told["role"]) == ({"id": str(ria.pk), "name": ria.name}, "rep")
    assert (told["organization"]["id"], told["organization"]["currency"]) == (str(acme.pk), acme.currency)
    assert told["scopes"] == ["leads:read"]


def test_views_are_ones_own_and_the_shared_ones(caller: Caller, ada: Membership, ria: Membership) -> None:
    with scope(ada.organization_id):
        build_row(SavedView, member=ada, name="Mine", query="stage=mql&is_open=true")
        build_row(SavedView, member=ria, name="Ours", is_shared=True)
        build_row(SavedView, member=ria, name="Hers")
        build_row(SavedView, member=ada, name="Not of leads", list_key="intake")
    views = caller.get("views/").json()
    assert [(view["name"], view["member"]["name"]) for view in views] == [("Mine", "Ada"), ("Ours", "Ria")]
    assert caller.get(f"leads/?{views[0]['query']}").status_code == 200


@pytest.fixture
def deals(ada: Membership, ria: Membership) -> list[Lead]:
    """Two leads with a deal each, of which the second is won."""
    now = utc_now()
    with scope(ada.organization_id):
        leads = [make_lead(owner=ria, now=now, name=name) for name in ("Pat Doe", "Lea Client")]
        made = [open_opportunity(lead=each, name="Roof", amount=Decimal(900), actor=ria, now=now) for each in leads]
        win_opportunity(opportunity=made[1], actor=ria, now=now)
    return leads


def test_deals_are_listed_newest_first_with_their_leads(caller: Caller, deals: list[Lead], ria: Membership) -> None:
    found = caller.get("opportunities/").json()["results"]
    assert [deal["leads"] for deal in found] == [[str(lead.pk)] for lead in reversed(deals)]
    since = (utc_now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    won = caller.get(f"opportunities/?stage=won&owner={ria.pk}&closed_since={since}").json()["results"]
    assert [(deal["stage"], deal["leads"]) for deal in won] == [("won", [str(deals[1].pk)])]
    assert caller.get("opportunities/?stage=lukewarm").status_code == 400
    following = caller.get("opportunities/?page_size=1").json()["next"].split("?")[1]
    assert caller.get(f"opportunities/?{following}").json()["results"] == found[1:]


def test_lists_take_no_query_a_row(caller: Caller, ada: Membership, deals: list[Lead]) -> None:
    with scope(ada.organization_id):
        build_row(Submission, status="quarantined")
    paths = ("opportunities/", "submissions/", f"tasks/?member={ada.pk}", "views/")
    caller.get("me/")  # a key notes its first use
    before = [count_queries(caller, path) for path in paths]
    with scope(ada.organization_id):
        for number in range(3):
            lead = make_lead(owner=ada, now=utc_now(), name=f"Pat {number}")
            open_opportunity(lead=lead, name="Roof", amount=Decimal(900), actor=ada, now=utc_now())
            caller.post(f"leads/{lead.pk}/tasks/", {"kind": "call", "due_at": "2030-01-01T09:00:00Z"})
            build_row(Submission, status="quarantined")
            build_row(SavedView, member=ada)
    assert [count_queries(caller, path) for path in paths] == before


def test_what_is_held_is_seen_and_released_once(caller: Caller, acme: Organization) -> None:
    values = {"email": "lena@example.com", "message": "A quote, please"}
    with scope(acme.pk):
        held = build_row(Submission, status="quarantined", door="form", reasons=["honeypot"], values=values)
        build_row(Submission, status="rejected", door="form")
    [told] = caller.get("submissions/?status=quarantined&door=form").json()["results"]
    assert (told["id"], told["values"], told["reasons"]) == (str(held.pk), values, ["honeypot"])
    released = caller.post(f"submissions/{held.pk}/release/", None)
    assert (released.status_code, released.json()["status"]) == (202, "pending")
    refused = caller.post(f"submissions/{held.pk}/release/", None)
    assert (refused.status_code, refused.json()["detail"]) == (422, "This submission is not held: it is pending.")
    run_due(now=utc_now())
    assert caller.get(f"submissions/{held.pk}/").json()["status"] == "created"
    assert caller.get("submissions/?since=2999-01-01T00:00:00Z").status_code == 400
    assert caller.get("submissions/?status=lost").status_code == 400


def read_owners(leads: list[Lead]) -> set[Any]:
    """Return who has the leads now."""
    with scope(leads[0].owner.organization_id):
        return set(Lead.objects.filter(pk__in=[lead.pk for lead in leads]).values_list("owner__name", flat=True))


def test_many_leads_move_at_once_and_back(caller: Caller, ria: Membership, raj: Membership) -> None:
    with scope(ria.organization_id):
        leads = [make_lead(owner=ria, now=utc_now(), name=name) for name in ("Pat Doe", "Lea Client")]
        for lead in leads:
            offer(lead, now=utc_now())
    body = {"leads": [str(lead.pk) for lead in leads], "member": str(raj.pk), "note": "Covers the north"}
    unknown = caller.post("reassignments/", {**body, "leads": [*body["leads"], str(new_id())]})
    assert (unknown.status_code, read_owners(leads)) == (400, {"Ria"})
    key = {"Idempotency-Key": "once"}
    told = [caller.post("reassignments/", body, **key).json() for _ in range(2)]
    assert (told[0], told[0]["moved"], read_owners(leads)) == (told[1], 2, {"Raj"})
    undo = f"reassignments/{told[0]['id']}/undo/"
    assert (caller.post(undo, None).json()["moved"], read_owners(leads)) == (2, {"Ria"})
    assert caller.post(undo, None).status_code == 422
    assert caller.post(f"reassignments/{new_id()}/undo/", None).status_code == 404
