"""A rule on a calendar as tables: its due moment as a function of the start."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mcu_sdk.sla.batch.civil import dates_of
from mcu_sdk.sla.batch.column import Int64
from mcu_sdk.sla.batch.day_rules import DayRule
from mcu_sdk.sla.batch.line import Line, added, line_of
from mcu_sdk.sla.batch.pieces import NEVER, DateTable, Pieces, Ways
from mcu_sdk.sla.batch.working_time import window, working_time
from mcu_sdk.sla.bound import date_only, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcu_sdk.sla.batch.column import Rows
    from mcu_sdk.sla.batch.pieces import Scratch
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.rule import Rule

    Read = Callable[[Int64, Int64, Scratch], Rows | None]


# Longer than any calendar.
_MOST_SECONDS = 2**40


class _Readers(NamedTuple):
    """How starts are read off the tables, as instants and as civil dates."""

    instants: Read | None
    dates: Read | None


class RuleTables:
    """A rule on a calendar, answered off tables that are made on first use."""

    def __init__(self, rule: Rule, calendar: Calendar) -> None:
        rule.bind(calendar)
        self._rule, self._calendar = rule, calendar
        self._days = DayRule(rule, calendar) if rule.counts_days else None
        self._seconds = min(seconds_of(rule), _MOST_SECONDS)

    def ways(self, *, dated: bool) -> Ways:
        """Return how starts are answered; *dated* ones are days since 1970.

        Raises `NaiveMomentError` where the rule needs a time and they have none.
        """
        if dated and not self._rule.takes_dates:
            raise date_only(self._rule)
        if self._days is None:
            return Ways(self._readers.instants, self._searched)
        if dated:
            return Ways(self._readers.dates, self._days.from_dates)
        return Ways(self._readers.instants, self._days.from_instants)

    def _searched(self, starts: Int64) -> Int64:
        return added(self._calendar, starts, self._seconds, next_open=False)

    @cached_property
    def _readers(self) -> _Readers:
        return self._clock_readers() if self._days is None else self._day_readers(self._days)

    def _clock_readers(self) -> _Readers:
        line = line_of(self._calendar)
        if not self._seconds or not len(line.opens):
            return _Readers(None, None)
        pieces = clock_pieces(line, self._seconds)
        if not pieces.crowded:
            return _Readers(pieces.read, None)
        return _Readers(self._added, None)

    def _added(self, chunk: Int64, target: Int64, work: Scratch) -> Rows | None:
        tables = working_time(self._calendar)
        return tables.add(chunk, self._seconds, target, work, next_open=False)

    def _day_readers(self, rule: DayRule) -> _Readers:
        if self._rule.day_point == "same_time":
            return _Readers(None, None)
        dates = dates_of(self._calendar)
        every = np.arange(dates.first, dates.last + 1)
        by_date = DateTable(dates.first, rule.dated(dates, every))
        return _Readers(rule.pieces(dates, *window(line_of(self._calendar))).read, by_date.read)


def rule_tables(rule: Rule, calendar: Calendar) -> RuleTables:
    """Return the tables of a rule on a calendar, shared by equal ones and made anew as the calendar grows.

    Raises `CalendarNotChosen`.
    """
    return calendar.reach.derived((RuleTables, rule), lambda _: RuleTables(rule, calendar))


def clock_pieces(line: Line, seconds: int) -> Pieces:
    """Return the end of so many working seconds, more than none, as a function of the start.

    It stands while the office is closed; it jumps where what is left of an interval is used up.
    """
    left = line.before[1:] - seconds
    left = left[left >= 0]
    interval = np.searchsorted(line.before, left, "right") - 1
    jumps = line.opens[interval] + left - line.before[interval]
    ends = np.union1d(line.closes[1:], jumps)
    interval = np.searchsorted(line.closes[1:], ends)
    lows = line.opens[interval]
    begun = np.maximum(ends, lows)
    reached = line.reached(line.before[interval] + begun - lows + seconds)
    lows = np.append(np.where(reached > 0, lows, NEVER), NEVER)
    return Pieces(*window(line), ends, lows, np.append(reached - begun, 0))
