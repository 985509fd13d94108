"""Write what a chunk's rows became so far: one statement a table, in the order of references. Called by `arrival`."""

from collections.abc import Sequence
from operator import itemgetter

from leadhub.leads.bulk.known import ChunkState, KnownRow, Values
from leadhub.leads.models import (
    Company,
    Event,
    Identity,
    Inquiry,
    Lead,
    Opportunity,
    OpportunityLead,
    Person,
    StageChange,
    Touch,
)
from leadhub.tenancy.many_rows import insert_many, update_many
from leadhub.tenancy.models import TenantModel


def write_state(state: ChunkState) -> None:
    """Insert what is new and update what changed since the last time; none of it is written again."""
    _write_companies(state)
    _write(Person, state.people)
    _insert_all(Identity, state.identities)
    _insert_all(Touch, state.touches)
    _write(Lead, state.leads)
    _insert_all(Inquiry, state.inquiries)
    _insert_all(Opportunity, state.opportunities)
    _insert_all(OpportunityLead, state.opportunity_leads)
    _insert_all(StageChange, state.stage_changes)
    _insert_all(Event, state.events)


def _insert_all(model: type[TenantModel], rows: list[Values]) -> None:
    """Insert the rows, which wait no longer."""
    insert_many(model, rows)
    rows.clear()


def _write_companies(state: ChunkState) -> None:
    """Insert the employers; one that a neighbour inserted meanwhile takes the place of ours."""
    if not state.new_companies:
        return
    in_one_order = sorted(state.new_companies, key=itemgetter("domain"))  # or two imports wait for each other
    insert_many(Company, in_one_order, ignore_conflicts=True)
    domains = [company["domain"] for company in state.new_companies]
    stored = dict(Company.objects.filter(domain__in=domains).values_list("domain", "id"))
    moved = {company["id"]: stored[company["domain"]] for company in state.new_companies}
    for person in state.people:
        company_id = person.values.get("company_id")
        if company_id in moved:
            person.values["company_id"] = moved[company_id]
    state.companies.update(stored)
    state.new_companies.clear()


def _write(model: type[TenantModel], rows: Sequence[KnownRow]) -> None:
    """Insert the rows that are not stored, update those that changed; a later row of the file may change any again."""
    new = [row for row in rows if not row.is_stored]
    insert_many(model, [row.values for row in new])
    _update(model, [row for row in rows if row.is_stored and row.changed])
    for row in new:
        row.is_stored = True
        row.changed.clear()


def _update(model: type[TenantModel], rows: Sequence[KnownRow]) -> None:
    """Give the rows every column that changed of any of them; what a new row did not name was stored as its default."""
    changed = {name for row in rows for name in row.changed}
    fields = [field for field in model._meta.local_concrete_fields if field.attname in changed]
    defaults = {field.attname: field.get_default() for field in fields}
    update_many(model, {row.pk: {name: row.values.get(name, defaults[name]) for name in changed} for row in rows})
    for row in rows:
        row.changed.clear()
