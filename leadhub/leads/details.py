"""Correct what we know of the person and the lead's own fields. Called by the lead page and the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadhub.leads.models import Lead, Person

PERSON_FIELDS = {"first_name": "first_name", "last_name": "last_name", "title": "title", "company": "company_name"}


def change_details(*, lead: Lead, changes: Mapping[str, Any], now: datetime) -> Lead:
    """Apply `first_name, last_name, title, company` to the person and merge `custom` into the lead's."""
    person: Person = lead.person
    columns = [PERSON_FIELDS[name] for name in changes if name in PERSON_FIELDS]
    for name, column in PERSON_FIELDS.items():
        if name in changes:
            setattr(person, column, changes[name])
    if columns:
        person.save(update_fields=columns)
    if "custom" in changes:
        lead.custom = {**lead.custom, **changes["custom"]}
    lead.updated_at = now
    lead.save(update_fields=["custom", "updated_at"])
    return lead
