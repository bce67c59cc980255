"""When to warn before a deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla.bare_dates import first_second
from mcu_sdk.sla.bound import moved
from mcu_sdk.sla.deadline import DeadlineWarning
from mcu_sdk.sla.moment import DAY_SECONDS, epoch_seconds, moment_in
from mcu_sdk.sla.pauses import reached
from mcu_sdk.sla.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.clock import Clock
    from mcu_sdk.sla.deadline import Deadline
    from mcu_sdk.sla.rule import WarnAt

_UNIT_SECONDS = {"minutes": 60, "hours": 3600}


class CaseWarning(NamedTuple):
    """A moment to warn about a term of a case.

    `id` comes from the case, the clock, its run, the level and the due moment alone: repeats of a
    warning are told by it, and a moved due moment warns anew. `level` is a fraction of the term
    (`"0.5"`) or a span before its end (`"3 working_days"`).
    """

    id: str
    clock: str
    activation: int
    level: str
    at: datetime
    due: datetime


def case_warnings(case_id: str, clocks: Iterable[Clock]) -> tuple[CaseWarning, ...]:
    """Return the warnings of clocks that run, earliest first."""
    found = [
        CaseWarning(
            f"{case_id}/{clock.name}/{clock.activation}/{level}/{epoch_seconds(clock.due)}",
            clock.name,
            clock.activation,
            level,
            at,
            clock.due,
        )
        for clock in clocks
        if clock.due is not None
        for level, at in clock_warnings(clock)
    ]
    return tuple(sorted(found, key=lambda warning: (epoch_seconds(warning.at), warning.id)))


def clock_warnings(clock: Clock) -> Iterator[DeadlineWarning]:
    """Yield the warnings of a clock; a date that was given has the levels of the rule that goes with it."""
    deadline = clock.deadline
    if deadline is not None:
        yield from deadline.warnings
    elif clock.bound and clock.due and clock.started_at:
        calendar = clock.bound.calendar
        start = first_second(clock.started_at, calendar)
        for level in clock.bound.rule.warn:
            yield _plain_warning(level, start, clock.due, calendar)


def warning_at(deadline: Deadline, level: WarnAt) -> DeadlineWarning:
    """Return the warning of one level, never before the start of the term."""
    rule, start = deadline.rule, deadline.start_moment
    if rule.counts_days or (isinstance(level, Span) and level.unit not in _UNIT_SECONDS):
        return _plain_warning(level, epoch_seconds(start), deadline.due, deadline.calendar)
    term_seconds = rule.amount * _UNIT_SECONDS[rule.unit]
    if isinstance(level, Span):
        seconds = max(term_seconds - level.amount * _UNIT_SECONDS[level.unit], 0)
    else:
        seconds = int(term_seconds * level)
    at = reached(deadline.bound, start, timedelta(seconds=seconds), deadline.pauses)
    return DeadlineWarning(level_name(level), at)


def level_name(level: WarnAt) -> str:
    """Return how a level is called in warnings and their ids."""
    return f"{level.amount} {level.unit}" if isinstance(level, Span) else str(level)


def _plain_warning(level: WarnAt, start: int, due: datetime, calendar: Calendar) -> DeadlineWarning:
    """Return the warning of a level counted in elapsed time and civil dates, between start and due."""
    ends = epoch_seconds(due)
    if not isinstance(level, Span):
        at = start + int((ends - start) * level)
    elif level.unit in _UNIT_SECONDS:
        at = ends - level.amount * _UNIT_SECONDS[level.unit]
    else:
        at = _dates_before(due, level, calendar)
    return DeadlineWarning(level_name(level), moment_in(calendar.zone, min(max(at, start), ends)))


def _dates_before(due: datetime, span: Span, calendar: Calendar) -> int:
    try:
        day = moved(calendar, due.date(), -span.amount, span.unit)
        zone = calendar.tables(day).zone
    except CalendarHorizonError:  # a date that was given may lie beyond the years: calendar days will do
        return epoch_seconds(due) - span.amount * DAY_SECONDS
    return zone.epoch_of(day.toordinal(), due.hour * 3600 + due.minute * 60 + due.second)
