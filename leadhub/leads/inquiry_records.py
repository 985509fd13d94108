"""Raised hands: what a door tells of one, finding its repeats and a lead's latest, making the row.

Called by arrival; the clocks and the words of mails ask for the latest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from leadhub.leads.models import Door, Inquiry, Intent, Lead, Person, Touch
from leadhub.leads.values import ImpossibleAmount, require_amount

REPEAT_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class InquiryDetails:
    """What was asked at which door; `fields` keeps whatever else the submission said."""

    door: Door
    arrived_at: datetime
    service: str = ""
    intent: Intent = Intent.WARM
    message: str = ""
    quote_value: Decimal | None = None
    currency: str = ""
    submission_id: UUID | None = None
    form_id: UUID | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usable_value(self) -> Decimal | None:
        """Return the quote value in hundredths, or None where it is negative or beyond any deal."""
        try:
            return None if self.quote_value is None else require_amount(self.quote_value, field="quote_value")
        except ImpossibleAmount:
            return None

    @property
    def service_name(self) -> str:
        """Return the service as stored."""
        return self.service.strip()[:120]


def find_stored(*, person: Person, details: InquiryDetails) -> tuple[Inquiry | None, Inquiry | None]:
    """Return (the inquiry that this submission has become already, the one that it repeats).

    It repeats the person's last counted inquiry at the same door for the same service within 24 hours.
    """
    near = Q(
        door=details.door,
        service=details.service_name,
        duplicate_of=None,
        arrived_at__gt=details.arrived_at - REPEAT_WINDOW,
        arrived_at__lt=details.arrived_at + REPEAT_WINDOW,
    )
    same = Q(submission_id=details.submission_id) if details.submission_id else Q(pk=None)
    found = list(Inquiry.objects.filter(near | same, person=person).select_related("lead").order_by("-arrived_at"))
    stored = next((one for one in found if details.submission_id and one.submission_id == details.submission_id), None)
    repeated = next((one for one in found if one.duplicate_of_id is None), None)
    return stored, repeated


def find_latest_inquiry(*, lead_id: UUID) -> Inquiry | None:
    """Return the latest inquiry that is no duplicate, the one that conditions read (`conditions.latest_inquiry`)."""
    return Inquiry.objects.filter(lead=lead_id, duplicate_of=None).order_by("-arrived_at", "-id").first()


def make_inquiry(
    *,
    person: Person,
    lead: Lead,
    touch: Touch | None,
    details: InquiryDetails,
    is_opening: bool,
    duplicate_of: Inquiry | None,
) -> Inquiry:
    """Return the inquiry, unsaved."""
    return Inquiry(
        person=person,
        lead=lead,
        touch=touch,
        submission_id=details.submission_id,
        form_id=details.form_id,
        door=details.door,
        is_opening=is_opening,
        duplicate_of=duplicate_of,
        service=details.service_name,
        intent=details.intent,
        message=details.message,
        quote_value=details.usable_value,
        currency=details.currency[:3].upper(),
        fields=dict(details.fields),
        arrived_at=details.arrived_at,
    )
