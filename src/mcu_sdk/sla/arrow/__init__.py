"""Deadlines and working time for Arrow columns; needs the extra `arrow`.

Moments are timestamps of any unit with a zone, civil dates are `date32`. Answers have the type of the
starts, in an `Array` or `ChunkedArray` as given; a null gives a null. Fractions of a second are cut
off. Otherwise everything is as in `mcu_sdk.sla.batch`; with `errors="mask"` a row outside the
calendar's years becomes null. Timestamps in seconds are read where they are; other units are converted
in the processor's cache.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, SupportsIndex

from mcu_sdk.errors import MissingExtra

try:
    import numpy as np
    import pyarrow as pa
except ModuleNotFoundError:
    raise MissingExtra.named("arrow", "counting Arrow columns") from None

from mcu_sdk.sla.arrow.columns import Numbers, Unit, answered, in_units, refused, unit_of, whole
from mcu_sdk.sla.arrow.keys import codes_of
from mcu_sdk.sla.batch.civil import counting
from mcu_sdk.sla.batch.column import Errors, Int64, Rows, one_number
from mcu_sdk.sla.batch.grouped import Groups
from mcu_sdk.sla.batch.pieces import Ways, fill
from mcu_sdk.sla.batch.rule_tables import rule_tables
from mcu_sdk.sla.batch.working_time import adding, measuring
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.moment import whole_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcu_sdk.sla.arrow.columns import Column
    from mcu_sdk.sla.calendar import AtClose, Calendar
    from mcu_sdk.sla.rule import Rule

__all__ = ["add", "add_working_days", "due", "due_grouped", "worked"]


def due(starts: Column, rule: Rule, calendar: Calendar, *, errors: Errors = "raise") -> Column:
    """Return the last permitted second for each start, as `mcu_sdk.sla.batch.due` does.

    Timestamps give timestamps of the same type. Civil dates (`date32`, for day and month rules) give
    timestamps in seconds, in the calendar's zone. Raises `CalendarNotChosen`, `NaiveMomentError` for
    timestamps without a zone and for dates where the rule needs a time, `SlaError` for other columns,
    `CalendarHorizonError` unless *errors* is `mask`.

    >>> from datetime import date
    >>> from mcu_sdk.sla import Calendar, load_rules
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> column = pa.array([date(2025, 12, 8), None])
    >>> [str(one) for one in due(column, load_rules().rule("59fz.examination"), office)]
    ['2025-12-30 23:59:59+03:00', 'None']
    """
    unit = unit_of(starts, "starts", "moments", "dates")
    dated = unit.kind == "dates"
    answer_type = pa.timestamp("s", calendar.zone.key) if dated else starts.type
    return _answered((starts,), (unit,), rule_tables(rule, calendar).ways(dated=dated), answer_type, errors)


def worked(starts: Column, ends: Column, calendar: Calendar, *, errors: Errors = "raise") -> Column:
    """Return the working time between, as `Calendar.worked` does: a duration in seconds.

    Raises `NaiveMomentError` for timestamps without a zone, `SlaError` for other columns,
    `CalendarHorizonError` unless *errors* is `mask`.
    """
    units = unit_of(starts, "starts", "moments"), unit_of(ends, "ends", "moments")
    return _answered((starts, ends), units, measuring(calendar), pa.duration("s"), errors)


def add(
    starts: Column,
    amount: timedelta | Column,
    calendar: Calendar,
    at_close: AtClose = "close",
    *,
    errors: Errors = "raise",
) -> Column:
    """Return the moments by which so much working time has passed, as `Calendar.add` does.

    *amount* is one for all rows, or a column of durations. Raises as `worked`, and `SlaError` for a
    negative amount.
    """
    unit, answers = unit_of(starts, "starts", "moments"), adding(calendar, at_close)
    if isinstance(amount, (pa.Array, pa.ChunkedArray)):
        units = unit, unit_of(amount, "amount", "durations")
        return _answered((starts, amount), units, answers, starts.type, errors)
    return _answered((starts,), (unit,), answers, starts.type, errors, _seconds(amount))


def add_working_days(
    dates: Column, count: int | Column, calendar: Calendar, *, errors: Errors = "raise"
) -> Column:
    """Return the *count*-th working date after each of *dates*, as `Calendar.add_working_days` does.

    *dates* and the answers are `date32`; *count* is one number, or a column of int64. Raises `SlaError`
    for other columns, `CalendarHorizonError` unless *errors* is `mask`.

    >>> from datetime import date
    >>> from mcu_sdk.sla import Calendar
    >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
    >>> add_working_days(pa.array([date(2025, 12, 30)]), 1, office).to_pylist()
    [datetime.date(2026, 1, 12)]
    """
    unit = unit_of(dates, "dates", "dates")
    if isinstance(count, (pa.Array, pa.ChunkedArray)):
        units = unit, unit_of(count, "count", "counts")
        answers = counting(calendar, np.empty(0, np.int64))
        return _answered((dates, count), units, answers, dates.type, errors)
    number = _number(count)
    return _answered((dates,), (unit,), counting(calendar, number), dates.type, errors, number)


def due_grouped(
    starts: Column,
    keys: Column,
    terms: Mapping[str, tuple[Rule, Calendar]],
    *,
    errors: Errors = "raise",
) -> Column:
    """Return the last permitted second for each start, by `terms[key]` of its row.

    *keys* name, say, the municipality; they are dictionary-encoded if they are not yet. Timestamps give
    timestamps of the same type, civil dates give timestamps in seconds, in UTC. A null key gives a null.
    Raises as `due`, and `SlaError` for a key without terms.
    """
    unit = unit_of(starts, "starts", "moments", "dates")
    dated = unit.kind == "dates"
    codes = codes_of(keys, {name: number for number, name in enumerate(terms)})
    groups = Groups([*terms.values()])

    def answer(inputs: tuple[Numbers, ...], out: Int64) -> Rows:
        missing = groups.fill(whole(inputs[0], unit), inputs[1], out, dated=dated)
        np.multiply(out, unit.each, out=out)
        return missing

    answer_type = pa.timestamp("s", "UTC") if dated else starts.type
    return answered((starts, codes), unit, answer, answer_type, errors)


def _seconds(amount: object) -> int:
    if not isinstance(amount, timedelta):
        wanted = Text("timedelta или массив Arrow типа duration", "a timedelta or an Arrow array of duration")
        raise refused("amount", amount, wanted)
    return one_number(whole_seconds(amount))


def _number(count: object) -> int:
    if not isinstance(count, SupportsIndex):
        wanted = Text("int или массив Arrow типа int64", "an int or an Arrow array of int64")
        raise refused("count", count, wanted)
    return one_number(count)


def _answered(
    columns: tuple[Column, ...],
    units: tuple[Unit, ...],
    answers: Ways,
    answer_type: pa.DataType,
    errors: Errors,
    *numbers: int,
) -> Column:
    moments = pa.types.is_timestamp(answer_type) and units[0].kind == "moments"
    converted = in_units(answers, units, units[0].each if moments else 1)

    def answer(inputs: tuple[Numbers, ...], out: Int64) -> Rows:
        return fill((*inputs, *numbers), out, converted)

    return answered(columns, units[0], answer, answer_type, errors)
