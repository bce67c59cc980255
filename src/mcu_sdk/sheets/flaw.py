"""A cell that could not be read, told by its place and never by its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mcu_sdk.errors import Language

__all__ = ["CellFlaw", "Expected", "Unfit"]

Expected: TypeAlias = Literal[
    "date", "moment", "date_or_moment", "local_time", "yes_no", "rating", "number", "digits", "filled", "text"
]
"""What a cell should have held."""

_WORDS: dict[Expected, tuple[str, str]] = {
    "date": ("записать дату, например 06.01.2026", "a date such as 06.01.2026"),
    "moment": (
        "записать дату и время, например 06.01.2026 14:30",
        "a date and time such as 06.01.2026 14:30",
    ),
    "date_or_moment": (
        "записать дату, например 06.01.2026, или дату и время",
        "a date such as 06.01.2026, or a date and time",
    ),
    "local_time": ("время, которое было на часах этого пояса", "a time that the clocks of the zone showed"),
    "yes_no": ("да или нет", "yes or no"),
    "rating": ("целое число от 1 до 5", "a whole number from 1 to 5"),
    "number": ("номер не длиннее 200 знаков", "a number of at most 200 characters"),
    "digits": (
        "записать номер текстом: в числе Excel хранит только 15 цифр",
        "a number kept as text: Excel keeps only 15 digits of a numeric one",
    ),
    "filled": ("значение, столбец обязателен", "a value, the column is required"),
    "text": ("значение, а не ошибка формулы", "a value, not an error of a formula"),
}


class Unfit(Exception):
    """A cell does not hold what its column says; turned into a CellFlaw where the place is known."""

    def __init__(self, expected: Expected) -> None:
        super().__init__(expected)
        self.expected: Expected = expected


@dataclass(frozen=True, slots=True)
class CellFlaw:
    """One cell that could not be read. It never holds the value: that may be personal data.

    `row` counts as in a spreadsheet, `column` is its letter, `heading` the text of the header there,
    `field` the layout's name for it.
    """

    file: str
    sheet: str | None
    row: int
    column: str
    heading: str
    field: str
    expected: Expected

    def __str__(self) -> str:
        return self.localized("en")

    def localized(self, language: Language = "ru") -> str:
        """Return the place and what was expected there, in one line of Russian or English."""
        row = "строка" if language == "ru" else "row"
        parts = (self.file, self.sheet, f"{row} {self.row}", self.in_row(language))
        return " · ".join(part for part in parts if part)

    def in_row(self, language: Language = "ru") -> str:
        """Return the same without the file, sheet and row."""
        russian, english = _WORDS[self.expected]
        place = f"«{self.heading}» ({self.column})" if self.heading else self.column
        return f"{place}: нужно {russian}" if language == "ru" else f"{place}: expected {english}"
