"""What pages and API show of an import: how far it is, what the check found, what became of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from capture.imports.models import Import, ImportChunk, ImportRow
from leadhub.tenancy.scope import get_organization_id
from leadhub.web.portions import Lines, Portions
from leadhub.web.sorting import Order
from leadhub.work.models import Job

_State, _Chunk = Import.State, ImportChunk.State
# The chunks that the present work has behind it.
_BEHIND = {
    _State.CHECKING: (_Chunk.CHECKED,),
    _State.RUNNING: (_Chunk.SETTLED,),
    _State.UNDOING: (_Chunk.UNDONE,),
}
_LABELS = {
    _State.CHECKING: "Reading every row",
    _State.RUNNING: "Importing",
    _State.UNDOING: "Taking rows back",
}
SHOWN_ERRORS = 100
CHUNKS_AT_ONCE = 10
FAILED_HEADER = ("Row", "Reason")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many rows the present work has behind it; `is_stopped`: it goes on only when an admin tries it again."""

    label: str
    done: int
    total: int
    is_stopped: bool = False

    @property
    def note(self) -> str:
        """The figures behind the bar."""
        return f"{self.done:,} of {self.total:,} rows"


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the check found, in rows; `new_people` counts people, of whom a file may have several rows."""

    new: int
    known: int
    invalid: int
    new_people: int

    @property
    def importable(self) -> int:
        """The rows without an error."""
        return self.new + self.known

    @property
    def new_words(self) -> str:
        """How many people they are."""
        return f"{self.new_people:,} {'person' if self.new_people == 1 else 'people'}"


def read_progress(upload: Import) -> Progress | None:
    """Return how far the work is that goes on; None where nothing goes on."""
    behind = _BEHIND.get(_State(upload.state))
    if behind is None:
        return None
    chunks = ImportChunk.objects.filter(upload=upload)
    done = chunks.filter(state__in=behind).aggregate(n=Sum("row_count"))["n"]
    dead = Job.objects.filter(
        organization_id=get_organization_id(), dead_at__isnull=False, target_id__in=chunks.values("id")
    )
    return Progress(
        label=_LABELS[_State(upload.state)], done=done or 0, total=upload.row_count, is_stopped=dead.exists()
    )


def read_findings(upload: Import) -> Findings:
    """Sum up what the chunks' checks found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum((counts->>'new')::int), 0), coalesce(sum((counts->>'known')::int), 0), "
            "coalesce(sum((counts->>'invalid')::int), 0), "
            "(SELECT count(DISTINCT key) FROM import_chunk c, jsonb_array_elements_text(c.new_keys) AS key "
            " WHERE c.organization_id = %(organization)s AND c.upload_id = %(upload)s) "
            "FROM import_chunk WHERE organization_id = %(organization)s AND upload_id = %(upload)s",
            {"organization": get_organization_id(), "upload": upload.pk},
        )
        new, known, invalid, people = cursor.fetchone() or (0, 0, 0, 0)
    return Findings(new=new, known=known, invalid=invalid, new_people=people)


def list_errors(upload: Import) -> list[dict[str, Any]]:
    """Return what is wrong, cell by cell, in the order of the file: the first ones."""
    chunks = ImportChunk.objects.filter(upload=upload).exclude(errors=[]).order_by("number")
    found = chunks.values_list("errors", flat=True).iterator(chunk_size=20)
    return list(islice(chain.from_iterable(found), SHOWN_ERRORS))


def count_outcomes(upload: Import) -> dict[str, int]:
    """Return how many rows became what."""
    counted = ImportRow.objects.filter(upload=upload).order_by().values_list("outcome").annotate(n=Count("id"))
    known = dict(counted)
    return {outcome.value: known.get(outcome.value, 0) for outcome in ImportRow.Outcome}


def list_ledger(upload: Import, *, outcome: str = "") -> QuerySet[ImportRow]:
    """Return what became of each row, in the order of the file."""
    rows = ImportRow.objects.filter(upload=upload).select_related("person").order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


def list_refused_rows(upload: Import) -> Portions:
    """Return the rows that cannot be or were not imported as they came, with row number and reason before them."""
    chunks = ImportChunk.objects.filter(upload=upload).exclude(errors=[]).order_by("number")
    return Portions(found=chunks, read=_read_refused, size=CHUNKS_AT_ONCE)


def _read_refused(keys: Sequence[UUID]) -> Lines:
    return {
        chunk.pk: [
            (number, reason, *chunk.rows[number - chunk.first_row]) for number, reason in list_refusals(chunk).items()
        ]
        for chunk in ImportChunk.objects.filter(pk__in=keys)
    }


def list_refusals(chunk: ImportChunk) -> dict[int, str]:
    """Return why each row that cannot be imported cannot, by its number."""
    reasons: dict[int, list[str]] = {}
    for error in chunk.errors:
        reasons.setdefault(error["row"], []).append(": ".join(filter(None, [error["column"], error["message"]])))
    return {number: " ".join(found) for number, found in reasons.items()}


def list_ledger_rows(upload: Import, *, outcome: str, order: Order) -> Portions:
    """Return the ledger for a file."""
    return Portions(found=order.apply(list_ledger(upload, outcome=outcome)), read=_read_ledger)


def _read_ledger(keys: Sequence[UUID]) -> Lines:
    rows = ImportRow.objects.filter(pk__in=keys).values_list(
        "id",
        "number",
        "outcome",
        "reason",
        "person__first_name",
        "person__last_name",
        "person__email",
        "lead",
        "undoing",
        "undoing_note",
    )
    return {
        key: [(number, what, reason, f"{first or ''} {last or ''}".strip(), email, str(lead or ""), *undone)]
        for key, number, what, reason, first, last, email, lead, *undone in rows
    }


LEDGER_HEADER = ("Row", "Outcome", "Reason", "Name", "E-mail", "Lead", "Undone", "Why kept")
