"""A manager moves leads, many at once, and can take it back."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.live.models import Alert
from routing.answers import accept
from routing.models import Assignment, Pool
from routing.reassignment import NotAnOwner, NothingToUndo, reassign, reassign_many, undo_reassignment
from tests.routing.conftest import Arrive


@pytest.fixture
def leads(arrive: Arrive, sales: Pool, ria: Membership, now: datetime) -> list[Lead]:
    """Four leads, two of Ria's, one of them accepted, and two of Raj's."""
    walks = [arrive(email=f"p{number}@x.example") for number in range(4)]
    found = [walk.lead for walk in walks if walk.lead is not None]
    accept(lead=found[0], actor=ria, now=now)
    return found


def owners(leads: list[Lead]) -> list[tuple[str, str]]:
    rows = Assignment.objects.filter(lead__in=leads, ended_at=None).select_related("member")
    state = {row.lead_id: (row.member.name, row.state) for row in rows}
    return [state[lead.pk] for lead in leads]


def test_reassigning_asks_the_new_owner(leads: list[Lead], raj: Membership, mia: Membership, now: datetime) -> None:
    moved = reassign(lead=leads[0], member=raj, actor=mia, now=now, note="Raj knows them")
    assert (moved.member, moved.state, moved.note) == (raj, "offered", "Raj knows them")
    assert reassign(lead=leads[0], member=raj, actor=mia, now=now) == moved
    leads[0].refresh_from_db()
    assert leads[0].owner == raj


def test_taking_a_lead_accepts_it(leads: list[Lead], mia: Membership, now: datetime) -> None:
    assert reassign(lead=leads[0], member=mia, actor=mia, now=now).state == "accepted"


def test_former_colleagues_get_nothing(leads: list[Lead], raj: Membership, mia: Membership, now: datetime) -> None:
    raj.is_active = False
    with pytest.raises(NotAnOwner):
        reassign(lead=leads[0], member=raj, actor=mia, now=now)


def test_a_bulk_reassignment_tells_once_and_can_be_undone(
    leads: list[Lead], raj: Membership, mia: Membership, now: datetime
) -> None:
    before = owners(leads)
    moved = reassign_many(lead_ids=[lead.pk for lead in leads], member=raj, actor=mia, now=now)
    assert moved.count == 2
    assert owners(leads) == [("Raj", "offered")] * 4
    assert Alert.objects.get(kind="reassigned").text == "Mia gave you 2 leads"
    later = now + timedelta(minutes=1)
    assert undo_reassignment(batch_id=moved.batch_id, actor=mia, now=later) == 2
    assert owners(leads) == before
    with pytest.raises(NothingToUndo):
        undo_reassignment(batch_id=moved.batch_id, actor=mia, now=later)


def test_more_leads_take_hardly_more_statements(
    leads: list[Lead], raj: Membership, mia: Membership, now: datetime
) -> None:
    with CaptureQueriesContext(connection) as few:
        reassign_many(lead_ids=[leads[0].pk], member=mia, actor=raj, now=now)
    with CaptureQueriesContext(connection) as many:
        reassign_many(lead_ids=[lead.pk for lead in leads[1:]], member=mia, actor=raj, now=now)
    assert len(many) - len(few) <= 2 * 2  # the walk of each further lead that a member moved


def test_what_was_answered_since_is_not_undone(
    leads: list[Lead], raj: Membership, mia: Membership, now: datetime
) -> None:
    moved = reassign_many(lead_ids=[lead.pk for lead in leads], member=raj, actor=mia, now=now)
    accept(lead=leads[0], actor=raj, now=now)
    undo_reassignment(batch_id=moved.batch_id, actor=mia, now=now + timedelta(minutes=1))
    assert owners(leads)[0] == ("Raj", "accepted")
