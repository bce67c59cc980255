"""What can happen to a case, in which order within one second, and which of its terms that ends."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from mcu_sdk.sla.moment import epoch_seconds

Names: TypeAlias = frozenset[str]


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


# Events of one second happen in this order. Kinds of one line do not depend on each other; a place of
# its own for each makes their order certain.
_ORDER = (
    *(EventKind.RECEIVED, EventKind.DETECTED, EventKind.REGISTERED, EventKind.SENT_TO_EXECUTOR),
    *(EventKind.REGIME_CHANGED,),
    *(EventKind.RESUMED, EventKind.CLARIFICATION_RECEIVED, EventKind.RETURNED),
    *(EventKind.REPLIED, EventKind.HANDLED, EventKind.ANSWERED, EventKind.PROMISE_KEPT),
    *(EventKind.DUE_SET, EventKind.EXTENDED, EventKind.PROMISED),
    *(EventKind.TRANSFERRED, EventKind.MERGED_INTO, EventKind.REOPENED),
    *(EventKind.PAUSED, EventKind.CLARIFICATION_ASKED, EventKind.SENT_FOR_APPROVAL),
    *(EventKind.CITIZEN_WROTE, EventKind.RATED),
    *(EventKind.CLOSED, EventKind.CANCELLED),
)
PLACES = {kind: place for place, kind in enumerate(_ORDER)}
PLACE_BITS = 5
LAST_PLACE = (1 << PLACE_BITS) - 1

_REPLIED: Names = frozenset(("first_reply", "next_reply"))
_INTERIM: Names = _REPLIED | {"interim"}
_ANSWERED: Names = _INTERIM | {"route", "promise", "final"}
_NOTHING: Names = frozenset()
_MEETS: dict[EventKind, Names] = {
    EventKind.REGISTERED: frozenset(("registration",)),
    EventKind.SENT_TO_EXECUTOR: frozenset(("route",)),
    EventKind.ANSWERED: _ANSWERED,
    EventKind.HANDLED: _ANSWERED,
    EventKind.PROMISE_KEPT: frozenset(("promise",)),
    EventKind.TRANSFERRED: frozenset(("route",)),
}
_EVERYTHING: Names = _ANSWERED | {"registration"}
_CANCELS: dict[EventKind, Names] = {
    EventKind.CANCELLED: _EVERYTHING,
    EventKind.MERGED_INTO: _EVERYTHING,
    # A promise outlives the closing: it was given to the resident, not to the file.
    EventKind.CLOSED: _EVERYTHING - {"promise"},
}
_LEFT_US: Names = frozenset(("route", "final"))


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event. *at* is aware, cut to whole seconds; a bare date has date precision, for terms in days.

    What else an event may say:

    - `how`: of a reply `public`, `interim` or `final`; of a handling `hidden`, `thanked`,
      `moved_to_private`, `no_reply_needed`; of `sent_for_approval` `outside`, if it left the office;
    - `by`: of `promised`, until when; a bare date means its last second;
    - `due`, `source`: of `due_set`; a bare date means its last second;
    - `until`, `noticed_at`, `reason`: of `extended`. Without `noticed_at` the resident was not told yet,
      and the extension does not count;
    - `reason`: of `paused` and `resumed`; a resumption ends the pause of its reason if one is open,
      else all of them;
    - `whole`: of `transferred`, whether all questions left;
    - `regime`: of `regime_changed`, the new one;
    - `primary`: of `merged_into`, the id of the case it was merged into.

    `meets` and `cancels` name the clocks that the event fulfils and stops. Raises `NaiveMomentError`
    for a moment without a zone.
    """

    kind: EventKind
    at: datetime | date
    _: KW_ONLY
    how: str = ""
    by: datetime | date | None = None
    reason: str = ""
    source: str = ""
    due: datetime | date | None = None
    until: date | None = None
    noticed_at: datetime | date | None = None
    whole: bool = False
    regime: str = ""
    primary: str = ""
    meets: Names = field(init=False, repr=False, compare=False)
    cancels: Names = field(init=False, repr=False, compare=False)
    place: int = field(init=False, repr=False, compare=False)
    epoch: int | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        kind = EventKind(self.kind)
        put(self, "kind", kind)
        for moment in (self.due, self.by, self.until, self.noticed_at):
            if isinstance(moment, datetime):
                epoch_seconds(moment)
        put(self, "epoch", None)
        if isinstance(self.at, datetime):
            put(self, "epoch", epoch_seconds(self.at))
            if self.at.microsecond:
                put(self, "at", self.at.replace(microsecond=0))
        put(self, "place", PLACES.get(kind, LAST_PLACE))
        meets, cancels = _MEETS.get(kind, _NOTHING), _CANCELS.get(kind, _NOTHING)
        if kind is EventKind.REPLIED:
            meets = {"final": _ANSWERED, "interim": _INTERIM}.get(self.how, _REPLIED)
        elif kind is EventKind.TRANSFERRED and self.whole:
            meets, cancels = _LEFT_US, _EVERYTHING - _LEFT_US
        put(self, "meets", meets)
        put(self, "cancels", cancels)
