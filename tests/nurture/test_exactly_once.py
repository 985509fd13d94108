"""Workers die, and two claim at once: each step is done once, each mail leaves once, what is in doubt stays unsent."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import transaction

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind, Task
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.claims import Turn, claim_jobs
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob
from leadhub.work.runner import run_due, run_jobs
from nurture.enrolling import enroll_lead
from nurture.models import Enrollment, EnrollmentMove, Message
from nurture.progress import run_step
from tests.nurture.programmes import CALL, HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW
from tests.threads import in_threads

FOUR_DAYS = NOW + timedelta(days=4)


class Killed(BaseException):
    """The worker's process ends here."""


def die_at(job: ClaimedJob) -> None:
    """Do the job up to its commit."""
    with transaction.atomic():
        run_step(job=job, now=NOW)
        assert Delivery.objects.filter(purpose="nurture").exists()
        raise Killed


def test_a_worker_that_dies_before_its_commit_has_done_nothing(in_scope: Organization, ada: Membership) -> None:
    set_rules()
    enrollment = enroll_lead(sequence=make_sequence(HELLO), lead=make_new_lead(ada), actor=ada, now=NOW)
    [job] = [job for job in claim_jobs(lane=Lane.MAIL, turn=Turn(), now=NOW) if job.kind == "nurture.step"]
    with pytest.raises(Killed):
        die_at(job)
    assert not Delivery.objects.filter(purpose="nurture").exists()
    run_due(now=job.lease_until + timedelta(seconds=1))  # the lease runs out, another worker claims it
    enrollment.refresh_from_db()
    assert (enrollment.state, len(mail.outbox)) == (Enrollment.State.FINISHED, 1)


def test_a_mail_in_doubt_is_not_sent_again_and_the_sequence_goes_on(in_scope: Organization, ada: Membership) -> None:
    set_rules()
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS, CALL), make_new_lead(ada), actor=ada)
    delivery = Delivery.objects.get(purpose="nurture")
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENDING, sent_at=None)  # died in the call
    enqueue(kind="delivery.send", target_id=delivery.pk, dedupe_key=str(delivery.pk), due_at=NOW, now=NOW)
    run_due(now=FOUR_DAYS)
    delivery.refresh_from_db()
    enrollment.refresh_from_db()
    assert (delivery.state, len(mail.outbox)) == (Delivery.State.IN_DOUBT, 1)
    assert (enrollment.state, Task.objects.count()) == (Enrollment.State.FINISHED, 1)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_many_workers_at_once_do_each_step_once(ada: Membership, acme: Organization) -> None:
    with scope(acme.id):
        set_rules()
        sequence = make_sequence(HELLO, THREE_DAYS, CALL)
        for number in range(6):
            lead = make_new_lead(ada, name=f"Lead Nr{number}")
            enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)
    for now in (NOW, FOUR_DAYS):
        in_threads(partial(work, now), 3)
    with scope(acme.id):
        assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.FINISHED}
        assert (Message.objects.count(), len(mail.outbox), Task.objects.count()) == (6, 6, 6)
        assert Delivery.objects.filter(purpose="nurture", state=Delivery.State.SENT).count() == 6
        assert EnrollmentMove.objects.count() == 6 * 5
        assert Event.objects.filter(kind=EventKind.MAIL_SENT).count() == 6
        assert not Job.objects.filter(lane=Lane.MAIL).exists()


def work(now: datetime) -> None:
    """Claim and do the mail lane's jobs until none is left."""
    turn = Turn()
    while jobs := claim_jobs(lane=Lane.MAIL, turn=turn, now=now):
        run_jobs(jobs=jobs, clock=lambda: now)
