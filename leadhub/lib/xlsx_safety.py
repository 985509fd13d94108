"""What would unpacking this XLSX cost? Asked by `sheets` before a parser that unpacks it in memory may see it.

A ZIP's declared sizes are claims, so every entry is inflated here without being kept. A sheet whose one cell stands
in the last row and column would be laid out as seventeen billion cells, and a long text that a million cells share is
copied for each of them. Which entries are sheets only the file itself says, so all are looked at: by patterns that
never guess too little, and where those guess too much, by reading the XML (`xlsx_layout`).
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from leadhub.lib.xlsx_layout import Layout, NotXml

MOST_BYTES = 400 * 1024 * 1024
MOST_CELLS = 8_000_000
MOST_SHARED = 1024 * 1024 * 1024  # bytes of the texts that cells share, once for each cell
MOST_ENTRIES = 2_000
WORST_RATIO = 200
_ALWAYS_FINE = 1024 * 1024
_PIECE = 256 * 1024
_LONGEST_TAG = 128 * 1024
_MOST_READ = 64 * 1024 * 1024  # of XML that is read tag by tag
_FEW = 1_000
_CELLS = tuple(start + end for start in (b"<c", b":c") for end in (b" ", b"/", b">", b"\t", b"\n", b"\r"))
_PLACED = re.compile(rb"""[<:]c\s+r\s*=\s*["'][A-Za-z]{1,7}\d""")
# Of a cell with its letters, of a row without.
_ADDRESS = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,7})(\d{1,10})""")
_TEXT_END = re.compile(rb"</(?:[^\s<>/]*:)?si\s*>")
# What may feign a pattern: a comment, a declaration, an attribute with a tag in it.
_ASIDE = re.compile(rb"""<!|=\s*"[^"<]*<|=\s*'[^'<]*<""")
_LOCAL_HEADER = 30
_END = b"PK\x05\x06"
_LONGEST_END = 22 + 65_535


class UnsafeWorkbook(ValueError):
    """The file would unpack to more than we hold, or lies about its sizes."""


def require_safe_workbook(file: BinaryIO) -> None:
    """Raise `UnsafeWorkbook` unless the workbook unpacks within bounds."""
    try:
        _require_one_directory(file)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_claims(entries)
            looks = [_look_at(file, entry) for entry in entries]
            _require_small(file, looks)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, OverflowError, NotXml) as error:
        raise UnsafeWorkbook("This XLSX file is damaged: save it anew, then try again.") from error


def _require_one_directory(file: BinaryIO) -> None:
    """Refuse a ZIP that ends twice: two readers may choose different directories of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_END))
    if file.read().count(_END) != 1:
        raise zipfile.BadZipFile


def _check_claims(entries: list[zipfile.ZipInfo]) -> None:
    packed, unpacked = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    is_steep = unpacked > _ALWAYS_FINE and unpacked > WORST_RATIO * max(packed, 1)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_BYTES or is_steep:
        raise UnsafeWorkbook("This XLSX file unpacks to more than we read: save it as CSV, or split it.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnsafeWorkbook("This XLSX file has a password: save it without one.")


@dataclass(kw_only=True)
class _Look:
    """What an entry may hold at most, by its patterns."""

    entry: zipfile.ZipInfo
    rows: int = 0
    columns: int = 0
    row_tags: int = 0
    unplaced: int = 0
    shared: int = 0
    texts: int = 0
    longest: int = 0
    since_text: int = 0
    has_asides: bool = False

    @property
    def cells(self) -> int:
        """What the sheet is laid out as at most; a cell without an address stands beside the one before it."""
        rows = self.rows + (self.row_tags if self.unplaced else 0)
        return max(rows, 1) * (self.columns + self.unplaced)

    @property
    def matters(self) -> bool:
        """Say whether it has to be read where the patterns are not enough; a picture has a few of them by chance."""
        return self.texts > 0 or self.shared > _FEW or self.cells > MOST_CELLS


def _look_at(file: BinaryIO, entry: zipfile.ZipInfo) -> _Look:
    """Inflate one entry: it must end where it says. Whole tags are looked at."""
    look, size, before = _Look(entry=entry), 0, b""
    for piece in _inflate(file, entry):
        size += len(piece)
        if size > entry.file_size:
            raise UnsafeWorkbook("This XLSX file is larger than it says: save it anew, then try again.")
        text = before + piece
        end = text.rfind(b"<")
        _note(look, text[:end] if end > 0 else b"")
        before = text[end:] if end > 0 else text
        if len(before) > _LONGEST_TAG:
            _note(look, before)
            look.has_asides, before = True, b""
    _note(look, before)
    return look


def _note(look: _Look, text: bytes) -> None:
    """Reckon with some of an entry's text."""
    if found := _ADDRESS.findall(text):
        letters, digits = zip(*found, strict=True)
        look.rows = max(look.rows, *map(int, set(digits)))
        look.columns = max(look.columns, *map(_column_number, set(letters)))
    look.row_tags += text.count(b"<row") + text.count(b":row")
    look.unplaced += _count_unplaced(text)
    look.shared += text.count(b'"s"') + text.count(b"'s'")
    if b"si" in text:
        _note_texts(look, text)
    else:
        look.since_text += len(text)


def _count_unplaced(text: bytes) -> int:
    """Return how many cells have no address of their own."""
    usual = text.count(b'<c r="')
    if usual == text.count(b"<c") and b":c" not in text:
        return 0
    cells = sum(map(text.count, _CELLS))
    return cells and cells - len(_PLACED.findall(text))


def _note_texts(look: _Look, text: bytes) -> None:
    """Reckon with the texts that cells share: each is no longer than from the end of the one before it."""
    look.has_asides = look.has_asides or _ASIDE.search(text) is not None
    ends = [match.end() for match in _TEXT_END.finditer(text)]
    gaps = [end - start for start, end in zip([-look.since_text, *ends], ends, strict=False)]
    look.texts, look.longest = look.texts + len(ends), max([look.longest, *gaps])
    look.since_text = len(text) - ends[-1] if ends else look.since_text + len(text)


def _require_small(file: BinaryIO, looks: list[_Look]) -> None:
    """Refuse what is too large by its patterns, and by its tags as well."""
    copied = sum(look.shared for look in looks) * max([0, *(look.longest for look in looks)])
    is_odd = any(look.has_asides and look.texts for look in looks)
    if all(look.cells <= MOST_CELLS for look in looks) and copied <= MOST_SHARED and not is_odd:
        return
    matter = [look.entry for look in looks if look.matters]
    if sum(entry.file_size for entry in matter) > _MOST_READ:
        raise UnsafeWorkbook("This sheet has too many cells: save it as CSV, or split it.")
    layouts = [Layout.read(_inflate(file, entry)) for entry in matter]
    if any(layout.cells > MOST_CELLS for layout in layouts):
        raise UnsafeWorkbook("This sheet has too many cells: save it as CSV, or split it.")
    lengths = max((layout.lengths for layout in layouts), key=sum, default=[])
    if any(layout.count_copied(lengths) > MOST_SHARED for layout in layouts):
        raise UnsafeWorkbook("This sheet repeats long texts too often: save it as CSV, or split it.")


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
