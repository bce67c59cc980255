"""Civil dates of a calendar as arrays, in days since 1970-01-01, and the way between them and instants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mcu_sdk.sla.batch.column import EARLIER, LATER, Flags, Int64, Rows, is_answer
from mcu_sdk.sla.batch.growth import from_dates
from mcu_sdk.sla.batch.pieces import DateTable, Ways
from mcu_sdk.sla.moment import DAY_SECONDS, EPOCH_ORDINAL

if TYPE_CHECKING:
    from mcu_sdk.sla.batch.pieces import Scratch
    from mcu_sdk.sla.calendar import Calendar, Roll
    from mcu_sdk.sla.moment import ZoneTable
    from mcu_sdk.sla.timeline import Tables

LAST_SECOND = DAY_SECONDS - 1


@dataclass(frozen=True, slots=True)
class CivilDates:
    """The dates from `first` to `last`, both included, by their place in the arrays.

    `working` lists the dates that count for terms, `ranks` how many of them lie before each date;
    `closings` are seconds of the wall, the date's last second where it is closed or open until later;
    `next_open` is the date itself if hours open on it, else the next such one.
    """

    first: int
    last: int
    working: Int64
    ranks: Int64
    works: Flags
    closings: Int64
    next_open: Int64
    zone: ZoneTable

    def covers(self, days: Int64) -> Flags:
        """Tell which dates are known."""
        inside: Flags = (days >= self.first) & (days <= self.last)
        return inside

    def at(self, column: Int64, days: Int64) -> Int64:
        """Return what *column* says of *days*; of unknown ones anything."""
        found: Int64 = np.take(column, days - self.first, mode="clip")
        return found

    def counted(self, days: Int64, counts: int | Int64) -> Int64:
        """Return the working date so many after each of *days*, before it if negative; itself for zero."""
        counts = np.clip(counts, -(2**40), 2**40)
        places = np.take(self.ranks, days - self.first, mode="clip") + counts
        works = np.take(self.works, days - self.first, mode="clip")
        places = np.where(counts > 0, places - 1 + works, places)
        found = np.take(self.working, places, mode="clip") if len(self.working) else np.zeros_like(places)
        found = np.where(places < 0, EARLIER, np.where(places >= len(self.working), LATER, found))
        return np.where(counts == 0, days, self._known(days, found))

    def rolled(self, days: Int64, how: Roll) -> Int64:
        """Return each of *days* if it is a working date, else its working neighbour."""
        off = ~np.take(self.works, days - self.first, mode="clip")
        moved = days if how == "none" else self.counted(days, -1 if how == "previous" else 1)
        return self._known(days, np.where(off, moved, days))

    def _known(self, days: Int64, answers: Int64) -> Int64:
        reason = np.where(is_answer(days), np.where(days > self.last, LATER, EARLIER), days)
        return np.where(self.covers(days), answers, reason)

    def instants(self, days: Int64, seconds: Int64) -> Int64:
        """Return the instants of wall times, as `ZoneTable.epoch_of` does."""
        starts, offsets = np.array(self.zone.starts), np.array(self.zone.offsets)
        wall = days * DAY_SECONDS + seconds
        index = np.searchsorted(np.array(self.zone.wall_ends, np.int64), wall, "right")
        instants: Int64 = np.maximum(starts[index], wall - offsets[index])
        return instants

    def wall_of(self, at: Int64) -> tuple[Int64, Int64]:
        """Return the civil date and the second of the wall of each instant."""
        index = np.maximum(np.searchsorted(np.array(self.zone.starts), at, "right") - 1, 0)
        wall = at + np.array(self.zone.offsets)[index]
        days = wall // DAY_SECONDS
        return days, wall - days * DAY_SECONDS

    def stretches(self, first: int, last: int) -> tuple[Int64, Int64]:
        """Return from when between two instants each civil date goes on, and the dates."""
        begins: list[Int64] = []
        days: list[Int64] = []
        starts, offsets = self.zone.starts, self.zone.offsets
        for start, end, offset in zip(starts, [*starts[1:], last + 1], offsets, strict=True):
            since, until = max(start, first), min(end - 1, last)
            if since <= until:
                some = np.arange((since + offset) // DAY_SECONDS, (until + offset) // DAY_SECONDS + 1)
                days.append(some)
                begins.append(np.maximum(some * DAY_SECONDS - offset, since))
        return np.concatenate(begins), np.concatenate(days)


def dates_of(calendar: Calendar) -> CivilDates:
    """Return the dates of the widest tables so far, built once for equal calendars."""
    return calendar.reach.derived(CivilDates, _dates)


def _dates(table: Tables) -> CivilDates:
    days = table.days
    statuses = [status for _, status in days]
    first = days.first - EPOCH_ORDINAL
    works = np.array([status.working for status in statuses])
    opens = np.array([bool(status.hours) for status in statuses])
    closings = [
        min(status.hours[-1][1] * 60, LAST_SECOND) if status.hours else LAST_SECOND for status in statuses
    ]
    every = np.arange(first, first + len(statuses))
    open_from = np.where(opens, every, np.iinfo(np.int64).max)
    next_open = np.minimum.accumulate(open_from[::-1])[::-1]
    return CivilDates(
        first,
        days.last - EPOCH_ORDINAL,
        every[works],
        np.cumsum(works) - works,
        works,
        np.array(closings),
        np.where(next_open == np.iinfo(np.int64).max, LATER, next_open),
        table.zone,
    )


def counting(calendar: Calendar, counts: int | Int64) -> Ways:
    """Return how `Calendar.add_working_days` is answered for dates and *counts*."""
    dates = dates_of(calendar)

    def search(days: Int64, counts: int | Int64) -> Int64:
        each = np.broadcast_to(counts, days.shape)
        found = from_dates(calendar, days, lambda rows: dates_of(calendar).counted(days[rows], each[rows]))
        return np.where(each == 0, days, found)

    def read(days: Int64, counts: Int64, target: Int64, _: Scratch) -> Rows | None:
        target[:] = dates.counted(days, counts)
        known = is_answer(target)
        return None if known.all() else np.flatnonzero(~known)

    if not isinstance(counts, int):
        return Ways(read, search)
    table = DateTable(dates.first, dates.counted(np.arange(dates.first, dates.last + 1), counts))

    def look_up(days: Int64, _: int, target: Int64, work: Scratch) -> Rows | None:
        return table.read(days, target, work)

    return Ways(look_up, search)
