"""API keys: 256 random bits, shown once; what is stored is their beginning and their SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import ApiKey, Membership
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Directory
from leadhub.tenancy.scope import get_organization_id

SCOPES = {
    "leads:read": "Read people, leads, inquiries, events and the queue",
    "leads:write": "Create and change leads",
    "mail:write": "Hand in mail that people sent",
    "reports:read": "Read reports, spend and targets",
    "reports:write": "Enter, change and delete ad spend, set targets",
    "settings:read": "Read members, forms, rules, pools, sequences and the audit log",
    "settings:write": "Change forms, rules, pools, mail templates and sequences, send members away",
}
_LAST_USE_GRAIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class NewApiKey:
    """A key just made; `secret` is shown now and never again."""

    key: ApiKey
    secret: str


class UnknownScope(DomainError):
    """A scope that does not exist was asked for."""


def hash_key(secret: str) -> str:
    """Return the SHA-256 of a key, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_api_key(
    *, name: str, scopes: list[str], member: Membership, actor: Membership | None, now: datetime
) -> NewApiKey:
    """Make a key that acts as the member, narrowed by the scopes. Raises `UnknownScope`."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise UnknownScope(f"Choose scopes among {', '.join(SCOPES)}.", field="scopes")
    secret = f"lh_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name, prefix=secret[:10], key_hash=hash_key(secret), scopes=scopes, member=member, created_at=now
    )
    Directory.objects.create(
        kind=Directory.Kind.API_KEY, key=key.key_hash, organization_id=get_organization_id(), target_id=key.id
    )
    record_change(
        actor=actor,
        action="api_key.created",
        target_kind="api_key",
        target_id=key.id,
        summary=f"API key {name} ({key.prefix}…) made",
        now=now,
        after={"scopes": scopes, "acts_as": member.name},
    )
    return NewApiKey(key=key, secret=secret)


def revoke_api_key(*, key: ApiKey, actor: Membership, now: datetime) -> None:
    """End a key at once."""
    if key.revoked_at:
        return
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    Directory.objects.filter(kind=Directory.Kind.API_KEY, key=key.key_hash).delete()
    record_change(
        actor=actor,
        action="api_key.revoked",
        target_kind="api_key",
        target_id=key.id,
        summary=f"API key {key.name} ({key.prefix}…) revoked",
        now=now,
    )


def find_key_organization(*, secret: str) -> UUID | None:
    """Return the organization of a key, before any tenant is known."""
    entry = Directory.objects.filter(kind=Directory.Kind.API_KEY, key=hash_key(secret)).first()
    return entry.organization_id if entry else None


def use_api_key(*, secret: str, now: datetime) -> ApiKey | None:
    """Return the live key inside its organization's scope and note its use, at most once a minute."""
    key = (
        ApiKey.objects.select_related("member", "member__user", "organization")
        .filter(key_hash=hash_key(secret), revoked_at=None, member__is_active=True, member__user__is_active=True)
        .first()
    )
    if key and (key.last_used_at is None or now - key.last_used_at > _LAST_USE_GRAIN):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key
