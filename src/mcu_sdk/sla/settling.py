"""The state that its end, or now, gives a run of a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mcu_sdk.sla.bare_dates import as_in_zone
from mcu_sdk.sla.clock import Clock
from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from mcu_sdk.errors import McuError
    from mcu_sdk.sla.activations import Activation
    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.clock import ClockState
    from mcu_sdk.sla.extension import Term

_NO_TIME = timedelta()


def settled(
    name: str,
    run: Activation,
    due: datetime | None,
    bound: BoundRule,
    now: int,
    *,
    term: Term | None = None,
    paused: bool = False,
    given: bool = False,
    source: str = "",
) -> Clock:
    """Return a started clock, due at *due*, at its end or *now* (an epoch second).

    While *paused* nothing is late: neither the clock at *now* nor an end within the pause.
    """
    paused = paused or (term is not None and term.paused)
    end = run.end
    late_seconds = 0
    if due is not None and not paused:
        late_seconds = (now if end is None else end[0]) - epoch_seconds(due)
    state: ClockState
    if end is not None:
        state = "cancelled" if run.cancelled else "met_late" if late_seconds > 0 else "met"
    else:
        state = "paused" if paused else "breached" if late_seconds > 0 else "running"
    held = state == "paused"
    return Clock(
        name=name,
        state=state,
        activation=run.number,
        started_at=_started_at(run, bound),
        due=None if held else due,
        due_if_resumed_now=due if held else None,
        ended_at=as_in_zone(end[1].at, bound.calendar.zone) if end is not None else None,
        late_by=timedelta(0, late_seconds) if late_seconds > 0 else _NO_TIME,
        source=source,
        given=given,
        extensions=term.extensions if term is not None else (),
        started_by=_started_by(run, bound),
        bound=bound,
        counted=term.deadline if term is not None else None,
    )


def _started_at(run: Activation, bound: BoundRule) -> datetime | date | None:
    return as_in_zone(run.start[1].at, bound.calendar.zone) if run.start else None


def _started_by(run: Activation, bound: BoundRule) -> str:
    kind = run.start[1].kind if run.start else ""
    return "" if kind == bound.rule.start_event else kind


def unstarted(clock: str, run: Activation, awaits: str) -> Clock:
    """Return a clock whose start never came: pending, or over with its case."""
    return Clock(name=clock, state=_undated(run), ended_at=_ended_at(run), awaits=awaits)


def uncounted(clock: str, run: Activation, problem: McuError) -> Clock:
    """Return a clock whose date cannot be told: pending, or over with its case."""
    return Clock(
        name=clock, state=_undated(run), activation=run.number, ended_at=_ended_at(run), problem=problem
    )


def _undated(run: Activation) -> ClockState:
    return "pending" if run.end is None else "cancelled" if run.cancelled else "met"


def _ended_at(run: Activation) -> datetime | date | None:
    return None if run.end is None else run.end[1].at
