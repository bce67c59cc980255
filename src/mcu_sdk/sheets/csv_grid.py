"""The rows of a CSV: its encoding and separator found out, its size bounded."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path

from mcu_sdk.errors import FileError
from mcu_sdk.sheets.cells import GridRow
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.row_limits import RowLimits, cell_too_long, place_ru

__all__ = ["SEPARATORS", "CsvGrid", "csv_encoding"]

SEPARATORS = (";", ",", "\t")
_CHUNK_BYTES = 64 * 1024
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x19]")  # UTF-16 has a NUL beside every separator
_READ_ERRORS = (OSError, UnicodeError, csv.Error)


class CsvGrid:
    """The one table of a CSV, read with one separator in the encoding that `csv_encoding` found."""

    def __init__(self, path: Path, limits: SheetLimits, encoding: str, separator: str) -> None:
        self._path = path
        self._limits = limits
        self._encoding = encoding
        self._separator = separator

    @property
    def sheets(self) -> tuple[str | None, ...]:
        """A CSV is one table without a name."""
        return (None,)

    def rows(self, sheet: str | None) -> Generator[GridRow]:
        """Yield the rows that are not empty, counted as a spreadsheet counts them, not as lines."""
        limits = RowLimits(self._limits, self._path.name, sheet)
        row = 0
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                lines = _Lines(file, self._path.name, self._limits)
                for cells in csv.reader(lines, delimiter=self._separator, strict=True):
                    row += 1
                    lines.row = row + 1
                    lines.characters = 0
                    limits.begin_row(row)
                    filled = {column: cell for column, cell in enumerate(cells, 1) if cell}
                    for cell in filled.values():
                        limits.add_cell(len(cell), row)
                    if filled:
                        yield row, filled
        except _READ_ERRORS as error:
            failure = self._failure(error, row + 1)
        else:
            return
        raise failure

    def moment_of(self, number: float) -> date | datetime | None:
        """Return None: what is written in a CSV is a text."""
        return None

    def _failure(self, error: Exception, row: int) -> FileError:
        file = self._path.name
        if not isinstance(error, csv.Error):
            return FileError(
                "file.not_opened", f"{file} cannot be read", "check the path and the rights", file=file
            )
        if "limit" in str(error):
            return cell_too_long(file, None, row, csv.field_size_limit())
        return FileError(
            "file.quotes",
            f"{file}, row {row}: a quote is not closed, or stands inside a cell",
            "export the table anew, or mend the row",
            file=file,
            row=row,
            place=place_ru(None, row),
        )


class _Lines:
    """The lines of a file, as the csv module asks for them, bounded by the row they belong to."""

    def __init__(self, file: Iterator[str], name: str, limits: SheetLimits) -> None:
        self._file = file
        self._name = name
        self._longest = limits.longest_row_characters
        self.row = 1
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.characters += len(line)
            if self.characters > self._longest:
                raise cell_too_long(self._name, None, self.row, self._longest)
            yield line


def csv_encoding(path: Path, limits: SheetLimits) -> str:
    """Return the encoding of a text file: UTF-8, with a mark or without, or else Windows-1251.

    The whole file is looked at, so that nothing is read of one that cannot be read to its end.
    Raises FileError for a file that is no text, and for a line that is too long.
    """
    fitting = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1251")}
    line_bytes = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                if _BINARY.search(chunk):
                    raise _not_text(path)
                line_bytes = _line_bytes(line_bytes, chunk)
                if line_bytes > 2 * limits.longest_row_characters:
                    raise cell_too_long(path.name, None, None, limits.longest_row_characters)
                fitting = {name: decoder for name, decoder in fitting.items() if _decodes(decoder, chunk)}
    except OSError:
        pass
    else:
        for name, decoder in fitting.items():
            if _decodes(decoder, b"", last=True):
                return name
        raise _not_text(path)
    raise FileError(
        "file.not_opened", f"{path} cannot be opened", "check the path and the rights", file=str(path)
    )


def _line_bytes(before: int, chunk: bytes) -> int:
    """Return how long the line is by the end of *chunk*."""
    end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return before + len(chunk) if end < 0 else len(chunk) - end - 1


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, last: bool = False) -> bool:
    try:
        decoder.decode(chunk, last)
    except UnicodeDecodeError:
        return False
    return True


def _not_text(path: Path) -> FileError:
    return FileError(
        "file.not_text",
        f"{path.name} is neither a workbook nor a text in UTF-8 or Windows-1251",
        "save the table as .xlsx or as CSV UTF-8",
        file=path.name,
    )
