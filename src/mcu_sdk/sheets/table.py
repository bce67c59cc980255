"""A table of a user's file: its rows read by a layout, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from mcu_sdk.errors import FileError
from mcu_sdk.model import Person
from mcu_sdk.sheets.archive import first_bytes
from mcu_sdk.sheets.cells import Cell, Grid, cell_text, letter_of
from mcu_sdk.sheets.csv_grid import SEPARATORS, CsvGrid, csv_encoding
from mcu_sdk.sheets.flaw import CellFlaw, Unfit
from mcu_sdk.sheets.header import Header, find_headers
from mcu_sdk.sheets.layout import Field, Layout
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.values import UNKNOWN_WORD, Reading, Value

__all__ = ["Row", "Table", "read_table"]

_ARCHIVE = b"PK"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `values` are those that were there and could be read, by field; `cells` the texts of
    all cells by heading, the unknown ones included. It is `whole` unless a required field is missing.
    """

    file: str
    sheet: str | None
    number: int
    values: Mapping[str, Value] = field(repr=False)
    cells: Mapping[str, str] = field(repr=False)
    flaws: tuple[CellFlaw, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    whole: bool = True

    def text(self, name: str) -> str | None:
        """Return the text, number or word of a field, None without one."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def when(self, name: str) -> date | datetime | None:
        """Return the date or the aware moment of a field, None without one."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def flag(self, name: str) -> bool | None:
        """Return the yes or no of a field, None without one."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def rating(self, name: str) -> int | None:
        """Return the rating of a field, None without one."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def person(self, name: str) -> Person | None:
        """Return the person of a field, None without one."""
        value = self.values.get(name)
        return value if isinstance(value, Person) else None

    def raw(self, name: str) -> str | None:
        """Return the text of a field's cell as it stands in the file, None for an empty one."""
        return self.said.get(name)

    def unknown_words(self) -> tuple[str, ...]:
        """Return the words that the layout does not know, as `"Статус=Новое слово"`."""
        return tuple(
            f"{name}={self.said[name]}" for name, value in self.values.items() if value == UNKNOWN_WORD
        )


class Table:
    """The table of one file, in one sheet or several that have the same header."""

    def __init__(self, grid: Grid, file: str, layout: Layout, zone: tzinfo) -> None:
        self._grid = grid
        self._reading = Reading(layout, zone, grid.moment_of)
        self.file = file
        self.layout = layout
        self.headers: tuple[Header, ...] = find_headers(grid, file, layout)
        """Where the table begins in each sheet that has it."""
        self.unknown_columns: Counter[str] = Counter(
            {heading: 0 for header in self.headers for heading in header.unknown}
        )
        """How many cells stand under each heading that the layout does not know, as far as rows were read."""

    def check(self) -> None:
        """Go through all rows once without reading them. Raises FileError where that cannot be done."""
        for header in self.headers:
            for _ in self._grid.rows(header.sheet):
                pass

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that are not empty, in order. Raises FileError.

        A cell that cannot be read is a flaw of its row; the others are there.
        """
        self.unknown_columns.update({heading: -count for heading, count in self.unknown_columns.items()})
        for header in self.headers:
            for number, cells in self._grid.rows(header.sheet):
                if number > header.row and any(self._filled(cell) for cell in cells.values()):
                    yield self._row(header, number, cells)

    def _filled(self, cell: Cell) -> bool:
        return not isinstance(cell, str) or not self._reading.is_empty(cell)

    def _row(self, header: Header, number: int, cells: Mapping[int, Cell]) -> Row:
        values: dict[str, Value] = {}
        flaws: list[CellFlaw] = []
        said: dict[str, str] = {}
        for column, fields in header.columns.items():
            cell = cells.get(column, "")
            for each in fields:
                try:
                    value = self._reading.value_of(cell, each)
                    if value is None and each.required:
                        raise Unfit("filled")
                except Unfit as unfit:
                    flaws.append(self._flaw(header, number, column, each, unfit))
                    continue
                if value is not None:
                    values[each.name] = value
                    said[each.name] = cell_text(cell)
        kept = {
            column: text for column, cell in cells.items() if (text := cell_text(cell)) and self._filled(cell)
        }
        self.unknown_columns.update(
            header.heading_of(column) for column in kept if column not in header.columns
        )
        return Row(
            file=self.file,
            sheet=header.sheet,
            number=number,
            values=values,
            cells={header.heading_of(column): text for column, text in kept.items()},
            flaws=tuple(flaws),
            said=said,
            whole=all(each.name in values for each in self.layout.required),
        )

    def _flaw(self, header: Header, number: int, column: int, each: Field, unfit: Unfit) -> CellFlaw:
        return CellFlaw(
            file=self.file,
            sheet=header.sheet,
            row=number,
            column=letter_of(column),
            heading=header.headings.get(column, ""),
            field=each.name,
            expected=unfit.expected,
        )


class _Opener(Protocol):
    def __call__(self, path: Path, limits: SheetLimits) -> Grid: ...


def read_table(path: str | Path, layout: Layout, *, zone: tzinfo, limits: SheetLimits | None = None) -> Table:
    """Return the table of an .xlsx or CSV file whose header fits *layout*; rows are read when asked for.

    What the file is, it says itself, not its name. Times without a zone are in *zone*. A CSV is UTF-8
    or Windows-1251, separated by `;`, `,` or tab. All of the file is looked at before the first row is
    given: one that is cut off, costs more than *limits*, or is made to harm raises FileError here.
    Raises MissingExtra for .xlsx without the extra `xlsx`.
    """
    path = Path(path)
    limits = limits or SheetLimits()
    if first_bytes(path, limits).startswith(_ARCHIVE):
        opener = cast(_Opener, import_module("mcu_sdk.sheets.xlsx_grid").XlsxGrid)
        return Table(opener(path, limits), path.name, layout, zone)
    encoding = csv_encoding(path, limits)
    tables: list[Table] = []
    failures: list[FileError] = []
    for separator in SEPARATORS:
        try:
            tables.append(Table(CsvGrid(path, limits, encoding, separator), path.name, layout, zone))
        except FileError as failure:
            failures.append(failure)
    if tables:
        return max(tables, key=_width)
    raise max(failures, key=_nearness)


def _width(table: Table) -> int:
    return sum(header.found for header in table.headers)


def _nearness(failure: FileError) -> bool:
    """Prefer the failure that knows the place."""
    return failure.row is not None
