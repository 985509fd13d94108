"""Write what a chunk's rows became: one statement a table, in the order of their references. Called by `arrival`."""

from collections.abc import Sequence
from operator import itemgetter

from leadhub.leads.bulk.known import Ground, KnownRow
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
    """Insert what is new and update what changed."""
    _write_companies(ground)
    insert_many(Person, [person.values for person in ground.people if person.is_new])
    _update(Person, [person for person in ground.people if person.changed and not person.is_new])
    insert_many(Identity, ground.identities)
    insert_many(Touch, ground.touches)
    insert_many(Lead, [lead.values for lead in ground.new_leads])
    _update(Lead, [lead for lead in ground.known_leads if lead.changed])
    insert_many(Inquiry, ground.inquiries)
    insert_many(Opportunity, ground.opportunities)
    insert_many(OpportunityLead, ground.opportunity_leads)
    insert_many(StageChange, ground.stage_changes)
    insert_many(Event, ground.events)


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


def _update(model: type[TenantModel], rows: Sequence[KnownRow]) -> None:
    """Give the rows every column that changed of any of them."""
    columns = {name for row in rows for name in row.changed}
    update_many(model, {row.pk: {name: row.values[name] for name in columns} for row in rows})
