"""Rows in and out of CSV and XLSX: what people save, and what somebody hostile would send."""

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from leadhub.lib import sheets
from leadhub.lib.sheets import Cell, SheetKind, SheetTooLarge, UnreadableSheet, detect_layout, read_rows, write_rows
from leadhub.lib.xlsx_safety import MOST_CELLS


def read(content: bytes, **how: str) -> list[list[str]]:
    file = io.BytesIO(content)
    return list(read_rows(file, detect_layout(file, **how)))


def write(rows: Iterable[Sequence[Cell]], kind: SheetKind) -> bytes:
    return b"".join(write_rows(rows, kind=kind))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(encoding: str) -> None:
    text = "name;city\r\nJürgen Größe;Köln\r\nZoë;Orléans\r\n"
    assert read(text.encode(encoding)) == [["name", "city"], ["Jürgen Größe", "Köln"], ["Zoë", "Orléans"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_quotes_may_hold_newlines(delimiter: str) -> None:
    file = io.StringIO(newline="")
    rows = [["name", "message", "value"], ["Ada", 'one\r\ntwo, "three"; four', "1,200"], ["Max", "x", "3"]]
    csv.writer(file, delimiter=delimiter).writerows(rows)
    assert read(file.getvalue().encode()) == rows


def test_one_column_and_blank_rows() -> None:
    assert read(b"email\n\nada@example.com\n  \n") == [["email"], ["ada@example.com"]]


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"%PDF-1.7 ...", b"\xd0\xcf\x11\xe0\xa1\xb1", b"PK\x03\x04garbage", b"\x1f\x8b\x08\x00"]
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableSheet):
        read(content)


def test_a_wrong_choice_of_encoding_is_told() -> None:
    with pytest.raises(UnreadableSheet, match="choose its encoding"):
        read("name\nJürgen".encode("cp1252"), encoding="utf-8")


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    with pytest.raises(SheetTooLarge, match="never closed"):
        read(b'name,"message\n' + b"x" * 200_000)


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(SheetTooLarge, match="columns"):
        read(b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n")


def test_more_than_fifty_megabytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST_BYTES", 10)
    with pytest.raises(SheetTooLarge, match="50 MB"):
        read(b"name\nJane Doe\n")


@pytest.mark.parametrize("kind", list(SheetKind))
def test_what_is_written_reads_back(kind: SheetKind) -> None:
    at = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    rows: list[Sequence[Cell]] = [
        ("name", "value", "on", "phone", "count"),
        ("Ada", Decimal("1200.50"), at.date(), "+4930123", 3),
    ]
    assert read(write(rows, kind)) == [
        ["name", "value", "on", "phone", "count"],
        ["Ada", "1200.5" if kind == SheetKind.XLSX else "1200.50", "2026-03-04", "+4930123", "3"],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_written_as_text(cell: str) -> None:
    text = write([("h",), (cell,)], SheetKind.CSV).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [f"'{cell}"]
    with zipfile.ZipFile(io.BytesIO(write([("h",), (cell,)], SheetKind.XLSX))) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


def test_a_number_below_zero_stays_a_number() -> None:
    assert write([("h",), (Decimal(-5),)], SheetKind.CSV).decode("utf-8-sig").splitlines()[1] == "-5"


def test_rows_are_written_while_they_are_read() -> None:
    taken: list[int] = []

    def rows() -> Iterable[Sequence[Cell]]:
        for number in range(100_000):
            taken.append(number)
            yield (number, "x" * 50)

    next(iter(write_rows(rows(), kind=SheetKind.CSV)))
    assert len(taken) < 5_000


def make_workbook(sheet: bytes, *, called: bytes = b"worksheets/sheet1.xml", texts: bytes = b"") -> bytes:
    good = write([("h",), ("x",)], SheetKind.XLSX)
    usual = b"worksheets/sheet1.xml"
    parts = {f"xl/{called.decode()}": sheet, "xl/sharedStrings.xml": b"<sst>" + texts + b"</sst>"}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in set(source.namelist()) - {f"xl/{usual.decode()}", *parts}:
            made.writestr(name, source.read(name).replace(usual, called))
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def fill_sheet(rows: bytes) -> bytes:
    return b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    with pytest.raises(SheetTooLarge, match="unpacks to more"):
        read(make_workbook(b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"))


def test_a_zip_bomb_that_lies_is_refused_by_what_it_holds() -> None:
    content = bytearray(make_workbook(b"<worksheet>" + b" " * 5_000_000 + b"</worksheet>"))
    honest = (5_000_023).to_bytes(4, "little")
    assert bytes(content).count(honest) >= 1
    content = bytearray(bytes(content).replace(honest, (1_000).to_bytes(4, "little")))
    with pytest.raises(SheetTooLarge, match="larger than it says"):
        read(bytes(content))


@pytest.mark.parametrize("address", [b'r="XFD1048576"', b"r = 'xfd1048576'"])
def test_one_cell_in_the_far_corner_is_refused(address: bytes) -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c ' + address + b' t="n"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(SheetTooLarge, match="too many cells"):
        read(make_workbook(sheet))
    assert MOST_CELLS < 16_384 * 1_048_576


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WIDE = b"<c><v>1</v></c>" * 16_000


@pytest.mark.parametrize(
    ("rows", "called"),
    [
        (FAR, b"anything.xml"),
        (FAR.replace(b"r=", b"r" + b" " * 300 + b"="), b"worksheets/sheet1.xml"),
        (b'<row r="1">' + WIDE + b'</row><row r="1048576"><c><v>1</v></c></row>', b"worksheets/sheet1.xml"),
        (b'<row r="1">' + WIDE + b'</row><row x=">" r="1000000"><c><v>1</v></c></row>', b"worksheets/sheet1.xml"),
        (b"<row>" + WIDE + b"</row>" + b"<row/>" * 1_000 + b"<row><c><v>1</v></c></row>", b"worksheets/sheet1.xml"),
    ],
)
def test_a_far_corner_is_found_however_it_is_told(rows: bytes, called: bytes) -> None:
    with pytest.raises(SheetTooLarge, match="too many cells"):
        read(make_workbook(fill_sheet(rows), called=called))


def test_cells_without_addresses_stand_beside_one_another() -> None:
    row = b"<row><c><v>1</v></c><c><v>2</v></c></row>"
    assert read(make_workbook(fill_sheet(row * 9_000)))[-1] == ["1", "2"]


@pytest.mark.parametrize("between", [b"", b'<r a="/si>"/>', b"<!--</si>-->"])
def test_a_long_text_that_a_hundred_thousand_cells_share_is_refused(between: bytes) -> None:
    words = random.Random(7).randbytes(30_000).hex().encode()  # which do not pack well
    text = b"<si>" + b"".join(b"<t>" + words[n : n + 500] + b"</t>" + between for n in range(0, 60_000, 500)) + b"</si>"
    cells = b'<row><c t="s"><v>0</v></c></row>' * 20_000
    with pytest.raises(SheetTooLarge, match="repeats long texts"):
        read(make_workbook(fill_sheet(cells), texts=text))


def test_a_long_text_among_many_short_ones_is_read() -> None:
    texts = b"<si><t>" + b"long" * 15_000 + b"</t></si><si><t>short</t></si>"
    cells = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + b'<row><c t="s"><v>1</v></c></row>' * 20_000
    rows = read(make_workbook(fill_sheet(cells), texts=texts))
    assert (len(rows[0][0]), rows[-1]) == (60_000, ["short"])


def test_a_zip_that_ends_twice_is_refused() -> None:
    book = make_workbook(fill_sheet(b""))
    with pytest.raises(SheetTooLarge, match="damaged"):
        read(book[:-2] + (22).to_bytes(2, "little") + book[-22:])


def test_dates_and_whole_numbers_read_as_people_see_them() -> None:
    rows: list[Sequence[Cell]] = [("on", "count", "share"), (date(2018, 2, 1), 12, 0.5)]
    assert read(write(rows, SheetKind.XLSX))[1] == ["2018-02-01", "12", "0.5"]
