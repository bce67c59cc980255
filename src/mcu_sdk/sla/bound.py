"""A rule counted on a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mcu_sdk.errors import CalendarNotChosen, NaiveMomentError
from mcu_sdk.sla.calendar import Calendar
from mcu_sdk.sla.deadline import Deadline
from mcu_sdk.sla.moment import DAY_SECONDS, in_zone
from mcu_sdk.sla.wall import Split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcu_sdk.sla.rule import Floor, Rule, Span, Unit
    from mcu_sdk.sla.timeline import Tables
    from mcu_sdk.sla.wall import Row

DAY_CALENDAR = "office"
_LAST_SECOND = DAY_SECONDS - 1
_UNIT_SECONDS = {"minutes": 60, "hours": 3600}


def bind(rule: Rule, calendars: Mapping[str, Calendar] | Calendar) -> BoundRule:
    """Return *rule* on the calendar it names. Raises `CalendarNotChosen`."""
    name = DAY_CALENDAR if rule.counts_days else rule.counted_on
    if name and isinstance(calendars, Calendar):
        return BoundRule(rule, calendars)
    if name and not isinstance(calendars, Calendar) and name in calendars:
        return BoundRule(rule, calendars[name])
    known = "one calendar" if isinstance(calendars, Calendar) else ", ".join(sorted(calendars)) or "none"
    wanted = f"calendar {name!r}" if name else "no calendar yet"
    raise CalendarNotChosen(
        "sla.calendar_not_chosen",
        f"rule {rule.id!r} is counted on {wanted}; given: {known}",
        "set counted_on in the municipality's rules, and give a calendar of that name",
        rule=rule.id,
        calendar=name or "-",
        known=known,
    )


_bound: dict[tuple[int, int], BoundRule] = {}
_MOST_BOUND = 512


def bound_once(rule: Rule, calendars: Mapping[str, Calendar]) -> BoundRule:
    """Return `bind(rule, calendars)`, the same for the same objects, with the answers it remembers."""
    calendar = calendars.get(DAY_CALENDAR if rule.counts_days else rule.counted_on)
    # The bound rule keeps both alive, so while it is here their ids are nobody else's.
    key = (id(rule), id(calendar))
    found = _bound.get(key)
    if found is None:
        found = bind(rule, calendars)
        if len(_bound) >= _MOST_BOUND:
            _bound.clear()
        _bound[key] = found
    return found


def seconds_of(rule: Rule) -> int:
    """Return the amount of a rule in minutes or hours in seconds; 0 for days and months."""
    return rule.amount * _UNIT_SECONDS.get(rule.unit, 0)


class Start(NamedTuple):
    """Where a count of civil dates begins; `wall_seconds` is None for a start of date precision."""

    epoch: int
    ordinal: int
    counted_ordinal: int
    wall_seconds: int | None


class BoundRule:
    """A rule on a calendar: `due` for the answer alone, `deadline` for the answer and its reasons."""

    __slots__ = ("_counts_days", "_due_by_date", "_zone", "amount", "calendar", "rule")

    def __init__(self, rule: Rule, calendar: Calendar) -> None:
        self.rule = rule
        self.calendar = calendar
        self._counts_days = rule.counts_days
        self._zone = calendar.zone
        # What was answered before, by civil date: the due moment, or what `WallTable.prepared` gave.
        self._due_by_date: dict[int, Row] = {}
        self.amount = timedelta(seconds=seconds_of(rule))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundRule) and (self.rule, self.calendar) == (other.rule, other.calendar)

    def __hash__(self) -> int:
        return hash((self.rule, self.calendar))

    def __repr__(self) -> str:
        return f"BoundRule({self.rule.id!r}, {self.calendar!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return BoundRule, (self.rule, self.calendar)

    def due(self, start: datetime | date) -> datetime:
        """Return the last permitted second: done at or before it is in time.

        In the calendar's zone, never before *start*. A bare date is a start of date precision, for
        day and month rules only. Raises `NaiveMomentError`, `CalendarHorizonError`.
        """
        if isinstance(start, datetime):
            if start.tzinfo is not self._zone:
                start = in_zone(start, self._zone)
            due = self._due_by_date.get(start.toordinal())
            if isinstance(due, tuple):
                due = due[start.hour]
                while isinstance(due, Split):
                    due = due.before if start < due.until else due.after
            if isinstance(due, timedelta):
                due = start + due
                if due.microsecond:
                    due = due.replace(microsecond=0)
        elif self._counts_days:
            due = self._due_by_date.get(start.toordinal())
        else:
            raise date_only(self.rule)
        return due if isinstance(due, datetime) else self._first_due(start)

    def _first_due(self, start: datetime | date) -> datetime:
        if self._counts_days or not isinstance(start, datetime):
            return self._counted(start).due
        row = self.calendar.reach.wall.prepared(start.toordinal(), self.amount)
        if row is not None:
            self._due_by_date[start.toordinal()] = row
        return self.calendar.add(start, self.amount)

    def deadline(self, start: datetime | date) -> Deadline:
        """Return the deadline of a term that starts at *start*, with all that explains it.

        Raises as `due` does.
        """
        if not self.rule.counts_days:
            begun = self.calendar.add(_timed(start, self.rule), timedelta())
            due = self.calendar.add(begun, self.amount)
            return Deadline(
                bound=self,
                start=begun,
                counted_from=begun.date(),
                nominal_date=due.date(),
                due_date=due.date(),
                due=due,
            )
        return self._counted(start)

    def _counted(self, start: datetime | date) -> Deadline:
        at, table = self._started(start)
        counted_from = date.fromordinal(at.counted_ordinal)
        nominal = self.nominal(counted_from)
        due_date, due, floored = self.settled(nominal, at)
        zone = table.zone
        begun = zone.moment_of(at.epoch) if isinstance(start, datetime) else start
        whole_date = self.rule.day_point != "same_time" and not floored and due_date.toordinal() > at.ordinal
        # The first hours of the first date may belong to an unknown night shift.
        covered = table.timeline.begins <= zone.epoch_of(at.ordinal, 0)
        if whole_date and covered and at.ordinal not in zone.unsteady_dates:
            self._due_by_date[at.ordinal] = due
        return Deadline(
            bound=self,
            start=begun,
            counted_from=counted_from,
            nominal_date=nominal,
            due_date=due_date,
            due=due,
            floored=floored,
        )

    def _started(self, start: datetime | date) -> tuple[Start, Tables]:
        calendar, same_time = self.calendar, self.rule.day_point == "same_time"
        if not isinstance(start, datetime):
            if same_time:
                raise date_only(self.rule)
            table = calendar.tables(start)
            ordinal = start.toordinal()
            return Start(table.zone.epoch_of(ordinal, 0), ordinal, ordinal, None), table
        epoch, table = calendar.reach.of_moment(start)
        counted = calendar.next_opening(start) if same_time else table.zone.moment_of(epoch)
        wall_seconds = counted.hour * 3600 + counted.minute * 60 + counted.second
        return Start(epoch, table.zone.ordinal_of(epoch), counted.toordinal(), wall_seconds), table

    def start_of(self, deadline: Deadline) -> Start:
        """Return where the count of one of this rule's deadlines began."""
        return self._started(deadline.start)[0]

    def nominal(self, counted_from: date) -> date:
        """Return the last date counted from *counted_from*, before any roll, pause or extension."""
        rule, calendar = self.rule, self.calendar
        same = rule.first_day == "same"
        if rule.unit == "working_days":
            counts_itself = same and rule.amount > 0 and calendar.is_working_day(counted_from)
            return calendar.add_working_days(counted_from, rule.amount - counts_itself)
        end = moved(calendar, counted_from, rule.amount, rule.unit)
        return max(end - timedelta(same), counted_from)

    def settled(self, nominal: date, at: Start) -> tuple[date, datetime, Floor | None]:
        """Return the due date and moment of a nominal date: rolled, never before the start, on its point."""
        rule, calendar = self.rule, self.calendar
        zone = calendar.tables(nominal).zone
        rolled = calendar.roll(nominal, rule.roll)
        epoch = self._point(rolled, at)
        if rolled.toordinal() >= at.ordinal and epoch >= at.epoch:
            return rolled, zone.moment_of(epoch), None
        if rule.floor == "next_open":
            day = calendar.reach.open_date(date.fromordinal(at.ordinal))
            if self._point(day, at) < at.epoch:
                day = calendar.reach.open_date(day + timedelta(1))
            return day, zone.moment_of(self._point(day, at)), "next_open"
        epoch = max(self._point(date.fromordinal(at.ordinal), at), at.epoch)
        return date.fromordinal(at.ordinal), zone.moment_of(epoch), "start"

    def _point(self, day: date, at: Start) -> int:
        table = self.calendar.tables(day)
        seconds = _LAST_SECOND
        hours = table.days.status(day.toordinal()).hours
        closing = min(hours[-1][1] * 60, _LAST_SECOND) if hours else _LAST_SECOND
        if self.rule.day_point == "close":
            seconds = closing
        elif self.rule.day_point == "same_time" and at.wall_seconds is not None:
            seconds = min(at.wall_seconds, closing)
        return table.zone.epoch_of(day.toordinal(), seconds)

    def internal_due(self, deadline: Deadline) -> datetime | None:
        """Return the office's own earlier date, moved back to a working date; None if the rule has none."""
        before = self.rule.internal_before
        if before is None:
            return None
        calendar = self.calendar
        if not self.rule.counts_days:
            own = max(self.amount - _clock_amount(before), timedelta())
            return calendar.add(_timed(deadline.start, self.rule), own)
        day = calendar.roll(moved(calendar, deadline.due_date, -before.amount, before.unit), "previous")
        at = self.start_of(deadline)
        if day.toordinal() <= at.ordinal:
            day = date.fromordinal(at.ordinal)
        zone = calendar.tables(day).zone
        return zone.moment_of(max(self._point(day, at), at.epoch))


def moved(calendar: Calendar, day: date, amount: int, unit: Unit) -> date:
    """Return the civil date *amount* days or months after *day*, before it if negative."""
    if unit == "working_days":
        return calendar.add_working_days(day, amount)
    if unit == "months":
        from mcu_sdk.sla.months import add_months  # noqa: PLC0415  (dateutil, on first use)

        return add_months(day, amount)
    return day + timedelta(days=amount)


def _clock_amount(span: Span) -> timedelta:
    return timedelta(seconds=span.amount * _UNIT_SECONDS.get(span.unit, 0))


def _timed(start: datetime | date, rule: Rule) -> datetime:
    if isinstance(start, datetime):
        return start
    raise date_only(rule)


def date_only(rule: Rule) -> NaiveMomentError:
    """Return the error for a start of date precision where *rule* needs a time."""
    return NaiveMomentError(
        "sla.date_only",
        f"rule {rule.id!r} needs the time of its start, and a bare date has none",
        "give an aware datetime",
        rule=rule.id,
    )
