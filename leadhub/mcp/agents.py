"""Who calls the MCP server: the key, its member, and what both may. Called by `endpoint`, before anything is read."""

from dataclasses import dataclass

from leadhub.accounts.apikeys import find_key_organization, use_api_key
from leadhub.accounts.permissions import may
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope


@dataclass(frozen=True, kw_only=True)
class Agent:
    """What a key may do: its own scopes, and what its member's role permits."""

    role: str
    scopes: frozenset[str]

    def may_call(self, *, key_scope: str, permissions: frozenset[str]) -> bool:
        """Say whether a call that asks for these would let the key in."""
        return key_scope in self.scopes and all(may(self.role, permission) for permission in permissions)


def find_agent(*, secret: str) -> Agent | None:
    """Return who a key acts as; None for one that is unknown or revoked, or whose member left."""
    organization_id = find_key_organization(secret=secret) if secret else None
    if organization_id is None:
        return None
    with scope(organization_id):
        key = use_api_key(secret=secret, now=utc_now())
        return Agent(role=key.member.role, scopes=frozenset(key.scopes)) if key else None
