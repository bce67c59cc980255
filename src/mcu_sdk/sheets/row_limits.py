"""The bounds of rows while they are read, for every kind of file."""

from __future__ import annotations

from mcu_sdk.errors import FileError
from mcu_sdk.sheets.limits import SheetLimits

__all__ = ["RowLimits", "cell_too_long", "place_ru"]


class RowLimits:
    """Counts the rows of one sheet and the cells of one row. Every method raises FileError."""

    def __init__(self, limits: SheetLimits, file: str, sheet: str | None) -> None:
        self._limits = limits
        self._file = file
        self._sheet = sheet
        self._rows = 0
        self._cells = 0
        self._characters = 0

    def begin_row(self, row: int) -> None:
        """Count a row, empty or not."""
        self._rows += 1
        self._cells = self._characters = 0
        if max(self._rows, row) > self._limits.most_rows:
            raise FileError(
                "file.too_many_rows",
                f"{self._file} has more than {self._limits.most_rows} rows",
                "export it in parts",
                file=self._file,
                sheet=self._sheet,
                most_rows=self._limits.most_rows,
            )

    def check_cell(self, characters: int, row: int) -> None:
        """Refuse a cell of too many characters."""
        if characters > self._limits.longest_cell_characters:
            raise cell_too_long(self._file, self._sheet, row, self._limits.longest_cell_characters)

    def add_cell(self, characters: int, row: int) -> None:
        """Count a cell that is not empty, of that many characters."""
        self.check_cell(characters, row)
        self._cells += 1
        self._characters += characters
        most = self._limits.most_cells_of_a_row
        if self._cells > most or self._characters > self._limits.longest_row_characters:
            raise FileError(
                "file.row_too_long",
                f"{self._file}, row {row}: more than {most} cells or too much text",
                "look whether it is the right file; export the table again",
                file=self._file,
                sheet=self._sheet,
                row=row,
                most_cells=most,
                place=place_ru(self._sheet, row),
            )


def cell_too_long(file: str, sheet: str | None, row: int | None, longest: int) -> FileError:
    """Return the error for a cell of too many characters."""
    return FileError(
        "file.cell_too_long",
        f"{file}, row {row or '-'}: a cell of more than {longest} characters",
        "look for a quote that is never closed, or shorten the text",
        file=file,
        sheet=sheet,
        row=row,
        longest=longest,
        place=place_ru(sheet, row),
    )


def place_ru(sheet: str | None, row: int | None) -> str:
    """Return the place in a file as a Russian error tells it, after the file's name."""
    return (f", лист «{sheet}»" if sheet else "") + (f", строка {row}" if row else "")
