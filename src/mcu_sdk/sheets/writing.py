"""Workbooks written so that no cell is a formula or a link, whatever a resident wrote (extra `xlsx`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from math import isfinite
from typing import Any, Protocol, TypeAlias, cast

from mcu_sdk.errors import MissingExtra

try:
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]  # it has none; what we use stands below
except ModuleNotFoundError as error:
    if error.name != "xlsxwriter":
        raise
    raise MissingExtra.named("xlsx", "writing a workbook") from None

__all__ = ["Cell", "Sheet", "workbook_bytes"]

Cell: TypeAlias = str | int | float | bool | datetime | date | timedelta | None
"""What a cell may hold. A moment is shown on the clock of its own zone."""

_LONGEST_TEXT = 32_767
_A4 = 9
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_FORMATS = {
    "moment": "dd.mm.yyyy hh:mm",
    "date": "dd.mm.yyyy",
    "span": "[h]:mm",
}
_FIRST_DATE = date(1900, 3, 1)  # before it Excel counts a 29 February that never was


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: headings with the width of each column in characters, and rows of the same length."""

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


class _Page(Protocol):
    """What we use of a sheet of the library, which has no types of its own."""

    def write_string(self, row: int, column: int, text: str, form: object = None, /) -> int: ...
    def write_number(self, row: int, column: int, number: float, /) -> int: ...
    def write_boolean(self, row: int, column: int, value: bool, /) -> int: ...
    def write_datetime(self, row: int, column: int, when: date | timedelta, form: object, /) -> int: ...
    def set_column(self, first: int, last: int, width: int, /) -> int: ...
    def freeze_panes(self, row: int, column: int, /) -> None: ...
    def autofilter(self, row: int, column: int, last_row: int, last_column: int, /) -> None: ...
    def set_landscape(self) -> None: ...
    def set_paper(self, paper: int, /) -> None: ...
    def fit_to_pages(self, wide: int, high: int, /) -> None: ...
    def repeat_rows(self, row: int, /) -> None: ...


class _Workbook(Protocol):
    def add_format(self, properties: dict[str, Any], /) -> object: ...
    def add_worksheet(self, name: str, /) -> _Page: ...
    def close(self) -> None: ...


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook (XLSX) of *sheets*.

    Texts stay texts: nothing becomes a formula, a link or a number. Moments are real dates of the
    form `dd.mm.yyyy hh:mm`, lengths of time are hours and minutes.
    """
    written = BytesIO()
    workbook = cast(_Workbook, xlsxwriter.Workbook(written, _OPTIONS))
    formats = {
        name: workbook.add_format({"num_format": form, "valign": "top"}) for name, form in _FORMATS.items()
    }
    formats["text"] = workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    formats["heading"] = workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(sheet.name), sheet, formats)
    workbook.close()
    return written.getvalue()


def _write_sheet(page: _Page, sheet: Sheet, formats: dict[str, object]) -> None:
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for column, (name, width) in enumerate(sheet.headings):
        page.set_column(column, column, width)
        page.write_string(0, column, _text(name), formats["heading"])
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _write_cell(page, (last, column), cell, formats)
    if sheet.headings:
        page.autofilter(0, 0, last, len(sheet.headings) - 1)


def _write_cell(page: _Page, place: tuple[int, int], cell: Cell, formats: dict[str, object]) -> None:
    row, column = place
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and isfinite(cell):
        page.write_number(row, column, cell)
    elif isinstance(cell, timedelta) and cell >= timedelta():
        page.write_datetime(row, column, cell, formats["span"])
    elif isinstance(cell, date) and _date_of(cell) >= _FIRST_DATE:
        form = formats["moment"] if isinstance(cell, datetime) else formats["date"]
        page.write_datetime(row, column, cell, form)
    else:
        page.write_string(row, column, _text(str(cell)), formats["text"])


def _date_of(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def _text(text: str) -> str:
    """Return *text* as XML can carry it and a cell can hold it."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= _LONGEST_TEXT else whole[: _LONGEST_TEXT - 1] + "…"
