"""What a cell means, by the kind of its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias

from mcu_sdk.model import Person
from mcu_sdk.sheets.cells import Cell, Number, Spoilt, alike, cell_text, exact
from mcu_sdk.sheets.flaw import Unfit
from mcu_sdk.sheets.layout import Field, FieldKind, Layout

__all__ = ["UNKNOWN_WORD", "Reading", "Value", "person_of"]

Value: TypeAlias = str | bool | int | date | datetime | Person
UNKNOWN_WORD = "unknown"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?")
_LONGEST_NUMBER = 200
_RATINGS = range(1, 6)


class Reading:
    """Turns cells into values by one layout, in one zone.

    *moment_of* says what a number means as a date in the file at hand.
    """

    def __init__(
        self, layout: Layout, zone: tzinfo, moment_of: Callable[[float], date | datetime | None]
    ) -> None:
        self._zone = zone
        self._forms = tuple((form, "%H" in form) for form in layout.date_forms)
        self._moment_of = moment_of
        self._empty = frozenset(map(alike, layout.empty))
        self._flags = {alike(word): True for word in layout.yes} | {alike(word): False for word in layout.no}
        self._readers: Mapping[FieldKind, Callable[[Cell], Value]] = {
            "text": cell_text,
            "number": _number,
            "date": self._date,
            "moment": self._moment,
            "date_or_moment": self._date_or_moment,
            "yes_no": self._flag,
            "rating": _rating,
            "person": lambda cell: person_of(cell_text(cell)),
        }

    def value_of(self, cell: Cell, field: Field) -> Value | None:
        """Return what *cell* means in the column of *field*, None where it is empty. Raises Unfit."""
        if isinstance(cell, Spoilt):
            raise Unfit("text")
        if isinstance(cell, str) and self.is_empty(cell):
            return None
        if field.kind == "words":
            return field.words.get(alike(cell_text(cell)), UNKNOWN_WORD)
        return self._readers[field.kind](cell)

    def is_empty(self, text: str) -> bool:
        """Tell whether the layout takes *text* for an empty cell."""
        plain = alike(text)
        return not plain or plain in self._empty

    def _flag(self, cell: Cell) -> bool:
        if isinstance(cell, bool):
            return cell
        flag = self._flags.get(alike(cell_text(cell)))
        if flag is None:
            raise Unfit("yes_no")
        return flag

    def _date(self, cell: Cell) -> date:
        moment = self._found(cell)
        if moment is None:
            raise Unfit("date")
        return moment.date() if isinstance(moment, datetime) else moment

    def _moment(self, cell: Cell) -> datetime:
        moment = self._found(cell)
        if not isinstance(moment, datetime):
            raise Unfit("moment")
        return self._aware(moment)

    def _date_or_moment(self, cell: Cell) -> date | datetime:
        moment = self._found(cell)
        if moment is None:
            raise Unfit("date_or_moment")
        return self._aware(moment) if isinstance(moment, datetime) else moment

    def _found(self, cell: Cell) -> date | datetime | None:
        """Return the date of a cell, or its moment, naive as the clocks showed it; None if it has none."""
        if isinstance(cell, Number):
            return cell.moment or self._moment_of(cell.value)
        text = cell_text(cell)
        if _ISO.fullmatch(text):
            with suppress(ValueError):
                return (
                    datetime.fromisoformat(text)
                    if len(text) > len("2026-01-06")
                    else date.fromisoformat(text)
                )
            return None
        for form, has_time in self._forms:
            with suppress(ValueError):
                moment = datetime.strptime(text, form)  # noqa: DTZ007  # the zone is put to it below
                return moment if has_time else moment.date()
        return None

    def _aware(self, moment: datetime) -> datetime:
        if moment.utcoffset() is not None:
            return moment
        with suppress(OverflowError):
            aware = moment.replace(tzinfo=self._zone)
            if aware.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) == moment:
                return aware
        raise Unfit("local_time")


def person_of(text: str) -> Person:
    """Return the person of a name written as «Фамилия Имя Отчество» or «Фамилия И. О.».

    >>> person_of("Образцов Иван Петрович").surname
    'Образцов'
    """
    surname, _, rest = " ".join(text.replace(".", ". ").split()).partition(" ")
    name, _, patronymic = rest.partition(" ")
    return Person(surname=surname or None, name=name or None, patronymic=patronymic or None)


def _number(cell: Cell) -> str:
    if isinstance(cell, Number) and not exact(cell):
        raise Unfit("digits")
    text = cell_text(cell)
    if len(text) > _LONGEST_NUMBER:
        raise Unfit("number")
    return " ".join(text.split())


def _rating(cell: Cell) -> int:
    text = cell_text(cell)
    if not (text.isascii() and text.isdecimal() and len(text) == 1 and int(text) in _RATINGS):
        raise Unfit("rating")
    return int(text)
