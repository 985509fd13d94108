"""Read leads for the API: with their score as of now, their opening inquiry, and no query a row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from leadhub.leads import locking
from leadhub.leads.models import Inquiry, Lead
from scoring.queries import with_score

OPENING = Prefetch("inquiries", Inquiry.objects.filter(is_opening=True), to_attr="opening")


def list_leads(*, now: datetime) -> QuerySet[Any]:
    """Return the organization's leads, ready to be shown."""
    related = ("person__company", "owner", "first_touch", "last_touch")
    return with_score(Lead.objects.select_related(*related), now).prefetch_related(OPENING)


def get_lead(*, lead_id: UUID, now: datetime) -> Lead:
    """Return one lead, ready to be shown; raises `Lead.DoesNotExist`, also for another organization's."""
    lead: Lead = list_leads(now=now).get(pk=lead_id)
    return lead


def lock_lead(*, lead_id: UUID) -> Lead:
    """Return one lead, locked for a change, its person before it."""
    lead: Lead = Lead.objects.select_related("person", "owner").get(pk=lead_id)
    locking.lock_person(lead.person)
    return locking.lock_lead(lead)
