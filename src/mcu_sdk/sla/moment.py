"""Moments and zones: aware datetimes, the epoch seconds they stand for, and the way back.

Python compares and subtracts two datetimes that share a zone object on the wall, and lies at clock
changes. Everything here goes through whole epoch seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from mcu_sdk.errors import NaiveMomentError, SlaError

DAY_SECONDS = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
# Zones of other makers may not know folds, and subclasses of datetime have their own arithmetic.
_PLAIN_ZONES = (ZoneInfo, timezone)


def epoch_seconds(moment: datetime) -> int:
    """Return the whole seconds from 1970-01-01 00:00 UTC to *moment*; microseconds are cut off.

    Raises `NaiveMomentError` for a datetime without a zone.

    >>> epoch_seconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400
    """
    if moment.utcoffset() is None:
        raise NaiveMomentError(
            "sla.naive_moment",
            "a moment needs a zone, and this datetime has none",
            "give it tzinfo, for example ZoneInfo('Europe/Moscow')",
        )
    elapsed = moment - EPOCH
    return elapsed.days * DAY_SECONDS + elapsed.seconds


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return *moment* in *zone* as a plain datetime, microseconds cut off.

    Raises `NaiveMomentError` for a datetime without a zone.

    >>> print(in_zone(datetime(1970, 1, 2, tzinfo=UTC), zone_info("Europe/Moscow")))
    1970-01-02 03:00:00+03:00
    """
    if type(moment) is datetime and type(moment.tzinfo) in _PLAIN_ZONES:
        own = moment.astimezone(zone)
        return own.replace(microsecond=0) if own.microsecond else own
    return moment_in(zone, epoch_seconds(moment))


def moment_in(zone: ZoneInfo, epoch: int) -> datetime:
    """Return the instant of *epoch* seconds as a datetime in *zone*; the first or last one past its range."""
    try:
        return (EPOCH + timedelta(0, epoch)).astimezone(zone)
    except OverflowError:  # 0001-01-01, which some programs write for no date at all
        end = datetime.min.replace(tzinfo=zone) if epoch < 0 else datetime.max.replace(tzinfo=zone)
        return end.replace(microsecond=0)


def whole_seconds(amount: timedelta) -> int:
    """Return *amount* in whole seconds, rounded down."""
    return amount.days * DAY_SECONDS + amount.seconds


def zone_info(zone: str | ZoneInfo) -> ZoneInfo:
    """Return the IANA zone *zone*, given by key or as itself.

    Raises `SlaError` for a key that the zone data does not have, and for a zone without a key.

    >>> zone_info("Europe/Volgograd").key
    'Europe/Volgograd'
    """
    try:
        key = zone if isinstance(zone, str) else zone.key
        if key:
            return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        pass
    raise SlaError(
        "sla.zone_unknown",
        f"there is no time zone {str(zone)!r}",
        "name an IANA zone such as 'Europe/Moscow'",
        zone=str(zone),
    ) from None


class ZoneTable:
    """The offsets of one zone between two civil dates, for exact conversions both ways.

    A wall time in a gap stands for the transition's instant, one in a fold for its first pass; so
    wall times in order never give instants out of order. `plain_origin` is the wall time of the epoch
    where the zone keeps one offset throughout: then wall arithmetic is exact, and fast. Elsewhere
    `unsteady_dates` are the ordinals within two dates of a change. The zone keeps `offsets[n]` from the
    instant `starts[n]` on, and up to `wall_ends[n]` on the wall.
    """

    __slots__ = ("_origin", "info", "offsets", "plain_origin", "starts", "unsteady_dates", "wall_ends")

    def __init__(self, info: ZoneInfo, first_ordinal: int, last_ordinal: int) -> None:
        self.info = info
        self._origin = datetime(1970, 1, 1, tzinfo=info)
        # Two dates of margin: UTC and the zone may disagree about the date, and an offset about hours.
        begins = (first_ordinal - 2 - EPOCH_ORDINAL) * DAY_SECONDS
        ends = (last_ordinal + 2 - EPOCH_ORDINAL) * DAY_SECONDS
        self.starts = [begins]
        self.offsets = [self._offset_at(begins)]
        for before in range(begins, ends, DAY_SECONDS):
            after = before + DAY_SECONDS
            if self._offset_at(after) != self.offsets[-1]:
                self.starts.append(self._transition(before, after))
                self.offsets.append(self._offset_at(after))
        self.wall_ends = [
            start + offset for start, offset in zip(self.starts[1:], self.offsets[:-1], strict=True)
        ]
        self.plain_origin = None
        if len(self.offsets) == 1:
            self.plain_origin = self._origin + timedelta(0, self.offsets[0])
        changes = [self.ordinal_of(start) for start in self.starts[1:]]
        self.unsteady_dates = frozenset(change + near for change in changes for near in range(-2, 3))

    def _offset_at(self, epoch: int) -> int:
        moment = (EPOCH + timedelta(0, epoch)).astimezone(self.info)
        return whole_seconds(moment.utcoffset() or timedelta())

    def _transition(self, before: int, after: int) -> int:
        offset = self._offset_at(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset_at(middle) == offset:
                before = middle
            else:
                after = middle
        return after

    def epoch_of_wall(self, wall_seconds: int) -> int:
        """Return the instant of a wall time, given as seconds from 1970-01-01 00:00 on the wall."""
        index = bisect_right(self.wall_ends, wall_seconds)
        return max(self.starts[index], wall_seconds - self.offsets[index])

    def epoch_of(self, ordinal: int, seconds: int) -> int:
        """Return the instant *seconds* of wall time after the midnight that begins a civil date."""
        return self.epoch_of_wall((ordinal - EPOCH_ORDINAL) * DAY_SECONDS + seconds)

    def epoch_of_moment(self, moment: datetime) -> int:
        """Return `epoch_seconds(moment)`, sooner where *moment* is in a zone without changes."""
        if moment.tzinfo is self.info and self.plain_origin is not None:
            elapsed = moment - self.plain_origin
            return elapsed.days * DAY_SECONDS + elapsed.seconds
        return epoch_seconds(moment)

    def moment_of(self, epoch: int) -> datetime:
        """Return the aware datetime of an instant, in this zone."""
        if self.plain_origin is not None:
            return self.plain_origin + timedelta(0, epoch)
        index = max(bisect_right(self.starts, epoch) - 1, 0)
        offset = self.offsets[index]
        moment = self._origin + timedelta(0, epoch + offset)
        repeated = index > 0 and epoch < self.starts[index] + self.offsets[index - 1] - offset
        return moment.replace(fold=1) if repeated else moment

    def ordinal_of(self, epoch: int) -> int:
        """Return the ordinal of the civil date on which an instant falls, in this zone."""
        index = max(bisect_right(self.starts, epoch) - 1, 0)
        return (epoch + self.offsets[index]) // DAY_SECONDS + EPOCH_ORDINAL
