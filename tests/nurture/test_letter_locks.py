"""A mail that fails for good tells its lead, and one that comes back is told by it: neither waits for the other."""

import threading

import pytest

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.locking import lock_leads, lock_people
from leadhub.leads.models import Event, EventKind
from leadhub.tenancy.scope import scope
from leadhub.work.models import JobFailure, Lane
from leadhub.work.runner import drain
from nurture.personal import Letter, send_letter
from tests.desk.leads import make_lead
from tests.personas import NOW
from tests.threads import in_threads, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_a_mail_that_fails_beside_one_that_comes_back(ria: Membership) -> None:
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=NOW)
        letter = send_letter(lead=lead, letter=Letter(subject="Hello", text="You"), actor=ria, now=NOW, key="one")
        Delivery.objects.filter(pk=letter.pk).update(content={"subject": "of which no mail can be built"})

    def send() -> None:
        drain(lane=Lane.MAIL, clock=lambda: NOW, until=NOW)

    worker = threading.Thread(target=in_threads, args=(send, 1))
    with scope(ria.organization_id):
        lock_people([lead.person_id])
        lock_leads([lead.pk])
        worker.start()
        wait_until_blocked()
        Delivery.objects.filter(pk=letter.pk).update(error="Came back")  # as `note_bounce` does
    worker.join()

    with scope(ria.organization_id):
        assert not JobFailure.objects.exists()
        assert Delivery.objects.get(pk=letter.pk).state == Delivery.State.FAILED
        assert Event.objects.filter(kind=EventKind.OUTCOME_UNDONE).count() == 1
