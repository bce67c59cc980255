"""What a file holds in a cell before anybody asks what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol, TypeAlias

__all__ = [
    "Cell",
    "Grid",
    "GridRow",
    "Number",
    "Spoilt",
    "alike",
    "cell_text",
    "exact",
    "letter_of",
    "number_of",
]

_NOT_SEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")
_LONGEST_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric cell. `moment` is what it shows as, where its format is one of dates."""

    value: float
    moment: date | datetime | None = None


class Spoilt(Enum):
    """A cell whose content is an error: of a formula, or of the file."""

    CELL = "spoilt"


Cell: TypeAlias = str | bool | Number | Spoilt
GridRow: TypeAlias = tuple[int, Mapping[int, Cell]]
"""A row's number, as a spreadsheet counts, and its cells that are not empty by column from 1."""


class Grid(Protocol):
    """The tables of one file: each can be read again and again."""

    @property
    def sheets(self) -> tuple[str | None, ...]:
        """The names of its tables in their order; None stands for the only one of a CSV."""
        ...

    def rows(self, sheet: str | None) -> Iterator[GridRow]:
        """Yield the rows that are not empty. Raises FileError."""
        ...

    def moment_of(self, number: float) -> date | datetime | None:
        """Return what a number means as a date of this file, None if it can be none."""
        ...


def alike(text: str) -> str:
    """Return *text* so that headings and words that people take for the same are the same.

    Letter case, ё, spaces, line breaks and invisible characters do not count.

    >>> alike("Дата" + chr(0xA0) + "Приёма") == alike("дата приема")
    True
    """
    return _SPACES.sub("", _NOT_SEEN.sub("", text)).casefold().replace("ё", "е")


def cell_text(cell: Cell) -> str:
    """Return what is kept of a cell as text: dates in ISO 8601, whole numbers without a fraction."""
    if isinstance(cell, str):
        return _NOT_SEEN.sub("", cell).strip()
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, Spoilt):
        return ""
    if cell.moment is not None:
        return cell.moment.isoformat(" ") if isinstance(cell.moment, datetime) else cell.moment.isoformat()
    return str(int(cell.value)) if cell.value.is_integer() else repr(cell.value)


def exact(number: Number) -> bool:
    """Tell whether a numeric cell still has all the digits that were typed."""
    return abs(number.value) < _LONGEST_EXACT


def letter_of(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letter_of(1), letter_of(28), letter_of(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def number_of(letters: str) -> int | None:
    """Return the number of a column from its letters, None for what is no column.

    >>> number_of("AB"), number_of("1")
    (28, None)
    """
    if not 0 < len(letters) <= 3:
        return None
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            return None
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
