"""A file arrives: its rows are stored in chunks, in one transaction, before anybody maps a column. Called by page, API.

Rows are stored as they were read, so that neither a reload nor another machine's worker needs the file again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain, islice
from typing import BinaryIO

from capture.imports.auditing import record_import
from capture.imports.models import Import, ImportChunk
from leadhub.accounts.models import Membership
from leadhub.lib.ids import new_id
from leadhub.lib.sheets import SheetTooLarge, UnreadableSheet, detect_layout, number_rows
from leadhub.tenancy.many_rows import insert_many

ROWS_OF_A_CHUNK = 1_000
SAMPLE_ROWS = 8
MOST_ROWS = 2_000_000
# With those that are missing in short rows: the largest file that we read has no more where all rows are alike.
MOST_CELLS = 50_000_000
_CHUNKS_AT_ONCE = 20


def store_upload(
    *, file: BinaryIO, name: str, actor: Membership, now: datetime, encoding: str = "", delimiter: str = ""
) -> Import:
    """Read the file and store its header and rows; return the import, which waits for its mapping.

    Encoding and delimiter are found where they are not given. Raises `leadhub.lib.sheets.UnreadableSheet`, also for
    what is short in the file and would be long in the database.
    """
    layout = detect_layout(file, encoding=encoding, delimiter=delimiter)
    rows = number_rows(file, layout)
    header = [column[:120] for column in next(rows, (1, []))[1]]
    fitting = _fit_all(rows, header)
    first = list(islice(fitting, SAMPLE_ROWS))
    if not first:
        raise UnreadableSheet("This file has a header and no rows, or nothing at all.", field="file")
    upload = Import.objects.create(
        name=name[:200] or "upload",
        layout=asdict(layout),
        header=header,
        sample=[row for _number, row in first],
        created_by=actor,
        created_at=now,
    )
    upload.row_count = _store_chunks(upload, rows=chain(first, fitting))
    upload.save(update_fields=["row_count"])
    record_import(upload=upload, action="import.uploaded", actor=actor, now=now)
    return upload


def _fit_all(rows: Iterable[tuple[int, list[str]]], header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with as many cells as the header has."""
    width = len(header)
    most = min(MOST_ROWS, MOST_CELLS // max(width, 1))
    for count, (number, row) in enumerate(rows):
        if count == most:
            raise SheetTooLarge(f"This file has more than {most:,} rows: split it into parts.", field="file")
        yield number, (row + [""] * (width - len(row)))[:width]


def _store_chunks(upload: Import, *, rows: Iterator[tuple[int, list[str]]]) -> int:
    """Write the rows, a few chunks at a time; return how many there are."""
    count, waiting = 0, []
    for number, (first_row, part) in enumerate(_span(rows)):
        filled = sum(1 for row in part if row)
        waiting.append(
            {
                "id": new_id(),
                "upload_id": upload.pk,
                "number": number,
                "first_row": first_row,
                "row_count": filled,
                "rows": part,
            }
        )
        count += filled
        if len(waiting) == _CHUNKS_AT_ONCE:
            insert_many(ImportChunk, waiting)
            waiting = []
    insert_many(ImportChunk, waiting)
    return count


def _span(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield spans of the file with the number of their first row; a blank row between others has no cells."""
    first, part = 0, list[list[str]]()
    for number, row in rows:
        if part and number - first >= ROWS_OF_A_CHUNK:
            yield first, part
            part = []
        if not part:
            first = number
        part += [[] for _ in range(number - first - len(part))]
        part.append(row)
    if part:
        yield first, part
