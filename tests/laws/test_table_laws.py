"""Laws of tables: what was written is read, whatever the order; garbage ends in our errors only."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcu_sdk.errors import FileError
from mcu_sdk.sheets import Field, Layout, SheetLimits, read_table

ZONE = ZoneInfo("Europe/Moscow")
FIELDS = (
    Field("number", "number", ("Номер",), required=True),
    Field("when", "date", ("Дата",), required=True),
    Field("note", "text", ("Примечание",)),
)
LAYOUT = Layout("laws", "1", "законы", {field.name: field for field in FIELDS})
HEADER = ("Номер", "Дата", "Примечание")
ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

# Printable, so that neither a spreadsheet nor we change it; `-` alone means an empty cell.
NOTES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=["C", "Z"]), min_size=2
).filter(
    lambda text: text.strip() == text and not text.startswith(("=", "_x")) and set(text) - set("-–—\u00ad")
)
ROWS = st.lists(
    st.tuples(st.integers(1, 10**9), st.dates(date(2000, 1, 1), date(2099, 12, 31)), NOTES),
    min_size=1,
    max_size=8,
)


def read(path: Path) -> list[tuple[str | None, object, str | None]]:
    table = read_table(path, LAYOUT, zone=ZONE)
    return [(row.text("number"), row.values.get("when"), row.text("note")) for row in table.rows()]


@ONE_FILE
@given(rows=ROWS, order=st.permutations(range(3)), separator=st.sampled_from(";,\t"), above=st.integers(0, 5))
def test_a_csv_reads_as_it_was_written(
    tmp_path: Path, rows: list[tuple[int, date, str]], order: list[int], separator: str, above: int
) -> None:
    """Any order of columns, any separator, lines above the header: the same rows come back."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerows([["Журнал"]] * above)
        written = [HEADER, *((str(number), f"{when:%d.%m.%Y}", note) for number, when, note in rows)]
        writer.writerows([cells[column] for column in order] for cells in written)
    assert read(path) == [(str(number), when, note) for number, when, note in rows]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, order=st.permutations(range(3)), left=st.integers(0, 30))
def test_a_workbook_reads_as_it_was_written(
    tmp_path: Path, rows: list[tuple[int, date, str]], order: list[int], left: int
) -> None:
    """The same of a workbook that openpyxl wrote, with empty columns before the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (HEADER, *rows):
        sheet.append([None] * left + [cells[column] for column in order])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == [(str(number), when, note) for number, when, note in rows]


@pytest.fixture(scope="module")
def good_workbook() -> bytes:
    """A workbook to spoil."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for cells in (HEADER, (1, date(2026, 1, 6), "Яма")):
        sheet.append(cells)
    book.save(content)
    return content.getvalue()


def told_by(path: Path, limits: SheetLimits | None = None) -> tuple[str, int]:
    """Read all there is: the code of our error and how many rows came before it. Nothing else may come."""
    count = 0
    try:
        for _ in read_table(path, LAYOUT, zone=ZONE, limits=limits).rows():
            count += 1
    except FileError as error:
        return (error.code if error.localized("ru") else "untold"), count
    return "", count


def ends_well(path: Path) -> None:
    """Only our own errors come of it."""
    assert told_by(path)[0].startswith("file.") or told_by(path)[0] == ""


@ONE_FILE
@given(
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20),
    cut=st.integers(0, 400),
)
def test_a_spoilt_archive_raises_only_our_errors(
    tmp_path: Path, good_workbook: bytes, edits: list[tuple[int, int]], cut: int
) -> None:
    """Bytes changed anywhere, the end cut off."""
    content = bytearray(good_workbook[: len(good_workbook) - cut])
    for place, byte in edits:
        content[place % len(content)] = byte
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    ends_well(path)


@ONE_FILE
@given(
    part=st.sampled_from(
        [
            "xl/worksheets/sheet1.xml",
            "xl/styles.xml",
            "xl/workbook.xml",
            "_rels/.rels",
            "xl/sharedStrings.xml",
        ]
    ),
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=6)), min_size=1, max_size=10),
)
def test_spoilt_parts_raise_only_our_errors(
    tmp_path: Path, good_workbook: bytes, part: str, edits: list[tuple[int, bytes]]
) -> None:
    """The archive is whole, the XML inside is not."""
    path = tmp_path / "a.xlsx"
    with ZipFile(io.BytesIO(good_workbook)) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            for place, piece in edits if name == part else ():
                at = place % len(content)
                content[at : at + len(piece)] = piece
            new.writestr(name, bytes(content))
    ends_well(path)


@ONE_FILE
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_raise_only_our_errors(tmp_path: Path, content: bytes) -> None:
    """Below a good header or alone, whatever the bytes."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    ends_well(path)
    path.write_bytes("Номер;Дата\n".encode() + content)
    ends_well(path)


@given(cells=st.lists(st.integers(0, 2000), max_size=5), most=st.integers(1, 5))
def test_limits_of_rows_hold(tmp_path_factory: pytest.TempPathFactory, cells: list[int], most: int) -> None:
    """More rows than allowed is an error, as many as allowed is none."""
    path = tmp_path_factory.mktemp("limits") / "a.csv"
    path.write_text("Номер;Дата\n" + "".join(f"{cell};06.01.2026\n" for cell in cells), "utf-8")
    code, count = told_by(path, SheetLimits(most_rows=most))
    fits = len(cells) + 1 <= most
    assert (code, count) == (("", len(cells)) if fits else ("file.too_many_rows", count))
