"""Send one delivery: claim → commit → call, outside any transaction → record. The job "delivery.send" runs it."""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet

from leadhub.delivery.channels.envelope import Channel, Envelope
from leadhub.delivery.channels.failures import InDoubt, PermanentFailure, TransientFailure
from leadhub.delivery.channels.mail import MailChannel
from leadhub.delivery.locking import lock_delivery
from leadhub.delivery.models import LEAVES_WITHIN, Delivery
from leadhub.delivery.outbox import ask_for_sender, is_blocked
from leadhub.delivery.purposes import rule_on, tell_sent, tell_unsent
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.claims import StaleToken, complete_job
from leadhub.work.registry import ClaimedJob, Clock
from leadhub.work.runner import BACKOFF_SECONDS, MAX_ATTEMPTS, job_scope

CHANNELS: dict[str, Channel] = {"mail": MailChannel()}


def send_delivery(*, job: ClaimedJob, clock: Clock) -> None:
    """Send the delivery at most once where the channel cannot tell a repetition.

    Raises `TransientFailure` when it is to be tried again.
    """
    leave_by = time.monotonic() + LEAVES_WITHIN.total_seconds()
    with job_scope(job.organization_id):
        envelope = _claim(job=job, now=clock(), leave_by=leave_by)
    if envelope is not None:
        _call(job=job, envelope=envelope, clock=clock)


def _claim(*, job: ClaimedJob, now: datetime, leave_by: float) -> Envelope | None:
    """Mark the delivery as being sent; None where nothing is to be sent, and then the job is done."""
    delivery = lock_delivery(job.target_id)
    if delivery is None or not _is_sendable(delivery, now=now) or not _is_allowed(delivery, now=now):
        complete_job(job=job, now=now)
        return None
    delivery.state = Delivery.State.SENDING
    delivery.token, delivery.claimed_at = job.token, now
    delivery.attempts += 1
    delivery.save(update_fields=["state", "token", "claimed_at", "attempts"])
    return Envelope(
        id=delivery.id,
        organization_id=get_organization_id(),
        channel=delivery.channel,
        purpose=delivery.purpose,
        recipient=delivery.recipient,
        content=delivery.content,
        leave_by=leave_by,
    )


def _is_sendable(delivery: Delivery, *, now: datetime) -> bool:
    """Say whether to call; settle what a crash left behind and what was suppressed since."""
    if delivery.state == Delivery.State.SENDING and not CHANNELS[delivery.channel].is_idempotent:
        delivery.state = Delivery.State.IN_DOUBT
        delivery.error = "The sender stopped between the call and its record."
    elif delivery.state not in {Delivery.State.PENDING, Delivery.State.SENDING}:
        return False
    elif is_blocked(purpose=delivery.purpose, recipient=delivery.recipient):
        _withdraw(delivery, reason="The address came onto the suppression list before it left.", now=now)
        return False
    else:
        return True
    delivery.save(update_fields=["state", "error"])
    return False


def _withdraw(delivery: Delivery, *, reason: str, now: datetime) -> None:
    """Settle a delivery that never leaves."""
    delivery.state, delivery.error = Delivery.State.SUPPRESSED, reason
    delivery.save(update_fields=["state", "error"])
    tell_unsent(delivery=delivery, now=now)


def _is_allowed(delivery: Delivery, *, now: datetime) -> bool:
    """Ask the purpose whether to call now; one put off is due again then, one withdrawn never leaves."""
    ruling = rule_on(delivery, now)
    if ruling.later:
        ask_for_sender(delivery=delivery, now=now, due_at=ruling.later)
    elif ruling.withdrawn:
        _withdraw(delivery, reason=ruling.withdrawn, now=now)
    return not ruling.later and not ruling.withdrawn


def _call(*, job: ClaimedJob, envelope: Envelope, clock: Clock) -> None:
    record = partial(_record, job=job, purpose=envelope.purpose, clock=clock)
    try:
        provider_id = CHANNELS[envelope.channel].send(envelope)
    except PermanentFailure as failure:
        record(state=Delivery.State.FAILED, error=str(failure))
    except InDoubt as failure:
        record(state=Delivery.State.IN_DOUBT, error=str(failure))
    except TransientFailure as failure:
        if job.attempts >= MAX_ATTEMPTS or not _put_back(job=job, error=str(failure), now=clock()):
            record(state=Delivery.State.FAILED, error=str(failure))
            return
        raise
    else:
        record(state=Delivery.State.SENT, provider_id=provider_id)


def _record(
    *,
    job: ClaimedJob,
    purpose: str,
    clock: Clock,
    state: Delivery.State,
    error: str = "",
    provider_id: str = "",
) -> None:
    """Write the outcome down and delete the job; a claim that is no longer ours changes nothing.

    A sender whose lease ran out during the call still knows what came of it: better than the doubt that another has
    noted meanwhile, and nothing that a stale job could take back.
    """
    now = clock()
    with job_scope(job.organization_id):
        lock_delivery(job.target_id)
        sent_at = now if state == Delivery.State.SENT else None
        outcome = {"state": state, "error": error, "provider_id": provider_id, "sent_at": sent_at}
        is_ours = _held(job).update(token=None, **outcome)
        if is_ours and sent_at:
            tell_sent(purpose=purpose, delivery_id=job.target_id, now=now)
        if is_ours and state == Delivery.State.FAILED:
            tell_unsent(delivery=Delivery.objects.get(pk=job.target_id), now=now)
        with suppress(StaleToken):
            complete_job(job=job, now=now)


def _put_back(*, job: ClaimedJob, error: str, now: datetime) -> bool:
    """Have the delivery wait: it was certainly not made. False where it was tried often enough.

    A sender whose lease ran out may find the doubt that another has noted meanwhile, and the job done with that: then
    it asks for a sender anew. Whoever else has touched the delivery knows better, and nothing changes.
    """
    with job_scope(job.organization_id):
        delivery = lock_delivery(job.target_id)
        if delivery is None or delivery.token != job.token:
            return True
        if delivery.state == Delivery.State.IN_DOUBT:
            if delivery.attempts >= MAX_ATTEMPTS:
                return False
            wait = timedelta(seconds=BACKOFF_SECONDS[delivery.attempts - 1])
            ask_for_sender(delivery=delivery, now=now, due_at=now + wait)
        elif delivery.state != Delivery.State.SENDING:
            return True
        delivery.state, delivery.error = Delivery.State.PENDING, error
        delivery.save(update_fields=["state", "error"])
        return True


def _held(job: ClaimedJob) -> QuerySet[Delivery]:
    """Return the delivery as long as nobody else has called since: being sent, or in a doubt that another noted."""
    states = [Delivery.State.SENDING, Delivery.State.IN_DOUBT]
    return Delivery.objects.filter(pk=job.target_id, token=job.token, state__in=states)
