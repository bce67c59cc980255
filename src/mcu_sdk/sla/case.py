"""A case as a log of events; everything else is computed from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcu_sdk.sla.calendar import Calendar


class EventKind(StrEnum):
    """What happened to a case. Open: an unknown word is kept and changes nothing."""

    RECEIVED = "received"
    REGISTERED = "registered"
    DETECTED = "detected"
    SENT_TO_EXECUTOR = "sent_to_executor"
    REPLIED = "replied"
    HANDLED = "handled"
    ANSWERED = "answered"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFICATION_RECEIVED = "clarification_received"
    SENT_FOR_APPROVAL = "sent_for_approval"
    RETURNED = "returned"
    REGIME_CHANGED = "regime_changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    DUE_SET = "due_set"
    TRANSFERRED = "transferred"
    MERGED_INTO = "merged_into"
    REOPENED = "reopened"
    CITIZEN_WROTE = "citizen_wrote"
    RATED = "rated"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @classmethod
    def _missing_(cls, value: object) -> EventKind | None:
        if not isinstance(value, str):
            return None
        kind = str.__new__(cls, value)
        kind._name_ = value.upper()
        kind._value_ = value
        return kind


# Events of one second happen in this order; kinds of one group do not depend on each other.
_ORDER: tuple[tuple[EventKind, ...], ...] = (
    (EventKind.RECEIVED, EventKind.DETECTED, EventKind.REGISTERED, EventKind.SENT_TO_EXECUTOR),
    (EventKind.RESUMED,),
    (EventKind.REPLIED, EventKind.HANDLED, EventKind.ANSWERED),
    (EventKind.DUE_SET, EventKind.EXTENDED),
    (EventKind.TRANSFERRED, EventKind.MERGED_INTO, EventKind.REOPENED),
    (EventKind.PAUSED,),
    (EventKind.CITIZEN_WROTE,),
    (EventKind.CLOSED, EventKind.CANCELLED),
)
_RANK = {kind: rank for rank, kinds in enumerate(_ORDER) for kind in kinds}
_UNORDERED = _RANK[EventKind.CITIZEN_WROTE]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    how: str = ""
    by: str = ""
    reason: str = ""
    source: str = ""
    due: datetime | date | None = None
    until: date | None = None
    noticed_at: datetime | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class CaseEvent(_Details):
    """One event. *at* is aware; a bare date has date precision, for events of day-counted terms.

    `how`: of a reply `public`, `interim` or `final`; of a handling `hidden`, `thanked`,
    `moved_to_private`, `no_reply_needed`. `due` and `source` belong to `due_set`, `until` and
    `noticed_at` to `extended`, `whole` to `transferred` (all questions left).
    """

    kind: EventKind
    at: datetime | date

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", EventKind(self.kind))
        for moment in (self.at, self.due, self.noticed_at):
            if isinstance(moment, datetime):
                epoch_seconds(moment)

    def epoch_in(self, calendar: Calendar) -> int:
        """Return when it happened; a bare date is its first second, in the calendar's zone."""
        if isinstance(self.at, datetime):
            return epoch_seconds(self.at)
        return calendar.tables(self.at).zone.epoch_of(self.at.toordinal(), 0)


@dataclass(frozen=True, slots=True)
class Case:
    """A resident's message as the calculator sees it: plain facts for the policy, and a log of events.

    The order of the log does not matter.
    """

    id: str
    facts: Mapping[str, object]
    events: tuple[CaseEvent, ...] = field(default=())

    def happened(self, now: datetime, calendar: Calendar) -> tuple[CaseEvent, ...]:
        """Return the events up to and including *now*, in order; repeats of one event once."""
        until = epoch_seconds(now)
        timed = {event: event.epoch_in(calendar) for event in self.events}
        known = [event for event in timed if timed[event] <= until]
        return tuple(
            sorted(known, key=lambda event: (timed[event], _RANK.get(event.kind, _UNORDERED), repr(event)))
        )
