"""Row locks in the lock order: identity (with the person) → lead → delivery → pool → job.

Taken by every writer of a lead; `leadhub.delivery.locking` has the delivery's.
"""

from collections.abc import Collection
from uuid import UUID

from leadhub.leads.models import Lead, Person
from leadhub.tenancy.lookups import is_one_of


def lock_person(person: Person) -> None:
    """Hold the person until the transaction ends; before any lead of theirs."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_people(person_ids: Collection[UUID]) -> None:
    """Hold many people until the transaction ends, taken in one order; before any lead of theirs."""
    list(Person.objects.filter(pk__in=person_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_leads(lead_ids: Collection[UUID]) -> None:
    """Hold many leads until the transaction ends, taken in one order."""
    leads = Lead.objects.filter(is_one_of("id", lead_ids)).order_by("pk")
    list(leads.select_for_update(no_key=True).values_list("pk"))


def lock_lead(lead: Lead) -> Lead:
    """Hold the lead until the transaction ends and bring the instance up to date, in place.

    Rows that point at the lead can still be inserted meanwhile (`FOR NO KEY UPDATE`). Related objects that the
    instance has loaded stay loaded where the reference did not change.
    """
    fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    for field in Lead._meta.concrete_fields:
        value = getattr(fresh, field.attname)
        if value != getattr(lead, field.attname):
            setattr(lead, field.attname, value)
    return lead
