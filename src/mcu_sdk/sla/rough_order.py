"""The order of what happened on one date, where a register keeps dates alone."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from mcu_sdk.sla.bare_dates import last_epoch
from mcu_sdk.sla.events import CaseEvent, EventKind

if TYPE_CHECKING:
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.case import Entry

_order = itemgetter(0)

# What a bare date ends may have begun on the same date.
_BEGINS = {
    EventKind.RESUMED: (EventKind.PAUSED,),
    EventKind.CLARIFICATION_RECEIVED: (EventKind.CLARIFICATION_ASKED,),
    EventKind.RETURNED: (EventKind.SENT_FOR_APPROVAL, EventKind.TRANSFERRED),
    EventKind.PROMISE_KEPT: (EventKind.PROMISED,),
}


def _begun_before_ended(log: list[Entry]) -> list[Entry]:
    """Return *log* with what a bare date ended after what it began, unless that was open before.

    A register that keeps dates alone has both in one first second, where ends come before beginnings.
    """
    for ending, begins in _BEGINS.items():
        ordered: list[Entry] = []
        going_on: set[str] = set()
        for _, same in groupby(log, key=_order):
            entries = list(same)
            begun = [entry for entry in entries if entry[1].kind in begins]
            ends = [entry for entry in entries if entry[1].kind is ending]
            bare = [entry for entry in begun if entry[1].epoch is None]
            early = [entry for entry in ends if bare and _ends_another(entry[1], going_on, bare)]
            if early:
                entries = [entry for entry in entries if entry not in early]
                place = entries.index(bare[-1]) + 1
                entries[place:place] = early
            for _, event in entries:
                going_on = _open_after(event, going_on, ending, begins)
            ordered += entries
        log = ordered
    return log


def _ends_another(end: CaseEvent, going_on: set[str], begun: list[Entry]) -> bool:
    """Tell whether an end of date precision is of what began on its date, not of what was open before."""
    if end.epoch is not None:
        return False
    return not going_on or (end.reason not in going_on and any(end.reason == one.reason for _, one in begun))


def _open_after(
    event: CaseEvent, going_on: set[str], ending: EventKind, begins: tuple[EventKind, ...]
) -> set[str]:
    """Return the reasons of what goes on after *event*; an end of no open reason ends all."""
    if event.kind in begins:
        return going_on | {event.reason}
    if event.kind is not ending:
        return going_on
    return going_on - {event.reason} if event.reason in going_on else set()


def in_order(log: list[Entry], calendar: Calendar | None) -> list[Entry]:
    """Return *log* with bare dates in their places: ends after beginnings, a closing after an answer."""
    return _answered_before_closed(_begun_before_ended(log), calendar)


def _answered_before_closed(log: list[Entry], calendar: Calendar | None) -> list[Entry]:
    """Return *log* with a closing of date precision after an answer of that date whose moment is known."""
    for entry in [one for one in log if one[1].kind is EventKind.CLOSED and one[1].epoch is None]:
        last = last_epoch(entry[1].at, calendar)
        answers = [one for one in log if entry[0] < one[0] <= last and "final" in one[1].meets]
        if answers:
            log = [one for one in log if one is not entry]
            log.insert(log.index(answers[0]) + 1, entry)
    return log
