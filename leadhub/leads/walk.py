"""What one event's walk along the line carries from step to step. Made by the line; read by the features."""

from dataclasses import dataclass
from datetime import datetime

from leadhub.leads.models import Event, Inquiry, Lead, Person


@dataclass(kw_only=True)
class Walk:
    """One event on its way. A step updates `lead` in place and saves only the fields that are its own.

    `is_new_inquiry`: the event is a raised hand that counts (no duplicate). `is_quiet`: an import; nobody is
    alerted and nothing is acknowledged.
    """

    event: Event
    person: Person
    lead: Lead | None
    inquiry: Inquiry | None
    is_new_inquiry: bool
    is_quiet: bool
    now: datetime
