"""Written workbooks: texts stay texts, dates are dates, nothing in a cell can act."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from mcu_sdk.sheets.writing import Cell, Sheet, workbook_bytes

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://example.com","нажмите")',
    "+7 (000) 000-00-00",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "http://example.com",
    "mailto:nobody@example.com",
    "internal:Sheet1!A1",
    "{=SUM(A1:A2)}",
    "[Red]",
    "</t></si><si><f>1+1</f>",
    "\x00\x08\x1b\ud800\uffff",
    "x" * 40_000,
)


def cells_of(rows: list[list[Cell]]) -> list[list[object]]:
    book = load_workbook(BytesIO(workbook_bytes([Sheet("Лист", [("A", 9), ("B", 9)], rows)])))
    return [[cell.value for cell in row] for row in book["Лист"].iter_rows(min_row=2)]


def test_hostile_texts_are_neither_formulas_nor_links() -> None:
    content = workbook_bytes([Sheet("Лист", [(text[:20], 9) for text in HOSTILE], [HOSTILE])])
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = parts.namelist()
        written = "".join(parts.read(name).decode() for name in names if name.endswith(".xml"))
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in written
    assert "externalLink" not in " ".join(names)
    assert not any("vbaProject" in name for name in names)
    book = load_workbook(BytesIO(content))
    for row in book["Лист"].iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.hyperlink is None
    texts = [cell.value for cell in book["Лист"][2]]
    assert texts[0] == "=1+1"
    assert len(str(texts[-1])) == 32_767
    assert all(cell.quotePrefix for cell in book["Лист"][2])


def test_moments_are_real_dates_on_the_clock_of_their_zone() -> None:
    moscow = datetime(2026, 1, 12, 8, 5, tzinfo=ZoneInfo("Europe/Moscow"))
    content = workbook_bytes([Sheet("Лист", [("A", 9), ("B", 9)], [[moscow, date(2026, 2, 11)]])])
    book = load_workbook(BytesIO(content))
    moment, civil = book["Лист"][2]
    assert (moment.value, moment.number_format) == (datetime(2026, 1, 12, 8, 5), "dd.mm.yyyy hh:mm")  # noqa: DTZ001
    assert (civil.value, civil.number_format) == (datetime(2026, 2, 11), "dd.mm.yyyy")  # noqa: DTZ001


def test_what_a_workbook_cannot_hold_is_written_as_a_text() -> None:
    """Dates before 1900, lengths below zero and numbers without end have no cell of their own."""
    rows = cells_of([[date(1812, 9, 7), -timedelta(hours=1)], [float("nan"), float("inf")]])
    assert rows == [["1812-09-07", "-1 day, 23:00:00"], ["nan", "inf"]]


def test_plain_values_stay_what_they_are() -> None:
    assert cells_of([[True, 5], [1.5, None], ["", timedelta(hours=30)]]) == [
        [True, 5],
        [1.5, None],
        [None, timedelta(hours=30)],
    ]


@pytest.mark.parametrize("rows", [[], [["а", "б"]]])
def test_headings_are_frozen_and_repeat_in_print(rows: list[list[Cell]]) -> None:
    book = load_workbook(BytesIO(workbook_bytes([Sheet("Лист", [("A", 9), ("B", 30)], rows)])))
    page = book["Лист"]
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert [cell.value for cell in page[1]] == ["A", "B"]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_text_comes_back_as_text(texts: list[str]) -> None:
    content = workbook_bytes([Sheet("Лист", [("A", 9)] * len(texts), [texts])])
    row = load_workbook(BytesIO(content))["Лист"][2]
    for cell in row:
        assert cell.data_type in ("s", "n")
        assert cell.value is None or isinstance(cell.value, str)
