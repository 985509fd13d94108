"""Two imports of one organization take turns; neither keeps a worker waiting that others need."""

from datetime import datetime, timedelta

import pytest

from capture.imports import uploading
from capture.imports.models import Import
from capture.imports.running import start_import
from leadhub.accounts.models import Membership
from leadhub.leads.bulk.known import _lock_chunks
from leadhub.leads.models import Person
from leadhub.tenancy.scope import scope
from leadhub.work.models import JobFailure, Lane
from leadhub.work.runner import drain
from tests.capture.imports.files import check, make_csv
from tests.personas import NOW
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def begin(actor: Membership, *names: str, now: datetime = NOW) -> None:
    with scope(actor.organization_id):
        rows = [(f"{name}@client.example",) for name in names or ("pat",)]
        stored = check(make_csv(("email",), *rows), actor=actor, now=now)
        start_import(upload_id=stored.pk, actor=actor, now=now)


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


def test_a_chunk_that_was_put_off_has_its_turn_before_the_other_imports_next(
    ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "ROWS_OF_A_CHUNK", 1)
    begin(ada, "put", "off")
    with scope(ada.organization_id):
        _lock_chunks()  # another worker is at the other import's chunk
        in_threads(lambda: work_bulk(NOW), 1)
    moment = timedelta(milliseconds=100)
    begin(ada, "one", "two", "three", now=NOW + moment)
    work_bulk(NOW + 2 * moment)
    with scope(ada.organization_id):
        addresses = Person.objects.order_by("pk").values_list("email_norm", flat=True)
        assert [address.partition("@")[0] for address in addresses] == ["one", "put", "two", "off", "three"]
