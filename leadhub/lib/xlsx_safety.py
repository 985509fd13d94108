"""What would unpacking this XLSX cost? Asked by `sheets` before a parser that unpacks it in memory may see it.

A ZIP's declared sizes are claims, so every entry is inflated here without being kept. A sheet whose one cell stands
in the last row and column would be laid out as seventeen billion cells, so the cells' addresses are read as well.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

MOST_BYTES = 400 * 1024 * 1024
MOST_CELLS = 8_000_000
MOST_ENTRIES = 2_000
WORST_RATIO = 200
_ALWAYS_FINE = 1024 * 1024
_PIECE = 256 * 1024
_TAIL = 40
_ADDRESS = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,7})(\d{1,10})""")
_ROW = re.compile(rb"""<[\w:]*row\b[^>]{0,200}?\br\s*=\s*["']\s*(\d{1,10})""")
_LOCAL_HEADER = 30


class UnsafeWorkbook(ValueError):
    """The file would unpack to more than we hold, or lies about its sizes."""


def require_safe_workbook(file: BinaryIO) -> None:
    """Raise `UnsafeWorkbook` unless the workbook unpacks within bounds."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_claims(entries)
            for entry in entries:
                _check_entry(file, entry)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, OverflowError) as error:
        raise UnsafeWorkbook("This XLSX file is damaged: save it anew, then try again.") from error


def _check_claims(entries: list[zipfile.ZipInfo]) -> None:
    packed, unpacked = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    is_steep = unpacked > _ALWAYS_FINE and unpacked > WORST_RATIO * max(packed, 1)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_BYTES or is_steep:
        raise UnsafeWorkbook("This XLSX file unpacks to more than we read: save it as CSV, or split it.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnsafeWorkbook("This XLSX file has a password: save it without one.")


def _check_entry(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Inflate one entry: it must end where it says, and a sheet's cells must lie close together."""
    is_sheet = "sheet" in entry.filename.lower()
    rows = columns = size = 0
    before = b""
    for piece in _inflate(file, entry):
        size += len(piece)
        if size > entry.file_size:
            raise UnsafeWorkbook("This XLSX file is larger than it says: save it anew, then try again.")
        if is_sheet:
            text = before + piece
            rows, columns = _reach(text, rows, columns)
            before = text[-_TAIL:]
            if rows * columns > MOST_CELLS:
                raise UnsafeWorkbook("This sheet has too many cells: save it as CSV, or split it.")


def _reach(text: bytes, rows: int, columns: int) -> tuple[int, int]:
    """Return the last row and column that the text names, or the former ones where those lie further."""
    for letters, digits in set(_ADDRESS.findall(text)):
        rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
    return max([rows, *(int(digits) for digits in _ROW.findall(text))]), columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _inflate(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the entry's bytes as its stream has them, whatever the directory declares."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left = entry.compress_size
    while left > 0 and (packed := file.read(min(left, _PIECE))):
        left -= len(packed)
        if inflater is None:
            yield packed
            continue
        while packed:
            yield inflater.decompress(packed, _PIECE)
            packed = inflater.unconsumed_tail
