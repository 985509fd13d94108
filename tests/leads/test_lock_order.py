"""Whoever takes several leads takes them in one order, so that nobody waits for each other."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from capture.imports.models import Import
from capture.imports.running import start_import
from capture.imports.undoing import undo_import
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.leads.locking import lock_leads
from leadhub.leads.models import Company, Lead
from leadhub.tenancy.scope import scope
from leadhub.work.models import JobFailure, Lane
from leadhub.work.runner import drain
from tests.capture.imports.files import check, make_csv
from tests.leads.arrivals import arrive
from tests.personas import NOW
from tests.threads import in_threads, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LATER = NOW + timedelta(days=2)
COLUMNS = ("email", "message")


def work_bulk() -> None:
    drain(lane=Lane.BULK, clock=lambda: LATER, until=LATER + timedelta(hours=1))


def start_files(*files: list[str], actor: Membership) -> None:
    """Have files of these addresses checked and their imports due."""
    with scope(actor.organization_id):
        rows = [[(address, "Hi") for address in file] for file in files]
        checked = [check(make_csv(COLUMNS, *each), actor=actor, now=LATER, duplicates="overwrite") for each in rows]
        for stored in checked:
            start_import(upload_id=stored.pk, actor=actor, now=LATER)


def run_beside(ada: Membership, *, held: Lead, wanted: Lead, work: Callable[[], None]) -> None:
    """Hold one lead while the work begins, and take the other, as `lock_leads` of both would."""
    worker = threading.Thread(target=in_threads, args=(work, 1))
    with scope(ada.organization_id):
        lock_leads([held.pk])
        worker.start()
        wait_until_blocked()
        lock_leads([wanted.pk])
    worker.join()


@pytest.fixture
def leads(ada: Membership) -> tuple[Lead, Lead, Lead]:
    """Xaver's first lead, Yves's only one and Xaver's second one, made in this order."""
    with scope(ada.organization_id):
        first, only = arrive("xaver@client.example").lead, arrive("yves@client.example").lead
        Lead.objects.filter(pk=first.pk).update(stage="recycled", disposition="cold")
        second = arrive("xaver@client.example", at=NOW + timedelta(days=1)).lead
    assert first.pk < only.pk < second.pk
    return first, only, second


def test_an_import_beside_many_leads_at_once(ada: Membership, leads: tuple[Lead, Lead, Lead]) -> None:
    _first, only, second = leads
    start_files(["yves@client.example", "xaver@client.example"], actor=ada)
    run_beside(ada, held=only, wanted=second, work=work_bulk)
    with scope(ada.organization_id):
        assert not JobFailure.objects.exists()
        assert Lead.objects.count() == 3


def test_an_arrival_beside_many_leads_at_once(ada: Membership, leads: tuple[Lead, Lead, Lead]) -> None:
    first, _only, second = leads

    def come_back() -> None:
        with scope(ada.organization_id):
            assert arrive("xaver@client.example", at=LATER, service="Roofs").lead == second

    run_beside(ada, held=first, wanted=second, work=come_back)


def test_an_undone_import_beside_a_mail_that_came_back(ada: Membership) -> None:
    start_files(["zoe@client.example"], actor=ada)
    work_bulk()
    with scope(ada.organization_id):
        upload, lead = Import.objects.get(), Lead.objects.select_related("person").get()
        ask = {"channel": "mail", "purpose": "personal", "recipient": lead.person.email, "content": {}}
        deliver(**ask, dedupe_key="one", lead=lead, now=LATER)
        undo_import(upload_id=upload.pk, actor=ada, now=LATER)
    worker = threading.Thread(target=in_threads, args=(work_bulk, 1))
    with scope(ada.organization_id):
        lock_leads([lead.pk])
        worker.start()
        wait_until_blocked()
        Delivery.objects.update(error="Came back")
    worker.join()
    with scope(ada.organization_id):
        assert not JobFailure.objects.exists()
        assert not Lead.objects.exists()
        assert Delivery.objects.get().error == "Came back"


def test_two_imports_that_name_the_same_employers(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadhub.leads.bulk.arrival.PORTION", 1)
    domains = ["alpha.example", "middle.example", "omega.example"]
    start_files([f"up@{one}" for one in domains], [f"down@{one}" for one in reversed(domains)], actor=ada)
    worker = threading.Thread(target=in_threads, args=(work_bulk, 2))
    with scope(ada.organization_id):
        Company.objects.create(domain="middle.example", created_at=NOW)
        worker.start()
        wait_until_blocked()  # one wants our employer; the other one is put off, and its worker is free
    worker.join()
    soon = LATER + timedelta(seconds=2)
    drain(lane=Lane.BULK, clock=lambda: soon, until=soon + timedelta(hours=1))
    with scope(ada.organization_id):
        assert not JobFailure.objects.exists()
        assert (Company.objects.count(), Lead.objects.count()) == (3, 6)
