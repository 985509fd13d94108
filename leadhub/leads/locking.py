"""Row locks in the lock order: identity (with the person) → lead → delivery → pool → job.

Taken by every writer of a lead; `leadhub.delivery.locking` has the delivery's.
"""

from collections.abc import Collection
from uuid import UUID

from leadhub.leads.models import Lead, Person
from leadhub.tenancy.lookups import is_one_of


def lock_person(person: Person) -> None:
    """Lock the person until the transaction ends; call it before any of their leads is locked."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_people(person_ids: Collection[UUID]) -> None:
    """Lock many people in one order until the transaction ends; call it before any of their leads is locked."""
    list(Person.objects.filter(pk__in=person_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_leads(lead_ids: Collection[UUID]) -> None:
    """Lock many leads in one order until the transaction ends."""
    leads = Lead.objects.filter(is_one_of("id", lead_ids)).order_by("pk")
    list(leads.select_for_update(no_key=True).values_list("pk"))


def lock_lead(lead: Lead) -> Lead:
    """Lock the lead until the transaction ends and bring the instance up to date, in place.

    Rows that point at the lead can still be inserted meanwhile (`FOR NO KEY UPDATE`). Related objects that the
    instance has loaded stay loaded where the reference did not change.
    """
    fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    for field in Lead._meta.concrete_fields:
        value = getattr(fresh, field.attname)
        if value != getattr(lead, field.attname):
            setattr(lead, field.attname, value)
    return lead
