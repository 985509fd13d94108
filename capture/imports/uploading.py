"""A file arrives: its rows are stored in chunks, in one transaction, before anybody maps a column. Called by page, API.

Rows are stored as they were read, so that neither a reload nor another machine's worker needs the file again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from capture.imports.auditing import record_import
from capture.imports.models import Import, ImportChunk
from leadhub.accounts.models import Membership
from leadhub.lib.ids import new_id
from leadhub.lib.sheets import UnreadableSheet, detect_layout, read_rows
from leadhub.tenancy.many_rows import insert_many

ROWS_OF_A_CHUNK = 1_000
SAMPLE_ROWS = 8
_CHUNKS_AT_ONCE = 20


def store_upload(
    *, file: BinaryIO, name: str, actor: Membership, now: datetime, encoding: str = "", delimiter: str = ""
) -> Import:
    """Read the file and store its header and rows; return the import, which waits for its mapping.

    Encoding and delimiter are found where they are not given. Raises `leadhub.lib.sheets.UnreadableSheet`.
    """
    layout = detect_layout(file, encoding=encoding, delimiter=delimiter)
    rows = read_rows(file, layout)
    header = [column[:120] for column in next(rows, [])]
    first = [_fit(row, header) for row in islice(rows, SAMPLE_ROWS)]
    if not first:
        raise UnreadableSheet("This file has a header and no rows, or nothing at all.", field="file")
    upload = Import.objects.create(
        name=name[:200] or "upload",
        layout=asdict(layout),
        header=header,
        sample=first,
        created_by=actor,
        created_at=now,
    )
    upload.row_count = _store_chunks(upload, first=first, rows=(_fit(row, header) for row in rows))
    upload.save(update_fields=["row_count"])
    record_import(upload=upload, action="import.uploaded", actor=actor, now=now)
    return upload


def _fit(row: list[str], header: Sequence[str]) -> list[str]:
    """Return the row with as many cells as the header has."""
    return (row + [""] * (len(header) - len(row)))[: len(header)]


def _store_chunks(upload: Import, *, first: list[list[str]], rows: Iterator[list[str]]) -> int:
    """Write the rows, a few chunks at a time; return how many there are."""
    count, number, waiting = 0, 0, []
    part = first + list(islice(rows, ROWS_OF_A_CHUNK - len(first)))
    while part:
        waiting.append(
            {
                "id": new_id(),
                "upload_id": upload.pk,
                "number": number,
                "first_row": count + 2,
                "row_count": len(part),
                "rows": part,
            }
        )
        count, number = count + len(part), number + 1
        if len(waiting) == _CHUNKS_AT_ONCE:
            insert_many(ImportChunk, waiting)
            waiting = []
        part = list(islice(rows, ROWS_OF_A_CHUNK))
    insert_many(ImportChunk, waiting)
    return count
