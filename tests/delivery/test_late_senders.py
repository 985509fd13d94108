"""A sender whose lease ran out during the call, and to whom the server says: later. The mail did not leave."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.delivery.channels.envelope import Envelope
from leadhub.delivery.channels.failures import TransientFailure
from leadhub.delivery.channels.mail import MailChannel
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.delivery.settling import StillAtIt, mark_sent, send_again
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.claims import PORTIONS, Turn, claim_jobs
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob
from leadhub.work.runner import MAX_ATTEMPTS, run_due, run_job
from tests.delivery.conftest import MailServer
from tests.personas import NOW, ClientOf
from tests.threads import in_threads, wait_until_blocked

pytestmark = pytest.mark.django_db
State = Delivery.State
LATE = NOW + PORTIONS[Lane.MAIL].lease


def put(attempts: int = 0) -> Delivery:
    content = {"subject": "We have it", "text": "Ria will call."}
    delivery = deliver(
        channel="mail", purpose="test", dedupe_key="one", recipient="pat@customer.example", content=content, now=NOW
    )
    Delivery.objects.update(attempts=attempts)
    return delivery


def read() -> tuple[str, str, int]:
    delivery = Delivery.objects.get()
    return delivery.state, delivery.error, delivery.attempts


def send_late(
    mail_server: MailServer,
    *,
    meanwhile: Callable[[], object],
    job: ClaimedJob | None = None,
    answer: bytes = b"452 full",
) -> None:
    """Send the mail; once the server has it, something happens elsewhere before the answer is recorded."""
    mail_server.answers["BODY"] = answer
    [claimed] = [job] if job else claim_jobs(lane=Lane.MAIL, turn=Turn(), now=NOW)
    waiting = [meanwhile]

    def read_clock() -> datetime:
        if mail_server.received and waiting:
            waiting.pop()()
        return LATE

    run_job(job=claimed, clock=read_clock)


@pytest.mark.usefixtures("in_scope")
def test_the_doubt_that_another_noted_is_taken_away_and_the_mail_leaves_once(mail_server: MailServer) -> None:
    put()
    send_late(mail_server, meanwhile=lambda: run_due(now=LATE))
    assert read() == (State.PENDING, "452 full", 1)
    due_at = Job.objects.get().due_at
    assert due_at > LATE
    mail_server.answers.clear()
    run_due(now=LATE)
    assert len(mail_server.received) == 1
    run_due(now=due_at)
    run_due(now=due_at)
    assert (read(), len(mail_server.received)) == ((State.SENT, "", 2), 2)
    assert not Job.objects.exists()


@pytest.mark.usefixtures("in_scope")
def test_it_fails_for_good_after_as_many_attempts_as_any_other(mail_server: MailServer) -> None:
    put(attempts=MAX_ATTEMPTS - 1)
    send_late(mail_server, meanwhile=lambda: run_due(now=LATE))
    assert read() == (State.FAILED, "452 full", MAX_ATTEMPTS)
    assert not Job.objects.exists()


@pytest.mark.usefixtures("in_scope")
@pytest.mark.parametrize("settle", [mark_sent, send_again])
def test_what_an_admin_has_settled_meanwhile_stays(
    settle: Callable[..., Delivery], mail_server: MailServer, ada: Membership
) -> None:
    delivery, left = put(), list[object]()

    def meanwhile() -> None:
        run_due(now=LATE)
        settle(delivery_id=delivery.pk, actor=ada, now=LATE + timedelta(minutes=3))
        left.extend([*Delivery.objects.values(), *Job.objects.values()])

    send_late(mail_server, meanwhile=meanwhile)
    assert left == [*Delivery.objects.values(), *Job.objects.values()]


@pytest.mark.usefixtures("in_scope")
def test_nobody_sends_again_while_the_sender_may_still_be_at_it(mail_server: MailServer, ada: Membership) -> None:
    delivery = put()

    def meanwhile() -> None:
        run_due(now=LATE)
        with pytest.raises(StillAtIt):
            send_again(delivery_id=delivery.pk, actor=ada, now=LATE + timedelta(minutes=2, seconds=59))

    send_late(mail_server, meanwhile=meanwhile, answer=b"250 queued")
    assert (read()[0], len(mail_server.received)) == (State.SENT, 1)


@pytest.mark.usefixtures("in_scope")
def test_a_doubt_that_the_sender_itself_has_told_of_is_settled_at_once(
    mail_server: MailServer, ada: Membership, client_of: ClientOf
) -> None:
    delivery = put()
    mail_server.answers["BODY"] = None
    run_due(now=NOW)
    page = client_of(ada).get(reverse("delivery_list"))
    assert "Send again" in page.content.decode()
    assert read()[0] == State.IN_DOUBT
    mail_server.answers.clear()
    send_again(delivery_id=delivery.pk, actor=ada, now=NOW)
    run_due(now=NOW)
    assert read()[0] == State.SENT


@pytest.mark.usefixtures("in_scope")
def test_the_page_says_from_when_it_can_be_sent_again(ada: Membership, client_of: ClientOf) -> None:
    put()
    claimed = {"claimed_at": utc_now() - timedelta(minutes=1), "token": new_id()}
    Delivery.objects.update(state=State.IN_DOUBT, **claimed)
    page = client_of(ada).get(reverse("delivery_list")).content.decode()
    assert "Its sender may still be at it: send again from" in page
    assert "Mark as sent" in page
    assert "Send again</button>" not in page


def test_a_mail_whose_claim_is_too_old_is_not_handed_over(mail_server: MailServer) -> None:
    content = {"subject": "We have it", "text": "Ria will call."}
    envelope = Envelope(
        id=new_id(),
        organization_id=new_id(),
        channel="mail",
        purpose="test",
        recipient="pat@customer.example",
        content=content,
        leave_by=time.monotonic() - 1,
    )
    with pytest.raises(TransientFailure, match="took too long"):
        MailChannel().send(envelope)
    assert not b"".join(mail_server.received)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_it_waits_for_whoever_is_noting_the_doubt(mail_server: MailServer, acme: Organization) -> None:
    with scope(acme.id):
        put()
        [job] = claim_jobs(lane=Lane.MAIL, turn=Turn(), now=NOW)
    has_called, is_noting = threading.Event(), threading.Event()

    def meet() -> None:
        has_called.set()
        assert is_noting.wait(20)

    late = threading.Thread(target=in_threads, args=(lambda: send_late(mail_server, meanwhile=meet, job=job), 1))
    late.start()
    assert has_called.wait(20)
    with scope(acme.id):
        run_due(now=LATE)
        assert read()[0] == State.IN_DOUBT
        is_noting.set()
        wait_until_blocked()
    late.join()

    with scope(acme.id):
        assert read() == (State.PENDING, "452 full", 1)
        assert Job.objects.get(kind="delivery.send").token is None
