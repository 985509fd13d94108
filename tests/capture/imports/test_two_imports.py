"""Two imports of one organization take turns; neither keeps a worker waiting that others need."""

from datetime import datetime, timedelta

import pytest

from capture.imports.models import Import
from capture.imports.running import start_import
from leadhub.accounts.models import Membership
from leadhub.leads.bulk.known import _lock_chunks
from leadhub.tenancy.scope import scope
from leadhub.work.models import JobFailure, Lane
from leadhub.work.runner import drain
from tests.capture.imports.files import check, make_csv
from tests.personas import NOW
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def begin(actor: Membership) -> None:
    with scope(actor.organization_id):
        stored = check(make_csv(("email",), ("pat@client.example",)), actor=actor)
        start_import(upload_id=stored.pk, actor=actor, now=NOW)


def work_bulk(at: datetime) -> None:
    drain(lane=Lane.BULK, clock=lambda: at, until=at + timedelta(minutes=1))


def find_state(actor: Membership) -> str:
    with scope(actor.organization_id):
        return Import.objects.get().state


def test_a_chunk_beside_another_imports_leaves_its_worker_to_other_organizations(
    ada: Membership, eve: Membership
) -> None:
    for actor in (ada, eve):
        begin(actor)
    with scope(ada.organization_id):
        _lock_chunks()  # another worker is at a chunk of another import
        in_threads(lambda: work_bulk(NOW), 1)
    assert (find_state(ada), find_state(eve)) == ("running", "done")
    work_bulk(NOW + timedelta(seconds=1))
    assert find_state(ada) == "done"
    with scope(ada.organization_id):
        assert not JobFailure.objects.exists()
