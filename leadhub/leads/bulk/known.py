"""What the organization knows already of the people in a chunk, locked and read in a few statements, and what the
chunk adds to it. Called by `arrival`; nothing is written before `writing` writes a portion of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from leadhub.leads.bulk.rows import IncomingRow, Reception
from leadhub.leads.identity import choose_person
from leadhub.leads.keys import KINDS, Key, lock_keys
from leadhub.leads.models import OPEN_STAGES, Channel, Company, Identity, Inquiry, Lead, Person, Touch
from leadhub.leads.touches import REPORT_WINDOW, is_telling
from leadhub.tenancy.scope import get_organization_id

Values = dict[str, Any]


@dataclass(eq=False)
class KnownRow:
    """A person or lead as the file's rows so far leave it; `changed` names columns to write of a stored one."""

    pk: UUID
    values: Values
    is_stored: bool = True
    changed: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change columns and note which."""
        for name, value in values.items():
            if self.values.get(name) != value:
                self.values[name] = value
                self.changed.add(name)


@dataclass(eq=False)
class KnownLead(KnownRow):
    """A lead."""


@dataclass(eq=False)
class KnownPerson(KnownRow):
    """A person and all that hangs on them."""

    is_new: bool = False
    is_own: bool = False
    families: set[str] = field(default_factory=set)
    leads: list[KnownLead] = field(default_factory=list)
    inquiries: list[Values] = field(default_factory=list)
    touches: list[Values] = field(default_factory=list)

    @property
    def open_lead(self) -> KnownLead | None:
        """Return the pass that is still going."""
        return next((lead for lead in self.leads if lead.values["stage"] in OPEN_STAGES), None)


@dataclass
class ChunkState:
    """The chunk's working state: who holds which key, and the rows to insert, by table."""

    holders: dict[Key, KnownPerson]
    companies: dict[str, UUID]
    people: list[KnownPerson] = field(default_factory=list)
    leads: list[KnownLead] = field(default_factory=list)
    identities: list[Values] = field(default_factory=list)
    touches: list[Values] = field(default_factory=list)
    inquiries: list[Values] = field(default_factory=list)
    events: list[Values] = field(default_factory=list)
    stage_changes: list[Values] = field(default_factory=list)
    opportunities: list[Values] = field(default_factory=list)
    opportunity_leads: list[Values] = field(default_factory=list)
    new_companies: list[Values] = field(default_factory=list)


class ChunkUnderWay(Exception):
    """Another import of the organization has a chunk under way; waiting for it would only occupy a worker."""


def read_state(*, rows: Sequence[IncomingRow], reception: Reception) -> ChunkState:
    """Lock every key of the chunk in one order, then read the people who hold them and their leads, locked too.

    Only one chunk of an organization is walked at a time: employers are inserted portion by portion, so in no fixed
    order, and two chunks could wait for each other. Raises `ChunkUnderWay`.
    """
    _lock_chunks()
    keys = {key for row in rows for key in row.keys}
    lock_keys(list(keys))
    ids = find_holders(keys)
    people = _read_people(set(ids.values()))
    own = reception.find_own(set(people)) if people else set()
    for pk in own & people.keys():
        people[pk].is_own = True
    if people:
        _read_families(people)
        _read_leads(people)
        _read_inquiries(people, door=reception.door)
        _read_touches(people, rows=rows)
    return ChunkState(
        holders={key: people[person_id] for key, person_id in ids.items()},
        companies=_find_companies({row.domain for row in rows if row.domain}),
        people=list(people.values()),
        leads=[lead for person in people.values() for lead in person.leads],
    )


def _lock_chunks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{get_organization_id()}|chunk"])
        if cursor.fetchone() != (True,):
            raise ChunkUnderWay


def find_holders(keys: set[Key]) -> dict[Key, UUID]:
    """Return the person who holds each key that is held."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.kind, i.value, i.person_id FROM unnest(%s::text[], %s::text[]) AS k(kind, value) "
            "JOIN identity i ON i.organization_id = %s AND i.kind = k.kind AND i.value = k.value",
            [[KINDS[key.kind] for key in keys], [key.value for key in keys], get_organization_id()],
        )
        return {Key(Identity.Kind(kind), value): person_id for kind, value, person_id in cursor.fetchall()}


@dataclass(frozen=True)
class _Holder:
    pk: UUID


def list_known(rows: Sequence[Sequence[Key]]) -> list[bool]:
    """Say of each row, by its keys, the strongest first, whether `receive_many` would know the person."""
    holders = {key: _Holder(person_id) for key, person_id in find_holders({key for row in rows for key in row}).items()}
    doubtful = {holders[key].pk for row in rows if row[0] not in holders for key in row if key in holders}
    families: dict[UUID, frozenset[str]] = {}
    for pk, kind, value in Identity.objects.filter(person__in=doubtful).values_list("person_id", "kind", "value"):
        families[pk] = families.get(pk, frozenset()) | {Key(Identity.Kind(kind), value).family}
    return [choose_person(keys=row, holders=holders, families=families) is not None for row in rows]


def _read_people(ids: set[UUID]) -> dict[UUID, KnownPerson]:
    if not ids:
        return {}
    found = Person.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk").values()
    return {values["id"]: KnownPerson(pk=values["id"], values={**values}) for values in found}


def _read_families(people: dict[UUID, KnownPerson]) -> None:
    for person_id, kind, value in Identity.objects.filter(person__in=list(people)).values_list(
        "person_id", "kind", "value"
    ):
        people[person_id].families.add(Key(Identity.Kind(kind), value).family)


def _read_leads(people: dict[UUID, KnownPerson]) -> None:
    """Lock and read the people's leads, the newest first. They are taken in the order of `locking.lock_leads`."""
    found = Lead.objects.filter(person__in=list(people)).select_for_update(no_key=True).order_by("pk").values()
    for values in sorted(found, key=itemgetter("number"), reverse=True):
        people[values["person_id"]].leads.append(KnownLead(pk=values["id"], values={**values}))


def _read_inquiries(people: dict[UUID, KnownPerson], *, door: str) -> None:
    """Read what may be repeated: counted inquiries at the same door."""
    found = Inquiry.objects.filter(person__in=list(people), door=door, duplicate_of=None)
    for values in found.values("id", "person_id", "lead_id", "service", "arrived_at"):
        people[values["person_id"]].inquiries.append({**values})


def _read_touches(people: dict[UUID, KnownPerson], *, rows: Sequence[IncomingRow]) -> None:
    """Read the touches that may tell where somebody came from whose own row does not."""
    first: datetime = min(row.arrived_at for row in rows) - REPORT_WINDOW
    silent = [channel for channel in Channel if not is_telling(channel)]
    found = Touch.objects.filter(person__in=list(people), occurred_at__gte=first).exclude(channel__in=silent)
    for values in found.order_by("occurred_at").values():
        people[values["person_id"]].touches.append({**values})


def _find_companies(domains: set[str]) -> dict[str, UUID]:
    return dict(Company.objects.filter(domain__in=domains).values_list("domain", "id")) if domains else {}
