"""Dates without a time, where a moment is needed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla.moment import DAY_SECONDS, EPOCH_ORDINAL, epoch_seconds, in_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mcu_sdk.sla.calendar import Calendar


def first_second(at: datetime | date, calendar: Calendar | None) -> int:
    """Return the epoch second of a moment, of a bare date its first one in the calendar's zone.

    Whatever the year. Raises `NaiveMomentError`.
    """
    if isinstance(at, datetime):
        return epoch_seconds(at)
    if calendar is None:
        return (at.toordinal() - EPOCH_ORDINAL) * DAY_SECONDS
    try:
        return calendar.tables(at).zone.epoch_of(at.toordinal(), 0)
    except CalendarHorizonError:  # it needs no working hours to be a date
        return epoch_seconds(datetime.combine(at, time(), calendar.zone))


def last_second(at: datetime | date, calendar: Calendar) -> datetime:
    """Return a moment in the calendar's zone, of a bare date its last second, whatever the year."""
    if isinstance(at, datetime):
        with suppress(OverflowError):  # the last hours of the year 9999 stay in their own zone
            return at.astimezone(calendar.zone)
        return at
    try:
        zone = calendar.tables(at).zone
    except CalendarHorizonError:  # it needs no working hours to be a date
        return datetime.combine(at, time(23, 59, 59), calendar.zone)
    return zone.moment_of(zone.epoch_of(at.toordinal(), DAY_SECONDS - 1))


def last_epoch(at: datetime | date, calendar: Calendar | None) -> int:
    """Return the epoch second of a moment, of a bare date its last one in the calendar's zone."""
    if isinstance(at, datetime):
        return epoch_seconds(at)
    return epoch_seconds(last_second(at, calendar)) if calendar else first_second(at, None) + DAY_SECONDS - 1


def as_in_zone(at: datetime | date, zone: ZoneInfo) -> datetime | date:
    """Return a moment as the clocks of *zone* show it, a bare date as it is."""
    return in_zone(at, zone) if isinstance(at, datetime) and at.tzinfo is not zone else at


def civil_date(at: datetime | date, zone: ZoneInfo) -> date:
    """Return the civil date of a moment in *zone*; a bare date as it is."""
    return at.astimezone(zone).date() if isinstance(at, datetime) else at
