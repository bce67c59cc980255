"""A deadline: the last permitted second, how it came about, and what it means now."""

from __future__ import annotations

from dataclasses import dataclass
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


class AskedExtension(NamedTuple):
    """An extension of the term: until when it was asked and may last, and whether it counts.

    One whose notice came after the due moment does not count and cures nothing.
    """

    asked_until: date | None
    latest: date
    noticed_at: datetime
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a term ends. In time means done at or before `due`, the last permitted second.

    `due_date` is the counted civil date, `nominal_date` the date before any roll. Do not write
    `due - now`: Python subtracts on the wall; `remaining` counts real seconds.
    """

    bound: BoundRule
    start: datetime | date
    counted_from: date
    nominal_date: date
    due_date: date
    due: datetime
    floored: Floor | None = None
    extension: AskedExtension | None = None

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
    def latest_extension(self) -> date | None:
        """The last civil date an extension may reach, rolled; None where the rule has no extension.

        Counted from the nominal end, not from the rolled one.
        """
        latest = self._latest_unrolled()
        return None if latest is None else self.calendar.roll(latest, self.rule.roll)

    def _latest_unrolled(self) -> date | None:
        from mcu_sdk.sla.bound import moved  # noqa: PLC0415  (bound rules make deadlines)

        extension = self.rule.extension
        if extension is None:
            return None
        return moved(self.calendar, self.nominal_date, extension.most, extension.unit)

    def extended(self, until: date | None = None, *, noticed_at: datetime) -> Deadline:
        """Return the deadline extended until the civil date *until*, or as far as the rule allows.

        A notice after the current due moment does not count: the due stays, and the trace says so.
        An extension never makes a term shorter. Raises `RuleError` where the rule has none.

        >>> from mcu_sdk.sla import Calendar, load_rules
        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> first = load_rules().rule("59fz.examination").bind(office).deadline(date(2025, 12, 8))
        >>> first.extended(noticed_at=datetime(2025, 12, 25, 12, tzinfo=office.zone)).due_date
        datetime.date(2026, 2, 6)
        """
        latest = self._latest_unrolled()
        if latest is None:
            raise RuleError(
                "sla.no_extension",
                f"rule {self.rule.id!r} has no extension",
                "give the rule an extension with its act, or leave the term as it is",
                rule=self.rule.id,
            )
        counts = self.in_time(noticed_at)
        asked = AskedExtension(until, latest, noticed_at, counts)
        wanted = max(min(until or latest, latest), self.nominal_date)
        due_date, due, floored = self.bound.settled(wanted, self.bound.start_of(self))
        if not counts or epoch_seconds(due) < epoch_seconds(self.due):
            due_date, due, floored = self.due_date, self.due, self.floored
        return Deadline(
            bound=self.bound,
            start=self.start,
            counted_from=self.counted_from,
            nominal_date=self.nominal_date,
            due_date=due_date,
            due=due,
            floored=floored,
            extension=asked,
        )

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
