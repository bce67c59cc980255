"""Working time from tables: how much was worked by an instant, and when so much will have been."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, get_args

import numpy as np

from mcu_sdk.sla.batch.column import Int64, Rows
from mcu_sdk.sla.batch.line import Line, added, line_of, worked
from mcu_sdk.sla.batch.pieces import (
    CROWDED,
    FEWEST_BITS,
    MOST_PIECES,
    Int32,
    PieceIndex,
    Scratch,
    Ways,
    enter,
)
from mcu_sdk.sla.calendar import AtClose, negative_amount
from mcu_sdk.sla.nearest import check_word

if TYPE_CHECKING:
    from mcu_sdk.sla.calendar import Calendar

# Tables keep distances in 32 bits, and two of them must add up: thirty-four years. Others are searched.
_FIRST = int(np.datetime64("2010-01-01", "s").astype(np.int64))
_LAST = int(np.datetime64("2043-12-31", "s").astype(np.int64))
_MOST_SECONDS = 2**30
_UNKNOWN = -(2**31) + 2**18
_LOW_HALF = 0xFFFF


def window(line: Line) -> tuple[int, int]:
    """Return the first and the last instant that tables over *line* speak of."""
    return max(line.begins, _FIRST), min(line.ends, _LAST)


class WorkingTime:
    """The tables of one calendar.

    A bucket of time touches one gap between intervals at most, `[closes, opens)` as places in it. What
    was worked by a place in it is then `base + min(place, closes) + max(place, opens)`, from two
    look-ups. The way back is a shift for each interval, found by `PieceIndex`.
    """

    __slots__ = ("_base", "_bits", "_first", "_gaps", "_index", "_known", "_last", "_shifts")

    def __init__(self, line: Line) -> None:
        self._first, self._last = window(line)
        self._lay(line)
        self._lay_way_back(line)

    @property
    def nbytes(self) -> int:
        """How much memory the tables take."""
        return sum(one.nbytes for one in (self._base, self._gaps, self._shifts, self._index.entries))

    def _lay(self, line: Line) -> None:
        length = self._last - self._first
        closes = np.clip(line.closes - self._first, 0, length + 1)
        opens = np.clip(np.append(line.opens, line.ends + 1) - self._first, 0, length + 1)
        real = closes < opens
        closes, opens = closes[real], opens[real]
        bits = 14
        while bits > FEWEST_BITS:
            met = int(np.count_nonzero(closes[1:] >> bits <= (opens[:-1] - 1) >> bits))
            if met <= (length >> bits) // CROWDED:
                break
            bits -= 1
        self._bits, size = bits, 1 << bits
        starts = np.arange((length + 1) >> bits) << bits
        gap = np.searchsorted(opens, starts, "right")
        touched = np.searchsorted(closes, starts + size, "left") - gap
        first_close, first_open = (
            np.where(touched == 1, np.clip(np.append(edge, 0)[gap] - starts, 0, size), size)
            for edge in (closes, opens)
        )
        worked_before = line.worked_until(np.array([self._first]))[0]
        base = line.worked_until(starts + self._first) - worked_before - first_open
        base[touched > 1] = _UNKNOWN
        self._base = np.concatenate([[_UNKNOWN], base, [_UNKNOWN]]).astype(np.int32)
        gaps = first_close | first_open << 16
        self._gaps = np.concatenate([[0], gaps, [0]]).astype(np.int32)

    def _lay_way_back(self, line: Line) -> None:
        begun, ended = line.worked_until(np.array([self._first, self._last])).tolist()
        ends = line.before[1:] - begun - 1
        inside = (ends >= 0) & (line.before[:-1] < ended)
        if np.count_nonzero(inside) >= MOST_PIECES:
            inside[:] = False
        shifts = line.opens - line.before[:-1] + begun - self._first
        self._known = int(np.count_nonzero(inside))
        self._index = PieceIndex(np.minimum(ends[inside], ended - begun - 1), ended - begun, 15)
        self._shifts = np.zeros(self._index.unknown + 1, np.int32)
        self._shifts[: self._known] = shifts[inside]

    def _worked_until(self, chunk: Int64, work: Scratch, target: Int32) -> None:
        """Put what was worked by each of *chunk* into *target*; something negative where it is not known."""
        enter(chunk, self._first, self._bits, work)
        np.take(self._base, work.bucket, mode="clip", out=work.second)
        np.take(self._gaps, work.bucket, mode="clip", out=work.first)
        np.bitwise_and(work.first, _LOW_HALF, out=work.place)
        np.minimum(work.place, work.rest, out=work.place)
        np.add(work.second, work.place, out=work.second)
        np.right_shift(work.first, 16, out=work.first)
        np.maximum(work.first, work.rest, out=work.first)
        np.add(work.second, work.first, out=target)

    def add(
        self, chunk: Int64, seconds: int | Int64, target: Int64, work: Scratch, *, next_open: bool
    ) -> Rows | None:
        """Write the answers for *chunk* into *target*; return the rows that are not known here."""
        least = np.min(seconds)
        if least < 0:
            raise negative_amount()
        self._worked_until(chunk, work, work.place)
        index = self._index
        # One bucket ahead; and a second back, so that an interval holds its closing and not its opening.
        ahead = (1 << index.bits) - (not next_open)
        if isinstance(seconds, int):
            np.add(work.place, ahead + min(seconds, _MOST_SECONDS), out=work.place)
        else:
            if seconds.max() > _MOST_SECONDS:
                seconds = np.minimum(seconds, _MOST_SECONDS)
            np.copyto(work.first, seconds, casting="unsafe")
            np.add(work.place, work.first, out=work.place)
            np.add(work.place, ahead, out=work.place)
        np.right_shift(work.place, index.bits, out=work.bucket)
        np.bitwise_and(work.place, (1 << index.bits) - 1, out=work.rest)
        index.find(work)
        np.take(self._shifts, work.bucket, mode="wrap", out=work.second)
        np.add(work.place, work.second, out=work.place)
        np.add(work.place, self._first - ahead, out=target, dtype=np.int64)
        # No time at all ends at its start, also while the office is closed.
        if work.bucket.max() < self._known and least > 0:
            return None
        return np.flatnonzero((work.bucket >= self._known) | (np.asarray(seconds) == 0))

    def worked(self, starts: Int64, ends: Int64, target: Int64, work: Scratch) -> Rows | None:
        """Write the working seconds between into *target*; return the rows that are not known here."""
        self._worked_until(starts, work, work.third)
        self._worked_until(ends, work, work.place)
        np.subtract(work.place, work.third, out=target)
        if min(work.place.min(), work.third.min()) >= 0:
            return None
        return np.flatnonzero((work.place < 0) | (work.third < 0))


def working_time(calendar: Calendar) -> WorkingTime:
    """Return the tables of *calendar*, built once for equal calendars."""
    return calendar.reach.derived(WorkingTime, lambda _: WorkingTime(line_of(calendar)))


def adding(calendar: Calendar, at_close: AtClose) -> Ways:
    """Return how `Calendar.add` is answered for instants and seconds."""
    check_word("at_close", at_close, get_args(AtClose))
    next_open = at_close == "next_open"
    read = partial(working_time(calendar).add, next_open=next_open)
    return Ways(read, partial(added, calendar, next_open=next_open))


def measuring(calendar: Calendar) -> Ways:
    """Return how `Calendar.worked` is answered, in seconds, for two instants."""
    return Ways(working_time(calendar).worked, partial(worked, calendar))
