"""Rows in and out of CSV and XLSX files, bounded and streamed. Called by imports, exports and report downloads.

Written cells that a spreadsheet would run as a formula get a `'` before them (OWASP, CSV injection); reading takes
that mark off again, so that an export comes back as it left.
"""

import codecs
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import Any, BinaryIO

import python_calamine
import xlsxwriter

from leadhub.lib.errors import DomainError
from leadhub.lib.xlsx_safety import UnsafeWorkbook, require_safe_workbook

LARGEST_BYTES = 50 * 1024 * 1024
MOST_COLUMNS = 300
LONGEST_CELL = 100_000
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Western (Windows-1252)", "utf-16": "UTF-16", "mac_roman": "Mac Roman"}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PIECE = 64 * 1024
_ROWS_OF_A_SHEET = 1_000_000  # Excel's limit is 1,048,576
_WINDOWS_BLANKS = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # no character in Windows-1252

Cell = str | int | float | Decimal | bool | datetime | date | None
csv.field_size_limit(LONGEST_CELL)


class SheetKind(StrEnum):
    """The two formats."""

    CSV = "csv"
    XLSX = "xlsx"


class UnreadableSheet(DomainError):
    """The file is not a table that we can read; the message says what to do."""


class SheetTooLarge(UnreadableSheet):
    """The file has more bytes, columns or cells than we read."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file's bytes become rows; encoding and delimiter are a CSV's."""

    kind: SheetKind
    encoding: str = ""
    delimiter: str = ""


def detect_layout(file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> Layout:
    """Look at the bytes, never at the name, and say how to read them; what is given is taken as it is.

    Raises `UnreadableSheet` for an empty file or what is no table, `SheetTooLarge`.
    """
    size = file.seek(0, os.SEEK_END)
    if size > LARGEST_BYTES:
        raise SheetTooLarge("This file is larger than 50 MB: split it into parts.", field="file")
    file.seek(0)
    start = file.read(4)
    if not size or not start.strip():
        raise UnreadableSheet("This file is empty.", field="file")
    if start.startswith(b"PK"):
        return Layout(kind=SheetKind.XLSX)
    if start == b"\xd0\xcf\x11\xe0":
        raise UnreadableSheet("This is an old Excel file: save it as XLSX or CSV, then try again.", field="file")
    if start.startswith((b"%PDF", b"\x89PNG", b"\x1f\x8b", b"GIF8", b"\xff\xd8\xff")):
        raise UnreadableSheet("This is no table: upload a CSV or an XLSX file.", field="file")
    found = encoding or _detect_encoding(file)
    return Layout(kind=SheetKind.CSV, encoding=found, delimiter=delimiter or _detect_delimiter(file, found))


def read_rows(file: BinaryIO, layout: Layout) -> Iterator[list[str]]:
    """Yield each row as texts, the header first; rows without any text are left out. Dates are ISO 8601.

    Raises `UnreadableSheet` where the bytes are not what the layout says, `SheetTooLarge`.
    """
    return (cells for _number, cells in number_rows(file, layout))


def number_rows(file: BinaryIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield the same rows, each with the number that a spreadsheet shows beside it; raises the same."""
    rows = _read_csv(file, layout) if layout.kind == SheetKind.CSV else _read_xlsx(file)
    for number, row in enumerate(rows, start=1):
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise SheetTooLarge(
                f"This file has more than {MOST_COLUMNS} columns: leave out what is not needed.", field="file"
            )
        cells = [_clean(cell) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            yield number, cells


def write_rows(rows: Iterable[Sequence[Cell]], *, kind: SheetKind) -> Iterator[bytes]:
    """Yield a file's bytes; the first row is the header. Memory stays the same however many rows there are."""
    return _write_csv(rows) if kind == SheetKind.CSV else _write_xlsx(rows)


def guard_formula(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet runs it as a formula; numbers and dates are none."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _clean(cell: str) -> str:
    text = cell.replace("\x00", "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in "=+-@" else text


def _detect_encoding(file: BinaryIO) -> str:
    """Return what decodes the whole file: a byte order mark's, UTF-8, UTF-16 without a mark, else Windows-1252."""
    file.seek(0)
    start = file.read(_PIECE)
    marked = next((name for mark, name in _BOMS.items() if start.startswith(mark)), "")
    if marked:
        return marked
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_blanks = False
    try:
        while piece := file.read(_PIECE):
            has_blanks = has_blanks or not _WINDOWS_BLANKS.isdisjoint(piece)
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "mac_roman" if has_blanks else "cp1252"
    return "utf-8"


def _detect_delimiter(file: BinaryIO, encoding: str) -> str:
    """Return the delimiter that splits the first rows into the most columns, alike in every row."""
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        layout = Layout(kind=SheetKind.CSV, encoding=encoding, delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(_read_csv(file, layout), 20) if any(row)]
        except SheetTooLarge:
            widths = []
        if widths and widths[0] > 1:
            score = (sum(width == widths[0] for width in widths), widths[0])
            best, best_score = max((best, best_score), (delimiter, score), key=lambda pair: pair[1])
    return best


def _read_csv(file: BinaryIO, layout: Layout) -> Iterator[list[str]]:
    file.seek(0)
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    try:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
    except LookupError as error:
        raise UnreadableSheet("This encoding is not known.", field="encoding") from error
    try:
        yield from csv.reader(text, delimiter=layout.delimiter or ",")
    except UnicodeError as error:
        raise UnreadableSheet(
            f"This file is not {ENCODINGS.get(layout.encoding, layout.encoding)}: choose its encoding.",
            field="encoding",
        ) from error
    except csv.Error as error:
        raise SheetTooLarge(
            f"A cell is longer than {LONGEST_CELL:,} characters: perhaps a quotation mark is never closed.",
            field="file",
        ) from error
    finally:
        text.detach()


def _read_xlsx(file: BinaryIO) -> Iterator[list[str]]:
    """Yield the rows of the first sheet, after a look at what unpacking it would cost."""
    try:
        require_safe_workbook(file)
    except UnsafeWorkbook as error:
        raise SheetTooLarge(str(error), field="file") from error
    file.seek(0)
    try:
        book = python_calamine.load_workbook(io.BytesIO(file.read()))
        rows = book.get_sheet_by_index(0).iter_rows()
    except (python_calamine.CalamineError, IndexError, OSError, ValueError) as error:
        raise UnreadableSheet("This XLSX file cannot be read: save it anew, then try again.", field="file") from error
    for row in rows:
        yield [_read_cell(cell) for cell in row]


def _read_cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _write_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield CSV as RFC 4180 has it, with the byte order mark that Excel reads UTF-8 by."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    for number, row in enumerate(rows):
        writer.writerow([_show(guard_formula(cell)) for cell in row])
        if buffer.tell() > _PIECE or not number:  # the header leaves at once: a download that has begun
            yield _take(buffer)
    yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    taken = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return taken


def _show(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def _write_xlsx(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        with _open_workbook(file) as book:
            _fill_workbook(book, rows)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


@contextmanager
def _open_workbook(file: Any) -> Iterator[Any]:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    book = xlsxwriter.Workbook(file, options)
    try:
        yield book
    finally:
        book.close()


def _fill_workbook(book: Any, rows: Iterable[Sequence[Cell]]) -> None:
    """Write the rows; where one sheet is full, the next begins with the header again."""
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    remaining = iter(rows)
    header = next(remaining, ())
    for part in _part(remaining):
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [guard_formula(cell) for cell in header], bold)
        for number, row in enumerate(part, start=1):
            for column, cell in enumerate(row):
                is_day = isinstance(cell, date) and not isinstance(cell, datetime)
                _write_cell(sheet, number, column, guard_formula(cell), days if is_day else None)


def _part(rows: Iterator[Sequence[Cell]]) -> Iterator[Iterator[Sequence[Cell]]]:
    """Split the rows into what fits a sheet; one part at least."""
    following: Sequence[Cell] | None = next(rows, None)
    if following is None:
        yield iter(())
    while following is not None:
        yield chain([following], islice(rows, _ROWS_OF_A_SHEET - 1))
        following = next(rows, None)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:32_767])
    elif cell is not None:
        sheet.write(row, column, cell, style)
