"""Ids inside a body open nothing of another organization: not as an owner, a target, a key's member, a row to drop.

Each call that changes a setting is posted with the body that Eve would post: where her body differs from Ada's, it
names her rows. A new call is covered by its line in `changes.py`, unless that is the same for everybody.
"""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from leadhub.cli.places import Kind, Place, list_places
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from tests.contracts.changes import Body, Once, begin_anew, change_member, find_bodies, hold_google_key, list_bodies
from tests.contracts.places import Furniture, build_url, furnish
from tests.contracts.test_audit import SETTINGS, change, count_rows
from tests.contracts.test_permissions import make_caller
from tests.personas import ClientOf

PLACES = {place.name: place for place in list_places()}


def make_client(place: Place, member: Membership, client_of: ClientOf) -> Client:
    """Return the member's browser or program."""
    client = make_caller(member, list(SCOPES)) if place.kind == Kind.API else client_of(member)
    client.raise_request_exception = False
    return client


def list_posted(name: str, method: str, here: Furniture) -> list[Body]:
    """Return what a member of the organization would post."""
    with scope(here.member.organization_id):
        return list_bodies(name, method, here)


def names_rows(name: str, method: str) -> bool:
    """Say whether what is posted differs with the rows of who posts it."""
    make = find_bodies(name, method)
    return not isinstance(make, Once) and make not in {begin_anew, change_member, hold_google_key}


NAMING = [(place, method) for place, method in SETTINGS if names_rows(place.name, method)]


@pytest.mark.parametrize(("place", "method"), NAMING, ids=[f"{method} {place.name}" for place, method in NAMING])
def test_a_setting_is_not_changed_by_rows_of_others(
    ada: Membership, ria: Membership, eve: Membership, client_of: ClientOf, place: Place, method: str
) -> None:
    here, there = furnish(ada), furnish(eve)
    client, url = make_client(place, ada, client_of), build_url(place, here)
    bodies = zip(*(list_posted(place.name, method, each) for each in (here, there)), strict=True)
    foreign = [theirs for ours, theirs in bodies if ours != theirs]
    assert foreign, "What names no row is the same for everybody: write it as `once`."
    for body in foreign:
        with transaction.atomic():
            before = count_rows(ada), count_rows(eve)
            answer = change(client, method, url, place, body)
            assert answer.status_code < 500, body
            assert (count_rows(ada), count_rows(eve)) == before, body
            transaction.set_rollback(True)


def name_member(there: Furniture) -> Body:
    """Return a body that gives a lead to somebody of the other organization."""
    return {"answer": "reassign", "member": str(there.member.pk)}


def give_away(there: Furniture) -> Body:
    """Return a body that gives leads of the other organization to its member."""
    return {"leads": [str(there.lead.pk)], "member": str(there.member.pk)}


def name_lead(there: Furniture) -> Body:
    """Return a body that takes a lead of the other organization."""
    return {"leads": str(there.lead.pk), "lead": str(there.lead.pk), "member": str(there.member.pk)}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("lead_reassignment", name_member),
        ("api_lead_assignment", name_member),
        ("api_reassignments", give_away),
        ("team_reassignment", name_member),
        ("team_reassignment", name_lead),
    ],
)
def test_no_lead_changes_hands_across_organizations(
    ada: Membership, eve: Membership, client_of: ClientOf, name: str, make: Any
) -> None:
    here, there, place = furnish(ada), furnish(eve), PLACES[name]
    body = make(there) if place.kind == Kind.API else {"leads": str(here.lead.pk), **make(there)}
    answer = change(make_client(place, ada, client_of), "POST", build_url(place, here), place, body)
    assert answer.status_code < 500
    assert b"There is no such field here" not in answer.content
    for furniture in (here, there):
        with scope(furniture.member.organization_id):
            assert Lead.objects.get(pk=furniture.lead.pk).owner_id == furniture.member.pk
