"""Short ways to make people and leads in the tests of the shared lead model, through the front door."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from leadhub.leads.arrival import Received, receive_inquiry
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import Channel, Door, Intent, Lead, MqlReason
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.touches import TouchDetails
from tests.personas import NOW

SEARCH = TouchDetails(channel=Channel.PAID_SEARCH, source="google", medium="cpc", campaign="spring")
DIRECT = TouchDetails(channel=Channel.DIRECT, source="(direct)")


def arrive(
    email: str = "lea@client.example",
    *,
    at: datetime = NOW,
    touch: TouchDetails = SEARCH,
    service: str = "",
    door: Door = Door.FORM,
    submission_id: UUID | None = None,
    quote_value: Decimal | None = None,
    currency: str = "",
    intent: Intent = Intent.HOT,
    **person: Any,
) -> Received:
    """Receive one inquiry."""
    return receive_inquiry(
        details=PersonDetails(email=email, **person),
        touch=touch,
        inquiry=InquiryDetails(
            door=door,
            arrived_at=at,
            service=service,
            submission_id=submission_id,
            quote_value=quote_value,
            currency=currency,
            intent=intent,
        ),
        now=at,
    )


def make_lead(email: str = "lea@client.example", **options: Any) -> Lead:
    """Return a fresh lead."""
    return arrive(email, **options).lead


def make_mql(email: str = "lea@client.example", **options: Any) -> Lead:
    """Return a lead that raised a hand."""
    return mark_mql(lead=make_lead(email, **options), reason=MqlReason.HAND_RAISE, now=NOW)
