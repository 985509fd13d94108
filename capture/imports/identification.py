"""An import's first step: a chunk of its rows becomes people, leads, inquiries and events. Called by the bulk line."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any
from uuid import UUID

from capture.imports.models import Import, ImportChunk, ImportRow
from capture.imports.plan import ROUTE, Plan
from capture.imports.queries import list_refusals
from capture.imports.reading import load_row
from capture.imports.running import ask_for_next
from leadhub.accounts.duty import get_marketing_owner
from leadhub.leads.bulk import Arrived, Reception, receive_many
from leadhub.leads.models import Company, Event, Identity, Inquiry, Lead, Person, Touch
from leadhub.leads.walk import Batch
from leadhub.lib.ids import new_id
from leadhub.tenancy.many_rows import insert_many, without_waiting
from leadhub.tenancy.statistics import count_rows_anew, list_outgrown

_State = ImportChunk.State
_GROWING = (Company, Event, Identity, Inquiry, Lead, Person, Touch)


def identify_chunk(*, chunk_id: UUID, now: datetime) -> Batch:
    """Settle the rows of a chunk in sets, write the ledger, ask for the next chunk; return what they became.

    A chunk that was settled before changes nothing and returns an empty batch.
    """
    waiting = ImportChunk.objects.filter(pk=chunk_id, state=_State.CHECKED).defer("rows", "new_keys")
    chunk = waiting.select_for_update().first()
    if chunk is None:
        return Batch(lead_ids=(), inquiry_ids=(), now=now)
    upload = Import.objects.get(pk=chunk.upload_id)
    plan = Plan.from_json(upload.plan)
    rows = [load_row(stored) for stored in chunk.parsed]
    reception = _make_reception(upload, plan=plan, now=now)
    with without_waiting():
        arrived = receive_many(rows=rows, reception=reception) if rows else []
        _write_ledger(upload=upload, chunk=chunk, arrived=arrived)
    chunk.state, chunk.parsed = _State.SETTLED, []
    chunk.save(update_fields=["state", "parsed"])
    ask_for_next(upload=upload, now=now)
    is_twice_as_far = chunk.number & (chunk.number - 1) == 0
    if is_twice_as_far:
        count_rows_anew(list_outgrown(_GROWING, rows=chunk.first_row + len(rows)))
    return _describe_batch(arrived, plan=plan, owner_id=plan.assign_to or reception.owner_id, now=now)


def _make_reception(upload: Import, *, plan: Plan, now: datetime) -> Reception:
    marketing_owner = get_marketing_owner()

    def find_own(people: set[UUID]) -> set[UUID]:
        own = ImportRow.objects.filter(upload=upload, person__in=people, made__person=True)
        return set(own.values_list("person_id", flat=True))

    return Reception(
        duplicates=plan.duplicates,
        owner_id=marketing_owner.pk,
        actor_id=upload.created_by_id,
        currency=marketing_owner.organization.currency,
        now=now,
        find_own=find_own,
    )


def _describe_batch(arrived: Sequence[Arrived], *, plan: Plan, owner_id: UUID, now: datetime) -> Batch:
    """Return the leads that the rows opened or raised a hand on, each once; the others keep score and owner."""
    asked = [row for row in arrived if row.inquiry_id]
    return Batch(
        lead_ids=tuple(dict.fromkeys(row.lead_id for row in asked if row.lead_id)),
        inquiry_ids=tuple(row.inquiry_id for row in asked if row.inquiry_id),
        now=now,
        assign_to=None if plan.assign == ROUTE else owner_id,
    )


def _write_ledger(*, upload: Import, chunk: ImportChunk, arrived: Sequence[Arrived]) -> None:
    ledger = [_describe_row(row) for row in arrived]
    ledger += [
        {"number": number, "outcome": ImportRow.Outcome.FAILED.value, "reason": shorten(reason, 300, placeholder=" …")}
        for number, reason in list_refusals(chunk).items()
    ]
    insert_many(ImportRow, [{**row, "id": new_id(), "upload_id": upload.pk} for row in ledger])


def _describe_row(row: Arrived) -> dict[str, Any]:
    return {
        "number": row.number,
        "outcome": row.outcome,
        "reason": shorten(row.reason, 300, placeholder=" …"),
        "person_id": row.person_id,
        "lead_id": row.lead_id,
        "inquiry_id": row.inquiry_id,
        "made": row.made,
        "changed": row.changed,
    }
