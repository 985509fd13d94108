"""A caller of the API with Acme's first key."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from leadhub.accounts.apikeys import SCOPES, create_api_key
from leadhub.accounts.models import Membership
from leadhub.desk.founding import Founded
from leadhub.tenancy.scope import scope


@dataclass(frozen=True)
class Caller:
    """Calls `/api/v1/` with a key."""

    secret: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON, with the key and the headers."""
        bearer = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return Client(raise_request_exception=True).generic(
            method,
            f"/api/v1/{path}",
            data=b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers={**bearer, **headers},
        )

    def get(self, path: str) -> Any:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """POST."""
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH."""
        return self.call("PATCH", path, body)


@pytest.fixture
def caller(founded: Founded) -> Caller:
    """Acme's first key, which acts as Ada."""
    return Caller(founded.api_key)


@pytest.fixture
def caller_of(now: datetime) -> Callable[..., Caller]:
    """Make a key of a member, with all scopes or those given."""

    def make(member: Membership, scopes: list[str] | None = None) -> Caller:
        with scope(member.organization_id):
            made = create_api_key(name="Test", scopes=scopes or list(SCOPES), member=member, actor=member, now=now)
        return Caller(made.secret)

    return make
