"""Whole columns are answered as single calls are: to the second, and with the same rows refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import Calendar, Overlay, OverlayDay, Rule, batch, load_rules
from mcu_sdk.sla.calendar import AtClose, Roll
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.rule import DayPoint, FirstDay, Floor

DAY = 86_400
EPOCH = date(1970, 1, 1)
OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
# Intervals down to a minute, and gaps of one: more than one breakpoint a bucket.
MINUTES = "mon-fri 09:00-09:01 09:02-09:03 09:10-09:25 10:00-16:00; break 11:00-11:01"
CALENDARS = [
    Calendar.russia(zone="Europe/Moscow", schedule=OFFICE),
    Calendar.russia(zone="Europe/Volgograd", schedule="mon-fri 22:00-06:00, sun 00:30-03:00"),
    Calendar.russia(zone="Asia/Magadan", schedule="mon-sat 00:00-24:00", week="six", projected=True),
    Calendar.russia(zone="Asia/Omsk", schedule=MINUTES, special_days_roll=True),
    Calendar.weekly(zone="Europe/Berlin", schedule="mon-sun 01:00-02:30 20:00-24:00"),
    Calendar.weekly(zone="America/Nuuk", schedule="sat-sun 18:00-24:00"),  # skips 23:00-24:00 of a date
    Calendar.weekly(zone="Africa/Cairo", schedule="tue-fri 23:00-22:30"),  # skips and repeats midnight
    Calendar.weekly(zone="America/St_Johns", schedule="mon-fri 09-17"),  # changed at 00:01 until 2011
    Calendar.round_the_clock("Europe/Volgograd"),
    Calendar.weekly(zone="Europe/Moscow", schedule=""),
    Calendar.weekly(
        zone="Europe/Moscow",
        schedule="mon 09-10",
        overlays=[Overlay("long", (OverlayDay(date(2026, 1, 7), True, True, "-", hours="00:00-24:00"),))],
    ),
]
CENTURIES = Calendar.weekly(zone="Europe/Moscow", schedule="mon-fri 09-18")
REFUSED = batch.NO_ANSWER
EXTREMES = [np.iinfo(np.int64).min, np.iinfo(np.int64).max, -(2**40), 2**40, -1, 0, 1]


def epoch_of(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def edges(calendar: Calendar) -> list[int]:
    """Instants near which something happens: openings, closings, clock changes, midnights, horizons."""
    table = calendar.reach.table
    line = table.timeline
    some = [*line.opens[::97], *line.closes[::89], line.begins, line.ends]
    around = [table.zone.epoch_of(ordinal, 0) for ordinal in sorted(table.zone.unsteady_dates)[::3]]
    years = [table.zone.epoch_of(date(year, 12, 29).toordinal(), 0) for year in range(2015, 2035)]
    return [*some, *around, *years, *table.zone.starts[1:]]


EDGES = {id(calendar): edges(calendar) for calendar in CALENDARS}


def epochs(calendar: Calendar, low: int = 2013, high: int = 2037) -> st.SearchStrategy[int]:
    """Instants of the tables' years and a little beyond, mostly near an edge."""
    near = st.builds(
        int.__add__, st.sampled_from(EDGES[id(calendar)]), st.integers(-2, 2) | st.integers(-2 * DAY, 2 * DAY)
    )
    return near | st.integers(epoch_of(low), epoch_of(high))


def columns(calendar: Calendar) -> st.SearchStrategy[list[int]]:
    return st.lists(epochs(calendar), min_size=1, max_size=60)


situations = st.sampled_from(CALENDARS).flatmap(lambda one: st.tuples(st.just(one), columns(one)))
amounts = st.sampled_from([0, 1, 60, 1800, 3600, 5400, 8 * 3600, 41 * 3600]) | st.integers(0, 900 * 3600)


def moment(calendar: Calendar, epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).astimezone(calendar.zone)


def singly(question: Callable[..., Any], *columns: Any) -> list[int]:
    """Ask row by row; what the horizon refuses is REFUSED."""
    found = []
    for row in zip(*columns, strict=True):
        try:
            answer = question(*row)
        except CalendarHorizonError:
            found.append(REFUSED)
            continue
        if isinstance(answer, datetime):
            found.append(epoch_seconds(answer))
        elif isinstance(answer, date):
            found.append((answer - EPOCH).days)
        else:
            found.append(answer // timedelta(seconds=1))
    return found


@settings(max_examples=300)
@given(situations, amounts | st.lists(amounts, min_size=60, max_size=60), st.sampled_from(get_args(AtClose)))
def test_additions(situation: tuple[Calendar, list[int]], amount: int | list[int], at_close: AtClose) -> None:
    """`add` of a column, with one amount or one a row, is `Calendar.add` of each row."""
    calendar, starts = situation
    each = amount[: len(starts)] if isinstance(amount, list) else [amount] * len(starts)
    counted = singly(
        lambda at, some: calendar.add(moment(calendar, at), timedelta(seconds=some), at_close), starts, each
    )
    given_amount = np.array(each) if isinstance(amount, list) else amount
    found = batch.add(np.array(starts), given_amount, calendar, at_close, errors="mask")
    assert found.tolist() == counted


@settings(max_examples=300)
@given(situations, st.lists(st.integers(-40 * DAY, 400 * DAY), min_size=60, max_size=60))
def test_working_time(situation: tuple[Calendar, list[int]], spans: list[int]) -> None:
    """`worked` of two columns is `Calendar.worked` of each row."""
    calendar, starts = situation
    ends = [start + span for start, span in zip(starts, spans, strict=False)]
    counted = singly(lambda a, b: calendar.worked(moment(calendar, a), moment(calendar, b)), starts, ends)
    assert batch.worked(np.array(starts), np.array(ends), calendar, errors="mask").tolist() == counted


clock_rules = st.builds(
    lambda amount, unit: (
        load_rules().rule("comments.90_minutes").replace(amount=amount, unit=unit, counted_on="duty")
    ),
    st.sampled_from([0, 1, 7, 60, 90, 492, 480, 1440, 10_000]),
    st.sampled_from(["minutes", "hours"]),
)
lengths = st.tuples(st.sampled_from([0, 1, 3, 10, 30]), st.sampled_from(["calendar_days", "working_days"]))
months = st.tuples(st.sampled_from([0, 1, 2, 12]), st.just("months"))
day_rules = st.builds(
    lambda length, **fields: (
        load_rules().rule("portal.ordinary").replace(amount=length[0], unit=length[1], **fields)
    ),
    length=lengths | months,
    first_day=st.sampled_from(get_args(FirstDay)),
    roll=st.sampled_from(get_args(Roll)),
    floor=st.sampled_from(get_args(Floor)),
    day_point=st.sampled_from(get_args(DayPoint)),
)


@settings(max_examples=800)
@given(situations, clock_rules | day_rules)
def test_due_moments(situation: tuple[Calendar, list[int]], rule: Rule) -> None:
    """`due` of a column is `BoundRule.due` of each row, for every unit, roll, floor and point."""
    calendar, starts = situation
    bound = rule.bind(calendar)
    counted = singly(lambda at: bound.due(moment(calendar, at)), starts)
    assert batch.due(np.array(starts), rule, calendar, errors="mask").tolist() == counted


civil_dates = st.lists(st.dates(date(2014, 6, 1), date(2036, 1, 1)), min_size=1, max_size=60)


def as_column(days: list[date]) -> Any:
    return np.array(days, "datetime64[D]")


@settings(max_examples=300)
@given(st.sampled_from(CALENDARS), civil_dates, day_rules.filter(lambda rule: rule.day_point != "same_time"))
def test_due_moments_of_dates(calendar: Calendar, days: list[date], rule: Rule) -> None:
    """Starts of date precision likewise."""
    bound = rule.bind(calendar)
    found = batch.due(as_column(days), rule, calendar, errors="mask")
    assert found.tolist() == singly(bound.due, days)


@settings(max_examples=300)
@given(
    st.sampled_from(CALENDARS),
    civil_dates,
    st.integers(-300, 300) | st.lists(st.integers(-300, 300), min_size=60, max_size=60),
)
def test_working_dates(calendar: Calendar, days: list[date], count: int | list[int]) -> None:
    """`add_working_days` of a column, with one number or one a row, is that of each row."""
    each = count[: len(days)] if isinstance(count, list) else [count] * len(days)
    counts = np.array(each) if isinstance(count, list) else count
    found = batch.add_working_days(as_column(days), counts, calendar, errors="mask")
    assert found.view(np.int64).tolist() == singly(calendar.add_working_days, days, each)
