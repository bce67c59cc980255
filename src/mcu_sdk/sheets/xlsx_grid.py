"""The cells of a workbook's sheets, row by row."""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Mapping
from datetime import date, datetime
from pathlib import Path

from mcu_sdk.sheets.archive import Archive, broken
from mcu_sdk.sheets.cells import Cell, GridRow, Number, Spoilt, number_of
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.row_limits import RowLimits
from mcu_sdk.sheets.workbook import Workbook, open_workbook
from mcu_sdk.sheets.workbook_xml import PartHandler, read_part

__all__ = ["XlsxGrid"]

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_LONGEST_NUMBER = 40


class XlsxGrid:
    """The sheets of one workbook. Raises FileError for what is none, or costs too much."""

    def __init__(self, path: Path, limits: SheetLimits) -> None:
        self._limits = limits
        self._book = open_workbook(Archive(path, limits), limits)

    @property
    def sheets(self) -> tuple[str | None, ...]:
        """The names of the sheets."""
        return tuple(self._book.sheets)

    def rows(self, sheet: str | None) -> Generator[GridRow]:
        """Yield the rows of one sheet that are not empty; its own word on its size is not asked."""
        handler = _SheetHandler(self._book, self._limits, sheet)
        part = self._book.sheets[sheet or ""]
        yield from read_part(self._book.archive, part, handler, handler.taken)

    def moment_of(self, number: float) -> date | datetime | None:
        """Return what a number without a date's format means as a date."""
        return self._book.moment_of(number)


class _SheetHandler(PartHandler):
    def __init__(self, book: Workbook, limits: SheetLimits, sheet: str | None) -> None:
        super().__init__(book.archive.file, limits)
        self._book = book
        self._row_limits = RowLimits(limits, book.archive.file, sheet)
        self._done: list[GridRow] = []
        self._row = 0
        self._column = 0
        self._kind = "n"
        self._style = 0
        self._phonetic = False
        self._cells: dict[int, Cell] = {}
        self._columns: dict[str, int] = {}

    def taken(self) -> list[GridRow]:
        """Return the rows finished since the last time."""
        done, self._done = self._done, []
        return done

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self.listening = not self._phonetic
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "rPh":
            self._phonetic = True

    def finish(self, name: str) -> None:
        if name == "c":
            self._finish_cell()
        elif name in ("v", "t"):
            self.listening = False
        elif name == "row":
            if self._cells:
                self._done.append((self._row, self._cells))
                self._cells = {}
        elif name == "rPh":
            self._phonetic = False
        elif name == "sheetData":
            self.over = True

    def _begin_row(self, said: str | None) -> None:
        before = self._row
        self._row = before + 1 if said is None else _whole(said)
        self.row = self._row
        self._column = 0
        self._row_limits.begin_row(self._row)
        if not before < self._row <= _LAST_ROW:
            raise broken(self.file, "its rows are numbered wrong", "неверны номера строк")

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self._columns.get(letters) or number_of(letters) or 0
            self._columns[letters] = self._column = column
        if not 0 < self._column <= _LAST_COLUMN or not self._row:
            raise broken(self.file, "its columns are named wrong", "неверны буквы столбцов")
        self._kind = attributes.get("t", "n")
        self._style = _whole(attributes.get("s", "0"))

    def _finish_cell(self) -> None:
        text = self.text()
        if not text:
            return
        cell = self._cell(text)
        self._row_limits.add_cell(len(cell) if isinstance(cell, str) else 0, self._row)
        self._cells[self._column] = cell

    def _cell(self, text: str) -> Cell:
        match self._kind:
            case "s":
                number = _whole(text)
                known = 0 <= number < len(self._book.strings)
                return _unescaped(self._book.strings[number]) if known else Spoilt.CELL
            case "str" | "inlineStr" | "d":
                return _unescaped(text)
            case "b":
                return text.strip() in ("1", "true")
            case "n":
                return self._number(text)
            case _:
                return Spoilt.CELL

    def _number(self, text: str) -> Cell:
        try:
            value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            return Spoilt.CELL
        shows = self._book.shows[self._style] if self._style < len(self._book.shows) else "number"
        return Number(value, None if shows == "number" else self._book.moment_of(value, shows))


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1


def _unescaped(text: str) -> str:
    """Return *text* with characters that XML cannot hold, as Excel writes them, put back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
