"""The keys that recognise a person, and the locks that keep two arrivals with one key apart. Called by identity."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from leadhub.leads.models import Identity
from leadhub.leads.normal import identify_phone, normalise_email
from leadhub.tenancy.scope import get_organization_id

_LONGEST_VALUE = 400
KINDS = {kind: kind.value for kind in Identity.Kind}  # an enum looks its value up slowly


@dataclass(frozen=True)
class Key:
    """One way to recognise a person, in normal form."""

    kind: Identity.Kind
    value: str

    @property
    def family(self) -> str:
        """Return the group in which two different keys speak for two people: the kind, or the outside system."""
        return f"external:{self.value.partition(':')[0]}" if self.kind == Identity.Kind.EXTERNAL else KINDS[self.kind]


def list_keys(*, email: str, phone: str, external_ids: Sequence[tuple[str, str]], country: str) -> list[Key]:
    """Return the keys in normal form, the strongest first, none twice; one too long to store is none."""
    keys = [
        Key(Identity.Kind.EXTERNAL, f"{system.strip().lower()}:{external.strip()}")
        for system, external in external_ids
        if system.strip() and external.strip()
    ]
    email_norm, number = normalise_email(email), identify_phone(phone, country)
    keys += [Key(Identity.Kind.EMAIL, email_norm)] if email_norm else []
    keys += [Key(Identity.Kind.PHONE, number)] if number else []
    return [key for key in dict.fromkeys(keys) if len(key.value) <= _LONGEST_VALUE]


def lock_keys(keys: Sequence[Key]) -> None:
    """Hold the keys until the transaction ends, in one sorted order, so that no two arrivals cross."""
    organization_id = str(get_organization_id())
    numbers = sorted({_lock_number(organization_id, key) for key in keys})
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers])


def _lock_number(organization_id: str, key: Key) -> int:
    digest = hashlib.blake2b(f"{organization_id}|{KINDS[key.kind]}|{key.value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
