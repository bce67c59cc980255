"""A slow, independent calculator: scans minutes of a civil calendar and shares no code with the library.

Hours and dates off are given in plain terms by the test; nothing is read from the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = 60


class Oracle:
    """A bitmap of working minutes: `hours(day)` gives the wall minutes that open on a civil date."""

    def __init__(
        self,
        zone: str,
        hours: Callable[[date], list[tuple[int, int]]],
        first: date,
        last: date,
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.first_minute = self._utc(first, 0) // MINUTE
        self.minutes = bytearray(self._utc(last + timedelta(1), 0) // MINUTE - self.first_minute)
        day = first
        while day <= last:
            for opens, closes in hours(day):
                # One wall minute after another, so gaps and folds are met as a clock on the wall meets them.
                begin = self._utc(day, opens) // MINUTE - self.first_minute
                end = self._utc(day, closes) // MINUTE - self.first_minute
                for minute in range(max(begin, 0), min(end, len(self.minutes))):
                    self.minutes[minute] = 1
            day += timedelta(1)

    def _utc(self, day: date, wall_minute: int) -> int:
        """The first instant at which a wall clock shows at least this time."""
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=wall_minute)  # noqa: DTZ001
        early = (wall - datetime(1970, 1, 1)) // timedelta(seconds=1) - 15 * 3600  # noqa: DTZ001
        # Offsets change on quarter hours at the finest; look for the first quarter hour that reaches it.
        for step in range(30 * 4 + 1):
            instant = early + step * 900
            shown = datetime.fromtimestamp(instant, UTC).astimezone(self.zone).replace(tzinfo=None)
            if shown >= wall:
                break
        while step:
            before = datetime.fromtimestamp(instant - MINUTE, UTC).astimezone(self.zone).replace(tzinfo=None)
            if before < wall:
                return instant
            instant -= MINUTE
        raise AssertionError("no such wall time")

    def seconds(self, epoch: int) -> Iterator[int]:
        """The working seconds from an instant on, in pieces of at most a minute."""
        minute, inside = divmod(epoch - self.first_minute * MINUTE, MINUTE)
        while minute < len(self.minutes):
            yield (MINUTE - inside) * self.minutes[minute]
            minute, inside = minute + 1, 0

    def worked(self, start: int, end: int) -> int:
        """Working seconds between two instants, by scanning every minute."""
        if end < start:
            return -self.worked(end, start)
        total, at = 0, start
        for piece in self.seconds(start):
            step = MINUTE - at % MINUTE
            if at + step >= end:
                return total + (min(end - at, piece) if piece else 0)
            total, at = total + piece, at + step
        raise AssertionError("the oracle's dates ended")

    def add(self, start: int, amount: int) -> int:
        """The earliest instant with *amount* working seconds since *start*, by scanning every minute."""
        if amount == 0:
            return start
        at = start
        for piece in self.seconds(start):
            if piece >= amount:
                return at + amount
            amount -= piece
            at += MINUTE - at % MINUTE
        raise AssertionError("the oracle's dates ended")
