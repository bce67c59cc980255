"""Finding the header of a table: in any row near the top, in any sheet, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mcu_sdk.errors import FileError
from mcu_sdk.sheets.cells import Cell, Grid, alike, cell_text, letter_of
from mcu_sdk.sheets.layout import Field, Layout
from mcu_sdk.sheets.row_limits import place_ru

__all__ = ["Header", "find_headers"]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table of one sheet begins. `columns` are the fields by the number of their column,
    counted from 1; `headings` all headings by theirs.
    """

    sheet: str | None
    row: int
    columns: Mapping[int, tuple[Field, ...]]
    headings: Mapping[int, str]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings that the layout does not know."""
        return tuple(self.headings[column] for column in self.headings if column not in self.columns)

    @property
    def found(self) -> int:
        """How many fields were found."""
        return sum(map(len, self.columns.values()))

    def heading_of(self, column: int) -> str:
        """Return how the cells of a column are called: by its heading, without one by its letters."""
        return self.headings.get(column) or f"({letter_of(column)})"


def find_headers(grid: Grid, file: str, layout: Layout) -> tuple[Header, ...]:
    """Return the header of every sheet that has one, in the order of the sheets.

    Raises FileError where no sheet has all required columns, or a heading stands in a header twice.
    """
    nearest: tuple[int, Header | None] = (0, None)
    headers: list[Header] = []
    for sheet in grid.sheets:
        if layout.sheet is not None and alike(sheet or "") != alike(layout.sheet):
            continue
        for row, cells in grid.rows(sheet):
            if row > (layout.header_row or layout.header_within_rows):
                break
            if layout.header_row not in (None, row):
                continue
            header = _header(sheet, row, cells, layout)
            named = _named(header)
            if header.found and (layout.header_row or named) and not _missing(header, layout):
                _refuse_repeated(header, file)
                headers.append(header)
                break
            if named > nearest[0]:
                nearest = (named, header)
    if headers:
        return tuple(headers)
    raise _not_found(file, layout, nearest[1])


def _header(sheet: str | None, row: int, cells: Mapping[int, Cell], layout: Layout) -> Header:
    headings = {number: " ".join(cell_text(cell).split()) for number, cell in cells.items()}
    headings = {number: heading for number, heading in headings.items() if heading}
    places: dict[str, int] = {}
    for number, heading in headings.items():
        places.setdefault(alike(heading), number)
    columns: dict[int, tuple[Field, ...]] = {}
    for field in layout.fields.values():
        named = (places[alike(each)] for each in field.headings if alike(each) in places)
        column = field.column if field.column is not None else next(named, None)
        if column is not None:
            columns[column] = (*columns.get(column, ()), field)
    return Header(sheet, row, columns, headings)


def _named(header: Header) -> int:
    """Return how many columns were found by their headings."""
    return sum(any(field.column is None for field in fields) for fields in header.columns.values())


def _missing(header: Header, layout: Layout) -> list[Field]:
    found = {field.name for fields in header.columns.values() for field in fields}
    return [field for field in layout.required if field.name not in found]


def _refuse_repeated(header: Header, file: str) -> None:
    """Refuse a heading that stands twice, unless the layout tells both columns apart by their places."""
    by_place = {column for column, fields in header.columns.items() if all(field.column for field in fields)}
    met: dict[str, int] = {}
    for column, heading in header.headings.items():
        first = met.setdefault(alike(heading), column)
        if first != column and not {first, column} <= by_place:
            letters = f"{letter_of(first)}, {letter_of(column)}"
            raise FileError(
                "file.heading_repeated",
                f"{file}, row {header.row}: two columns ({letters}) are called {heading!r}",
                "rename one, or say the letters of both in a layout of your own",
                file=file,
                sheet=header.sheet,
                row=header.row,
                field=heading,
                letters=letters,
                place=place_ru(header.sheet, header.row),
            )


def _not_found(file: str, layout: Layout, nearest: Header | None) -> FileError:
    if nearest is None:
        return FileError(
            "file.no_header",
            f"{file} has no row with the headings of the layout {layout.name}",
            "check that it is the right file, or name its columns in a layout of your own",
            file=file,
            layout=layout.title,
            wanted=_titles(layout.required),
        )
    missing = _missing(nearest, layout)
    return FileError(
        "file.heading_missing",
        f"{file}, row {nearest.row}: the header has no {_titles(missing)}",
        "add the column, or say how it is called in a layout of your own",
        file=file,
        sheet=nearest.sheet,
        row=nearest.row,
        field=missing[0].title if missing else None,
        missing=_titles(missing),
        layout=layout.title,
        place=place_ru(nearest.sheet, nearest.row),
    )


def _titles(fields: Iterable[Field]) -> str:
    return ", ".join(f"«{field.title}»" for field in fields)
