"""Working time and working dates of one office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.days import DayStatus, Definition, Shortening
from mcu_sdk.sla.moment import in_zone, whole_seconds, zone_info
from mcu_sdk.sla.nearest import check_word
from mcu_sdk.sla.production import ProductionCalendar, Week
from mcu_sdk.sla.reach import reach_of
from mcu_sdk.sla.schedule import Schedule, parse_closings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from mcu_sdk.sla.overlay import Overlay
    from mcu_sdk.sla.timeline import Tables

AtClose: TypeAlias = Literal["close", "next_open"]
Roll: TypeAlias = Literal["none", "previous", "next"]
_AT_CLOSE, _ROLL = get_args(AtClose), get_args(Roll)


class Interval(NamedTuple):
    """Working time `[opens, closes)`, both aware and in the calendar's zone."""

    opens: datetime
    closes: datetime


class Calendar:
    """Working time and working dates of one office, in its own zone. Immutable.

    Two questions are kept apart: `is_working_day` asks whether a date counts for terms,
    `is_open` whether working hours begin on it.
    """

    __slots__ = ("definition", "reach", "zone")

    definition: Definition
    zone: ZoneInfo
    """The calendar's own zone, in which its civil dates lie."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.zone = zone_info(definition.zone)
        self.reach = reach_of(definition)

    @classmethod
    def russia(
        cls,
        *,
        zone: str | ZoneInfo,
        schedule: str | Schedule,
        week: Week | None = None,
        overlays: Iterable[Overlay] = (),
        shortened: str = "minus_60",
        special_days_close: bool = True,
        special_days_roll: bool = False,
        projected: bool = False,
    ) -> Calendar:
        """Return a calendar by the production calendar of Russia, 2015-2027.

        *week* must be said when the schedule opens on Saturdays. *shortened* is `minus_60` (sixty
        working minutes off the end of a shortened date), `none`, or closing times by weekday
        (`"mon-thu 16:00, fri 15:00"`). The non-working days by presidential decree of 2020-2021 close
        the office and do not roll terms unless switched. *projected* allows other years, with fixed
        holidays and plain weekends. Raises `SlaError` for a schedule, zone or week it cannot use.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> office.is_working_day(date(2026, 1, 9))
        False
        """
        hours = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
        if hours.opens_on_saturday and week is None:
            raise SlaError(
                "sla.week_not_said",
                "the schedule opens on Saturdays, so the working week must be said",
                "pass week='five' if Saturday is a day off for terms, week='six' if it is not",
            )
        rule: Shortening = "minus_60"
        if shortened != "minus_60":
            rule = "none" if shortened == "none" else parse_closings(shortened)
        return cls(
            Definition(
                zone_info(zone).key,
                hours,
                week or "five",
                tuple(overlays),
                rule,
                special_days_close,
                special_days_roll,
                projected,
            )
        )

    @classmethod
    def weekly(
        cls, *, zone: str | ZoneInfo, schedule: str | Schedule, overlays: Iterable[Overlay] = ()
    ) -> Calendar:
        """Return a calendar that repeats its week and knows no holidays; good for duty schedules.

        A date counts as working when its weekday has hours.

        >>> duty = Calendar.weekly(zone="Europe/Moscow", schedule="mon-sun 09-21")
        >>> duty.is_open(date(2026, 1, 1))
        True
        """
        hours = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
        return cls(Definition(zone_info(zone).key, hours, overlays=tuple(overlays)))

    @classmethod
    def round_the_clock(cls, zone: str | ZoneInfo) -> Calendar:
        """Return a calendar that never closes.

        >>> volgograd = Calendar.round_the_clock("Europe/Volgograd")
        >>> volgograd.worked(
        ...     datetime(2020, 12, 26, tzinfo=volgograd.zone), datetime(2020, 12, 28, tzinfo=volgograd.zone)
        ... ) / timedelta(hours=1)
        49.0
        """
        return cls.weekly(zone=zone, schedule="mon-sun 00:00-24:00")

    @property
    def production(self) -> ProductionCalendar | None:
        """The production calendar behind this one, if any."""
        return None if self.definition.week is None else ProductionCalendar.load(self.definition.week)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.definition == other.definition

    def __hash__(self) -> int:
        return hash(self.definition)

    def __repr__(self) -> str:
        return f"Calendar({self.definition.zone!r}, {str(self.definition.schedule)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        from mcu_sdk.sla.pickled import revive  # noqa: PLC0415  (it makes calendars)

        return revive, (self.definition, self.data_digest)

    @property
    def data_digest(self) -> str:
        """The digest of the production data behind the calendar; empty if it has none."""
        return self.production.digest if self.production else ""

    def is_working_day(self, day: date) -> bool:
        """Tell whether the civil date *day* counts for terms.

        By the production calendar where there is one, whatever the office hours are. Raises
        `CalendarHorizonError` outside the covered years.
        """
        return self.status(day).working

    def is_open(self, day: date) -> bool:
        """Tell whether working hours begin on the civil date *day*.

        Raises `CalendarHorizonError` outside the covered years.
        """
        return bool(self.status(day).hours)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Return the working intervals that open on the civil date *day*, in order.

        A night shift belongs to the date on which it opens. Raises `CalendarHorizonError` outside
        the covered years.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> [f"{interval.closes:%H:%M}" for interval in office.intervals(date(2024, 11, 2))]
        ['16:00']
        """
        table = self.tables(day)
        moment = table.zone.moment_of
        return tuple(
            Interval(moment(opens), moment(closes))
            for opens, closes in table.timeline.intervals_of(day.toordinal())
        )

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; negative when *end* lies before *start*.

        Whole seconds, over any zone changes. Raises `NaiveMomentError`, `CalendarHorizonError`.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> friday = datetime(2026, 3, 6, 16, tzinfo=office.zone)
        >>> str(office.worked(friday, friday + timedelta(days=4)))
        '9:00:00'
        """
        zone = self.zone
        if start.tzinfo is not zone:
            start = in_zone(start, zone)
        if end.tzinfo is not zone:
            end = in_zone(end, zone)
        quick = self.reach.wall.worked(start, end)
        if quick is not None:
            return quick
        begun, _ = self.reach.of_moment(start)
        # Tables only grow, so those of the second moment cover the first as well.
        ended, table = self.reach.of_moment(end)
        worked_until = table.timeline.worked_until
        return timedelta(0, worked_until(ended) - worked_until(begun))

    def add(self, moment: datetime, amount: timedelta, at_close: AtClose = "close") -> datetime:
        """Return the earliest moment, not before *moment*, with *amount* of working time in between.

        An amount that ends on a closing gives that closing; with `at_close="next_open"` a positive
        amount then gives the next opening. Zero gives *moment* itself. The answer is in the
        calendar's zone. Raises `SlaError` for a negative amount and `CalendarHorizonError` where
        the calendar's years end first.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> friday = datetime(2026, 11, 20, 16, 30, tzinfo=office.zone)
        >>> f"{office.add(friday, timedelta(hours=1)):%d.%m %H:%M}"
        '23.11 08:30'
        """
        if moment.tzinfo is not self.zone:
            moment = in_zone(moment, self.zone)
        if at_close == "close":
            quick = self.reach.wall.add(moment, amount)
            if quick is not None:
                return quick
        check_word("at_close", at_close, _AT_CLOSE)
        seconds = whole_seconds(amount)
        if seconds < 0:
            raise negative_amount()
        start, table = self.reach.of_moment(moment)
        while (found := table.timeline.after(start, seconds)) is None:
            table = self.reach.later(table)
        if at_close == "next_open" and seconds:
            found = self._opening_from(found, table)
        return table.zone.moment_of(found)

    def next_opening(self, moment: datetime) -> datetime:
        """Return *moment* if the office is open then, else the next opening, in the calendar's zone.

        Raises `NaiveMomentError`, `CalendarHorizonError`.
        """
        start, table = self.reach.of_moment(moment)
        return table.zone.moment_of(self._opening_from(start, table))

    def previous_working_day(self, day: date) -> date:
        """Return the last working date before *day*. Raises `CalendarHorizonError`."""
        return self.add_working_days(day, -1)

    def next_working_day(self, day: date) -> date:
        """Return the first working date after *day*. Raises `CalendarHorizonError`."""
        return self.add_working_days(day, 1)

    def roll(self, day: date, how: Roll) -> date:
        """Return *day* if it is a working date, else the previous or the next one, or *day* for `none`.

        Raises `CalendarHorizonError` outside the covered years.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> office.roll(date(2026, 1, 7), "previous")
        datetime.date(2025, 12, 30)
        """
        check_word("how", how, _ROLL)
        if how == "none" or self.is_working_day(day):
            return day
        return self.add_working_days(day, -1 if how == "previous" else 1)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the *count*-th working date after *day*, before it if negative; *day* itself for 0.

        From a date off, day 1 is the next working date. Raises `CalendarHorizonError`.

        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> office.add_working_days(date(2025, 12, 30), 1)
        datetime.date(2026, 1, 12)
        """
        if count == 0:
            return day
        table = self.tables(day)
        while (found := table.days.nth_working(day.toordinal(), count)) is None:
            table = self.reach.later(table) if count > 0 else self.reach.earlier(table)
        return date.fromordinal(found)

    def status(self, day: date) -> DayStatus:
        """Return what the civil date *day* is, with the acts behind it.

        Raises `CalendarHorizonError` outside the covered years.
        """
        return self.tables(day).days.status(day.toordinal())

    def tables(self, day: date) -> Tables:
        """Return the computed tables, covering the year of *day*. Raises `CalendarHorizonError`."""
        return self.reach.of_date(day)

    def _opening_from(self, epoch: int, table: Tables) -> int:
        while (found := table.timeline.opening_from(epoch)) is None:
            table = self.reach.later(table)
        return found


def negative_amount() -> SlaError:
    """Return the error for a negative amount of working time."""
    return SlaError(
        "sla.negative_amount",
        "a negative amount of working time cannot be added",
        "count back with add_working_days, or measure with worked",
    )
