"""When to warn before a deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mcu_sdk.sla.bound import moved
from mcu_sdk.sla.deadline import DeadlineWarning
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.rule import Span

if TYPE_CHECKING:
    from datetime import datetime

    from mcu_sdk.sla.deadline import Deadline
    from mcu_sdk.sla.rule import WarnAt

_UNIT_SECONDS = {"minutes": 60, "hours": 3600}


def warning_at(deadline: Deadline, level: WarnAt) -> DeadlineWarning:
    """Return the warning of one level, never before the start of the term."""
    if isinstance(level, Span):
        return DeadlineWarning(f"{level.amount} {level.unit}", _before_end(deadline, level))
    return DeadlineWarning(str(level), _at_fraction(deadline, level))


def _at_fraction(deadline: Deadline, fraction: float) -> datetime:
    start, rule = deadline.start_moment, deadline.rule
    if not rule.counts_days:
        term_seconds = rule.amount * _UNIT_SECONDS[rule.unit]
        return deadline.calendar.add(start, timedelta(seconds=int(term_seconds * fraction)))
    begun, ends = epoch_seconds(start), epoch_seconds(deadline.due)
    zone = deadline.calendar.tables(deadline.due_date).zone
    return zone.moment_of(begun + int((ends - begun) * fraction))


def _before_end(deadline: Deadline, span: Span) -> datetime:
    start, rule, calendar = deadline.start_moment, deadline.rule, deadline.calendar
    zone = calendar.tables(deadline.due_date).zone
    due = epoch_seconds(deadline.due)
    if span.unit in _UNIT_SECONDS:
        before_seconds = span.amount * _UNIT_SECONDS[span.unit]
        if not rule.counts_days:
            left = max(rule.amount * _UNIT_SECONDS[rule.unit] - before_seconds, 0)
            return calendar.add(start, timedelta(seconds=left))
        at = due - before_seconds
    else:
        day = moved(calendar, deadline.due_date, -span.amount, span.unit)
        clock = deadline.due.hour * 3600 + deadline.due.minute * 60 + deadline.due.second
        at = zone.epoch_of(day.toordinal(), clock)
    return zone.moment_of(min(max(at, epoch_seconds(start)), due))
