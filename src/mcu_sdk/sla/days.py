"""What each civil date of a calendar is: its hours, whether it counts for terms, and by which act."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.production import DayFact, DayKind, ProductionCalendar, Week
from mcu_sdk.sla.schedule import DAY_MINUTES, DayHours, Schedule, closed_at, shortened_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcu_sdk.sla.overlay import Overlay, OverlayDay

Shortening: TypeAlias = Literal["minus_60", "none"] | tuple[int | None, ...]
"""Sixty working minutes less, nothing, or a closing minute for each weekday."""


@dataclass(frozen=True, slots=True)
class Definition:
    """All that a calendar is made of; equal definitions share their tables."""

    zone: str
    schedule: Schedule
    week: Week | None = None
    overlays: tuple[Overlay, ...] = ()
    shortened: Shortening = "minus_60"
    special_days_close: bool = True
    special_days_roll: bool = False
    projected: bool = False

    def works_plainly(self, weekday: int) -> bool:
        """Tell whether a weekday counts for terms where no act says otherwise."""
        if self.week is None:
            return bool(self.schedule.week[weekday])
        return weekday < (5 if self.week == "five" else 6)

    def shorten(self, hours: DayHours, weekday: int) -> DayHours:
        """Return the hours of a shortened date that has the hours of *weekday*."""
        if hours == ((0, DAY_MINUTES),) or self.shortened == "none":
            return hours
        if self.shortened == "minus_60":
            return shortened_by(hours, 60)
        closing = self.shortened[weekday]
        return hours if closing is None else closed_at(hours, closing)


class DayStatus(NamedTuple):
    """A civil date of a calendar; `hours` are minutes after its midnight, half-open."""

    working: bool
    hours: DayHours
    facts: tuple[DayFact, ...] = ()


class Days:
    """The dates from the first to the last year, both included."""

    def __init__(self, definition: Definition, first_year: int, last_year: int) -> None:
        self.first = date(first_year, 1, 1).toordinal()
        self.last = date(last_year, 12, 31).toordinal()
        self._plain = [
            DayStatus(definition.works_plainly(weekday), hours)
            for weekday, hours in enumerate(definition.schedule.week)
        ]
        self._exceptions: dict[int, DayStatus] = {}
        self._definition = definition
        if definition.week is not None:
            self._apply_production(ProductionCalendar.load(definition.week))
        for overlay in definition.overlays:
            self._apply_overlay(overlay)
        self.working = [ordinal for ordinal, status in self if status.working]

    def __iter__(self) -> Iterator[tuple[int, DayStatus]]:
        for ordinal in range(self.first, self.last + 1):
            yield ordinal, self.status(ordinal)

    def status(self, ordinal: int) -> DayStatus:
        """Return what the date of *ordinal* is; it must lie between `first` and `last`."""
        return self._exceptions.get(ordinal) or self._plain[(ordinal - 1) % 7]

    def nth_working(self, ordinal: int, count: int) -> int | None:
        """Return the *count*-th working date after *ordinal*, before it if negative; None past the end."""
        if count > 0:
            index = bisect_right(self.working, ordinal) + count - 1
        else:
            index = bisect_left(self.working, ordinal) + count
        return self.working[index] if 0 <= index < len(self.working) else None

    def next_open(self, ordinal: int) -> int | None:
        """Return the first date at or after *ordinal* on which an interval opens."""
        return next((day for day in range(ordinal, self.last + 1) if self.status(day).hours), None)

    def _apply_production(self, calendar: ProductionCalendar) -> None:
        for day, facts in calendar.facts.items():
            if self.first <= day.toordinal() <= self.last:
                self._exceptions[day.toordinal()] = self._decided(day, facts)
        fixed = [
            fact
            for facts in calendar.facts.values()
            for fact in facts
            if fact.kind == "holiday" and fact.on.year == calendar.last_year
        ]
        for ordinal in range(self.first, self.last + 1):
            day = date.fromordinal(ordinal)
            if calendar.first_year <= day.year <= calendar.last_year:
                continue
            holidays = [
                DayFact(day, "holiday", fact.act, fact.name)
                for fact in fixed
                if (fact.on.month, fact.on.day) == (day.month, day.day)
            ]
            self._exceptions[ordinal] = self._decided(day, (*holidays, DayFact(day, "projected")))

    def _decided(self, day: date, facts: tuple[DayFact, ...]) -> DayStatus:
        definition, weekday = self._definition, day.weekday()
        working, hours, _ = self._plain[weekday]
        for fact in facts:
            if fact.kind in ("holiday", "day_off"):
                working, hours = False, ()
            elif fact.kind == "working" and fact.partner:
                weekday = fact.partner.weekday()
                working, hours = True, definition.schedule.week[weekday]
            elif fact.kind == "shortened":
                hours = definition.shorten(hours, weekday)
            elif fact.kind == "special":
                working = working and not definition.special_days_roll
                hours = () if definition.special_days_close else hours
        return DayStatus(working, hours, facts)

    def _apply_overlay(self, overlay: Overlay) -> None:
        for row in overlay.days:
            if row.shortens_eve and row.date.toordinal() == self.last + 1:
                self._shorten_eve(row)
            if not self.first <= row.date.toordinal() <= self.last:
                continue
            was_working = self.status(row.date.toordinal()).working
            self._lay(row, row.date, row.exchanged_for)
            if row.shortens_eve:
                self._shorten_eve(row)
            if row.on_weekend == "moves" and not was_working:
                self._move(row)

    def _lay(self, row: OverlayDay, day: date, partner: date | None = None) -> None:
        kind: DayKind = "working" if row.working else "day_off" if partner else "holiday"
        fact = DayFact(day, kind, row.act, row.name or row.region, partner)
        hours = row.hours_of(self._definition.schedule.week)
        facts = (*self.status(day.toordinal()).facts, fact)
        self._exceptions[day.toordinal()] = DayStatus(row.working, hours, facts)

    def _move(self, row: OverlayDay) -> None:
        ordinal = row.date.toordinal() + 1
        while ordinal <= self.last and not self.status(ordinal).working:
            ordinal += 1
        if ordinal <= self.last:
            self._lay(row, date.fromordinal(ordinal), partner=row.date)

    def _shorten_eve(self, row: OverlayDay) -> None:
        eve = row.date - timedelta(1)
        if eve.toordinal() < self.first:
            return
        working, hours, facts = self.status(eve.toordinal())
        if working and hours and all(fact.kind != "shortened" for fact in facts):
            fact = DayFact(eve, "shortened", row.act, row.name or row.region)
            shorter = self._definition.shorten(hours, eve.weekday())
            self._exceptions[eve.toordinal()] = DayStatus(working, shorter, (*facts, fact))
