"""Who is it? Finds or creates the one person behind the details of an arrival. Called by arrival and the doors.

Every key (e-mail, phone, external id) is locked before it is looked up, in sorted order, so that arrivals of one
person wait for each other and never make two. Lock order everywhere: identity → lead → delivery → pool → job.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from leadhub.leads.keys import Key, list_keys, lock_keys
from leadhub.leads.models import Identity, Person
from leadhub.leads.person_fields import PersonDetails, create_person, update_person
from leadhub.tenancy.country import get_country


class HasKey(Protocol):
    """A person, or what stands for one."""

    @property
    def pk(self) -> UUID:
        """Return the person's id."""


Holder = TypeVar("Holder", bound=HasKey)


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """The person; `left_alone` names the keys that belong to somebody else and stayed with them."""

    person: Person
    is_new: bool
    left_alone: tuple[tuple[Key, UUID], ...] = ()


def resolve_person(*, details: PersonDetails, now: datetime, country: str | None = None) -> Resolved:
    """Return the person behind the details, created where unknown, with whatever is new about them.

    The strongest key wins (external id, e-mail, phone). A weaker key decides only where the person it names is
    not known by another one of a stronger kind: two identified people are never joined here, and a key that
    somebody else holds stays theirs. Without any key each call makes a person. Needs the organization's scope.
    """
    if country is None:
        country = get_country()
    keys = list_keys(email=details.email, phone=details.phone, external_ids=details.external_ids, country=country)
    lock_keys(keys)
    holders = _find_holders(keys)
    person = choose_person(keys=keys, holders=holders, families=_find_families(keys, holders))
    free = [key for key in keys if key not in holders]
    left_alone = tuple((key, holder.pk) for key, holder in holders.items() if holder != person)
    if person is None:
        created = create_person(details=details, keys=free, country=country, now=now)
        return Resolved(person=created, is_new=True, left_alone=left_alone)
    known = _without(details, {key.kind for key, _ in left_alone})
    update_person(person=person, details=known, keys=free, country=country, now=now)
    return Resolved(person=person, is_new=False, left_alone=left_alone)


def _without(details: PersonDetails, kinds: set[Identity.Kind]) -> PersonDetails:
    """Return the details without the address and number that belong to somebody else."""
    return replace(
        details,
        email="" if Identity.Kind.EMAIL in kinds else details.email,
        phone="" if Identity.Kind.PHONE in kinds else details.phone,
    )


def choose_person(
    *, keys: Sequence[Key], holders: Mapping[Key, Holder], families: Mapping[UUID, frozenset[str]]
) -> Holder | None:
    """Return the holder of the strongest key whom no stronger key contradicts, or None. Pure.

    A stronger key contradicts a holder who is known by another one of its family. `families` lists those that
    each holder is known by.
    """
    for position, key in enumerate(keys):
        holder = holders.get(key)
        if holder is None:
            continue
        stronger = [other for other in keys[:position] if holders.get(other) != holder]
        if not any(other.family in families.get(holder.pk, frozenset()) for other in stronger):
            return holder
    return None


def _find_holders(keys: Sequence[Key]) -> dict[Key, Person]:
    """Return who holds which key, each person locked, so that no two passes of them open at once."""
    if not keys:
        return {}
    identities = (
        Identity.objects.filter(kind__in={key.kind for key in keys}, value__in={key.value for key in keys})
        .select_related("person")
        .select_for_update(of=("person",), no_key=True)
        .order_by("person_id")
    )
    found = {Key(Identity.Kind(identity.kind), identity.value): identity.person for identity in identities}
    return {key: found[key] for key in keys if key in found}


def _find_families(keys: Sequence[Key], holders: Mapping[Key, Person]) -> dict[UUID, frozenset[str]]:
    """Return what the holders are known by, where the strongest key leaves a doubt."""
    if not holders or holders.get(keys[0]) is not None:
        return {}
    families: dict[UUID, set[str]] = {}
    for identity in Identity.objects.filter(person__in={holder.pk for holder in holders.values()}):
        key = Key(Identity.Kind(identity.kind), identity.value)
        families.setdefault(identity.person_id, set()).add(key.family)
    return {person_id: frozenset(known) for person_id, known in families.items()}
