"""Write what a chunk's rows became so far: one statement a table, in the order of references. Called by `arrival`."""

from collections.abc import Sequence
from operator import itemgetter

from leadhub.leads.bulk.known import Ground, KnownRow, Values
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


def write_ground(ground: Ground) -> None:
    """Insert what is new and update what changed since the last time; none of it is written again."""
    _write_companies(ground)
    _write(Person, ground.people)
    _insert_all(Identity, ground.identities)
    _insert_all(Touch, ground.touches)
    _write(Lead, ground.leads)
    _insert_all(Inquiry, ground.inquiries)
    _insert_all(Opportunity, ground.opportunities)
    _insert_all(OpportunityLead, ground.opportunity_leads)
    _insert_all(StageChange, ground.stage_changes)
    _insert_all(Event, ground.events)


def _insert_all(model: type[TenantModel], rows: list[Values]) -> None:
    """Insert the rows, which wait no longer."""
    insert_many(model, rows)
    rows.clear()


def _write_companies(ground: Ground) -> None:
    """Insert the employers; one that a neighbour inserted meanwhile takes the place of ours."""
    if not ground.new_companies:
        return
    in_one_order = sorted(ground.new_companies, key=itemgetter("domain"))  # or two imports wait for each other
    insert_many(Company, in_one_order, ignore_conflicts=True)
    domains = [company["domain"] for company in ground.new_companies]
    stored = dict(Company.objects.filter(domain__in=domains).values_list("domain", "id"))
    moved = {company["id"]: stored[company["domain"]] for company in ground.new_companies}
    for person in ground.people:
        company_id = person.values.get("company_id")
        if company_id in moved:
            person.values["company_id"] = moved[company_id]
    ground.companies.update(stored)
    ground.new_companies.clear()


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
