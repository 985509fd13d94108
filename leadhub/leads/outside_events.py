"""Record an event that another system reports of a lead. Called by the API.

The caller's dedupe keys get a prefix, so that none of them can collide with a key of ours. What is reported may be an
answer to the lead, such as an inbound call that was taken: then the clock stops.
"""

from datetime import datetime
from typing import Any

from leadhub.leads.models import Event, EventKind, Lead
from leadhub.leads.responses import recount_responses
from leadhub.leads.timeline import record_event

_PREFIX = "told:"


def record_outside_event(
    *,
    lead: Lead,
    kind: EventKind,
    occurred_at: datetime,
    now: datetime,
    summary: str = "",
    properties: dict[str, Any] | None = None,
    dedupe_key: str = "",
) -> Event:
    """Record the event, which walks the line, and recount the responses of the lead, which the caller has locked.

    The same `dedupe_key` again changes nothing.
    """
    event = record_event(
        person=lead.person,
        lead=lead,
        kind=kind,
        occurred_at=occurred_at,
        now=now,
        summary=summary,
        properties=properties,
        dedupe_key=f"{_PREFIX}{dedupe_key}" if dedupe_key else "",
    )
    recount_responses(lead=lead)
    return event
