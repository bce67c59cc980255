"""Extensions of a case's term, and the term once pauses and extensions are counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.bare_dates import as_in_zone, civil_date, first_second
from mcu_sdk.sla.events import LAST_PLACE, PLACES, EventKind
from mcu_sdk.sla.moment import epoch_seconds, moment_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.case import Entry, Log
    from mcu_sdk.sla.deadline import Deadline
    from mcu_sdk.sla.pauses import Pause

Refused: TypeAlias = Literal["", "no_extension", "not_noticed", "late", "ended"]


class CaseExtension(NamedTuple):
    """An extension asked for in a case: until when, what was granted, or why it does not count.

    `granted_until` is the civil date before any roll, None if it does not count. `refused` is empty,
    `no_extension` (the rule has none), `not_noticed` (the resident was not told yet) or `late` (told after
    the due moment; that cures nothing) or `ended` (told after the term had ended).
    """

    asked_at: datetime | date
    asked_until: date | None
    reason: str
    noticed_at: datetime | date | None
    granted_until: date | None
    refused: Refused

    @property
    def counts(self) -> bool:
        """Whether it moved the term."""
        return not self.refused


class Asked(NamedTuple):
    """An extension as the log says it; `noticed` is the epoch second of `noticed_at`, None before it."""

    start: Entry
    until: date | None
    reason: str
    noticed_at: datetime | date | None
    noticed: int


def asked_in(log: Log, calendar: Calendar, now: int) -> list[Asked]:
    """Return the extensions asked for in *log*, each from the first event that asked.

    One whose notice is not given yet is spoken for by the next `extended` event, which may bring it.
    """
    asked: list[Asked] = []
    start: Entry | None = None
    for entry in log:
        event = entry[1]
        if event.kind is not EventKind.EXTENDED:
            continue
        start = start or entry
        if asked and asked[-1].noticed_at is None:
            asked.pop()
        until = event.until and civil_date(event.until, calendar.zone)
        noticed_at = event.noticed_at
        noticed = now + 1 if noticed_at is None else first_second(noticed_at, calendar)
        told_at = noticed_at if noticed <= now else None
        asked.append(Asked(start, until, event.reason, told_at, noticed))
        if told_at is not None:
            start = None
    return asked


class Term(NamedTuple):
    """A counted term: whether a pause lasts at its end, and each extension with the due moment before it."""

    deadline: Deadline
    paused: bool
    extensions: tuple[CaseExtension, ...]
    due_before: tuple[datetime, ...]


def counted(
    bound: BoundRule,
    start: datetime | date,
    pauses: Sequence[Pause],
    asked: Sequence[Asked],
    *,
    end: Entry | None,
    now: int,
) -> Term:
    """Return the term from *start* with the pauses and extensions that count, in the order of time.

    Those up to its *end* do, or up to *now*. In one second a notice comes before a pause.
    """
    until = end[0] if end else now
    last = (end[0], end[1].place) if end else (now, LAST_PLACE)
    zone, paused = bound.calendar.zone, False
    deadline = bound.deadline(start)
    begun = epoch_seconds(deadline.start_moment)
    told: dict[int, tuple[CaseExtension, datetime]] = {}
    steps = [(pause.begins, 1, number) for number, pause in enumerate(pauses)]
    steps += [(one.noticed, 0, number) for number, one in enumerate(asked) if one.noticed_at is not None]
    for epoch, is_pause, number in sorted(steps):
        if not is_pause:
            before = deadline.due
            ended = (epoch, PLACES[EventKind.EXTENDED]) > last
            deadline, extension = _extended(deadline, asked[number], ended=ended, held=paused)
            told[number] = extension, before
            continue
        _, ends, reason = pauses[number]
        begins, lasts = max(epoch, begun), ends is None or ends > until
        if begins > until or begins >= epoch_seconds(deadline.due):
            continue
        paused = lasts
        ending = until if ends is None or lasts else ends
        deadline = deadline.paused(moment_in(zone, begins), moment_in(zone, ending), reason)
    for number, one in enumerate(asked):
        if number not in told:
            refused: Refused = "not_noticed" if bound.rule.extension else "no_extension"
            told[number] = _said(one, None, refused, zone), deadline.due
    both = [told[number] for number in range(len(asked))]
    return Term(deadline, paused, tuple(one for one, _ in both), tuple(due for _, due in both))


def _extended(deadline: Deadline, one: Asked, *, ended: bool, held: bool) -> tuple[Deadline, CaseExtension]:
    zone = deadline.calendar.zone
    if deadline.rule.extension is None or one.noticed_at is None:
        return deadline, _said(one, None, "no_extension", zone)
    if ended:
        return deadline, _said(one, None, "ended", zone)
    noticed_at = as_in_zone(one.noticed_at, zone)
    extended = deadline.extended(one.until, noticed_at=noticed_at, held=held)
    if extended.extension and extended.extension.counts:
        return extended, _said(one, extended.unrolled_end, "", zone)
    kept = deadline if deadline.extension else extended
    return kept, _said(one, None, "late", zone)


def _said(one: Asked, granted: date | None, refused: Refused, zone: ZoneInfo) -> CaseExtension:
    asked_at = as_in_zone(one.start[1].at, zone)
    noticed_at = None if one.noticed_at is None else as_in_zone(one.noticed_at, zone)
    return CaseExtension(asked_at, one.until, one.reason, noticed_at, granted, refused)
