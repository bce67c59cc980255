"""A slow, independent calculator of time: a bitmap of minutes, scanned. It shares no code with the library.

What is open comes from `oracle_dates`, offsets from zoneinfo instant by instant; nothing is added up
beforehand, so every answer is a scan of the minutes it speaks of.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .oracle_dates import Dates

HOUR = 3600


class WallClock:
    """A clock on the wall: the stretches of time in which it kept one offset, found by looking at it."""

    def __init__(self, zone: str, first: date, last: date) -> None:
        self.zone = ZoneInfo(zone)
        begins = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) - 48 * HOUR
        ends = int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp()) + 72 * HOUR
        self.stretches: list[tuple[int, int, int]] = []
        since, offset = begins, self.offset(begins)
        for hour in range(begins, ends, HOUR):
            if self.offset(hour + HOUR) != offset:
                change = next(at for at in range(hour, hour + HOUR + 60, 60) if self.offset(at) != offset)
                self.stretches.append((since, change, offset))
                since, offset = change, self.offset(change)
        self.stretches.append((since, ends, offset))
        self.changes = [since for since, _, _ in self.stretches[1:]]

    def offset(self, epoch: int) -> int:
        """Seconds by which the clock is ahead of UTC."""
        shown = datetime.fromtimestamp(epoch, self.zone).utcoffset()
        assert shown is not None
        return int(shown.total_seconds())

    def first(self, day: date, seconds: int) -> int:
        """The first instant at which the clock shows this time of this date, or a later one."""
        wall = (day - date(1970, 1, 1)).days * 86_400 + seconds
        for since, until, offset in self.stretches:
            if wall < until + offset:
                return max(since, wall - offset)
        raise AssertionError("the oracle's dates ended")

    def shows(self, epoch: int) -> datetime:
        """What the clock shows at an instant."""
        return datetime.fromtimestamp(epoch, self.zone).replace(tzinfo=None)


class Oracle:
    """Working time between the first and the last date; None is the answer beyond them."""

    def __init__(self, clock: WallClock, dates: Dates) -> None:
        self.clock = clock
        self.dates = dates
        self.begins = clock.first(dates.first, 0) // 60
        self.length = clock.first(dates.last + timedelta(1), 0) // 60 - self.begins
        # One closed minute past the end lets the end itself be asked.
        self.open = bytearray(self.length + 1)
        for day, hours in dates.opening():
            for opens, closes in hours:
                begin = clock.first(day, opens * 60) // 60 - self.begins
                end = min(clock.first(day, closes * 60) // 60 - self.begins, self.length)
                self.open[begin:end] = b"\1" * (end - begin)

    def worked(self, start: int, end: int) -> int:
        """Working seconds between two instants, by scanning every minute."""
        if end < start:
            return -self.worked(end, start)
        first, last = start // 60 - self.begins, end // 60 - self.begins
        whole = 60 * self.open.count(1, first, last)
        return whole - start % 60 * self.open[first] + end % 60 * self.open[last]

    def add(self, start: int, amount: int, at_close: str = "close") -> int | None:
        """The earliest instant with *amount* working seconds since *start*, by scanning every minute."""
        if amount == 0:
            return start
        minute = start // 60 - self.begins
        have = -(start % 60) * self.open[minute]
        # Half a day at once, while that is not enough.
        while (
            minute < self.length and have + (half := 60 * self.open.count(1, minute, minute + 720)) < amount
        ):
            minute, have = minute + 720, have + half
        while (minute := self.open.find(1, minute)) >= 0:
            if have + 60 >= amount:
                found = (self.begins + minute) * 60 + amount - have
                return self.opening_from(found) if at_close == "next_open" else found
            minute, have = minute + 1, have + 60
        return None

    def opening_from(self, epoch: int) -> int | None:
        """The instant itself if it is worked, else the next one that is."""
        minute = epoch // 60 - self.begins
        if self.open[minute]:
            return epoch
        found = self.open.find(1, minute)
        return None if found < 0 else (self.begins + found) * 60

    def edges(self, since: int, until: int) -> list[int]:
        """The openings and closings between two instants."""
        minute, last = max(since // 60 - self.begins, 1), min(until // 60 - self.begins, self.length)
        found = []
        while minute < last:
            minute = self.open.find(1 - self.open[minute - 1], minute, last)
            if minute < 0:
                break
            found.append((self.begins + minute) * 60)
            minute += 1
        return found
