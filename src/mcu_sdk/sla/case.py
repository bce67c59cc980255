"""A case as a log of events; everything else is computed from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from mcu_sdk.sla.bare_dates import first_second, last_epoch
from mcu_sdk.sla.events import LAST_PLACE, PLACE_BITS, PLACES, CaseEvent, EventKind
from mcu_sdk.sla.rough_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mcu_sdk.sla.calendar import Calendar

Entry: TypeAlias = "tuple[int, CaseEvent]"
"""When it happened, in epoch seconds, and what."""

Log: TypeAlias = "Sequence[Entry]"


@dataclass(frozen=True, slots=True)
class Case:
    """A resident's message as the calculator sees it: plain facts for the policy, and a log of events.

    The facts are those the case began with; a `regime_changed` event replaces the `regime` from its
    moment on. The order of the log does not matter.
    """

    id: str
    facts: Mapping[str, object]
    events: tuple[CaseEvent, ...] = field(default=())


def happened(events: Iterable[CaseEvent], until: int, calendar: Calendar | None) -> Log:
    """Return what happened up to and including the epoch second *until*, in order, repeats once.

    A bare date stands for its first second in the zone of *calendar*.
    """
    last = until << PLACE_BITS | LAST_PLACE
    known: list[Entry] = []
    rough = False
    for event in events:
        epoch = event.epoch
        if epoch is None:
            epoch, rough = first_second(event.at, calendar), True
        order = epoch << PLACE_BITS | event.place
        if order <= last:
            known.append((order, event))
    known.sort(key=_order)
    if len({order for order, _ in known}) < len(known):
        known = _distinct(known, calendar)
    log = [(order >> PLACE_BITS, event) for order, event in known]
    return in_order(log, calendar) if rough else log


def seen(log: Log) -> int:
    """Return a bit for each kind of event in *log*, to be asked with `has`."""
    bits = 0
    for _, event in log:
        bits |= 1 << event.place
    return bits


def bit(*kinds: EventKind) -> int:
    """Return the bits of kinds of events."""
    return sum(1 << PLACES[kind] for kind in kinds)


_order = itemgetter(0)


def _distinct(known: list[Entry], calendar: Calendar | None) -> list[Entry]:
    distinct: list[Entry] = []
    for _, same in groupby(known, key=_order):
        for entry in sorted(same, key=lambda entry: _content(entry[1], calendar)):
            if not distinct or distinct[-1] != entry:
                distinct.append(entry)
    return distinct


def _content(event: CaseEvent, calendar: Calendar | None) -> tuple[object, ...]:
    """Return what orders events of one kind and one second.

    The earliest date said comes last and wins; of a moment and the bare date of its midnight the moment
    comes first, and starts the term.
    """
    ends = (-last_epoch(one, calendar) if one else 0 for one in (event.due, event.by))
    dates = (-first_second(one, calendar) if one else 0 for one in (event.until, event.noticed_at))
    bare = not isinstance(event.at, datetime)
    words = (event.kind, event.how, event.reason, event.source, event.regime, event.primary)
    spelt = (event.at, event.due, event.by, event.until, event.noticed_at)
    return (*ends, *dates, bare, not event.whole, *map(str, (*words, *spelt)))


def regime_of(log: Log, regime: object) -> tuple[object, datetime | date | None]:
    """Return the regime at the end of *log* that began with *regime*, and when it last became another."""
    since: datetime | date | None = None
    for _, event in log:
        if event.kind is EventKind.REGIME_CHANGED and event.regime and event.regime != regime:
            regime, since = event.regime, event.at
    return regime, since
