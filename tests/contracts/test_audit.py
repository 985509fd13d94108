"""Every change of a setting is in the audit log: each call that a permission to edit guards writes a row."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.cli.places import Kind, Place, list_places
from leadhub.tenancy.scope import scope
from tests.contracts.changes import BODIES, Body, list_bodies
from tests.contracts.places import Furniture, build_url, furnish
from tests.contracts.test_permissions import make_caller
from tests.personas import ClientOf

# What changes no rule of the organization's, and why it is no setting.
NO_SETTINGS = {
    "imports.edit": "leads that were brought in, each in the import's own ledger, undone as a whole",
    "spend.edit": "money that was spent, a fact of its day; kept with who entered it",
}
ABSENCES = {"team_absence", "member_absence", "api_member_absence"}
SETTINGS = [
    (place, method)
    for place in list_places()
    for method, permission in place.asks.items()
    if method != "GET" and place.kind in {Kind.PAGE, Kind.API}
    if place.name in ABSENCES or (permission.endswith(".edit") and permission not in NO_SETTINGS)
]


def count_rows(member: Membership) -> int:
    """Return how many changes the organization's log tells of."""
    with scope(member.organization_id):
        return AuditEntry.objects.count()


def change(client: Client, method: str, url: str, place: Place, body: Body) -> Any:
    """Send the body as a browser or as a program does; what asks first is confirmed."""
    if place.kind == Kind.API:
        return client.generic(method, url, data=json.dumps(body), content_type="application/json")
    return client.post(url, {**body, "confirmed": "1"})


def list_silent(place: Place, method: str, client: Client, here: Furniture) -> list[str]:
    """Return the bodies that were answered without an audit row."""
    url = build_url(place, here)
    with scope(here.member.organization_id):
        bodies = list_bodies(place.name, method, here)
    silent = []
    for body in bodies:
        with transaction.atomic():
            before = count_rows(here.member)
            answer = change(client, method, url, place, body)
            if count_rows(here.member) == before:
                silent.append(f"{place.name} {body}: {answer.status_code}")
            transaction.set_rollback(True)
    return silent


@pytest.mark.parametrize(("place", "method"), SETTINGS, ids=[f"{method} {place.name}" for place, method in SETTINGS])
def test_a_change_of_a_setting_writes_an_audit_row(
    ada: Membership, ria: Membership, client_of: ClientOf, place: Place, method: str
) -> None:
    here = furnish(ada)
    client = make_caller(ada, list(SCOPES)) if place.kind == Kind.API else client_of(ada)
    assert place.name in BODIES, f"{place.name} changes a setting: add a body for it to tests/contracts/changes.py"
    assert list_silent(place, method, client, here) == []
