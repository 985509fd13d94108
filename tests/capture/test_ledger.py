"""The ledger balances, tells why, and lets a member release what was held; nobody sees another's."""

from datetime import timedelta
from typing import Any

import pytest

from capture.doors import Arrival, store_submission
from capture.intake import identify_submission
from capture.ledger import NotQuarantined, Status, balance_doors, balance_period, release_submission
from capture.models import Submission
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Door, Lead
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.personas import NOW, ClientOf

GRACE = {"email": "grace@navy.example", "name": "Grace Hopper"}


def store(
    values: dict[str, Any], *, status: Status = Status.PENDING, door: Door = Door.FORM, at: Any = NOW
) -> Submission:
    """Store one submission as a door does."""
    submission_id = new_id()
    reasons = ["Too many posts came from this address."] if status == Status.QUARANTINED else []
    arrival = Arrival(door=door, form_id=None, body=b'{"raw": "<b>as it came</b>"}', values=values)
    store_submission(submission_id=submission_id, arrival=arrival, status=status, reasons=reasons, now=at)
    return Submission.objects.get(pk=submission_id)


@pytest.fixture
def five(in_scope: Organization) -> None:
    """One submission of each kind."""
    for values in (GRACE, {**GRACE, "service": "Windows"}, {"name": "Nobody"}):
        identify_submission(submission_id=store(values).id, now=NOW)
    store({"email": "spam@bot.example"}, status=Status.QUARANTINED)
    store({"email": "late@navy.example"}, door=Door.API)


@pytest.mark.usefixtures("five")
def test_received_is_the_sum_of_what_became_of_it() -> None:
    balance = balance_period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    assert balance.received == 5
    assert balance.terms == {"created": 1, "merged": 1, "rejected": 1, "quarantined": 1, "pending": 1}
    assert balance.is_balanced
    doors = balance_doors(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    assert [(row.door, row.received) for row in doors] == [("api", 1), ("form", 4)]
    assert balance_period(since=NOW + timedelta(days=1), until=NOW + timedelta(days=2)).received == 0


def test_released_goes_along_the_line_once(in_scope: Organization, ada: Membership) -> None:
    held = store(GRACE, status=Status.QUARANTINED)
    assert run_due(now=NOW, organization_id=in_scope.id) == 0
    release_submission(submission_id=held.id, actor=ada, now=NOW)
    with pytest.raises(NotQuarantined):
        release_submission(submission_id=held.id, actor=ada, now=NOW)
    run_due(now=NOW, organization_id=in_scope.id)
    held.refresh_from_db()
    assert (held.status, Lead.objects.count()) == ("created", 1)
    assert held.reasons == ["Too many posts came from this address."]
    assert AuditEntry.objects.get(action="submission.released").target_id == held.id


def test_the_page_shows_the_equation_and_filters(acme: Organization, max_: Membership, client_of: ClientOf) -> None:
    with scope(acme.id):
        store(GRACE, at=utc_now())
        store({"email": "spam@bot.example"}, status=Status.QUARANTINED, at=utc_now())
    client = client_of(max_)
    page = client.get("/intake/").content.decode()
    assert "grace@navy.example" in page
    assert "Too many posts came from this address." in page
    assert "held until somebody looks" in page
    page = client.get("/intake/?days=7&status=quarantined").content.decode()
    assert "grace@navy.example" not in page
    assert "spam@bot.example" in page
    assert "Nothing matches" in client.get("/intake/?door=call").content.decode()
    assert client.get("/intake/?from=x&to=y&page=z&door=y").status_code == 200


def test_a_submission_shows_its_bytes_and_is_released(
    acme: Organization, max_: Membership, client_of: ClientOf
) -> None:
    with scope(acme.id):
        held = store(GRACE, status=Status.QUARANTINED)
    client = client_of(max_)
    page = client.get(f"/intake/{held.id}/").content.decode()
    assert "&lt;b&gt;as it came&lt;/b&gt;" in page
    assert client.post(f"/intake/{held.id}/release/").headers["Location"] == f"/intake/{held.id}/"
    with scope(acme.id):
        assert Submission.objects.get(pk=held.id).status == "pending"
    assert client.post(f"/intake/{held.id}/release/", follow=True).status_code == 200


def test_reps_and_strangers_see_nothing(
    acme: Organization, ria: Membership, eve: Membership, client_of: ClientOf
) -> None:
    with scope(acme.id):
        held = store(GRACE, status=Status.QUARANTINED)
    assert client_of(ria).get("/intake/").status_code == 403
    stranger = client_of(eve)
    assert "grace@navy.example" not in stranger.get("/intake/").content.decode()
    assert stranger.get(f"/intake/{held.id}/").status_code == 404
    assert stranger.post(f"/intake/{held.id}/release/").status_code == 404


def test_the_list_costs_the_same_however_long(
    acme: Organization, max_: Membership, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of(max_)
    with scope(acme.id):
        for number in range(12):
            walked = store({"email": f"p{number}@navy.example"}, at=utc_now())
            identify_submission(submission_id=walked.id, now=NOW)
    with django_assert_num_queries(14, exact=False):
        client.get("/intake/")
