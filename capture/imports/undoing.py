"""Undo a whole import, as far as nobody has built on it: chunk by chunk, the last one first. Called by page and API.

What the import made and nobody has touched since is deleted; a value that it overwrote, and that still stands, is put
back. Whatever cannot be undone stays, and the ledger says why.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from capture.imports.auditing import record_import
from capture.imports.models import Import, ImportChunk, ImportRow
from capture.imports.running import NotReady, enqueue_first
from leadhub.accounts.models import Membership
from leadhub.leads.bulk.removal import Removal, hold_told, restore_many, take_back_many
from leadhub.tenancy.many_rows import update_many
from leadhub.work.registry import ClaimedJob

UNDO_CHUNK = "capture.undo_import_chunk"
_State, _Undoing = Import.State, ImportRow.Undoing


def undo_import(*, upload_id: UUID, actor: Membership, now: datetime) -> Import:
    """Have every chunk taken back; twice changes nothing. Raises `NotReady` unless the import has ended."""
    upload = Import.objects.select_for_update().get(pk=upload_id)
    if upload.state in {_State.UNDOING, _State.UNDONE}:
        return upload
    if upload.state != _State.DONE:
        raise NotReady(f"This import cannot be undone: it is {upload.get_state_display().lower()}.")
    upload.state = _State.UNDOING
    upload.save(update_fields=["state"])
    record_import(upload=upload, action="import.undone", actor=actor, now=now)
    _ask_for_next(upload=upload, now=now)
    return upload


def run_undo_chunk(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "capture.undo_import_chunk"."""
    undo_chunk(chunk_id=job.target_id, now=now)


def undo_chunk(*, chunk_id: UUID, now: datetime) -> None:
    """Take one chunk back and ask for the one before it; twice changes nothing."""
    chunk = ImportChunk.objects.filter(pk=chunk_id, state=ImportChunk.State.SETTLED).select_for_update().first()
    if chunk is None:
        return
    upload = Import.objects.get(pk=chunk.upload_id)
    end = chunk.first_row + len(chunk.rows)
    rows = list(
        ImportRow.objects.filter(upload=upload, number__gte=chunk.first_row, number__lt=end).order_by("-number")
    )
    removals = [_describe(row) for row in rows if row.made or row.changed]
    hold_told(removals)
    notes = restore_many(removals=removals, now=now)
    own_events = _list_own_events(upload, leads={row.lead_id for row in rows if row.lead_id})
    notes |= take_back_many(removals=removals, own_events=own_events, since=upload.started_at or upload.created_at)
    _note(rows=rows, notes=notes)
    chunk.state = ImportChunk.State.UNDONE
    chunk.save(update_fields=["state"])
    _ask_for_next(upload=upload, now=now)


def _describe(row: ImportRow) -> Removal:
    return Removal(
        number=row.number,
        person_id=row.person_id if row.made.get("person") else None,
        lead_id=row.lead_id if row.made.get("lead") else None,
        told_person_id=row.person_id,
        told_lead_id=row.lead_id,
        inquiry_id=row.inquiry_id,
        made=row.made,
        changed=row.changed,
    )


def _list_own_events(upload: Import, *, leads: set[UUID]) -> list[UUID]:
    """Return the events that the import wrote about these leads, in whichever chunk."""
    written = ImportRow.objects.filter(upload=upload, lead__in=leads).values_list("made__events", flat=True)
    return [UUID(event_id) for events in written for event_id in events or ()]


def _ask_for_next(*, upload: Import, now: datetime) -> None:
    left = ImportChunk.objects.filter(upload=upload, state=ImportChunk.State.SETTLED).order_by("-number")
    if not enqueue_first(chunks=left, kind=UNDO_CHUNK, now=now):
        Import.objects.filter(pk=upload.pk, state=_State.UNDOING).update(state=_State.UNDONE, undone_at=now)


def _note(*, rows: Sequence[ImportRow], notes: dict[int, str]) -> None:
    """Write on each row whether it was taken back, and what was kept and why."""
    changes = {}
    for row in rows:
        if row.made or row.changed:
            note = notes.get(row.number, "")
            undoing = _Undoing.KEPT if note else _Undoing.TAKEN_BACK
            changes[row.pk] = {"undoing": undoing.value, "undoing_note": note[:300]}
    update_many(ImportRow, changes)


def count_undone(upload: Import) -> tuple[int, int]:
    """Return how many rows were taken back, and how many were kept."""
    rows = ImportRow.objects.filter(upload=upload)
    return rows.filter(undoing=_Undoing.TAKEN_BACK).count(), rows.filter(undoing=_Undoing.KEPT).count()
