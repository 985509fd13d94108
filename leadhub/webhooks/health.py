"""What an endpoint's answers say of it: let it rest; switch it off when it has failed for long. The sender calls this.

Needs the endpoint's row locked.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from leadhub.accounts.audit import record_change
from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Role
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_senders, deliver
from leadhub.webhooks.calling import Outcome
from leadhub.webhooks.models import Endpoint

# Seconds until a server that is down is asked again, by failures in a row; the same for all that waits for it.
_REST_SECONDS = (5, 30, 60, 120, 300)
FAILING_FOR = timedelta(days=5)
FAILED_TIMES = 20


def note_outcome(endpoint: Endpoint, outcome: Outcome, *, now: datetime) -> None:
    """Keep what the try says of the endpoint; one that failed for five days and twenty times is switched off."""
    if not outcome.error:
        end_rest(endpoint, now=now)
        endpoint.failures, endpoint.failing_since, endpoint.answered_at = 0, None, now
    else:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or now
        if outcome.is_down:
            until = now + (outcome.wait or _choose_rest(endpoint.failures))
            endpoint.rests_until = max(until, endpoint.rests_until or until)
    endpoint.save(update_fields=["failures", "failing_since", "rests_until", "answered_at"])
    if not endpoint.is_active:
        return
    if outcome.is_gone:
        switch_off(endpoint, reason="It answered 410 Gone: it wants no more calls.", now=now)
    elif endpoint.failures >= FAILED_TIMES and endpoint.failing_since and endpoint.failing_since <= now - FAILING_FOR:
        since = f"{endpoint.failing_since:%Y-%m-%d %H:%M} UTC"
        switch_off(endpoint, reason=f"All {endpoint.failures} tries since {since} failed. {outcome.error}", now=now)


def end_rest(endpoint: Endpoint, *, now: datetime) -> None:
    """Call the endpoint again: what was put off until its rest is over is due now."""
    rested_until, endpoint.rests_until = endpoint.rests_until, None
    if rested_until and rested_until > now:
        put_off = Q(announcement__endpoint=endpoint, announcement__next_try_at=rested_until)
        waiting = Delivery.objects.filter(put_off, state=Delivery.State.PENDING).order_by("pk")
        ask_for_senders(deliveries=list(waiting.only("id", "organization", "channel")), now=now)
    endpoint.save(update_fields=["rests_until"])


def tell_of_failure(endpoint: Endpoint, *, event_type: str, error: str, now: datetime) -> None:
    """Mail admins that something was not taken in three days: once for as long as the endpoint fails."""
    text = (
        f"The webhook “{endpoint.name}” did not take a call ({event_type}) in ten tries over three days.\n\n{error}\n\n"
        f"It is kept. Mend the receiver, then send it again here:\n{_link(endpoint)}\n"
    )
    since = endpoint.failing_since or now
    key = f"webhook-failing:{endpoint.pk}:{since.isoformat()}"
    _mail_admins(subject=f"Webhook not taken: {endpoint.name}", text=text, key=key, now=now)


def switch_off(endpoint: Endpoint, *, reason: str, now: datetime) -> None:
    """Call the endpoint no more until an admin says so, and tell them. What it should have been told is kept."""
    endpoint.state, endpoint.state_reason, endpoint.state_at = Endpoint.State.SWITCHED_OFF, reason[:300], now
    endpoint.save(update_fields=["state", "state_reason", "state_at"])
    record_change(
        actor=None,
        action="webhook.switched_off",
        target_kind="webhook",
        target_id=endpoint.pk,
        summary=f"{endpoint.name} switched off"[:300],
        now=now,
        before={"state": Endpoint.State.ACTIVE},
        after={"state": Endpoint.State.SWITCHED_OFF, "reason": endpoint.state_reason},
    )
    text = (
        f"LeadHub no longer calls the webhook “{endpoint.name}”.\n\n{endpoint.state_reason}\n\n"
        f"What happens meanwhile is kept for it. Mend it, then resume it here:\n{_link(endpoint)}\n"
    )
    key = f"webhook-off:{endpoint.pk}:{now.isoformat()}"
    _mail_admins(subject=f"Webhook switched off: {endpoint.name}", text=text, key=key, now=now)


def _link(endpoint: Endpoint) -> str:
    return f"{settings.PUBLIC_URL}{reverse('webhook_detail', args=[endpoint.pk])}"


def _mail_admins(*, subject: str, text: str, key: str, now: datetime) -> None:
    for member in list_active_members().filter(role=Role.ADMIN).select_related("user"):
        deliver(
            channel="mail",
            purpose="alert",
            dedupe_key=f"{key}:{member.pk}",
            recipient=member.user.email,
            content={"subject": subject, "text": text},
            now=now,
        )


def _choose_rest(failures: int) -> timedelta:
    return timedelta(seconds=_REST_SECONDS[min(failures, len(_REST_SECONDS)) - 1])
