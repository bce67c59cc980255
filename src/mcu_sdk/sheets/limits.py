"""The most a file of tables may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SheetLimits"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What a file may cost. Each is checked before or while the file is read, never after.

    A workbook is an archive: `largest_inflated_bytes` is for all its parts together, as declared and
    as they really inflate, `largest_ratio` for inflated bytes to each packed one beyond the first MiB.
    `most_tags` is what takes the time of reading: a cell has four, so that the default is about
    80,000 rows of 25 columns. `most_text_bytes` is for the texts that cells share, in memory.
    """

    largest_file_bytes: int = 128 * _MIB
    largest_inflated_bytes: int = 256 * _MIB
    largest_ratio: int = 200
    most_entries: int = 2_000
    most_sheets: int = 300
    most_tags: int = 8_000_000
    most_text_bytes: int = 96 * _MIB
    most_rows: int = 1_048_576
    most_cells_of_a_row: int = 1_000
    longest_cell_characters: int = 131_072
    longest_row_characters: int = 4 * _MIB
