"""How a deadline came about, as data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.calendar import Interval
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.production import DayFact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.deadline import Deadline

StepKind: TypeAlias = Literal[
    "start", "count", "skipped", "short", "paused", "moved", "roll", "floor", "extension", "due"
]


class Step(NamedTuple):
    """One step of a count: from `first` to `last`, with the dates it passed over and their acts.

    `worked` are the pieces of working time that minutes and hours were counted in.
    """

    kind: StepKind
    first: datetime | date
    last: datetime | date
    days: tuple[DayFact, ...] = ()
    worked: tuple[Interval, ...] = ()


def trace(deadline: Deadline) -> tuple[Step, ...]:
    """Return the steps from the start of a term to its due moment."""
    return tuple(_steps(deadline))


def _steps(deadline: Deadline) -> Iterator[Step]:
    rule, calendar = deadline.rule, deadline.calendar
    yield Step("start", deadline.start, deadline.counted_from)
    if rule.counts_days:
        counted = deadline.bound.nominal(deadline.counted_from)
        yield Step("count", deadline.counted_from, counted)
        if rule.unit == "working_days":
            yield from _passed(deadline, deadline.nominal_date)
        yield from _paused(deadline)
        if counted != deadline.nominal_date:
            yield Step("moved", counted, deadline.nominal_date)
        yield from _rolled(deadline)
    else:
        pieces = tuple(_pieces(deadline))
        yield Step("count", deadline.start, deadline.due, worked=pieces)
        yield from _passed(deadline, deadline.due_date)
        opened = sorted({piece.opens.date() for piece in pieces})
        short = [fact for day in opened for fact in calendar.status(day).facts if fact.kind == "shortened"]
        if short:
            yield Step("short", short[0].on, short[-1].on, tuple(short))
        yield from _paused(deadline)
    yield Step("due", deadline.due_date, deadline.due)


def _paused(deadline: Deadline) -> Iterator[Step]:
    for pause in deadline.pauses:
        yield Step("paused", pause.paused_at, pause.resumed_at)


def _rolled(deadline: Deadline) -> Iterator[Step]:
    end = deadline.unrolled_end
    if deadline.extension:
        yield Step("extension", deadline.nominal_date, end)
    rolled = deadline.calendar.roll(end, deadline.rule.roll)
    if rolled != end:
        low, high = min(rolled, end), max(rolled, end)
        off = tuple(reason_off(deadline.calendar, day) for day in _dates(low, high) if day != rolled)
        yield Step("roll", end, rolled, off)
    if deadline.floored:
        yield Step("floor", rolled, deadline.due_date)


def _passed(deadline: Deadline, last: date) -> Iterator[Step]:
    calendar, first = deadline.calendar, deadline.counted_from
    counts = calendar.is_working_day if deadline.rule.counts_days else calendar.is_open
    off = tuple(reason_off(calendar, day) for day in _dates(first, last) if not counts(day))
    if off:
        yield Step("skipped", first, last, off)


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(offset)


def reason_off(calendar: Calendar, day: date) -> DayFact:
    """Return why a civil date is off: the act's fact, a plain weekend, or closed by the schedule."""
    status = calendar.status(day)
    for fact in reversed(status.facts):
        if fact.kind in ("holiday", "day_off", "special"):
            return fact
    return DayFact(day, "closed" if status.working else "weekend")


def _pieces(deadline: Deadline) -> Iterator[Interval]:
    table = deadline.calendar.tables(deadline.due_date)
    start, due = deadline.start_moment, deadline.due
    running = (start, *(end for pause in deadline.pauses for end in (pause.paused_at, pause.resumed_at)), due)
    for begins, ends in zip(running[::2], running[1::2], strict=True):
        for opens, closes in table.timeline.between(epoch_seconds(begins), epoch_seconds(ends)):
            yield Interval(table.zone.moment_of(opens), table.zone.moment_of(closes))
