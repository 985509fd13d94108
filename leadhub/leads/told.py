"""Write down what another system tells of a lead. Called by the API.

Its dedupe keys stand in a space of their own: a caller who happens to write a key of ours neither meets our events
nor hides them. What it tells may be an answer, such as a call that came in and was taken: then the clock stops.
"""

from datetime import datetime
from typing import Any

from leadhub.leads.models import Event, EventKind, Lead
from leadhub.leads.responses import recount_responses
from leadhub.leads.timeline import record_event

_KEYS = "told:"


def tell_event(
    *,
    lead: Lead,
    kind: EventKind,
    occurred_at: datetime,
    now: datetime,
    summary: str = "",
    properties: dict[str, Any] | None = None,
    dedupe_key: str = "",
) -> Event:
    """Record the event, which walks the line, and count the responses anew; a `dedupe_key` again changes nothing.

    The lead is locked.
    """
    event = record_event(
        person=lead.person,
        lead=lead,
        kind=kind,
        occurred_at=occurred_at,
        now=now,
        summary=summary,
        properties=properties,
        dedupe_key=f"{_KEYS}{dedupe_key}" if dedupe_key else "",
    )
    recount_responses(lead=lead)
    return event
