"""The calendar's laws, on random moments, zones and schedules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mcu_sdk.sla import Calendar

from .situations import calendars_with_epochs

Situation: TypeAlias = tuple[Calendar, datetime]
OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
CALENDARS = [
    Calendar.russia(zone="Europe/Moscow", schedule=OFFICE),
    Calendar.russia(zone="Europe/Volgograd", schedule=OFFICE, shortened="none"),
    Calendar.russia(zone="Asia/Kamchatka", schedule="mon-fri 09-18, sat 09-14", week="six"),
    Calendar.weekly(zone="Europe/Volgograd", schedule="mon-sun 09-12, fri+sat 22-06"),
    Calendar.weekly(zone="Europe/Moscow", schedule="mon-sun 00:30-02:15 02:30-05:00 23:00-00:30"),
    Calendar.russia(zone="Europe/Moscow", schedule="mon-thu 20:00-08:00, fri 22:00-06:00; break 02:00-02:30"),
    Calendar.weekly(zone="Europe/Berlin", schedule="tue 14:00-18:00, sat-sun 20-04"),
    Calendar.round_the_clock("Asia/Magadan"),
]
LAWS = settings(max_examples=300)

calendars = st.sampled_from(CALENDARS)
situations = calendars_with_epochs(CALENDARS).map(lambda drawn: (drawn[0], at(drawn[1][0])))
triples = calendars_with_epochs(CALENDARS, 3).map(lambda drawn: (drawn[0], *map(at, drawn[1])))
amounts = st.integers(0, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))
civil_dates = st.dates(date(2015, 6, 1), date(2027, 6, 1))


def at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def instant(moment: datetime) -> float:
    return moment.timestamp()


@LAWS
@given(situations, amounts)
def test_worked_undoes_add(situation: Situation, amount: timedelta) -> None:
    """Exactly the added working time lies between a moment and the answer."""
    calendar, moment = situation
    assert calendar.worked(moment, calendar.add(moment, amount)) == amount


@LAWS
@given(situations, st.integers(0, 20 * 86_400))
def test_add_is_the_earliest(situation: Situation, span: int) -> None:
    """Adding what was worked up to u never goes past u, and reaches it iff u is in some (opens, closes]."""
    calendar, moment = situation
    until = moment + timedelta(seconds=span)
    found = calendar.add(moment, calendar.worked(moment, until))
    assert instant(found) <= instant(until)
    around = [until.astimezone(calendar.zone).date() - timedelta(days) for days in (0, 1)]
    inside = any(
        instant(interval.opens) < instant(until) <= instant(interval.closes)
        for day in around
        for interval in calendar.intervals(day)
    )
    assert (instant(found) == instant(until)) == (inside or span == 0)


@LAWS
@given(triples)
def test_worked_is_additive(drawn: tuple[Calendar, datetime, datetime, datetime]) -> None:
    """Working time over adjoining spans adds up, and backwards it is negative."""
    calendar, one, two, three = drawn
    whole = calendar.worked(one, three)
    assert calendar.worked(one, two) + calendar.worked(two, three) == whole
    assert calendar.worked(three, one) == -whole


@LAWS
@given(situations, amounts, amounts)
def test_amounts_are_additive(situation: Situation, first: timedelta, second: timedelta) -> None:
    """Spending two amounts in turn equals spending their sum."""
    calendar, moment = situation
    assert calendar.add(calendar.add(moment, first), second) == calendar.add(moment, first + second)


@LAWS
@given(situations, amounts, st.sampled_from(["Asia/Tokyo", "America/St_Johns", "Europe/Moscow"]))
def test_zone_spelling_does_not_matter(situation: Situation, amount: timedelta, zone: str) -> None:
    """The same instant written in another zone gives the same answer."""
    calendar, moment = situation
    other = moment.astimezone(ZoneInfo(zone))
    own = moment.astimezone(calendar.zone)
    answers = {instant(calendar.add(spelled, amount)) for spelled in (moment, other, own)}
    assert len(answers) == 1
    assert calendar.worked(other, own + timedelta(days=3)) == calendar.worked(
        moment, (own + timedelta(days=3)).astimezone(UTC)
    )


@LAWS
@given(situations, amounts)
def test_next_open_differs_only_at_closings(situation: Situation, amount: timedelta) -> None:
    """`next_open` is `close` or the next opening after it, with no working time in between."""
    calendar, moment = situation
    close = calendar.add(moment, amount)
    opening = calendar.add(moment, amount, at_close="next_open")
    assert instant(opening) >= instant(close)
    assert calendar.worked(close, opening) == timedelta()
    if amount:
        assert instant(calendar.next_opening(opening)) == instant(opening)


@LAWS
@given(calendars, civil_dates, st.integers(-60, 60))
def test_working_days_are_counted_one_by_one(calendar: Calendar, day: date, count: int) -> None:
    """Counting by the table equals walking the dates."""
    walked = day
    for _ in range(abs(count)):
        walked += timedelta(1 if count > 0 else -1)
        while not calendar.is_working_day(walked):
            walked += timedelta(1 if count > 0 else -1)
    assert calendar.add_working_days(day, count) == walked


@LAWS
@given(calendars, civil_dates)
def test_roll_is_on_or_next_to(calendar: Calendar, day: date) -> None:
    """A working date stays; another goes to its nearest working neighbour on the named side."""
    if calendar.is_working_day(day):
        assert calendar.roll(day, "previous") == calendar.roll(day, "next") == day
    else:
        assert calendar.roll(day, "previous") == calendar.previous_working_day(day) < day
        assert calendar.roll(day, "next") == calendar.next_working_day(day) > day


@LAWS
@given(situations)
def test_intervals_are_all_the_working_time(situation: Situation) -> None:
    """The intervals of a fortnight's dates, summed, are the working time from the first to the last edge."""
    calendar, moment = situation
    first = moment.astimezone(calendar.zone).date()
    intervals = [
        interval for offset in range(14) for interval in calendar.intervals(first + timedelta(offset))
    ]
    lengths = [instant(interval.closes) - instant(interval.opens) for interval in intervals]
    assert all(length > 0 for length in lengths)
    if intervals:
        worked = calendar.worked(intervals[0].opens, intervals[-1].closes)
        assert worked == timedelta(seconds=sum(lengths))
