"""Years past those a calendar begins with: its tables grow over them as for single calls."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla.batch.column import EARLIER, LATER, NO_ANSWER, Int64, Rows, is_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcu_sdk.sla.calendar import Calendar


def cover_instants(calendar: Calendar, at: Int64) -> None:
    """Let the calendar's tables grow over those instants that it may ever cover."""
    line, (first, last) = calendar.reach.table.timeline, calendar.reach.limits
    for beyond, step in ((at < line.begins, -1), (at > line.ends, 1)):
        years = _years(at[beyond].view("datetime64[s]"))
        # By its zone an instant near New Year may belong to the next year, or to a shift of the last one.
        near = years[(years >= first - 1) & (years <= last + 1)]
        _cover(calendar, np.clip(near + step, first, last))


def from_dates(calendar: Calendar, days: Int64, answer: Callable[[Rows], Int64]) -> Int64:
    """Return what *answer* says of the rows whose dates the calendar may ever cover, else NO_ANSWER."""
    years, (first, last) = _years(days.view("datetime64[D]")), calendar.reach.limits
    rows = np.flatnonzero((years >= first) & (years <= last))
    _cover(calendar, years[rows])
    answers = np.full(days.shape, NO_ANSWER)
    answers[rows] = grown(calendar, lambda: answer(rows))
    return answers


def grown(calendar: Calendar, answer: Callable[[], Int64]) -> Int64:
    """Return what *answer* says once the tables reach far enough; NO_ANSWER where they never do."""
    while True:
        found = answer()
        if not ((found == LATER).any() and _grow(calendar, later=True)) and not (
            (found == EARLIER).any() and _grow(calendar, later=False)
        ):
            return np.where(is_answer(found), found, NO_ANSWER)


def _grow(calendar: Calendar, later: bool) -> bool:
    reach = calendar.reach
    try:
        reach.later(reach.table) if later else reach.earlier(reach.table)
    except CalendarHorizonError:
        return False
    return True


def _years(at: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> Int64:
    return at.astype("datetime64[Y]").astype(np.int64) + 1970


def _cover(calendar: Calendar, years: Int64) -> None:
    for year in {int(years.min()), int(years.max())} if years.size else ():
        calendar.reach.of_date(date(year, 1, 1))
