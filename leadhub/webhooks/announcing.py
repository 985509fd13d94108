"""Tell the endpoints of what happened: a delivery for each endpoint and event, in the transaction that made the event.

The timeline shows every event as it is written; what endpoints could be told is noted and read at the end of the scope,
when the lead has its owner and grade. Without an endpoint that costs one statement, with any number of them seven.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leadhub.api.reading import list_leads
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import ask_for_senders
from leadhub.leads.models import Door, Event, EventKind, Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.inserts import insert_new, insert_together
from leadhub.tenancy.lookups import is_one_of
from leadhub.tenancy.scope import do_at_end
from leadhub.webhooks.event_types import TEST_TYPE, WATCHED, EventType, list_types
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.payloads import write_data
from leadhub.work.jobs import JobRequest, enqueue_many
from leadhub.work.registry import ClaimedJob

CHANNEL, PURPOSE, ANNOUNCE = "webhook", "announcement", "webhook.announce"
_log = logging.getLogger(__name__)


def note_events(events: Sequence[Event]) -> None:
    """Watch the timeline: remember what endpoints could be told until the scope ends."""
    noted = [event.pk for event in events if event.kind in WATCHED]
    if noted:
        do_at_end(announce_events, noted)


def announce_events(event_ids: list[UUID]) -> None:
    """Write a delivery for each endpoint and event that it wants to be told; what was rolled back is not there."""
    endpoints = list(Endpoint.objects.order_by("pk"))
    if not endpoints:
        return
    try:
        with transaction.atomic():
            _announce(event_ids, endpoints=endpoints)
    except Exception:  # noqa: BLE001  a fault here must not keep a lead from coming in
        _log.exception("Endpoints could not be told; a job tries again")
        now = utc_now()
        asked = {event_id: _ask_again(event_id, now=now) for event_id in event_ids}
        enqueue_many(jobs=list(asked.values()), now=now)


def announce_again(*, job: ClaimedJob, now: datetime) -> None:  # noqa: ARG001  one signature for all handlers
    """Tell the endpoints of one event whose announcement failed; after the last try it is a dead letter."""
    _announce([job.target_id], endpoints=list(Endpoint.objects.order_by("pk")))


def _ask_again(event_id: UUID, *, now: datetime) -> JobRequest:
    return JobRequest(kind=ANNOUNCE, target_id=event_id, dedupe_key=str(event_id), due_at=now)


def _announce(event_ids: Sequence[UUID], *, endpoints: Sequence[Endpoint]) -> None:
    found = Event.objects.filter(is_one_of("id", event_ids)).select_related("inquiry", "actor", "person__company")
    events = list(found.order_by("logged_at", "pk"))
    if events:
        now = max(event.logged_at for event in events)
        told = list(_tell_each(events, endpoints=endpoints, now=now))
        write_deliveries(told, now=now)


Told = tuple[Endpoint, Delivery, Announcement]


def _tell_each(events: Sequence[Event], *, endpoints: Sequence[Endpoint], now: datetime) -> Iterator[Told]:
    leads = _read_leads(events, now=now)
    qualified: set[UUID | None] = set()
    for event in events:
        lead = leads.get(event.lead_id)
        if _is_import(event) or (event.lead_id and lead is None):
            continue
        for event_type in list_types(event, lead):
            if event_type == EventType.LEAD_QUALIFIED and event.lead_id in qualified:
                continue  # a verdict and the move that it made are one
            if event_type == EventType.LEAD_QUALIFIED:
                qualified.add(event.lead_id)
            yield from _tell(event, event_type=event_type, lead=lead, endpoints=endpoints)


def _is_import(event: Event) -> bool:
    """Say whether the event is a file's row; what people do with the lead later is told."""
    is_arrival = event.kind == EventKind.FORM_SUBMITTED
    return is_arrival and event.inquiry is not None and event.inquiry.door == Door.IMPORT


def _read_leads(events: Sequence[Event], *, now: datetime) -> dict[UUID | None, Lead]:
    """Return the leads as the API shows them; tests of an ad platform's form are nobody's business."""
    ids = list({event.lead_id for event in events if event.lead_id})
    return {lead.pk: lead for lead in list_leads(now=now).filter(is_one_of("id", ids), is_test=False)} if ids else {}


def _tell(event: Event, *, event_type: EventType, lead: Lead | None, endpoints: Sequence[Endpoint]) -> Iterator[Told]:
    wanting = [each for each in endpoints if not each.event_types or event_type in each.event_types]
    if not wanting:
        return
    told = write_data(event=event, event_type=event_type, lead=lead)
    for endpoint in wanting:
        key = f"webhook:{endpoint.pk}:{event.pk}:{event_type}"
        yield write_delivery(
            endpoint=endpoint, event_type=event_type, told=told, dedupe_key=key, lead=lead, at=event.logged_at
        )


def write_delivery(
    *, endpoint: Endpoint, event_type: str, told: dict[str, Any], dedupe_key: str, lead: Lead | None, at: datetime
) -> Told:
    """Return the rows of one call to come, unsaved."""
    delivery = Delivery(
        channel=CHANNEL,
        purpose=PURPOSE,
        dedupe_key=dedupe_key,
        recipient=endpoint.url,
        lead=lead,
        content={"subject": event_type, "timestamp": at.isoformat(), "data": told},
        created_at=at,
    )
    return endpoint, delivery, Announcement(delivery=delivery, endpoint=endpoint, event_type=event_type)


def write_deliveries(told: Sequence[Told], *, now: datetime) -> None:
    """Store the deliveries whose cause has none yet, and ask for their sender.

    Also where the endpoint is paused: the sender puts them back. Who resumes it meanwhile cannot see these rows yet.
    """
    new = {delivery.pk for delivery in insert_new([delivery for _, delivery, _ in told])}
    rows = [announcement for _, delivery, announcement in told if delivery.pk in new]
    insert_together(rows)
    ask_for_senders(deliveries=[delivery for _, delivery, _ in told if delivery.pk in new], now=now)


def may_leave(endpoint: Endpoint, delivery: Delivery) -> bool:
    """Say whether the endpoint is called now; a test is sent to any."""
    return endpoint.is_active or delivery.content["subject"] == TEST_TYPE
