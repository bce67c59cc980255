"""Deadlines and working time for whole columns; needs the extra `batch`.

Moments are int64 arrays of epoch seconds, civil dates are `datetime64[D]` arrays; answers come in the
same two types. Row by row they are those of single calls, to the second. A row that a single call
would refuse with `CalendarHorizonError` is counted and named in one such error for the whole column;
with `errors="mask"` it becomes `NO_ANSWER` (as a date: NaT) and the others are answered. Answers can
be written into an array of the caller's, `out`, whose content is undefined after an error.

Inputs may be read-only and strided, and are never changed. Tables are built once for equal calendars
and shared by threads; they cover starts from 2010 to 2043, other years are searched row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

from mcu_sdk.errors import MissingExtra

try:
    import numpy as np
except ModuleNotFoundError:
    raise MissingExtra.named("batch", "counting whole columns") from None

from mcu_sdk.sla.batch.civil import counting
from mcu_sdk.sla.batch.column import (
    CIVIL_DATES,
    INSTANTS,
    NO_ANSWER,
    Errors,
    answers,
    checked,
    number_or_column,
    settle,
)
from mcu_sdk.sla.batch.grouped import due_grouped
from mcu_sdk.sla.batch.pieces import fill
from mcu_sdk.sla.batch.prepared import Prepared
from mcu_sdk.sla.batch.working_time import adding, measuring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mcu_sdk.sla.calendar import AtClose, Calendar
    from mcu_sdk.sla.rule import Rule

__all__ = [
    "NO_ANSWER",
    "Errors",
    "Prepared",
    "add",
    "add_working_days",
    "due",
    "due_grouped",
    "worked",
]


def due(
    starts: NDArray[np.int64] | NDArray[np.datetime64],
    rule: Rule,
    calendar: Calendar,
    *,
    errors: Errors = "raise",
    out: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the last permitted second for each start, as `rule.bind(calendar).due` does for one.

    *starts* are epoch seconds, or civil dates (starts of date precision, for day and month rules);
    the answers are epoch seconds. Raises `CalendarNotChosen`, `NaiveMomentError` for dates where the
    rule needs a time, `SlaError` for other columns, `CalendarHorizonError` unless *errors* is `mask`.

    >>> from mcu_sdk.sla import Calendar, load_rules
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> starts = np.array(["2025-12-08", "2026-04-01"], "datetime64[D]")
    >>> due(starts, load_rules().rule("59fz.examination"), office).view("datetime64[s]").tolist()
    [datetime.datetime(2025, 12, 30, 20, 59, 59), datetime.datetime(2026, 4, 30, 20, 59, 59)]
    """
    return Prepared(rule, calendar).due(starts, errors=errors, out=out)


def worked(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    calendar: Calendar,
    *,
    errors: Errors = "raise",
    out: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the working seconds between, as `Calendar.worked` does; negative where the end comes first.

    All columns are epoch seconds. Raises `SlaError` for other columns, `CalendarHorizonError` unless
    *errors* is `mask`.

    >>> from mcu_sdk.sla import Calendar
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> friday = np.array([1_772_802_000])  # 2026-03-06 16:00 in Moscow
    >>> (worked(friday, friday + 4 * 86_400, office) / 3600).tolist()
    [9.0]
    """
    since, until = checked(starts, "starts", INSTANTS), checked(ends, "ends", INSTANTS)
    target = answers(out, INSTANTS, since, until)
    settle(fill((since, until), target, measuring(calendar)), since, errors)
    return target


def add(
    starts: NDArray[np.int64],
    seconds: SupportsIndex | NDArray[np.int64],
    calendar: Calendar,
    at_close: AtClose = "close",
    *,
    errors: Errors = "raise",
    out: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the moments by which so many working seconds have passed, as `Calendar.add` does.

    *seconds* are one amount, or one for each row. Raises `SlaError` for a negative amount and for other
    columns, `CalendarHorizonError` unless *errors* is `mask`.

    >>> from mcu_sdk.sla import Calendar
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> friday = np.array([1_772_802_000, 1_772_802_000])  # 2026-03-06 16:00 in Moscow
    >>> (add(friday, np.array([1800, 7200]), office) - friday).tolist()
    [1800, 320400]
    """
    column = checked(starts, "starts", INSTANTS)
    amounts = number_or_column(seconds, "seconds")
    target = answers(out, INSTANTS, column, amounts)
    settle(fill((column, amounts), target, adding(calendar, at_close)), column, errors)
    return target


def add_working_days(
    dates: NDArray[np.datetime64],
    count: SupportsIndex | NDArray[np.int64],
    calendar: Calendar,
    *,
    errors: Errors = "raise",
    out: NDArray[np.datetime64] | None = None,
) -> NDArray[np.datetime64]:
    """Return the *count*-th working date after each of *dates*, as `Calendar.add_working_days` does.

    *dates* and the answers are `datetime64[D]`; *count* is one number, or one for each row, negative to
    count back, zero for the date itself. Raises `SlaError` for other columns, `CalendarHorizonError`
    unless *errors* is `mask`.

    >>> from mcu_sdk.sla import Calendar
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> add_working_days(np.array(["2025-12-30", "2026-03-05"], "datetime64[D]"), 1, office)
    array(['2026-01-12', '2026-03-06'], dtype='datetime64[D]')
    """
    column = checked(dates, "dates", CIVIL_DATES)
    counts = number_or_column(count, "count")
    target = answers(out, CIVIL_DATES, column, counts)
    settle(fill((column, counts), target, counting(calendar, counts)), column, errors, "D")
    return target.view(CIVIL_DATES)
