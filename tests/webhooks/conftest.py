"""An endpoint that listens on loopback, and leads that have something to tell it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from leadhub.accounts.models import Membership
from leadhub.lib.http_client import Limits
from leadhub.tenancy.models import Organization
from leadhub.webhooks import calling
from leadhub.webhooks.endpoints import EndpointPlan, Shown, create_endpoint
from tests.listening import Listener, listen
from tests.personas import NOW


@pytest.fixture
def server(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A server that the installation may call, though it is private, and waits for no longer than a moment."""
    settings.PRIVATE_HOSTS = frozenset({"localhost"})
    monkeypatch.setattr(calling, "LIMITS", Limits(seconds=0.5, step_seconds=0.3, body_bytes=100))
    with listen() as listener:
        yield listener


@pytest.fixture
def shown(server: Listener, in_scope: Organization, ada: Membership) -> Shown:
    """An endpoint that wants to be told everything, with its secret."""
    return plug(server, actor=ada)


def plug(server: Listener, *, actor: Membership, name: str = "CRM", **plan: Any) -> Shown:
    """Create an endpoint at the server."""
    return create_endpoint(plan=EndpointPlan(name=name, url=server.url, **plan), actor=actor, now=NOW)
