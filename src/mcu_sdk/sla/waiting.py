"""Who has to do something next: we, or others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.sla.case import bit
from mcu_sdk.sla.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mcu_sdk.sla.case import Log
    from mcu_sdk.sla.clock import Clock
    from mcu_sdk.sla.pauses import Pause

WaitingFor: TypeAlias = Literal["us", "others"]

# What hands the next step to others, and what hands it back.
_BACK = {
    EventKind.CLARIFICATION_ASKED: (EventKind.CLARIFICATION_RECEIVED, EventKind.CITIZEN_WROTE),
    EventKind.SENT_FOR_APPROVAL: (EventKind.RETURNED,),
    EventKind.TRANSFERRED: (EventKind.RETURNED,),
}
_AWAY = bit(*_BACK)


def waiting_for(log: Log, kinds: int, pauses: Sequence[Pause], clocks: Iterable[Clock]) -> WaitingFor | None:
    """Return who must act: `others` while the case is paused, a clarification is asked for, a part of it is
    transferred or it is sent for approval outside; else `us`. None once nothing is to be done.
    """
    if not any(clock.open or (clock.name == "final" and clock.state == "pending") for clock in clocks):
        return None
    if pauses and pauses[-1].ends is None:
        return "others"
    if not kinds & _AWAY:
        return "us"
    away: set[EventKind] = set()
    for _, event in log:
        if "final" in event.meets or "final" in event.cancels:
            away.clear()  # once it is over, nobody is waited for, and neither after a reopening
        away -= {kind for kind in away if event.kind in _BACK[kind]}
        if event.kind in _BACK and _goes_out(event.kind, event.how, whole=event.whole):
            away.add(event.kind)
    return "others" if away else "us"


def _goes_out(kind: EventKind, how: str, *, whole: bool) -> bool:
    if kind is EventKind.SENT_FOR_APPROVAL:
        return how == "outside"
    return kind is EventKind.CLARIFICATION_ASKED or not whole
