"""What an endpoint is told: the records as the API shows them, frozen when it happened. Called by `announcing`."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import JSONRenderer

from leadhub.api.shapes import EventShape, InquiryShape, LeadShape, PersonShape
from leadhub.leads.models import Event, Lead
from leadhub.webhooks.event_types import EventType

# Receivers take 20 KB at least (Standard Webhooks, "Payload size"); the rest is for type, time and signature.
LARGEST = 19_000
_KEPT = ("id", "number", "email", "person", "stage", "verdict", "channel", "grade", "score", "owner", "quote_value")
_MESSAGE_CHARACTERS = 2_000


def write_data(*, event: Event, event_type: EventType, lead: Lead | None) -> dict[str, Any]:
    """Return what is told of the event, JSON-ready and short enough."""
    told: dict[str, Any] = {"event": EventShape(event).data}
    if event_type == EventType.PERSON_UNSUBSCRIBED:
        told["person"] = PersonShape(event.person).data
    else:
        told["lead"] = LeadShape(lead).data
    if event_type == EventType.INQUIRY_RECEIVED:
        told["inquiry"] = InquiryShape(event.inquiry).data
    return shorten(json.loads(JSONRenderer().render(told)))


def shorten(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told, or the essence of it where it is too long, marked `is_cut`: the API has the whole."""
    if measure(told) <= LARGEST:
        return told
    short = {**told, "is_cut": True, "event": {**told["event"], "properties": {}}}
    if "lead" in told:
        short["lead"] = {name: told["lead"][name] for name in _KEPT}
    if "inquiry" in told:
        message = told["inquiry"]["message"][:_MESSAGE_CHARACTERS]
        short["inquiry"] = {**told["inquiry"], "message": message, "fields": {}}
    for characters in (500, 100, 20):
        if measure(short) > LARGEST:
            short = _clip(short, characters)
    return short


def _clip(told: Any, characters: int) -> Any:
    """Return it with no text longer than that; ids, instants and amounts are shorter."""
    if isinstance(told, Mapping):
        return {name: _clip(value, characters) for name, value in told.items()}
    if isinstance(told, list):
        return [_clip(value, characters) for value in told[:characters]]
    return told[:characters] if isinstance(told, str) and len(told) > max(characters, 40) else told


def measure(told: Mapping[str, Any]) -> int:
    """Return how many bytes it takes."""
    return len(write_json(told))


def write_json(told: Mapping[str, Any]) -> bytes:
    """Write it as it is sent and signed."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
