"""The quote value: what a lead is worth when it asks, with its provenance. Called by pages, API and value rules."""

from datetime import datetime
from decimal import Decimal

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import EventKind, Lead, ValueSource
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError

LARGEST_AMOUNT = Decimal(10) ** 12


class ImpossibleAmount(DomainError):
    """An amount below zero, or beyond any deal."""

    def __init__(self, *, field: str) -> None:
        super().__init__("Enter an amount of zero or more, below a trillion.", field=field)


def require_amount(amount: Decimal, *, field: str) -> Decimal:
    """Return the amount in hundredths; raise `ImpossibleAmount`."""
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
        raise ImpossibleAmount(field=field)
    return amount.quantize(Decimal("0.01"))


def set_quote_value(
    *,
    lead: Lead,
    amount: Decimal | None,
    source: ValueSource,
    actor: Membership | None,
    now: datetime,
    walks: bool = True,
) -> Lead:
    """Set or clear the quote value, in the lead's currency; the same again changes nothing.

    Raises `ImpossibleAmount`.
    """
    value = None if amount is None else require_amount(amount, field="quote_value")
    lock_lead(lead)
    if lead.quote_value == value:
        return lead
    former, lead.quote_value = lead.quote_value, value
    lead.quote_value_source = "" if value is None else source
    lead.updated_at = now
    lead.save(update_fields=["quote_value", "quote_value_source", "updated_at"])
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.VALUE_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"{former if former is not None else 'none'} → {value if value is not None else 'none'}",
        properties={
            "from": None if former is None else str(former),
            "to": None if value is None else str(value),
            "currency": lead.currency,
            "source": source,
        },
        walks=walks,
    )
    return lead
