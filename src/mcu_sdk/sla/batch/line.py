"""Working time by binary search over all of a calendar's intervals: exact everywhere, and slow.

Fills the tables, and answers for the rows that tables cannot, growing the calendar as single calls do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mcu_sdk.sla.batch.column import LATER, NO_ANSWER, Int64, Rows
from mcu_sdk.sla.batch.growth import cover_instants, grown

if TYPE_CHECKING:
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.timeline import Tables

# Longer than any calendar: a greater amount has no answer either, and would overflow.
_MOST_SECONDS = 2**40


@dataclass(frozen=True, slots=True)
class Line:
    """Joined working intervals in epoch seconds, and the seconds worked before each; known in between.

    `closes` has one item more, at its front, so that both are found by one number.
    """

    begins: int
    ends: int
    opens: Int64
    closes: Int64
    before: Int64

    def worked_until(self, at: Int64) -> Int64:
        """Return the seconds worked since `begins`."""
        index = np.searchsorted(self.opens, at, "right")
        worked: Int64 = self.before[index] - np.maximum(self.closes[index] - at, 0)
        return worked

    def reached(self, worked: Int64, next_open: bool = False) -> Int64:
        """Return the first instant by which so many seconds are worked; LATER past the end.

        With *next_open* one that falls on a closing is the next opening.
        """
        index = np.searchsorted(self.before, worked, "right" if next_open else "left") - 1
        known = index < len(self.opens)
        index[~known] = 0
        if not len(self.opens):
            return np.full(worked.shape, LATER)
        return np.where(known, self.opens[index] + worked - self.before[index], LATER)

    def opening_from(self, at: Int64) -> Int64:
        """Return each instant if work goes on then, else the next opening; LATER past the end."""
        index = np.searchsorted(self.opens, at, "right")
        return np.where(at < self.closes[index], at, np.append(self.opens, LATER)[index])

    def covers(self, at: Int64) -> Rows:
        """Return the rows that lie within."""
        return np.flatnonzero((at >= self.begins) & (at <= self.ends))


def line_of(calendar: Calendar) -> Line:
    """Return the intervals of the widest tables so far, built once for equal calendars."""
    return calendar.reach.derived(Line, _joined)


def _joined(table: Tables) -> Line:
    line = table.timeline
    opens, closes = np.array(line.opens, np.int64), np.array(line.closes, np.int64)
    apart = opens[1:] > closes[:-1]
    opens, closes = opens[np.append(True, apart)[: len(opens)]], closes[np.append(apart, True)[: len(opens)]]
    before = np.append(0, np.cumsum(closes - opens))
    return Line(line.begins, line.ends, opens, np.append(line.begins, closes), before)


def added(calendar: Calendar, at: Int64, seconds: int | Int64, *, next_open: bool) -> Int64:
    """Return the answers of `Calendar.add`; NO_ANSWER where it raises `CalendarHorizonError`."""
    answers = np.full(at.shape, NO_ANSWER)
    cover_instants(calendar, at)
    rows = line_of(calendar).covers(at)
    at, more = at[rows], np.broadcast_to(np.minimum(seconds, _MOST_SECONDS), at.shape)[rows]

    def found() -> Int64:
        line = line_of(calendar)
        ends = line.reached(line.worked_until(at) + more, next_open)
        return np.where(more == 0, at, ends)

    answers[rows] = grown(calendar, found)
    return answers


def worked(calendar: Calendar, starts: Int64, ends: Int64) -> Int64:
    """Return the answers of `Calendar.worked` in seconds; NO_ANSWER where it raises."""
    answers = np.full(starts.shape, NO_ANSWER)
    cover_instants(calendar, np.append(starts, ends))
    line = line_of(calendar)
    rows = np.intersect1d(line.covers(starts), line.covers(ends))
    answers[rows] = line.worked_until(ends[rows]) - line.worked_until(starts[rows])
    return answers
