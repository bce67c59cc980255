"""One running term of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.sla.moment import epoch_seconds, moment_in

if TYPE_CHECKING:
    from mcu_sdk.errors import McuError
    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.deadline import CountedPause, Deadline
    from mcu_sdk.sla.extension import CaseExtension

ClockState: TypeAlias = Literal["pending", "running", "paused", "met", "met_late", "breached", "cancelled"]
_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A term: its state, its due moment and by how much it is late.

    `activation` counts its runs from 1. `late_by` is elapsed time up to the end of the term, or up to
    now while it runs. While a pause lasts `due` is None, and `due_if_resumed_now` says what it would be.
    A pending term `awaits` its start event, or could not be counted because of `problem`: it is then `met`
    once done, and whether in time is not known. `started_by` names the event that started it where that is
    not its rule's own.

    `given`: the date was not counted by a rule but said, by the far system (its `source`) or to the
    resident; `bound` is then the rule that goes with it. `extensions` are those asked for, also those
    that do not count.
    """

    name: str
    state: ClockState
    activation: int = 1
    started_at: datetime | date | None = None
    due: datetime | None = None
    due_if_resumed_now: datetime | None = None
    ended_at: datetime | date | None = None
    late_by: timedelta = _NO_TIME
    source: str = ""
    awaits: str = ""
    problem: McuError | None = None
    given: bool = False
    extensions: tuple[CaseExtension, ...] = ()
    bound: BoundRule | None = None
    counted: Deadline | None = None
    started_by: str = ""

    @property
    def late(self) -> bool:
        """Whether the due moment passed before the end, or has passed by now."""
        return bool(self.late_by)

    @property
    def open(self) -> bool:
        """Whether something is still to be done: the term runs, is paused or breached."""
        return self.state in ("running", "paused", "breached")

    @property
    def deadline(self) -> Deadline | None:
        """What explains the date; None before the start and for a date that was given.

        Of a paused term: as if it were resumed now.
        """
        found = self.counted
        if found is None:
            if self.given or self.bound is None or self.started_at is None or self.problem:
                return None
            found = self.bound.deadline(self.started_at)
        return replace(found, started_by=self.started_by) if self.started_by else found

    @property
    def pauses(self) -> tuple[CountedPause, ...]:
        """The pauses that moved the term; the last one may still last."""
        return self.counted.pauses if self.counted else ()

    @property
    def worked_late(self) -> timedelta:
        """The working time in `late_by`, on the rule's own calendar; days and months use `office`.

        Raises `CalendarHorizonError`.
        """
        if self.due is None or self.bound is None or not self.late_by:
            return _NO_TIME
        seconds = self.late_by.days * 86_400 + self.late_by.seconds
        until = moment_in(self.bound.calendar.zone, epoch_seconds(self.due) + seconds)
        return self.bound.calendar.worked(self.due, until)

    def remaining(self, now: datetime) -> timedelta | None:
        """Return the elapsed time left until `due`, negative after it.

        None where nothing runs: before the start, in a pause, after the end. Raises `NaiveMomentError`.
        """
        if self.due is None or not self.open:
            return None
        return timedelta(seconds=epoch_seconds(self.due) - epoch_seconds(now))

    def working_remaining(self, now: datetime) -> timedelta | None:
        """Return the working time left until `due`, negative after it, on the calendar of `worked_late`.

        None as for `remaining`. Raises `NaiveMomentError`, `CalendarHorizonError`.
        """
        if self.due is None or self.bound is None or not self.open:
            return None
        return self.bound.calendar.worked(now, self.due)
