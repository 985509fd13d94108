"""Who is each row? The rules of `identity`, over the chunk's working state. Called by `arrival`."""

from collections.abc import Mapping
from typing import Any

from leadhub.leads.address import PARTS, TELLING, choose_parts, is_another_place
from leadhub.leads.bulk.known import ChunkState, KnownPerson
from leadhub.leads.bulk.rows import Duplicates, IncomingRow, Reception
from leadhub.leads.identity import choose_person
from leadhub.leads.keys import KINDS, Key
from leadhub.leads.models import Identity
from leadhub.lib.ids import new_id

# What belongs to one address or number: never taken where its key belongs to somebody else.
_OF_KIND = {
    Identity.Kind.EMAIL: ("email", "email_norm", "is_free_mail"),
    Identity.Kind.PHONE: ("phone", "phone_e164"),
}
# Columns that go together: a filled address keeps its normal form.
_LED_BY = {"email_norm": "email", "is_free_mail": "email", "phone_e164": "phone"}
Changes = dict[str, list[Any]]


def find_person(*, row: IncomingRow, state: ChunkState) -> KnownPerson | None:
    """Return the holder of the row's strongest key whom no stronger key contradicts, or None."""
    holders = {key: holder for key in row.keys if (holder := state.holders.get(key))}
    if not holders:
        return None
    families = {holder.pk: frozenset(holder.families) for holder in holders.values()}
    return choose_person(keys=row.keys, holders=holders, families=families)


def add_person(*, row: IncomingRow, state: ChunkState, reception: Reception) -> KnownPerson:
    """Make the person, with the keys that nobody else holds."""
    values = {
        **row.person,
        "id": new_id(),
        "created_at": reception.now,
        "company_id": _find_company(row=row, state=state, reception=reception),
    }
    person = KnownPerson(pk=values["id"], values=values, is_new=True, is_stored=False)
    state.people.append(person)
    _add_keys(row=row, person=person, state=state, reception=reception)
    return person


def update_person(*, row: IncomingRow, person: KnownPerson, state: ChunkState, reception: Reception) -> Changes:
    """Fill or overwrite what the row tells, and return each change as [before, after]."""
    may_change = reception.duplicates == Duplicates.OVERWRITE
    told = _without_foreign(row=row, person=person, state=state)
    told, moved = _split_off_place(told, person=person, may_change=may_change)
    is_free = {name: not person.values.get(_LED_BY.get(name, name)) for name in told}
    changes: Changes = {}
    for name, value in told.items():
        before = person.values.get(name)
        if before != value and (may_change or is_free[name]):
            changes[name] = [before, value]
    for name, value in moved.items():
        if (before := person.values.get(name)) != value:
            changes[name] = [before, value]
    if "email_norm" in changes and person.values.get("company_id") is None and row.domain:
        changes["company_id"] = [None, _find_company(row=row, state=state, reception=reception)]
    person.set(**{name: after for name, (_, after) in changes.items()})
    _add_keys(row=row, person=person, state=state, reception=reception)
    return changes


def _without_foreign(*, row: IncomingRow, person: KnownPerson, state: ChunkState) -> Mapping[str, Any]:
    """Leave out the address or number that belongs to somebody else."""
    foreign = {key.kind for key in row.keys if state.holders.get(key, person) is not person}
    left_out = {name for kind in foreign for name in _OF_KIND.get(kind, ())}
    return {name: value for name, value in row.person.items() if name not in left_out}


def _split_off_place(
    told: Mapping[str, Any], *, person: KnownPerson, may_change: bool
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what is told beside the place, and the place to write: another one replaces the whole, or stays out.

    The country goes with it: with a place that is the first, and not beside a place that stays.
    """
    place = choose_parts(known=person.values, told=told, may_replace=may_change)
    rest = {name: value for name, value in told.items() if name not in PARTS}
    if "country" in rest:
        if not may_change and is_another_place(known=person.values, told=told):
            del rest["country"]
        elif place.keys() & TELLING and not any(person.values.get(name) for name in TELLING):
            place["country"] = rest.pop("country")
    return rest, place


def _add_keys(*, row: IncomingRow, person: KnownPerson, state: ChunkState, reception: Reception) -> None:
    for key in row.keys:
        if key not in state.holders:
            state.holders[key] = person
            person.families.add(key.family)
            state.identities.append(_describe_key(key=key, person=person, reception=reception))


def _describe_key(*, key: Key, person: KnownPerson, reception: Reception) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person.pk,
        "kind": KINDS[key.kind],
        "value": key.value,
        "created_at": reception.now,
    }


def _find_company(*, row: IncomingRow, state: ChunkState, reception: Reception) -> Any:
    if not row.domain:
        return None
    if row.domain not in state.companies:
        state.companies[row.domain] = new_id()
        state.new_companies.append(
            {
                "id": state.companies[row.domain],
                "domain": row.domain,
                "name": row.person.get("company_name", ""),
                "created_at": reception.now,
            }
        )
    return state.companies[row.domain]
