"""The years a calendar has tables for: those that acts cover, or as many as are asked for."""

from __future__ import annotations

from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast
from weakref import WeakValueDictionary

from mcu_sdk.sla.production import ProductionCalendar, horizon_error
from mcu_sdk.sla.timeline import tables
from mcu_sdk.sla.wall import WallTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from mcu_sdk.sla.days import Definition
    from mcu_sdk.sla.timeline import Tables

# Calendars without acts are built for these years first and grow on demand within the limits.
_USUAL_YEARS = (2015, 2034)
_LIMIT_YEARS = (1902, 2199)
_GROWTH_YEARS = 10
# A calendar meets a few dozen rules; a program that makes rules without end must not keep them all.
_MOST_DERIVED = 64

T = TypeVar("T")


class Reach:
    """The tables of one definition, built on first use and grown where the calendar may grow."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._table: Tables | None = None
        self._growing = Lock()
        self._derived: dict[object, tuple[Tables, object]] = {}

    @cached_property
    def wall(self) -> WallTable:
        """The first years' timeline on the wall."""
        return WallTable(tables(self._definition, *self._first_years()))

    @property
    def table(self) -> Tables:
        """The widest tables so far; they only grow."""
        if self._table is None:
            return self._grown(*self._first_years())
        return self._table

    def derived(self, key: object, make: Callable[[Tables], T]) -> T:
        """Return what *make* makes of the widest tables so far, kept under *key* until they grow."""
        table = self.table
        kept = self._derived.get(key)
        if kept is None or kept[0] is not table:
            if kept or len(self._derived) >= _MOST_DERIVED:
                self._derived.clear()
            kept = self._derived[key] = table, make(table)
        return cast("T", kept[1])

    def of_date(self, day: date) -> Tables:
        """Return tables that cover the year of *day*. Raises `CalendarHorizonError`."""
        table = self.table
        if table.first_year <= day.year <= table.last_year:
            return table
        return self._reaching(day.year)

    def of_moment(self, moment: datetime) -> tuple[int, Tables]:
        """Return the epoch seconds of *moment*, and tables that cover it.

        Raises `NaiveMomentError`, `CalendarHorizonError`.
        """
        table = self.table
        epoch = table.zone.epoch_of_moment(moment)
        if not table.timeline.begins <= epoch <= table.timeline.ends:
            year = moment.astimezone(table.zone.info).year
            # The first hours of the first year may belong to an unknown night shift.
            early = epoch < table.timeline.begins and year == table.first_year
            table = self._reaching(year - early)
            epoch = table.zone.epoch_of_moment(moment)
        return epoch, table

    def open_date(self, day: date) -> date:
        """Return *day* if working hours begin on it, else the next such date.

        Raises `CalendarHorizonError`.
        """
        table = self.of_date(day)
        while (found := table.days.next_open(day.toordinal())) is None:
            table = self.later(table)
        return day.fromordinal(found)

    def later(self, table: Tables) -> Tables:
        """Return tables that go on after *table*. Raises `CalendarHorizonError`."""
        return self._reaching(table.last_year + 1)

    def earlier(self, table: Tables) -> Tables:
        """Return tables that begin before *table*. Raises `CalendarHorizonError`."""
        return self._reaching(table.first_year - 1)

    def _first_years(self) -> tuple[int, int]:
        week = self._definition.week
        if week is None:
            return _USUAL_YEARS
        production = ProductionCalendar.load(week)
        return production.first_year, production.last_year

    @property
    def limits(self) -> tuple[int, int]:
        """The first and last year the tables may ever cover."""
        by_acts = self._definition.week is not None and not self._definition.projected
        return self._first_years() if by_acts else _LIMIT_YEARS

    def _reaching(self, year: int) -> Tables:
        first, last = self.limits
        if not first <= year <= last:
            raise horizon_error(str(year), first, last)
        known_first, known_last = self._first_years()
        return self._grown(
            year if year >= known_first else max(year - _GROWTH_YEARS, first),
            year if year <= known_last else min(year + _GROWTH_YEARS, last),
        )

    def _grown(self, first_year: int, last_year: int) -> Tables:
        # Without the lock a thread could put back narrower tables than another has read from.
        with self._growing:
            if self._table is not None:
                first_year = min(first_year, self._table.first_year)
                last_year = max(last_year, self._table.last_year)
            self._table = tables(self._definition, first_year, last_year)
            return self._table


_alive: WeakValueDictionary[Definition, Reach] = WeakValueDictionary()
_making = Lock()


@lru_cache(maxsize=64)
def reach_of(definition: Definition) -> Reach:
    """Return the reach of a definition: the same while any calendar has it, and a little longer."""
    with _making:
        return _alive.setdefault(definition, Reach(definition))
