"""What an endpoint's answers say of it: let it rest; switch it off when it has failed for long. The sender calls this.

Needs the endpoint's row locked.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from leadhub.accounts.audit import record_change
from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Role
from leadhub.delivery.outbox import deliver
from leadhub.webhooks.calling import Outcome
from leadhub.webhooks.models import Endpoint

# Seconds until a server that is down is asked again, by failures in a row; the same for all that waits for it.
_REST_SECONDS = (5, 30, 60, 120, 300)
FAILING_FOR = timedelta(days=5)
FAILED_TIMES = 20


def note_outcome(endpoint: Endpoint, outcome: Outcome, *, now: datetime) -> None:
    """Keep what the try says of the endpoint; one that failed for five days and twenty times is switched off."""
    if not outcome.error:
        endpoint.failures, endpoint.failing_since, endpoint.rests_until, endpoint.answered_at = 0, None, None, now
    else:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or now
        if outcome.is_down:
            endpoint.rests_until = now + (outcome.wait or _choose_rest(endpoint.failures))
    endpoint.save(update_fields=["failures", "failing_since", "rests_until", "answered_at"])
    if not endpoint.is_active:
        return
    if outcome.is_gone:
        switch_off(endpoint, reason="It answered 410 Gone: it wants no more calls.", now=now)
    elif endpoint.failures >= FAILED_TIMES and endpoint.failing_since and endpoint.failing_since <= now - FAILING_FOR:
        since = f"{endpoint.failing_since:%Y-%m-%d %H:%M} UTC"
        switch_off(endpoint, reason=f"All {endpoint.failures} tries since {since} failed. {outcome.error}", now=now)


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
    _mail_admins(endpoint, now=now)


def _mail_admins(endpoint: Endpoint, *, now: datetime) -> None:
    url = f"{settings.PUBLIC_URL}{reverse('webhook_detail', args=[endpoint.pk])}"
    text = (
        f"LeadHub no longer calls the webhook “{endpoint.name}”.\n\n{endpoint.state_reason}\n\n"
        f"What happens meanwhile is kept for it. Mend it, then resume it here:\n{url}\n"
    )
    for member in list_active_members().filter(role=Role.ADMIN).select_related("user"):
        deliver(
            channel="mail",
            purpose="alert",
            dedupe_key=f"webhook-off:{endpoint.pk}:{now.isoformat()}:{member.pk}",
            recipient=member.user.email,
            content={"subject": f"Webhook switched off: {endpoint.name}", "text": text},
            now=now,
        )


def _choose_rest(failures: int) -> timedelta:
    return timedelta(seconds=_REST_SECONDS[min(failures, len(_REST_SECONDS)) - 1])
