"""A deadline: the last permitted second, how it came about, and what it means now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mcu_sdk.errors import RuleError
from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from mcu_sdk.errors import Language
    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.rule import Floor, Rule
    from mcu_sdk.sla.trace import Step


class DeadlineWarning(NamedTuple):
    """A moment to warn at; `level` is a fraction of the term (`"0.5"`) or a span (`"3 working_days"`)."""

    level: str
    at: datetime


class CountedPause(NamedTuple):
    """A pause that moved a deadline: `[paused_at, resumed_at)`, and what it gave back.

    Minutes and hours get the working time in it back (`added`), days and months its whole counted
    dates (`dates`).
    """

    paused_at: datetime
    resumed_at: datetime
    reason: str
    added: timedelta = timedelta()
    dates: int = 0


class AskedExtension(NamedTuple):
    """An extension of the term: until when it was asked and may last, and whether it counts.

    One whose notice came after the due moment does not count and cures nothing.
    """

    asked_until: date | None
    latest: date
    noticed_at: datetime | date
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a term ends. In time means done at or before `due`, the last permitted second.

    `due_date` is the counted civil date, `nominal_date` the date before any roll, moved by `pauses`.
    `started_by` is the event of a case that started the term, where it is another than the rule's own: a
    reopening, say. Do not write `due - now`: Python subtracts on the wall; `remaining` counts real seconds.
    """

    bound: BoundRule
    start: datetime | date
    counted_from: date
    nominal_date: date
    due_date: date
    due: datetime
    floored: Floor | None = None
    extension: AskedExtension | None = None
    pauses: tuple[CountedPause, ...] = ()
    started_by: str = ""

    @property
    def rule(self) -> Rule:
        """The rule the deadline comes from."""
        return self.bound.rule

    @property
    def calendar(self) -> Calendar:
        """The calendar it was counted on."""
        return self.bound.calendar

    def in_time(self, at: datetime) -> bool:
        """Tell whether something done at *at* is in time; the due second itself is.

        Raises `NaiveMomentError`.
        """
        return epoch_seconds(at) <= epoch_seconds(self.due)

    def remaining(self, now: datetime) -> timedelta:
        """Return the elapsed time left until `due`, negative after it. Raises `NaiveMomentError`."""
        return timedelta(seconds=epoch_seconds(self.due) - epoch_seconds(now))

    def late_by(self, at: datetime) -> timedelta:
        """Return the elapsed time by which *at* is late, zero if it is in time. Raises `NaiveMomentError`."""
        return max(-self.remaining(at), timedelta())

    def working_late_by(self, at: datetime) -> timedelta:
        """Return the working time by which *at* is late, zero if it is in time.

        Raises `NaiveMomentError`, `CalendarHorizonError`.
        """
        return timedelta() if self.in_time(at) else self.calendar.worked(self.due, at)

    @property
    def internal_due(self) -> datetime | None:
        """The office's own earlier date; None where the rule has none. Not the lawful one."""
        return self.bound.internal_due(self)

    @property
    def warnings(self) -> tuple[DeadlineWarning, ...]:
        """The moments to warn at, in the rule's order, each between the start and `due`.

        A fraction is of the elapsed term for day rules and of the working time for hours. A span
        before the end is in civil dates (at the due time of day) or in working time.
        """
        from mcu_sdk.sla.warning import warning_at  # noqa: PLC0415  (it knows deadlines)

        return tuple(warning_at(self, level) for level in self.rule.warn)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What weakens the answer: `unverified` (the act was not re-read), `projected` (a guessed year)."""
        found = [] if self.rule.verified else ["unverified"]
        production = self.calendar.production
        if production is not None:
            days = (self.counted_from, self.nominal_date, self.due_date)
            covered = range(production.first_year, production.last_year + 1)
            if min(days).year not in covered or max(days).year not in covered:
                found.append("projected")
        return tuple(found)

    @property
    def unrolled_end(self) -> date:
        """The last civil date before any roll: the nominal one, or the one that an extension reaches."""
        asked = self.extension
        if asked is None or not asked.counts:
            return self.nominal_date
        return max(min(asked.asked_until or asked.latest, asked.latest), self.nominal_date)

    @property
    def latest_extension(self) -> date | None:
        """The last civil date an extension may reach, rolled; None where the rule has no extension.

        Counted from the nominal end, not from the rolled one.
        """
        latest = self._latest_from(self.nominal_date)
        return None if latest is None else self.calendar.roll(latest, self.rule.roll)

    def _latest_from(self, nominal: date) -> date | None:
        extension = self.rule.extension
        if extension is None:
            return None
        from mcu_sdk.sla.bound import moved  # noqa: PLC0415  (bound rules make deadlines)

        return moved(self.calendar, nominal, extension.most, extension.unit)

    def extended(
        self, until: date | None = None, *, noticed_at: datetime | date, held: bool = False
    ) -> Deadline:
        """Return the deadline extended until the civil date *until*, or as far as the rule allows.

        A notice after the current due moment, unless within a pause, does not count: the due stays, and
        the trace says so. *held* says that a pause lasts which has no end yet. A bare date of the notice is
        its first second. An extension never makes a term shorter. Raises `RuleError` where the rule has none.

        >>> from mcu_sdk.sla import Calendar, load_rules
        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> first = load_rules().rule("59fz.examination").bind(office).deadline(date(2025, 12, 8))
        >>> first.extended(noticed_at=datetime(2025, 12, 25, 12, tzinfo=office.zone)).due_date
        datetime.date(2026, 2, 6)
        """
        latest = self._latest_from(self.nominal_date)
        if latest is None:
            raise RuleError(
                "sla.no_extension",
                f"rule {self.rule.id!r} has no extension",
                "give the rule an extension with its act, or leave the term as it is",
                rule=self.rule.id,
            )
        before = self.extension if self.extension and self.extension.counts else None
        from mcu_sdk.sla.bare_dates import first_second  # noqa: PLC0415  (most deadlines are never extended)

        at = first_second(noticed_at, self.calendar)
        counts = held or at <= epoch_seconds(self.due) or self._was_paused(at)
        if before and counts:
            until = None if before.asked_until is None or until is None else max(before.asked_until, until)
        asked = AskedExtension(until, latest, noticed_at, counts)
        if not counts:
            return replace(self, extension=asked)
        return self.ending(self.nominal_date, asked)

    def paused(self, paused_at: datetime, resumed_at: datetime, reason: str = "") -> Deadline:
        """Return the deadline moved by a pause `[paused_at, resumed_at)`; pauses are given in their order.

        The part before the start, or within the pause before it, does not count, and neither does a
        pause that begins at or after the due moment. Minutes and hours are prolonged by the working time
        of the pause on the rule's own calendar; the nominal date of days and months by its whole counted
        dates. Raises `NaiveMomentError`, `CalendarHorizonError`.

        >>> from mcu_sdk.sla import Calendar, load_rules
        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> rule = load_rules().rule("comments.90_minutes").replace(counted_on="office")
        >>> friday = datetime(2026, 3, 20, 15, tzinfo=office.zone)
        >>> monday = datetime(2026, 3, 23, 10, tzinfo=office.zone)
        >>> print(rule.bind(office).deadline(friday).paused(friday.replace(hour=16), monday).due)
        2026-03-23 10:30:00+03:00
        """
        from mcu_sdk.sla.pauses import moved_by  # noqa: PLC0415  (most deadlines are never paused)

        earliest = self.pauses[-1].resumed_at if self.pauses else self.start_moment
        if epoch_seconds(earliest) > epoch_seconds(paused_at):
            paused_at = earliest
        if epoch_seconds(paused_at) >= min(epoch_seconds(self.due), epoch_seconds(resumed_at)):
            return self
        return moved_by(self, paused_at, resumed_at, reason)

    def _was_paused(self, epoch: int) -> bool:
        return any(
            epoch_seconds(one.paused_at) <= epoch < epoch_seconds(one.resumed_at) for one in self.pauses
        )

    def ending(self, nominal: date, asked: AskedExtension | None) -> Deadline:
        """Return the deadline with another nominal end, extended as asked, and never earlier than it was."""
        if asked is not None and asked.counts:
            asked = asked._replace(latest=self._latest_from(nominal) or asked.latest)
        asking = replace(self, nominal_date=nominal, extension=asked)
        end = asking.unrolled_end
        due_date, due, floored = self.bound.settled(end, self.bound.start_of(self))
        if epoch_seconds(due) < epoch_seconds(self.due):
            due_date, due, floored = self.due_date, self.due, self.floored
        return replace(asking, due_date=due_date, due=due, floored=floored)

    @property
    def trace(self) -> tuple[Step, ...]:
        """How the answer came about, step by step, as data."""
        from mcu_sdk.sla.trace import trace  # noqa: PLC0415  (only explanations need it)

        return trace(self)

    def explain(self, language: Language = "ru", *, tz_version: str = "unknown") -> str:
        """Return the reasons for the deadline in a few lines, in Russian or English.

        *tz_version* is the version of the zone data in use, which the library cannot know.
        """
        from mcu_sdk.sla.explain import explain  # noqa: PLC0415  (only explanations need it)

        return explain(self, language, tz_version)

    @property
    def start_moment(self) -> datetime:
        """The start as a moment; the midnight that begins a start of date precision."""
        if isinstance(self.start, datetime):
            return self.start
        zone = self.calendar.tables(self.start).zone
        return zone.moment_of(zone.epoch_of(self.start.toordinal(), 0))
