"""How fast an inquiry was answered, read from the events (ADR 10). Called by outcomes and by inbound acts.

First attempt: a human's outbound call, personal mail, message or chat, or an answered inbound call. First contact:
two-way. Notes, opens and automation never count.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Outcome

_HUMAN_ACTS = (
    EventKind.CALL_OUTBOUND,
    EventKind.VOICEMAIL_LEFT,
    EventKind.MAIL_SENT,
    EventKind.MESSAGE_SENT,
    EventKind.CHAT,
    EventKind.MEETING_HELD,
)
_TWO_WAY_KINDS = (EventKind.MAIL_REPLIED, EventKind.MEETING_HELD)
_TWO_WAY_OUTCOMES = (Outcome.CONNECTED, Outcome.CALL_BACK, Outcome.MEETING)
IS_ATTEMPT = Q(kind__in=_HUMAN_ACTS, actor__isnull=False) | Q(kind=EventKind.CALL_INBOUND, properties__answered=True)
IS_CONTACT = (
    Q(kind__in=_TWO_WAY_KINDS)
    | Q(kind=EventKind.CALL_INBOUND, properties__answered=True)
    | Q(properties__outcome__in=_TWO_WAY_OUTCOMES, actor__isnull=False)
)


def recount_responses(*, lead: Lead) -> list[Inquiry]:
    """Set each inquiry's first attempt and first contact from what the timeline holds; return those that changed.

    An act before an inquiry arrived is no answer to it. A changed first attempt clears `sla_seconds`, which the
    routing feature counts in its pool's business time.
    """
    events = Event.objects.filter(lead=lead, voided_at=None)
    attempts = sorted(events.filter(IS_ATTEMPT).values_list("occurred_at", flat=True))
    contacts = sorted(events.filter(IS_CONTACT).values_list("occurred_at", flat=True))
    return [
        inquiry
        for inquiry in Inquiry.objects.filter(lead=lead).order_by("arrived_at")
        if _set_times(inquiry, read_response(inquiry.arrived_at, attempts=attempts, contacts=contacts))
    ]


def read_response(arrived_at: datetime, *, attempts: list[datetime], contacts: list[datetime]) -> dict[str, Any]:
    """Return the inquiry's response columns, given the sorted instants of attempts and contacts. Pure.

    People tell the minute only, so an act within the minute of the arrival is an answer, after zero seconds.
    """
    since = arrived_at.replace(second=0, microsecond=0)
    first_attempt_at = next((max(at, arrived_at) for at in attempts if at >= since), None)
    return {
        "first_attempt_at": first_attempt_at,
        "first_contact_at": next((max(at, arrived_at) for at in contacts if at >= since), None),
        "response_seconds": int((first_attempt_at - arrived_at).total_seconds()) if first_attempt_at else None,
    }


def _set_times(inquiry: Inquiry, times: dict[str, Any]) -> bool:
    if all(getattr(inquiry, name) == value for name, value in times.items()):
        return False
    if inquiry.first_attempt_at != times["first_attempt_at"]:
        times = {**times, "sla_seconds": None}
    for name, value in times.items():
        setattr(inquiry, name, value)
    inquiry.save(update_fields=list(times))
    return True
