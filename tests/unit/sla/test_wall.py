"""The ready answers: where they are known, how much room they take, who shares them."""

from __future__ import annotations

import pickle
import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from mcu_sdk.sla import Calendar, load_rules
from mcu_sdk.sla.days import Definition
from mcu_sdk.sla.reach import Reach
from mcu_sdk.sla.schedule import Schedule
from mcu_sdk.sla.timeline import tables
from mcu_sdk.sla.wall import WallTable

OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"


def table(zone: str, first_year: int = 2015, last_year: int = 2022) -> WallTable:
    return WallTable(tables(Definition(zone, Schedule.parse(OFFICE)), first_year, last_year))


def test_the_tables_of_eight_years_are_small() -> None:
    """At most 0.7 MB before the first question; what is asked adds at most a kilobyte a date."""
    table("Europe/Moscow")
    tracemalloc.start()
    try:
        made = table("Europe/Moscow")
        assert tracemalloc.get_traced_memory()[0] <= 700_000
        before = tracemalloc.get_traced_memory()[0]
        noon = datetime(2015, 1, 1, 12, tzinfo=Calendar.weekly(zone="Europe/Moscow", schedule=OFFICE).zone)
        for offset in range(1000):
            made.worked_until(noon + timedelta(days=offset))
        assert tracemalloc.get_traced_memory()[0] - before <= 1_000_000
    finally:
        tracemalloc.stop()


def test_dates_near_a_clock_change_are_left_to_the_timeline() -> None:
    """Volgograd changed on 28.10.2018 and 27.12.2020: two dates around each are not answered, others are."""
    made, zone = table("Europe/Volgograd"), Calendar.round_the_clock("Europe/Volgograd").zone
    for change in (date(2018, 10, 28), date(2020, 12, 27)):
        noon = datetime(change.year, change.month, change.day, 12, tzinfo=zone)
        known = [made.worked_until(noon + timedelta(days=near)) is not None for near in range(-4, 5)]
        assert known == [True, True, False, False, False, False, False, True, True]


@pytest.mark.parametrize("year", [2014, 2023])
def test_dates_past_the_years_are_left_to_the_timeline(year: int) -> None:
    """Nothing is known outside the years of the table."""
    made, zone = table("Europe/Moscow"), Calendar.round_the_clock("Europe/Moscow").zone
    moment = datetime(year, 6, 1, 12, tzinfo=zone)
    assert made.worked_until(moment) is None
    assert made.add(moment, timedelta(hours=1)) is None
    assert made.prepared(moment.toordinal(), timedelta(hours=1)) is None


def test_equal_calendars_share_their_ready_answers_and_pickle_none() -> None:
    """However a calendar was made or sent, equal contents have one table, and the pickle stays small."""
    calendar = Calendar.russia(zone="Europe/Moscow", schedule=OFFICE)
    bound = load_rules().rule("comments.90_minutes").replace(counted_on="office").bind(calendar)
    empty = len(pickle.dumps(bound))
    start = datetime(2026, 3, 20, 15, 30, tzinfo=calendar.zone)
    for offset in range(50):
        bound.due(start + timedelta(days=offset))
    assert len(pickle.dumps(bound)) == empty
    assert pickle.loads(pickle.dumps(calendar)).reach.wall is calendar.reach.wall


def test_threads_that_grow_one_calendar_agree() -> None:
    """Questions over many decades from many threads at once get the answers of one thread."""
    chance = random.Random(7)
    duty = Calendar.weekly(zone="Europe/Moscow", schedule="mon-sun 09-21")
    start = datetime(2020, 1, 1, tzinfo=UTC)
    spans = [
        (start + timedelta(days=chance.randint(-12_000, 12_000)), chance.randint(1, 9_000)) for _ in range(24)
    ]
    expected = [duty.worked(begin, begin + timedelta(days=length)) for begin, length in spans]
    duty.reach = Reach(duty.definition)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda span: duty.worked(span[0], span[0] + timedelta(days=span[1])), spans)
        assert list(answers) == expected
