"""Whole columns are answered as single calls are: to the second, and with the same rows refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import Calendar, Overlay, OverlayDay, Rule, arrow, batch, load_rules
from mcu_sdk.sla.calendar import AtClose, Roll
from mcu_sdk.sla.moment import epoch_seconds
from mcu_sdk.sla.rule import DayPoint, FirstDay, Floor

from .bulk import REFUSED, UNITS, in_bulk, moments, numbers

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
    assert in_bulk("add", calendar, at_close, [starts, each]) == dict.fromkeys(("NumPy", "s", "us"), counted)
    if isinstance(amount, int):
        assert batch.add(np.array(starts), amount, calendar, at_close, errors="mask").tolist() == counted
        same = arrow.add(moments(starts), timedelta(seconds=amount), calendar, at_close, errors="mask")
        assert numbers(same) == counted


@settings(max_examples=300)
@given(situations, st.lists(st.integers(-40 * DAY, 400 * DAY), min_size=60, max_size=60))
def test_working_time(situation: tuple[Calendar, list[int]], spans: list[int]) -> None:
    """`worked` of two columns is `Calendar.worked` of each row."""
    calendar, starts = situation
    ends = [start + span for start, span in zip(starts, spans, strict=False)]
    counted = singly(lambda a, b: calendar.worked(moment(calendar, a), moment(calendar, b)), starts, ends)
    assert in_bulk("worked", calendar, None, [starts, ends]) == dict.fromkeys(("NumPy", "s", "us"), counted)


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


@settings(max_examples=400)
@given(situations, clock_rules | day_rules)
def test_due_moments(situation: tuple[Calendar, list[int]], rule: Rule) -> None:
    """`due` of a column is `BoundRule.due` of each row, for every unit, roll, floor and point."""
    calendar, starts = situation
    bound = rule.bind(calendar)
    counted = singly(lambda at: bound.due(moment(calendar, at)), starts)
    assert in_bulk("due", calendar, rule, [starts]) == dict.fromkeys(("NumPy", "s", "us"), counted)


civil_dates = st.lists(st.dates(date(2014, 6, 1), date(2036, 1, 1)), min_size=1, max_size=60)


def as_column(days: list[date]) -> Any:
    return np.array(days, "datetime64[D]")


@settings(max_examples=300)
@given(st.sampled_from(CALENDARS), civil_dates, day_rules.filter(lambda rule: rule.day_point != "same_time"))
def test_due_moments_of_dates(calendar: Calendar, days: list[date], rule: Rule) -> None:
    """Starts of date precision likewise."""
    bound = rule.bind(calendar)
    counted = singly(bound.due, days)
    assert batch.due(as_column(days), rule, calendar, errors="mask").tolist() == counted
    assert numbers(arrow.due(pa.array(days), rule, calendar, errors="mask")) == counted


@settings(max_examples=300)
@given(
    st.sampled_from(CALENDARS),
    civil_dates,
    st.integers(-300, 300) | st.lists(st.integers(-300, 300), min_size=60, max_size=60),
)
def test_working_dates(calendar: Calendar, days: list[date], count: int | list[int]) -> None:
    """`add_working_days` of a column, with one number or one a row, is that of each row."""
    each = count[: len(days)] if isinstance(count, list) else [count] * len(days)
    counted = singly(calendar.add_working_days, days, each)
    days_since = [(day - EPOCH).days for day in days]
    both = in_bulk("add_working_days", calendar, None, [days_since, each])
    assert both == dict.fromkeys(("NumPy", "Arrow"), counted)
    if isinstance(count, int):
        found = batch.add_working_days(as_column(days), count, calendar, errors="mask")
        assert found.view(np.int64).tolist() == counted
        assert numbers(arrow.add_working_days(pa.array(days), count, calendar, errors="mask")) == counted


@pytest.mark.parametrize("seed", range(3))
def test_many_rules_and_calendars_in_one_table(seed: int) -> None:
    """`due_grouped` answers each row by its own terms, in whatever order the rows stand."""
    chance = random.Random(seed)
    rules = [load_rules().rule("59fz.examination"), load_rules().rule("portal.ordinary")]
    rules += [
        rules[1].replace(amount=5, day_point="same_time"),
        rules[0].replace(floor="next_open", amount=0),
    ]
    rules.append(load_rules().rule("comments.90_minutes").replace(counted_on="duty"))
    terms = {f"key {n}": (chance.choice(rules), chance.choice(CALENDARS)) for n in range(40)}
    keys = [chance.choice([*terms]) for _ in range(1_000)]
    starts = [chance.choice(EDGES[id(terms[key][1])]) + chance.randint(-3 * DAY, 3 * DAY) for key in keys]
    bound = {key: rule.bind(calendar) for key, (rule, calendar) in terms.items()}
    counted = singly(lambda at, key: bound[key].due(moment(terms[key][1], at)), starts, keys)
    names = [*terms]
    codes = np.array([names.index(key) for key in keys], chance.choice([np.uint8, np.int32, np.int64]))
    found = batch.due_grouped(np.array(starts), codes, [*terms.values()], errors="mask")
    assert found.tolist() == counted
    for unit in UNITS:
        column = pa.chunked_array([moments(starts[:400], unit), moments(starts[400:], unit)])
        grouped = arrow.due_grouped(column, pa.array(keys), terms, errors="mask")
        assert numbers(grouped) == counted


def random_schedule(chance: random.Random) -> str:
    """A week of hours: none, some, over midnight, minutes long."""
    parts = []
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        points = sorted(chance.sample(range(0, 1440, chance.choice([1, 5, 60])), 2 * chance.randint(0, 4)))
        hours = [
            f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}"
            for a, b in zip(points[::2], points[1::2], strict=True)
        ]
        if hours:
            parts.append(f"{day} {' '.join(hours)}")
    return ", ".join(parts)


@pytest.mark.parametrize("seed", range(6))
def test_random_calendars(seed: int) -> None:
    """Any week in any of several zones, with random rules and amounts, near its edges."""
    chance = random.Random(seed)
    zone = chance.choice(
        ["Europe/Moscow", "Asia/Sakhalin", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]
    )
    schedule = random_schedule(chance)
    calendar = Calendar.weekly(zone=zone, schedule=schedule)
    if seed % 2:
        calendar = Calendar.russia(zone=zone, schedule=schedule, week="six")
    starts = [chance.choice(edges(calendar)) + chance.randint(-DAY, DAY) for _ in range(1_500)]
    each = [chance.choice([0, 1, 59, 3600, chance.randint(0, 10**6)]) for _ in starts]
    ends = [start + chance.randint(-40, 200) * chance.randint(0, DAY) for start in starts]
    rule = load_rules().rule("comments.90_minutes").replace(amount=chance.randint(1, 900), counted_on="duty")
    bound = rule.bind(calendar)
    expected: dict[tuple[str, Rule | AtClose | None], list[int]] = {
        ("add", "close"): singly(
            lambda at, some: calendar.add(moment(calendar, at), timedelta(seconds=some)), starts, each
        ),
        ("worked", None): singly(
            lambda a, b: calendar.worked(moment(calendar, a), moment(calendar, b)), starts, ends
        ),
        ("due", rule): singly(lambda at: bound.due(moment(calendar, at)), starts),
    }
    second: dict[str, list[int]] = {"add": each, "worked": ends}
    for (question, option), counted in expected.items():
        columns = [starts, second[question]] if question in second else [starts]
        for library, found in in_bulk(question, calendar, option, columns).items():
            assert found == counted, (library, zone, schedule)


@pytest.mark.parametrize("at", EXTREMES)
def test_extremes(at: int) -> None:
    """Whatever a column holds, a row past the years is refused and the others are answered."""
    calendar, rule = CALENDARS[0], load_rules().rule("59fz.examination")
    starts = np.array([1_772_802_000, at, 1_772_802_000])
    fine, refused, _ = batch.add(starts, 3600, calendar, errors="mask").tolist()
    assert (fine - 1_772_802_000, refused) == (89 * 3600, REFUSED)
    assert batch.due(starts, rule, calendar, errors="mask").tolist()[1] == REFUSED
    assert batch.worked(starts, starts[::-1].copy(), calendar, errors="mask").tolist() == [0, REFUSED, 0]
    assert batch.add(starts[:1], np.array([2**62]), calendar, errors="mask").tolist() == [REFUSED]
    dates = np.array([20_000, at], "datetime64[D]")
    if abs(at) > 1:
        assert batch.due(dates, rule, calendar, errors="mask")[1] == REFUSED
    for count in (1, -1, 2**70, np.array([1, -(2**63)])):
        assert np.isnat(batch.add_working_days(dates, count, calendar, errors="mask")[1])


def test_other_centuries() -> None:
    """A calendar without acts answers from 1902 to 2199, beyond its tables too, and refuses the rest."""
    calendar = Calendar.weekly(zone="Europe/Moscow", schedule="mon-fri 09-18")
    starts = [epoch_of(year) + 3 * DAY for year in (1900, 1902, 1950, 2001, 2050, 2150, 2199, 2201)]
    rule = load_rules().rule("portal.ordinary").replace(day_point="close")
    bound = rule.bind(calendar)
    each = [8 * 3600] * len(starts)
    expected = singly(lambda at: bound.due(moment(calendar, at)), starts)
    assert (expected[0], expected[-1]) == (REFUSED, REFUSED)
    for found in in_bulk("due", calendar, rule, [starts]).values():
        assert found == expected
    counted = singly(
        lambda at, some: calendar.add(moment(calendar, at), timedelta(seconds=some)), starts, each
    )
    for found in in_bulk("add", calendar, "close", [starts, each]).values():
        assert found == counted


@pytest.mark.parametrize("zone", ["Europe/Volgograd", "Africa/Cairo", "UTC"])
@pytest.mark.parametrize("schedule", ["mon-sun 00:00-24:00", "mon-fri 22:00-06:00, sun 00:30-03:00"])
def test_calendars_that_grew_in_both_directions(zone: str, schedule: str) -> None:
    """What other calls made the tables cover changes no answer."""
    calendar = Calendar.weekly(zone=zone, schedule=schedule)
    chance = random.Random(zone + schedule)
    starts = [epoch_of(2012) + chance.randint(0, 25 * 365 * DAY) for _ in range(300)]
    each = [chance.choice([60, 5_400, 8 * 3600, 10**6]) for _ in starts]
    rules = [
        load_rules().rule("comments.90_minutes").replace(amount=amount, counted_on="duty")
        for amount in (1, 90, 10_000)
    ]
    rules.append(load_rules().rule("59fz.examination"))
    counted = [
        singly(lambda at, rule=rule: rule.bind(calendar).due(moment(calendar, at)), starts) for rule in rules
    ]
    counted.append(
        singly(lambda at, some: calendar.add(moment(calendar, at), timedelta(seconds=some)), starts, each)
    )
    for year in (2026, 1903, 2198):
        assert isinstance(calendar.is_open(date(year, 5, 5)), bool)
        found = [in_bulk("due", calendar, rule, [starts]) for rule in rules]
        found.append(in_bulk("add", calendar, "close", [starts, each]))
        assert found == [dict.fromkeys(("NumPy", "s", "us"), answers) for answers in counted]
