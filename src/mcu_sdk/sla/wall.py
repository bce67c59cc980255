"""The same timeline on the wall: for zones that keep one offset, where wall arithmetic is exact and fast.

A convenience of speed alone: whatever it does not answer, the timeline in epoch seconds does.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from mcu_sdk.sla.timeline import tables

if TYPE_CHECKING:
    from mcu_sdk.sla.days import Definition

_NOTHING = timedelta()


class WallTable:
    """Openings, closings and working time before each, as datetimes and timedeltas of one zone object."""

    __slots__ = ("_before", "_closes", "_first_of_date", "_last", "_opens")

    def __init__(self, definition: Definition, first_year: int, last_year: int) -> None:
        table = tables(definition, first_year, last_year)
        line, zone = table.timeline, table.zone
        self._opens = [zone.moment_of(epoch) for epoch in line.opens]
        self._closes = [zone.moment_of(epoch) for epoch in line.closes]
        self._before = [timedelta(0, seconds) for seconds in line.worked_before]
        self._last = len(self._opens)
        # Ends every search for a date's interval.
        self._opens.append(datetime.max.replace(tzinfo=zone.info))
        self._closes.append(datetime.max.replace(tzinfo=zone.info))
        self._first_of_date: dict[int, int] = {}
        index = 0
        for ordinal in range(table.days.first, table.days.last + 1):
            midnight = zone.epoch_of(ordinal, 0)
            if midnight < line.begins:
                continue
            while index < len(line.closes) and line.closes[index] <= midnight:
                index += 1
            self._first_of_date[ordinal] = index

    def add(self, moment: datetime, amount: timedelta) -> datetime | None:
        """Return the answer of `Calendar.add` that ends on a closing; None if it is not known here."""
        index = self._first_of_date.get(moment.toordinal())
        if index is None or amount <= _NOTHING or amount.microseconds or moment.microsecond:
            return None
        opens, before = self._opens, self._before
        while self._closes[index] <= moment:
            index += 1
        wanted = before[index] + amount
        if moment > opens[index]:
            wanted += moment - opens[index]
        if index < self._last and wanted <= before[index + 1]:
            return opens[index] + (wanted - before[index])
        index = bisect_left(before, wanted, index) - 1
        return opens[index] + (wanted - before[index]) if index < self._last else None

    def worked(self, start: datetime, end: datetime) -> timedelta | None:
        """Return the answer of `Calendar.worked`; None if it is not known here."""
        begun, ended = self._worked_until(start), self._worked_until(end)
        return None if begun is None or ended is None else ended - begun

    def _worked_until(self, moment: datetime) -> timedelta | None:
        index = self._first_of_date.get(moment.toordinal())
        if index is None or moment.microsecond:
            return None
        while self._closes[index] <= moment:
            index += 1
        opens = self._opens[index]
        return self._before[index] + (moment - opens) if moment > opens else self._before[index]


@lru_cache(maxsize=64)
def wall_table(definition: Definition, first_year: int, last_year: int) -> WallTable | None:
    """Return the wall table of a definition, built once; None where the zone changes its offset."""
    if tables(definition, first_year, last_year).zone.plain_origin is None:
        return None
    return WallTable(definition, first_year, last_year)
