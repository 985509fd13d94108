"""What admins do with webhooks: create, change, pause, resume, delete, replace the secret. Pages and API call this.

Every change writes its audit row; no secret stands in one.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_senders
from leadhub.lib.errors import DomainError
from leadhub.lib.http_client import UrlRefused, require_callable
from leadhub.lib.sealing import seal
from leadhub.tenancy.lookups import is_one_of
from leadhub.webhooks.announcing import write_deliveries, write_delivery
from leadhub.webhooks.event_types import TEST_TYPE, EventType
from leadhub.webhooks.health import end_rest
from leadhub.webhooks.models import Endpoint
from leadhub.webhooks.sending import RETRY_SECONDS, lock_endpoint

# For how long the former secret signs as well, so that receivers can be changed one after the other.
BOTH_SIGN_FOR = timedelta(days=1)
_SECRET_BYTES = 32
_FORMER_SECRETS = 3  # a retry of the replacement must not take away the one that receivers have
_SENDING = Delivery.State.SENDING
_WAITING = [Delivery.State.PENDING, Delivery.State.SENDING]
_FIELDS = ("name", "url", "event_types")


class NotAnEndpoint(DomainError):
    """The name, the URL or the event types cannot stand."""


class WrongState(DomainError):
    """The endpoint is not in the state that this needs."""


@dataclass(frozen=True, kw_only=True)
class EndpointPlan:
    """What an admin decides of an endpoint; no event types: all of them, also those to come."""

    name: str
    url: str
    event_types: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An endpoint with its secret in clear: the one time it is shown."""

    endpoint: Endpoint
    secret: str


def create_endpoint(*, plan: EndpointPlan, actor: Membership, now: datetime) -> Shown:
    """Store an endpoint that is called from now on; return it with its secret. Raises `NotAnEndpoint`."""
    values, secret = _check(plan, endpoint=None), _make_secret()
    endpoint = Endpoint.objects.create(**values, secret=seal(secret), state_at=now, created_at=now, created_by=actor)
    _audit(endpoint, action="created", actor=actor, now=now, after=values)
    return Shown(endpoint=endpoint, secret=secret)


def change_endpoint(*, endpoint: Endpoint, plan: EndpointPlan, actor: Membership, now: datetime) -> Endpoint:
    """Change name, URL or event types; what waits goes to the new URL. Raises `NotAnEndpoint`."""
    held = _hold(endpoint)
    values, before = _check(plan, endpoint=held), {name: getattr(held, name) for name in _FIELDS}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if changed:
        for name, value in changed.items():
            setattr(held, name, value)
        held.save(update_fields=[*changed])
        if "url" in changed:
            end_rest(held, now=now)
        former = {name: before[name] for name in changed}
        _audit(held, action="changed", actor=actor, now=now, before=former, after=changed)
    return held


def rotate_secret(*, endpoint: Endpoint, actor: Membership, now: datetime) -> Shown:
    """Replace the secret; those before sign as well for a day. Return the endpoint with the new one."""
    held, secret = _hold(endpoint), _make_secret()
    held.former_secret = " ".join([held.secret, *held.list_former(now)][:_FORMER_SECRETS])
    held.former_until, held.secret = now + BOTH_SIGN_FOR, seal(secret)
    held.save(update_fields=["secret", "former_secret", "former_until"])
    _audit(held, action="secret_replaced", actor=actor, now=now)
    return Shown(endpoint=held, secret=secret)


def pause_endpoint(*, endpoint: Endpoint, actor: Membership, now: datetime) -> Endpoint:
    """Call the endpoint no more for now; what happens meanwhile is kept. Raises `WrongState`."""
    held = _hold(endpoint)
    if not held.is_active:
        raise WrongState("This webhook is not called at the moment.")
    _set_state(held, Endpoint.State.PAUSED, reason=f"Paused by {actor.name}", now=now)
    _audit(held, action="paused", actor=actor, now=now)
    return held


def resume_endpoint(*, endpoint: Endpoint, gives_up: bool, actor: Membership, now: datetime) -> int:
    """Call the endpoint again: with all that it missed, or with what happens from now on; return how many waited.

    Raises `WrongState`.
    """
    held = _hold(endpoint)
    if held.is_active:
        raise WrongState("This webhook is called already.")
    waiting = list(list_waiting(held).order_by("pk").only("id", "organization", "channel"))
    held.failures, held.failing_since, held.rests_until = 0, None, None
    held.save(update_fields=["failures", "failing_since", "rests_until"])
    _set_state(held, Endpoint.State.ACTIVE, reason="", now=now)
    # What is being sent at this moment settles itself.
    missed = Delivery.objects.filter(is_one_of("id", [each.pk for each in waiting])).exclude(state=_SENDING)
    if gives_up:
        words = f"Given up by {actor.name} when the webhook was resumed."
        missed.update(state=Delivery.State.SUPPRESSED, error=words)
    else:
        missed.update(state=Delivery.State.PENDING, attempts=0)
        ask_for_senders(deliveries=waiting, now=now)
    count = len(waiting)
    _audit(held, action="resumed", actor=actor, now=now, after={"given_up" if gives_up else "sent": count})
    return count


def delete_endpoint(*, endpoint: Endpoint, actor: Membership, now: datetime) -> None:
    """Delete the endpoint; what it has not had is given up, what was sent stays in the outbox.

    The whole row is locked: who is just telling it of something goes first, or finds it gone.
    """
    held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    words = f"The webhook “{held.name}” was deleted."
    settled = [Delivery.State.SENT, Delivery.State.SUPPRESSED]
    unsent = Delivery.objects.filter(announcement__endpoint=held).exclude(state__in=settled)
    unsent.update(state=Delivery.State.SUPPRESSED, error=words)
    _audit(held, action="deleted", actor=actor, now=now, before={name: getattr(held, name) for name in _FIELDS})
    Endpoint.objects.filter(pk=held.pk).delete()


def send_test(*, endpoint: Endpoint, actor: Membership, now: datetime) -> Delivery:
    """Have a test event sent, once, also to an endpoint that is paused or switched off."""
    told = {"message": f"A test from LeadHub, asked for by {actor.name}.", "endpoint": {"id": str(endpoint.pk)}}
    key = f"webhook-test:{endpoint.pk}:{now.isoformat()}"
    row = write_delivery(endpoint=endpoint, event_type=TEST_TYPE, told=told, dedupe_key=key, lead=None, at=now)
    write_deliveries([row], now=now)
    _audit(endpoint, action="tested", actor=actor, now=now)
    return row[1]


def list_waiting(endpoint: Endpoint) -> "QuerySet[Delivery]":
    """Return the deliveries that the endpoint has not had yet; those that used up their tries while it failed, too."""
    missed = Q(state__in=_WAITING)
    if endpoint.failing_since and not endpoint.is_active:
        last_hope = endpoint.failing_since - timedelta(seconds=sum(RETRY_SECONDS))
        is_test = Q(announcement__event_type=TEST_TYPE)
        missed |= Q(state=Delivery.State.FAILED, created_at__gte=last_hope) & ~is_test
    return Delivery.objects.filter(missed, announcement__endpoint=endpoint)


def count_waiting() -> dict[UUID, int]:
    """Return endpoint → how many deliveries it has not had yet, where there are any."""
    waiting = Delivery.objects.filter(state__in=_WAITING, announcement__isnull=False).order_by()
    return dict(waiting.values_list("announcement__endpoint").annotate(n=Count("id")))


def _hold(endpoint: Endpoint) -> Endpoint:
    """Lock the endpoint's row and return it as it stands."""
    return lock_endpoint(endpoint.pk).get()


def _check(plan: EndpointPlan, *, endpoint: Endpoint | None) -> dict[str, Any]:
    name, url, types = plan.name.strip(), plan.url.strip(), list(dict.fromkeys(plan.event_types))
    if not name or len(name) > 100:
        raise NotAnEndpoint("Give it a name of at most 100 characters.", field="name")
    named = Endpoint.objects.filter(name=name)
    if (named.exclude(pk=endpoint.pk) if endpoint else named).exists():
        raise NotAnEndpoint("Another webhook has this name.", field="name")
    if len(url) > 300:
        raise NotAnEndpoint("An address has at most 300 characters.", field="url")
    try:
        require_callable(url)
    except UrlRefused as error:
        raise NotAnEndpoint(str(error), field="url") from error
    unknown = set(types) - set(EventType.values)
    if unknown:
        raise NotAnEndpoint(f"There is no event type {sorted(unknown)[0]}.", field="event_types")
    return {"name": name, "url": url, "event_types": types}


def _set_state(endpoint: Endpoint, state: Endpoint.State, *, reason: str, now: datetime) -> None:
    endpoint.state, endpoint.state_reason, endpoint.state_at = state, reason[:300], now
    endpoint.save(update_fields=["state", "state_reason", "state_at"])


def _make_secret() -> str:
    """Return a secret as Standard Webhooks writes it: 24 to 64 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def _audit(endpoint: Endpoint, *, action: str, actor: Membership, now: datetime, **changes: dict[str, Any]) -> None:
    words = action.replace("_", " ")
    record_change(
        actor=actor,
        action=f"webhook.{action}",
        target_kind="webhook",
        target_id=endpoint.pk,
        summary=f"{endpoint.name} {words}"[:300],
        now=now,
        **changes,
    )
