"""Working time as arrays of instants: openings, closings and the seconds worked before each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from mcu_sdk.sla.days import Days, Definition
from mcu_sdk.sla.moment import ZoneTable, zone_info
from mcu_sdk.sla.schedule import DAY_MINUTES


class Timeline:
    """The working intervals of some years in UTC epoch seconds, half-open, in order, not overlapping.

    Knows every opening between `begins` and `ends`; nothing outside may be asked.
    """

    __slots__ = ("begins", "closes", "ends", "opens", "ordinals", "worked_before")

    def __init__(self, days: Days, zone: ZoneTable, overhang_minutes: int) -> None:
        # The night shift of the last date before the table is unknown, so the table begins after it.
        self.begins = zone.epoch_of(days.first, max(overhang_minutes, 0) * 60)
        self.ends = zone.epoch_of(days.last + 1, 0)
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.ordinals: list[int] = []
        last_closing = self.begins
        for ordinal, status in days:
            for opening, closing in status.hours:
                # A swapped date may begin inside the night shift before it.
                opens = max(zone.epoch_of(ordinal, opening * 60), last_closing)
                closes = min(zone.epoch_of(ordinal, closing * 60), self.ends)
                if opens < closes:
                    self.opens.append(opens)
                    self.closes.append(closes)
                    self.ordinals.append(ordinal)
                    last_closing = closes
        lengths = (closes - opens for opens, closes in zip(self.opens, self.closes, strict=True))
        self.worked_before = list(accumulate(lengths, initial=0))

    def worked_until(self, epoch: int) -> int:
        """Return the working seconds between `begins` and *epoch*."""
        index = bisect_right(self.opens, epoch)
        if index == 0:
            return 0
        return self.worked_before[index] - max(self.closes[index - 1] - epoch, 0)

    def after(self, epoch: int, seconds: int) -> int | None:
        """Return the first instant with *seconds* worked since *epoch*; None if the table ends first."""
        if seconds == 0:
            return epoch
        before = self.worked_before
        index = bisect_right(self.opens, epoch)
        wanted = before[index] + seconds
        if index:
            left = self.closes[index - 1] - epoch
            if seconds <= left:
                return epoch + seconds
            if left > 0:
                wanted -= left
        index = bisect_left(before, wanted, index)
        if index == len(before):
            return None
        return self.closes[index - 1] - before[index] + wanted

    def opening_from(self, epoch: int) -> int | None:
        """Return *epoch* if working time runs there, else the next opening; None if the table ends first."""
        index = bisect_right(self.opens, epoch)
        if index and epoch < self.closes[index - 1]:
            return epoch
        return self.opens[index] if index < len(self.opens) else None

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the working time between two instants, piece by piece."""
        index = max(bisect_right(self.opens, start) - 1, 0)
        stop = bisect_left(self.opens, end)
        pieces = zip(self.opens[index:stop], self.closes[index:stop], strict=True)
        cut = ((max(opens, start), min(closes, end)) for opens, closes in pieces)
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def intervals_of(self, ordinal: int) -> list[tuple[int, int]]:
        """Return the intervals that open on a civil date."""
        index = bisect_left(self.ordinals, ordinal)
        stop = bisect_right(self.ordinals, ordinal)
        return list(zip(self.opens[index:stop], self.closes[index:stop], strict=True))


class Tables(NamedTuple):
    """All that is computed for a calendar over some years."""

    first_year: int
    last_year: int
    days: Days
    zone: ZoneTable
    timeline: Timeline


@lru_cache(maxsize=256)
def tables(definition: Definition, first_year: int, last_year: int) -> Tables:
    """Build the tables of a definition over some years, once for equal definitions."""
    days = Days(definition, first_year, last_year)
    zone = ZoneTable(zone_info(definition.zone), days.first, days.last)
    overhang = max(
        (closing - DAY_MINUTES for _, status in days for _, closing in status.hours),
        default=0,
    )
    return Tables(first_year, last_year, days, zone, Timeline(days, zone, overhang))
