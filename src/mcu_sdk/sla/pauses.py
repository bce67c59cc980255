"""Pauses: read off a case's log, and what each gives back to a term."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from mcu_sdk.sla.bound import moved
from mcu_sdk.sla.deadline import CountedPause
from mcu_sdk.sla.events import EventKind
from mcu_sdk.sla.moment import epoch_seconds, in_zone, moment_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.case import Log
    from mcu_sdk.sla.deadline import Deadline
    from mcu_sdk.sla.rule import Unit


class CasePause(NamedTuple):
    """A pause of a case as its log has it, `[paused_at, resumed_at)`; without an end while it lasts."""

    paused_at: datetime
    resumed_at: datetime | None
    reason: str


class Pause(NamedTuple):
    """The same in epoch seconds."""

    begins: int
    ends: int | None
    reason: str

    def in_zone(self, zone: ZoneInfo) -> CasePause:
        """Return the pause in moments of *zone*."""
        ends = None if self.ends is None else moment_in(zone, self.ends)
        return CasePause(moment_in(zone, self.begins), ends, self.reason)


def pauses_of(log: Log) -> list[Pause]:
    """Return the pauses in *log*, in order; overlapping and touching ones are one."""
    pauses: list[Pause] = []
    going_on: set[str] = set()
    begun, reasons = 0, dict[str, None]()
    for epoch, event in log:
        if event.kind is EventKind.PAUSED:
            if not going_on:
                touches = bool(pauses) and pauses[-1].ends == epoch
                begun, reasons = (pauses.pop().begins, reasons) if touches else (epoch, {})
            going_on.add(event.reason)
            reasons[event.reason] = None
        elif event.kind is EventKind.RESUMED and going_on:
            if event.reason in going_on:
                going_on.remove(event.reason)
            else:
                going_on.clear()
            if not going_on and epoch > begun:
                pauses.append(Pause(begun, epoch, _joined(reasons)))
    if going_on:
        pauses.append(Pause(begun, None, _joined(reasons)))
    return pauses


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(filter(None, reasons))


def moved_by(deadline: Deadline, begins: datetime, ends: datetime, reason: str) -> Deadline:
    """Return *deadline* moved by a pause that counts."""
    zone = deadline.calendar.zone
    pause = CountedPause(in_zone(begins, zone), in_zone(ends, zone), reason)
    bound = deadline.bound
    if not deadline.rule.counts_days:
        pause = pause._replace(added=deadline.calendar.worked(begins, ends))
        pauses = (*deadline.pauses, pause)
        due = reached(bound, deadline.start_moment, bound.amount, pauses)
        return replace(deadline, pauses=pauses, nominal_date=due.date(), due_date=due.date(), due=due)
    pause = pause._replace(dates=_whole_dates(bound, deadline.counted_from, begins, ends))
    paused = replace(deadline, pauses=(*deadline.pauses, pause))
    if not pause.dates:
        return paused
    unit: Unit = "working_days" if bound.rule.unit == "working_days" else "calendar_days"
    nominal = moved(bound.calendar, deadline.nominal_date, pause.dates, unit)
    return paused.ending(nominal, deadline.extension)


def reached(bound: BoundRule, start: datetime, amount: timedelta, pauses: Iterable[CountedPause]) -> datetime:
    """Return when *amount* of the rule's working time has run since *start*, pauses left out."""
    at = bound.calendar.add(start, amount)
    for pause in pauses:
        if epoch_seconds(pause.paused_at) >= epoch_seconds(at):
            break
        amount += pause.added
        at = bound.calendar.add(start, amount)
    return at


def _whole_dates(bound: BoundRule, counted_from: date, begins: datetime, ends: datetime) -> int:
    """Return how many dates that the rule counts lie wholly in `[begins, ends)`."""
    begun = epoch_seconds(begins)
    ended, table = bound.calendar.reach.of_moment(ends)
    first, last = table.zone.ordinal_of(begun), table.zone.ordinal_of(ended) - 1
    first += table.zone.epoch_of(first, 0) < begun
    first = max(first, counted_from.toordinal() + (bound.rule.first_day == "next"))
    if bound.rule.unit != "working_days":
        return max(last - first + 1, 0)
    working = table.days.working
    return max(bisect_right(working, last) - bisect_left(working, first), 0)
