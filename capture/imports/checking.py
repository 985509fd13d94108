"""Check a file before anything is written: every row is read by the plan, its errors noted at the cell, and who is
known already is counted. One bulk job a chunk, all of them in parallel. Called by the pages, the API and the worker.
"""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from capture.imports.models import Import, ImportChunk
from capture.imports.plan import Plan, remember_plan, require_plan
from capture.imports.reading import Reader, read_row
from capture.imports.running import start_import
from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Membership
from leadhub.leads.bulk.known import list_known
from leadhub.leads.keys import Key
from leadhub.leads.models import Identity
from leadhub.lib.errors import DomainError
from leadhub.lib.garbage import without_collecting
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob

CHECK_CHUNK = "capture.check_import_chunk"
_State = Import.State


class AlreadyRunning(DomainError):
    """The import has begun, so that its plan stands."""


def check_import(
    *, upload_id: UUID, plan: Plan, actor: Membership, now: datetime, starts_itself: bool = False
) -> Import:
    """Store the plan and have every chunk checked by it, anew where it was. Raises `BadPlan`, `AlreadyRunning`."""
    chunks = ImportChunk.objects.filter(upload=upload_id)
    list(chunks.select_for_update().order_by("number").values_list("pk"))  # before the import, as each chunk's check
    upload = Import.objects.select_for_update().get(pk=upload_id)
    if upload.state not in {_State.MAPPING, _State.CHECKING, _State.CHECKED}:
        raise AlreadyRunning("This import has begun: its columns cannot be changed any more.")
    require_plan(plan, header=upload.header)
    remember_plan(plan, header=upload.header, now=now)
    upload.plan, upload.state, upload.starts_itself = plan.to_json(), _State.CHECKING, starts_itself
    upload.created_by = upload.created_by or actor
    upload.save(update_fields=["plan", "state", "starts_itself", "created_by"])
    chunks.update(state=ImportChunk.State.STORED, parsed=[], errors=[], new_keys=[], counts={})
    for chunk_id in chunks.order_by("number").values_list("id", flat=True):
        enqueue(kind=CHECK_CHUNK, target_id=chunk_id, dedupe_key=str(chunk_id), due_at=now, now=now)
    return upload


def run_check_chunk(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "capture.check_import_chunk"."""
    with without_collecting():
        check_chunk(chunk_id=job.target_id, now=now)


def check_chunk(*, chunk_id: UUID, now: datetime) -> None:
    """Check one chunk; the last one to end makes the import ready, or starts it. Twice changes nothing."""
    chunk = ImportChunk.objects.filter(pk=chunk_id, state=ImportChunk.State.STORED).select_for_update().first()
    if chunk is None:
        return
    upload = Import.objects.get(pk=chunk.upload_id)
    _read_chunk(chunk, reader=_make_reader(upload, now=now))
    chunk.state = ImportChunk.State.CHECKED
    chunk.save(update_fields=["parsed", "errors", "new_keys", "counts", "state"])
    Import.objects.select_for_update().get(pk=upload.pk)  # the last two chunks must not miss each other
    waiting = ImportChunk.objects.filter(upload=upload, state=ImportChunk.State.STORED)
    if not waiting.exists():
        Import.objects.filter(pk=upload.pk, state=_State.CHECKING).update(state=_State.CHECKED)
        if upload.starts_itself:
            start_import(upload_id=upload.pk, actor=upload.created_by, now=now)


def _read_chunk(chunk: ImportChunk, *, reader: Reader) -> None:
    """Read each row; keep those that can be imported, and what is wrong with the others."""
    parsed, errors, invalid = [], [], 0
    for number, cells in enumerate(chunk.rows, start=chunk.first_row):
        if not cells:
            continue
        row, found = read_row(number=number, cells=cells, reader=reader)
        if found:
            errors += [asdict(error) for error in found]
            invalid += 1
        else:
            parsed.append(row)
    keys = [[Key(Identity.Kind(kind), value) for kind, value in row["k"]] for row in parsed]
    new = [known_by[0] for known_by, is_known in zip(keys, list_known(keys), strict=True) if not is_known]
    chunk.parsed, chunk.errors = parsed, errors
    chunk.new_keys = [f"{key.kind.value}:{key.value}" for key in new]
    chunk.counts = {"new": len(new), "known": len(parsed) - len(new), "invalid": invalid}


def _make_reader(upload: Import, *, now: datetime) -> Reader:
    organization = Organization.objects.get(pk=get_organization_id())
    return Reader(
        plan=Plan.from_json(upload.plan),
        header=upload.header,
        country=organization.country,
        zone=ZoneInfo(organization.time_zone),
        now=now,
        members=_list_members(),
    )


def _list_members() -> dict[str, UUID]:
    """Return the members by lower-case e-mail, and by name where only one has it."""
    members = list(list_active_members().values_list("user__email", "name", "pk"))
    names = Counter(name.lower() for _, name, _ in members)
    by_name = {name.lower(): pk for _, name, pk in members if names[name.lower()] == 1}
    return by_name | {email.lower(): pk for email, _, pk in members}
