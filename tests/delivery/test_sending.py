"""Sending: once, at most once in doubt, again only when it was certainly not done."""

from datetime import datetime, timedelta

import pytest

from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.delivery.purposes import Ruling
from leadhub.leads.consent import suppress
from leadhub.tenancy.models import Organization
from leadhub.work.claims import PORTIONS, Turn, claim_jobs
from leadhub.work.models import Job, JobFailure, Lane
from leadhub.work.registry import ClaimedJob
from leadhub.work.runner import MAX_ATTEMPTS, run_due, run_job, run_jobs
from tests.delivery.conftest import Author, MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
State = Delivery.State


def put(
    now: datetime, *, key: str = "ack:1", purpose: str = "acknowledgement", subject: str = "We have it"
) -> Delivery:
    content = {
        "subject": subject,
        "text": "Ria will call.\n.dot\n",
        "html": "<p>Ria will call.</p>",
        "from_name": "Acme",
    }
    return deliver(
        channel="mail", purpose=purpose, dedupe_key=key, recipient="pat@customer.example", content=content, now=now
    )


def state_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_mail_is_sent_once_and_recorded(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    assert put(now).pk == delivery.pk
    run_due(now=now)
    run_due(now=now)
    assert state_of(delivery) == State.SENT
    assert (delivery.sent_at, delivery.attempts) == (now, 1)
    assert len(mail_server.received) == 1
    assert not Job.objects.exists()


def test_message_is_whole_and_its_id_stable(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    run_due(now=now)
    text = mail_server.received[0]
    assert f"Message-ID: <{delivery.id}@".encode() in text
    assert b'From: "Acme" <no-reply@' in text or b"From: Acme <no-reply@" in text
    assert b"\r\n..dot\r\n" in text
    assert b"text/html" in text
    delivery.refresh_from_db()
    assert str(delivery.id) in delivery.provider_id


def test_connection_is_kept_between_mails(mail_server: MailServer, now: datetime) -> None:
    put(now, key="a")
    put(now, key="b")
    run_due(now=now)
    assert len(mail_server.received) == 2
    assert mail_server.connections == 1


def test_suppressed_address_gets_no_mail_but_a_member_does(mail_server: MailServer, now: datetime) -> None:
    suppress(email="Pat@customer.example", reason="unsubscribed", now=now)
    silenced, alert = put(now), put(now, key="alert", purpose="alert")
    run_due(now=now)
    assert state_of(silenced) == State.SUPPRESSED
    assert state_of(alert) == State.SENT


def test_address_suppressed_after_the_outbox_gets_no_mail(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    suppress(email="pat@customer.example", reason="unsubscribed", now=now)
    run_due(now=now)
    assert state_of(delivery) == State.SUPPRESSED
    assert "suppression list" in delivery.error
    assert mail_server.received == []


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT, State.FAILED, State.SUPPRESSED])
def test_what_is_settled_is_not_sent_whoever_asks(state: str, mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    Delivery.objects.update(state=state)
    run_due(now=now)
    assert (state_of(delivery), mail_server.received) == (state, [])
    assert not Job.objects.exists()


def test_a_mail_that_its_author_puts_off_leaves_later(mail_server: MailServer, author: Author, now: datetime) -> None:
    delivery, later = put(now, purpose="test"), now + timedelta(hours=1)
    author.ruling = Ruling(later=later)
    run_due(now=now)
    assert (state_of(delivery), Job.objects.get().due_at, author.heard) == (State.PENDING, later, [])
    author.ruling = Ruling()
    run_due(now=later)
    assert (state_of(delivery), delivery.attempts, author.heard) == (State.SENT, 1, ["sent"])


def test_a_mail_that_its_author_withdraws_never_leaves(mail_server: MailServer, author: Author, now: datetime) -> None:
    delivery = put(now, purpose="test")
    author.ruling = Ruling(withdrawn="They have left")
    run_due(now=now)
    assert (state_of(delivery), delivery.error, author.heard) == (State.SUPPRESSED, "They have left", ["unsent"])
    assert mail_server.received == []
    assert not Job.objects.exists()


@pytest.mark.parametrize(("answer", "heard"), [(b"552 big", ["unsent"]), (None, [])])
def test_its_author_hears_of_what_certainly_did_not_leave(
    answer: bytes | None, heard: list[str], mail_server: MailServer, author: Author, now: datetime
) -> None:
    mail_server.answers["BODY"] = answer
    put(now, purpose="test")
    run_due(now=now)
    assert author.heard == heard


@pytest.mark.parametrize(
    ("verb", "answer"), [("RCPT", b"550 no such user"), ("DATA", b"554 spam"), ("BODY", b"552 big")]
)
def test_refusal_for_good_is_not_tried_again(verb: str, answer: bytes, mail_server: MailServer, now: datetime) -> None:
    mail_server.answers[verb] = answer
    delivery = put(now)
    run_due(now=now)
    assert state_of(delivery) == State.FAILED
    assert delivery.error == answer.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("verb", "answer"), [("MAIL", None), ("RCPT", b"451 later"), ("DATA", None), ("BODY", b"452 full")]
)
def test_what_was_certainly_not_sent_is_tried_again(
    verb: str, answer: bytes | None, mail_server: MailServer, now: datetime
) -> None:
    mail_server.answers[verb] = answer
    delivery = put(now)
    run_due(now=now)
    assert state_of(delivery) == State.PENDING
    assert JobFailure.objects.get().error_class == "TransientFailure"
    mail_server.answers.clear()
    run_due(now=now + timedelta(seconds=1))
    assert state_of(delivery) == State.SENT
    assert delivery.attempts == 2


def test_server_that_is_away_is_tried_again_until_it_makes_no_sense(mail_server: MailServer, now: datetime) -> None:
    mail_server.answers["MAIL"] = b"421 closing"
    delivery = put(now)
    for hours in range(MAX_ATTEMPTS):
        run_due(now=now + timedelta(hours=4 * hours))
    assert state_of(delivery) == State.FAILED
    assert not Job.objects.exists()


def test_answer_lost_after_the_mail_leaves_it_in_doubt(mail_server: MailServer, now: datetime) -> None:
    mail_server.answers["BODY"] = None
    delivery = put(now)
    run_due(now=now)
    run_due(now=now + timedelta(days=1))
    assert state_of(delivery) == State.IN_DOUBT
    assert len(mail_server.received) == 1


@pytest.mark.parametrize("answer", [b"250 queued", b"554 spam"])
@pytest.mark.parametrize("is_begun", [False, True])
def test_sender_that_was_late_says_what_came_of_it(
    answer: bytes, is_begun: bool, mail_server: MailServer, now: datetime
) -> None:
    """Its lease runs out during the call, and another worker claims the job, or has found the delivery in doubt."""
    mail_server.answers["BODY"] = answer
    delivery = put(now)
    late = now + PORTIONS[Lane.MAIL].lease
    [job] = claim_jobs(lane=Lane.MAIL, turn=Turn(), now=now)
    others: list[ClaimedJob] = []

    def read_clock() -> datetime:
        if not mail_server.received:
            return now
        others.extend(claim_jobs(lane=Lane.MAIL, turn=Turn(), now=late))
        if is_begun:
            run_jobs(jobs=others, clock=lambda: late)
        return late

    run_job(job=job, clock=read_clock)
    run_jobs(jobs=others, clock=lambda: late)
    assert state_of(delivery) == (State.SENT if answer.startswith(b"250") else State.FAILED)
    assert len(mail_server.received) == 1
    assert not Job.objects.exists()


def test_sender_that_crashed_leaves_it_in_doubt(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    Delivery.objects.update(state=State.SENDING, claimed_at=now)
    run_due(now=now)
    assert state_of(delivery) == State.IN_DOUBT
    assert delivery.error == "The sender stopped between the call and its record."
    assert mail_server.received == []
    assert not Job.objects.exists()


def test_header_cannot_be_injected(mail_server: MailServer, now: datetime) -> None:
    put(now, subject="Hello\r\nBcc: everybody@example.com")
    run_due(now=now)
    assert b"\r\nBcc:" not in mail_server.received[0]


def test_no_other_end_of_a_line_can_end_the_mail(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    Delivery.objects.update(content={**delivery.content, "html": "", "text": "one\r.\rMAIL FROM:<x@y.example>\n"})
    run_due(now=now)
    assert mail_server.received[0].replace(b"\r\n", b"").count(b"\r") == 0
    assert b"\r\n..\r\nMAIL" in mail_server.received[0]


def test_content_without_a_subject_fails_for_good(mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    Delivery.objects.update(content={"text": "no subject"})
    run_due(now=now)
    assert state_of(delivery) == State.FAILED


@pytest.mark.parametrize("recipient", ["pat@@customer.example", "pat@", "a b@customer.example, c@d.example"])
def test_recipient_that_is_no_address_fails_for_good(recipient: str, mail_server: MailServer, now: datetime) -> None:
    delivery = put(now)
    Delivery.objects.update(recipient=recipient)
    run_due(now=now)
    assert state_of(delivery) == State.FAILED
    assert mail_server.received == []


def test_outbox_belongs_to_its_organization(in_scope: Organization, now: datetime) -> None:
    assert put(now).organization_id == in_scope.id
