"""Functions of time that are made of pieces, read with one or two look-ups a row.

A piece holds over `(end of the one before, its own end]`. Time is cut into buckets of a power of two,
and a bucket keeps the number of its first piece and, below it, how far its only end lies; adding the
place in the bucket carries over into the number of the next piece exactly past that end. So a row
costs a look-up and an addition, whatever the number of pieces, where a binary search would miss the
branch predictor a dozen times. Buckets with two ends or more point to the unknown piece, whose rows
are counted one search at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mcu_sdk.sla.batch.column import NO_ANSWER, Int64, Rows, is_answer

Int32: TypeAlias = NDArray[np.int32]

CHUNK = 1 << 16
"""Rows at a time: what is written for them in between stays in the processor's cache."""
UNKNOWN = np.iinfo(np.int32).max
NEVER = 2**62
"""A low past all instants, for a piece without answers."""
FEWEST_BITS = 11
"""The shortest bucket is 34 minutes, so that the tables of eight years take a megabyte at most."""
MOST_PIECES = 2 ** (31 - FEWEST_BITS) - 2
"""More cannot be numbered beside a place in a bucket."""
# Of 2,000 buckets one may hold more than one end: its rows cost a hundred times as much as others.
CROWDED = 2_000


class Scratch:
    """Buffers for one chunk of rows, made once a call."""

    __slots__ = ("bucket", "first", "place", "rest", "second", "third")

    def __init__(self, rows: int) -> None:
        size = min(rows, CHUNK)
        self.bucket = np.empty(size, np.int64)
        buffers = (np.empty(size, np.int32) for _ in range(5))
        self.place, self.rest, self.first, self.second, self.third = buffers

    def cut(self, size: int) -> Scratch:
        """Return the same buffers, *size* rows long."""
        if size == len(self.bucket):
            return self
        shorter = object.__new__(Scratch)
        for name in self.__slots__:
            setattr(shorter, name, getattr(self, name)[:size])
        return shorter


class PieceIndex:
    """Finds the number of the piece in which a place lies; `unknown` where it cannot say.

    Places count from one bucket ahead of the first position: all that lies further ahead falls into
    that bucket, and all that lies behind into the last one, and nothing is known of either.
    """

    __slots__ = ("bits", "crowded", "entries", "unknown")

    def __init__(self, ends: Int64, length: int, most_bits: int) -> None:
        self.unknown = len(ends) + 1
        bits = most_bits
        while (crowded := self._is_crowded(ends, length, bits)) and bits > FEWEST_BITS:
            bits -= 1
        self.bits, self.crowded = bits, crowded
        size, buckets = 1 << bits, length >> bits
        counts = np.bincount(ends >> bits, minlength=buckets)[:buckets]
        first = np.cumsum(counts) - counts
        entries = first << bits
        single = counts == 1
        entries[single] += size - 1 - ends[first[single]] % size
        unknown = self.unknown << bits
        entries[counts > 1] = unknown
        self.entries = np.concatenate([[unknown], entries, [unknown]]).astype(np.int32)

    def _is_crowded(self, ends: Int64, length: int, bits: int) -> bool:
        met = int(np.count_nonzero(np.diff(ends >> bits) == 0))
        return met > (length >> bits) // CROWDED or self.unknown >> (31 - bits) > 0

    def find(self, work: Scratch) -> None:
        """Put the numbers of the pieces into `work.bucket`, which holds buckets; uses `rest` and `first`.

        All are numbers of pieces then, so `take` needs no mode; "wrap" is the one that costs least.
        """
        np.take(self.entries, work.bucket, mode="clip", out=work.first)
        np.add(work.first, work.rest, out=work.first)
        np.right_shift(work.first, self.bits, out=work.bucket)


def enter(chunk: Int64, first: int, bits: int, work: Scratch) -> None:
    """Put the rows of *chunk* into `work`: their places from a bucket ahead of *first*, and their buckets.

    Places wrap where they do not fit; such rows lie in the first or the last bucket.
    """
    np.subtract(chunk, first - (1 << bits), out=work.bucket)
    np.copyto(work.place, work.bucket, casting="unsafe")
    np.right_shift(work.bucket, bits, out=work.bucket)
    np.bitwise_and(work.place, (1 << bits) - 1, out=work.rest)


class Pieces:
    """A function of an instant t: `max(t, low) + shift` with a low and a shift for every piece.

    Both are kept as distances from the first instant. A low of `UNKNOWN` makes a piece unknown.
    """

    __slots__ = ("_ahead", "_first", "_index", "_lows", "_shifts")

    def __init__(self, first: int, last: int, ends: Int64, lows: Int64, shifts: Int64) -> None:
        """Keep the pieces that lie in `[first, last]`; *lows* and *shifts* go on past the last end."""
        begin, stop = np.searchsorted(ends, (first, last)).tolist()
        # A low before the first instant says no more than that instant, and may lie too far back for 32 bits.
        lows = np.maximum(lows[begin : stop + 1], first)
        ends, shifts = ends[begin:stop], shifts[begin : stop + 1]
        self._first = first
        self._index = PieceIndex(ends - first, last - first + 1, 16)
        self._ahead = first - (1 << self._index.bits)
        reached = np.maximum(lows, np.append(ends, last)) + shifts - self._ahead
        known = (lows - self._ahead < UNKNOWN) & (reached < UNKNOWN)
        self._lows = np.append(np.where(known, lows - self._ahead, UNKNOWN), UNKNOWN).astype(np.int32)
        self._shifts = None
        if shifts.any():
            self._shifts = np.append(np.where(known, shifts, 0), 0).astype(np.int32)

    @property
    def crowded(self) -> bool:
        """Whether so many buckets hold more than one end that another way is faster."""
        return self._index.crowded

    @property
    def nbytes(self) -> int:
        """How much memory the tables take."""
        shifts = 0 if self._shifts is None else self._shifts.nbytes
        return self._index.entries.nbytes + self._lows.nbytes + shifts

    def read(self, chunk: Int64, target: Int64, work: Scratch) -> Rows | None:
        """Write the answers for *chunk* into *target*; return the rows that are not known here."""
        enter(chunk, self._first, self._index.bits, work)
        self._index.find(work)
        np.take(self._lows, work.bucket, mode="wrap", out=work.rest)
        np.maximum(work.place, work.rest, out=work.place)
        if self._shifts is not None:
            np.take(self._shifts, work.bucket, mode="wrap", out=work.rest)
            np.add(work.place, work.rest, out=work.place)
        np.add(work.place, self._ahead, out=target, dtype=np.int64)
        return None if work.place.max() < UNKNOWN else np.flatnonzero(work.place == UNKNOWN)


class DateTable:
    """A function of a civil date: its value for every date from the first, NO_ANSWER where not known."""

    __slots__ = ("_before", "_values")

    def __init__(self, first: int, values: Int64) -> None:
        self._before = first - 1
        self._values = np.concatenate(
            [[NO_ANSWER], np.where(is_answer(values), values, NO_ANSWER), [NO_ANSWER]]
        )

    def read(self, chunk: Int64, target: Int64, work: Scratch) -> Rows | None:
        """Write the values for *chunk* into *target*; return the rows that are not known here."""
        np.subtract(chunk, self._before, out=work.bucket)
        np.take(self._values, work.bucket, mode="clip", out=target)
        return None if target.min() != NO_ANSWER else np.flatnonzero(target == NO_ANSWER)


class Ways(NamedTuple):
    """How rows are answered. `read` takes a chunk of each input, a place for the answers and a scratch,
    and returns the rows for `search`; without it all rows are searched.
    """

    read: Callable[..., Rows | None] | None
    search: Callable[..., Int64]


def fill(inputs: tuple[Int64 | int, ...], out: Int64, ways: Ways) -> Rows:
    """Write answers for whole columns into *out*; return the rows that have none.

    An input is a column, or one number for all rows. Rows for `search` are gathered up to a chunk, so
    that neither their number nor the length of the columns is felt in memory.
    """
    read, search = ways
    missing = [np.empty(0, np.intp)]
    late: list[Rows] = []

    work = Scratch(len(out) if read else 0)
    for begin in range(0, len(out), CHUNK):
        end = min(begin + CHUNK, len(out))
        if read:
            chunks = (one if isinstance(one, int) else one[begin:end] for one in inputs)
            odd = read(*chunks, out[begin:end], work.cut(end - begin))
            late += [] if odd is None else [odd + begin]
        else:
            late.append(np.arange(begin, end))
        if late and (end == len(out) or sum(map(len, late)) >= CHUNK):
            rows = np.concatenate(late)
            out[rows] = search(*(one if isinstance(one, int) else one[rows] for one in inputs))
            missing.append(rows[out[rows] == NO_ANSWER])
            late.clear()
    return np.concatenate(missing)
