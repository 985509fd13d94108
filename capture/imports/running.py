"""Start an import, and note what its chunks became. Called by pages, API and the bulk line.

Chunks run one after the other, each in one transaction that ends by asking for the next: so rows count in the order
of the file, a worker's death costs one chunk's work, and a chunk that is done is known by its state.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from capture.imports.auditing import record_import
from capture.imports.models import Import, ImportChunk
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from leadhub.work.jobs import enqueue

WALK_CHUNK = "line.walk_chunk"
_State = Import.State


class NotReady(DomainError):
    """The import is not in the state that the act asks for."""


def start_import(*, upload_id: UUID, actor: Membership | None, now: datetime) -> Import:
    """Import the rows that the check found good; twice changes nothing. Raises `NotReady`."""
    upload = Import.objects.select_for_update().get(pk=upload_id)
    if upload.state in {_State.RUNNING, _State.DONE}:
        return upload
    if upload.state != _State.CHECKED:
        raise NotReady(f"This import cannot start: it is {upload.get_state_display().lower()}.")
    upload.state, upload.started_at = _State.RUNNING, now
    upload.save(update_fields=["state", "started_at"])
    record_import(upload=upload, action="import.started", actor=actor, now=now, after=upload.plan)
    ask_for_next(upload=upload, now=now)
    return upload


def ask_for_next(*, upload: Import, now: datetime) -> None:
    """Have the next chunk imported; after the last one the import is done."""
    waiting = ImportChunk.objects.filter(upload=upload, state=ImportChunk.State.CHECKED).order_by("number")
    if not enqueue_first(chunks=waiting, kind=WALK_CHUNK, now=now):
        Import.objects.filter(pk=upload.pk, state=_State.RUNNING).update(state=_State.DONE, finished_at=now)


def enqueue_first(*, chunks: QuerySet[ImportChunk], kind: str, now: datetime) -> bool:
    """Have the first of the chunks worked on; say whether there is one."""
    chunk_id = chunks.values_list("id", flat=True).first()
    if chunk_id is not None:
        enqueue(kind=kind, target_id=chunk_id, dedupe_key=str(chunk_id), due_at=now, now=now)
    return chunk_id is not None
