"""The closed list of what an endpoint can be told, and which events of the timeline say it. Versioned with the API."""

from collections.abc import Iterator

from django.db import models

from leadhub.leads.models import Event, EventKind, Lead, Stage, Verdict

_ENDS = {Stage.RECYCLED, Stage.DISQUALIFIED}
_REVOKED = {Verdict.UNQUALIFIED, Verdict.NOT_A_LEAD}


class EventType(models.TextChoices):
    """What happened, as other systems know it."""

    INQUIRY_RECEIVED = "inquiry.received", "A person raised a hand; a repetition within a day does not count"
    LEAD_CREATED = "lead.created", "An inquiry opened a lead"
    LEAD_ASSIGNED = "lead.assigned", "A lead got an owner, or another one"
    LEAD_QUALIFIED = "lead.qualified", "A lead's verdict became qualified"
    LEAD_UNQUALIFIED = "lead.unqualified", "A lead's verdict became unqualified, or “not a lead”"
    LEAD_STAGE_CHANGED = "lead.stage_changed", "A lead moved to another stage, forward or back"
    LEAD_WON = "lead.won", "A lead became a customer"
    LEAD_LOST = "lead.lost", "A lead was recycled or disqualified; its disposition says why"
    LEAD_VALUE_CHANGED = "lead.value_changed", "A lead's quote value changed"
    PERSON_UNSUBSCRIBED = "person.unsubscribed", "A person wants no more mail"


TEST_TYPE = "webhook.test"
WATCHED = frozenset(
    {
        EventKind.FORM_SUBMITTED,
        EventKind.OWNER_CHANGED,
        EventKind.STAGE_CHANGED,
        EventKind.VERDICT_CHANGED,
        EventKind.VALUE_CHANGED,
        EventKind.UNSUBSCRIBED,
    }
)


def list_types(event: Event, lead: Lead | None) -> Iterator[EventType]:
    """Yield what the event says, in the order in which it is told."""
    if event.kind == EventKind.UNSUBSCRIBED:
        yield EventType.PERSON_UNSUBSCRIBED
    elif lead is None:
        return
    elif event.kind == EventKind.FORM_SUBMITTED:
        if event.inquiry and event.inquiry.is_opening:
            yield EventType.LEAD_CREATED
        yield EventType.INQUIRY_RECEIVED
    elif event.kind == EventKind.OWNER_CHANGED:
        yield EventType.LEAD_ASSIGNED
    elif event.kind == EventKind.VALUE_CHANGED:
        yield EventType.LEAD_VALUE_CHANGED
    elif event.kind == EventKind.STAGE_CHANGED:
        yield from _read_move(event, lead)
    elif event.kind == EventKind.VERDICT_CHANGED:
        yield from _read_verdict(str(event.properties.get("to")))


def _read_move(event: Event, lead: Lead) -> Iterator[EventType]:
    """Yield what a move says; the first that made it an MQL has set the verdict, without an event of its own."""
    yield EventType.LEAD_STAGE_CHANGED
    to_stage = event.properties.get("to")
    if lead.mql_at == event.occurred_at:
        yield EventType.LEAD_QUALIFIED
    if to_stage == Stage.CUSTOMER:
        yield EventType.LEAD_WON
    elif to_stage in _ENDS:
        yield EventType.LEAD_LOST


def _read_verdict(verdict: str) -> Iterator[EventType]:
    if verdict == Verdict.QUALIFIED:
        yield EventType.LEAD_QUALIFIED
    elif verdict in _REVOKED:
        yield EventType.LEAD_UNQUALIFIED
