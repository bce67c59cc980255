"""Rules in days and months on whole columns, step by step as `BoundRule` counts them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mcu_sdk.sla.batch.civil import LAST_SECOND, CivilDates, dates_of
from mcu_sdk.sla.batch.column import LATER, NO_ANSWER, Int64, is_answer
from mcu_sdk.sla.batch.growth import cover_instants, from_dates, grown
from mcu_sdk.sla.batch.line import line_of
from mcu_sdk.sla.batch.pieces import NEVER, Pieces
from mcu_sdk.sla.moment import EPOCH_ORDINAL

if TYPE_CHECKING:
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.rule import Rule

# More days or months than any calendar has.
_MOST = 10**6


class DayRule:
    """A rule that counts days or months, on a calendar. Answers are epoch seconds or reasons for none."""

    def __init__(self, rule: Rule, calendar: Calendar) -> None:
        self.rule, self.calendar = rule, calendar
        self._last_ever = date(calendar.reach.limits[1], 12, 31).toordinal() - EPOCH_ORDINAL

    def from_instants(self, starts: Int64) -> Int64:
        """Return the answers of `BoundRule.due` for instants; NO_ANSWER where it raises."""
        cover_instants(self.calendar, starts)
        rows = line_of(self.calendar).covers(starts)
        answers = np.full(starts.shape, NO_ANSWER)
        answers[rows] = grown(self.calendar, lambda: self._due(starts[rows]))
        return answers

    def from_dates(self, days: Int64) -> Int64:
        """Return the answers of `BoundRule.due` for starts of date precision; NO_ANSWER where it raises."""
        return from_dates(self.calendar, days, lambda rows: self.dated(dates_of(self.calendar), days[rows]))

    def dated(self, dates: CivilDates, days: Int64) -> Int64:
        """Return the due moments of terms that start on civil dates."""
        midnights = dates.instants(days, np.zeros_like(days))
        return self._settled(dates, midnights, days, self._rolled(dates, days), None)

    def _due(self, at: Int64) -> Int64:
        dates = dates_of(self.calendar)
        days, wall = dates.wall_of(at)
        if self.rule.day_point != "same_time":
            return self._settled(dates, at, days, self._rolled(dates, days), None)
        opening = line_of(self.calendar).opening_from(at)
        counted, wall = dates.wall_of(opening)
        due = self._settled(dates, at, days, self._rolled(dates, counted), wall)
        return np.where(is_answer(opening), due, opening)

    def _nominal(self, dates: CivilDates, counted: Int64) -> Int64:
        rule, same = self.rule, self.rule.first_day == "same"
        amount = min(rule.amount, _MOST)
        if rule.unit == "working_days":
            itself = np.take(dates.works, counted - dates.first, mode="clip") & (same and amount > 0)
            return dates.counted(counted, amount - itself.astype(np.int64))
        end = _months_after(counted, amount) if rule.unit == "months" else counted + amount
        end = np.maximum(end - same, counted)
        return np.where(end > self._last_ever, NO_ANSWER, end)

    def _rolled(self, dates: CivilDates, counted: Int64) -> Int64:
        return dates.rolled(self._nominal(dates, counted), self.rule.roll)

    def _settled(self, dates: CivilDates, at: Int64, days: Int64, rolled: Int64, wall: Int64 | None) -> Int64:
        point = self._point(dates, rolled, wall)
        in_time = (rolled >= days) & (point >= at)
        if self.rule.floor == "start":
            floored = np.maximum(self._point(dates, days, wall), at)
        else:
            first, second = self._next_open(dates, days, wall)
            floored = np.where(is_answer(first) & (first < at), second, first)
        return np.where(is_answer(rolled), np.where(in_time, point, floored), rolled)

    def _next_open(self, dates: CivilDates, days: Int64, wall: Int64 | None) -> tuple[Int64, Int64]:
        """Return the points of the first open date from each of *days* on, and of the one after it."""
        found: list[Int64] = []
        for _ in range(2):
            days = np.where(dates.covers(days), dates.at(dates.next_open, days), LATER)
            found.append(np.where(is_answer(days), self._point(dates, days, wall), LATER))
            days = np.where(is_answer(days), days + 1, days)
        return found[0], found[1]

    def _point(self, dates: CivilDates, days: Int64, wall: Int64 | None) -> Int64:
        seconds = np.full(days.shape, LAST_SECOND)
        if self.rule.day_point != "end":
            seconds = dates.at(dates.closings, days)
        if self.rule.day_point == "same_time" and wall is not None:
            seconds = np.minimum(wall, seconds)
        return dates.instants(days, seconds)

    def pieces(self, dates: CivilDates, first: int, last: int) -> Pieces:
        """Return the due moment as a function of the start between two instants; not for `same_time`.

        On a civil date it is one moment, and after it either the start itself or one moment more.
        """
        begins, days = dates.stretches(first, last)
        rolled = self._rolled(dates, days)
        known, due = is_answer(rolled), self._point(dates, rolled, None)
        if self.rule.floor == "start":
            lows = np.where(rolled >= days, due, self._point(dates, days, None))
            lows = np.where(known, lows, NEVER)
            return Pieces(first, last, begins[1:] - 1, lows, np.zeros_like(lows))
        point, following = self._next_open(dates, days, None)
        following = np.where(dates.at(dates.next_open, days) > days, point, following)
        lows = np.stack([np.where(rolled >= days, due, point), following], axis=1)
        lows = np.where(is_answer(lows) & known[:, None], lows, NEVER)
        ends = np.append(begins[1:] - 1, last)
        ends = np.stack([np.clip(lows[:, 0], begins - 1, ends), ends], axis=1).ravel()
        real = np.diff(ends, prepend=first - 1) > 0
        lows, ends = lows.ravel()[real], ends[real]
        return Pieces(first, last, ends[:-1], lows, np.zeros_like(lows))


def _months_after(days: Int64, months: int) -> Int64:
    """Return the same date of a later month, or that month's last one, as dateutil does."""
    month = days.view("datetime64[D]").astype("datetime64[M]")
    place = days - month.astype("datetime64[D]").view(np.int64)
    later = (month.view(np.int64) + months).view("datetime64[M]")
    begins, ends = ((later + step).astype("datetime64[D]").view(np.int64) for step in (0, 1))
    found: Int64 = np.minimum(begins + place, ends - 1)
    return found
