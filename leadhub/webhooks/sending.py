"""Tell one endpoint of one event: claim → commit → call → record. The job "webhook.send" runs it, in a lane of its own.

The receiver knows a repetition by `webhook-id`, so nothing is ever in doubt: what a crash left behind is sent again.
The retries are the spec's, not the runner's. An endpoint that is down rests, and with it all that waits for it: a slow
server costs one call each few minutes, however much waits. Lock order: lead → endpoint → delivery → pool → job.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_sender
from leadhub.lib.sealing import NotOpened, open_sealed
from leadhub.tenancy.scope import get_organization_id
from leadhub.webhooks.announcing import may_leave
from leadhub.webhooks.calling import Call, Outcome, make_call, write_body
from leadhub.webhooks.event_types import TEST_TYPE
from leadhub.webhooks.health import note_outcome, switch_off, tell_of_failure
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.work.claims import StaleToken, complete_job
from leadhub.work.registry import ClaimedJob, Clock
from leadhub.work.runner import job_scope

KIND = "webhook.send"
State = Delivery.State
# Seconds until the next try, by tries made (Standard Webhooks, "Deliverability and reliability"): three days in all.
RETRY_SECONDS = (5, 300, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)


def send_announcement(*, job: ClaimedJob, clock: Clock) -> None:
    """Call the endpoint where it is to be called, and write down what came of it."""
    with job_scope(job.organization_id):
        call = _claim(job=job, now=clock())
    if call is not None:
        outcome = make_call(call, now=clock())
        with job_scope(job.organization_id):
            _record(job=job, outcome=outcome, now=clock())


def lock_announcement(delivery_id: UUID) -> Announcement | None:
    """Lock the endpoint and then the delivery until the transaction ends; None where they are gone."""
    rows = Announcement.objects.filter(pk=delivery_id)
    endpoint_id = rows.values_list("endpoint", flat=True).first()
    if endpoint_id is None or lock_endpoint(endpoint_id).first() is None:
        return None
    if Delivery.objects.select_for_update(no_key=True).filter(pk=delivery_id).first() is None:
        return None
    found: Announcement | None = rows.select_related("endpoint", "delivery").first()
    return found


def lock_endpoint(endpoint_id: UUID) -> "QuerySet[Endpoint]":
    """Return the endpoint's row, to be locked as it is read; what refers to it can be written meanwhile."""
    return Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id)


def _claim(*, job: ClaimedJob, now: datetime) -> Call | None:
    """Mark the delivery as being sent; None where it waits or was settled, and then the job is done."""
    one = lock_announcement(job.target_id)
    if one is None or one.delivery.state not in {State.PENDING, State.SENDING} or not _may_leave(one, now=now):
        complete_job(job=job, now=now)
        return None
    secrets = _open_secrets(one.endpoint, now=now)
    if not secrets:
        switch_off(one.endpoint, reason="Its secret cannot be opened: replace it, then resume.", now=now)
        _put_back(one, due_at=None, now=now)
        complete_job(job=job, now=now)
        return None
    delivery = one.delivery
    delivery.state, delivery.token, delivery.claimed_at = State.SENDING, job.token, now
    delivery.recipient = one.endpoint.url
    delivery.attempts += 1
    delivery.save(update_fields=["state", "token", "claimed_at", "recipient", "attempts"])
    return Call(
        id=delivery.pk,
        organization_id=get_organization_id(),
        url=one.endpoint.url,
        secrets=secrets,
        body=write_body(delivery.content),
    )


def _may_leave(one: Announcement, *, now: datetime) -> bool:
    """Say whether to call now; what an endpoint that is not called should be told waits without a job."""
    rests_until = one.endpoint.rests_until
    if not may_leave(one.endpoint, one.delivery):
        _put_back(one, due_at=None, now=now)
    elif one.event_type != TEST_TYPE and one.endpoint.is_active and rests_until and rests_until > now:
        _put_back(one, due_at=rests_until, now=now)
    else:
        return True
    return False


def _put_back(one: Announcement, *, due_at: datetime | None, now: datetime) -> None:
    one.delivery.state, one.next_try_at = State.PENDING, due_at
    one.delivery.save(update_fields=["state"])
    one.save(update_fields=["next_try_at"])
    if due_at:
        ask_for_sender(delivery=one.delivery, now=now, due_at=due_at)


def _open_secrets(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """Return what signs: the secret, and those it replaced for as long as receivers may still have them.

    Nothing where the secret itself cannot be opened; a former one that cannot is left out.
    """
    opened = [_open(each) for each in (endpoint.secret, *endpoint.list_former(now))]
    return [each for each in opened if each] if opened[0] else []


def _open(sealed: str) -> str:
    try:
        return open_sealed(sealed)
    except NotOpened:
        return ""


def _record(*, job: ClaimedJob, outcome: Outcome, now: datetime) -> None:
    """Write the outcome down; a claim that is no longer ours changes nothing: its successor called as well."""
    one = lock_announcement(job.target_id)
    if one is not None and one.delivery.state == State.SENDING and one.delivery.token == job.token:
        one.status, one.answer = outcome.status, outcome.answer
        if _is_current(one):
            note_outcome(one.endpoint, outcome, now=now)
        _settle(one, outcome=outcome, now=now)
    with suppress(StaleToken):
        complete_job(job=job, now=now)


def _is_current(one: Announcement) -> bool:
    """Say whether the answer is that of the endpoint as it stands: not of a former URL, nor from before a pause."""
    claimed_at = one.delivery.claimed_at
    return one.delivery.recipient == one.endpoint.url and claimed_at is not None and claimed_at >= one.endpoint.state_at


def _settle(one: Announcement, *, outcome: Outcome, now: datetime) -> None:
    """Settle the delivery, or have it wait: for its next try, or for its endpoint to be called again."""
    delivery = one.delivery
    delivery.error, delivery.token, one.next_try_at = outcome.error, None, None
    if not outcome.error:
        delivery.state, delivery.sent_at = State.SENT, now
    elif one.event_type == TEST_TYPE or (one.endpoint.is_active and delivery.attempts > len(RETRY_SECONDS)):
        delivery.state = State.FAILED
        if one.event_type != TEST_TYPE:
            tell_of_failure(one.endpoint, event_type=one.event_type, error=outcome.error, now=now)
    elif not one.endpoint.is_active:
        delivery.state = State.PENDING
    else:
        delivery.state = State.PENDING
        wait = timedelta(seconds=RETRY_SECONDS[delivery.attempts - 1])
        one.next_try_at = max(now + wait, one.endpoint.rests_until or now)
        ask_for_sender(delivery=delivery, now=now, due_at=one.next_try_at)
    delivery.save(update_fields=["state", "error", "token", "sent_at"])
    one.save(update_fields=["status", "answer", "next_try_at"])
