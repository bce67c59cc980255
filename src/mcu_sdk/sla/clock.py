"""One running term of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.sla.case import EventKind
from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from mcu_sdk.errors import SlaError
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.case import CaseEvent
    from mcu_sdk.sla.deadline import Deadline

ClockState: TypeAlias = Literal["pending", "running", "paused", "met", "met_late", "breached", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A term: its state, its due moment and by how much it is late.

    `deadline` explains a term of ours; an external date has none and names its `source`. `late_by`
    is elapsed time up to the end of the term, or up to now while it runs. A pending term `awaits` its
    start event, or could not be counted because of `problem`.
    """

    name: str
    state: ClockState
    started_at: datetime | date | None = None
    due: datetime | None = None
    ended_at: datetime | date | None = None
    late_by: timedelta = timedelta()
    deadline: Deadline | None = None
    source: str = ""
    awaits: str = ""
    problem: SlaError | None = None

    @property
    def late(self) -> bool:
        """Whether the due moment passed before the end, or has passed by now."""
        return bool(self.late_by)

    @property
    def open(self) -> bool:
        """Whether something is still to be done: the term runs or is breached."""
        return self.state in ("running", "breached")


def settled(clock: Clock, events: tuple[CaseEvent, ...], now: datetime, calendar: Calendar) -> Clock:
    """Return a started clock with the state that *events* give it at *now*."""
    if clock.due is None:
        return clock
    ending = next((event for event in events if ends_final(event)), None)
    at = ending.epoch_in(calendar) if ending else epoch_seconds(now)
    late_seconds = at - epoch_seconds(clock.due)
    if ending and not isinstance(ending.at, datetime) and ending.at <= clock.due.date():
        late_seconds = 0
    late_by = timedelta(seconds=max(late_seconds, 0))
    state: ClockState = "breached" if late_by else "running"
    if ending:
        state = "met_late" if late_by else "met"
        if ending.kind in (EventKind.CANCELLED, EventKind.CLOSED, EventKind.MERGED_INTO):
            state = "cancelled"
    return Clock(
        name=clock.name,
        state=state,
        started_at=clock.started_at,
        due=clock.due,
        ended_at=ending.at if ending else None,
        late_by=late_by,
        deadline=clock.deadline,
        source=clock.source,
    )


def ends_final(event: CaseEvent) -> bool:
    """Tell whether an event ends the final term: an answer, a handling, or the case leaving us whole."""
    if event.kind is EventKind.REPLIED:
        return event.how == "final"
    if event.kind is EventKind.TRANSFERRED:
        return event.whole
    return event.kind in _ENDING


_ENDING = frozenset(
    (EventKind.ANSWERED, EventKind.HANDLED, EventKind.CLOSED, EventKind.CANCELLED, EventKind.MERGED_INTO)
)
