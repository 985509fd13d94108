"""Undoing a bulk reassignment while somebody else gives one of its leads away."""

import threading
from datetime import timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from routing.reassignment import NothingToUndo, reassign, reassign_many, undo_reassignment
from tests.leads.arrivals import arrive
from tests.personas import NOW
from tests.threads import in_threads, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_a_lead_that_moves_on_meanwhile_stays_where_it_is(
    mia: Membership, ria: Membership, raj: Membership, ada: Membership
) -> None:
    with scope(mia.organization_id):
        lead = arrive("zoe@lead.example").lead
        reassign(lead=lead, member=ria, actor=mia, now=NOW)
        moved = reassign_many(lead_ids=[lead.pk], member=raj, actor=mia, now=NOW + timedelta(minutes=1))

    def undo() -> None:
        with scope(mia.organization_id), pytest.raises(NothingToUndo):
            undo_reassignment(batch_id=moved.batch_id, actor=mia, now=NOW + timedelta(minutes=3))

    worker = threading.Thread(target=in_threads, args=(undo, 1))
    with scope(mia.organization_id):
        lock_lead(lead)
        worker.start()
        wait_until_blocked()
        reassign(lead=lead, member=ada, actor=ada, now=NOW + timedelta(minutes=2))
    worker.join()
    with scope(mia.organization_id):
        assert Lead.objects.get().owner == ada
