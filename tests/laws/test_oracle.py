"""The calendar against the minute oracle: random cases and every exact edge, to the second."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from mcu_sdk.sla import Calendar

from .oracle import Oracle

# What 2020-11 to 2021-01 and 2024-10-28 to 2024-11-10 look like, typed in by hand from the acts.
OFF_WINTER = {date(2020, 11, 4), *(date(2021, 1, n) for n in range(1, 9))}
OFF_AUTUMN = {date(2024, 11, 4)}
LUNCH = [(480, 720), (768, 1020)]
LUNCH_FRIDAY = [(480, 720), (768, 960)]


def office_hours(day: date) -> list[tuple[int, int]]:
    """Monday to Thursday 8-17, Friday 8-16, lunch 12:00-12:48; shortened dates an hour less."""
    if day == date(2024, 11, 2):  # a Saturday exchanged for Tuesday 30.04.2024, the eve of a holiday
        return [(480, 720), (768, 960)]
    if day in OFF_WINTER | OFF_AUTUMN or day.weekday() > 4:
        return []
    if day in (date(2020, 11, 3), date(2020, 12, 31)):
        return [(480, 720), (768, 960)]
    return LUNCH_FRIDAY if day.weekday() == 4 else LUNCH


def night_hours(day: date) -> list[tuple[int, int]]:
    """Daily 9-12, and Friday and Saturday nights 22-06 with a break 02:00-02:30."""
    night = [(1320, 1560), (1590, 1800)] if day.weekday() in (4, 5) else []
    return [(540, 720), *night]


def six_day_hours(day: date) -> list[tuple[int, int]]:
    """Monday to Friday 9-16, Saturday 9-14, by the six-day production calendar."""
    if day in OFF_WINTER | OFF_AUTUMN or day.weekday() == 6:
        return []
    hours = [(540, 840 if day.weekday() == 5 else 960)]
    if day in (date(2020, 11, 3), date(2020, 12, 31)):
        return [(540, hours[0][1] - 60)]
    return hours


def always(day: date) -> list[tuple[int, int]]:
    """Round the clock."""
    return [(0, 1440)]


def russia(zone: str, schedule: str, **options: str) -> Calendar:
    return Calendar.russia(zone=zone, schedule=schedule, **options)  # type: ignore[arg-type]


OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
NIGHT = "mon-sun 09:00-12:00, fri+sat 22:00-06:00; break fri+sat 02:00-02:30"
SIX = "mon-fri 09-16, sat 09-14"
WINTER = (date(2020, 11, 1), date(2021, 1, 31))
AUTUMN = (date(2024, 10, 28), date(2024, 11, 10))
SPRING = (date(2024, 3, 1), date(2024, 4, 15))

CASES = {
    "office, Moscow": (russia("Europe/Moscow", OFFICE), office_hours, WINTER),
    "office, Moscow, swapped Saturday": (russia("Europe/Moscow", OFFICE), office_hours, AUTUMN),
    "office, Volgograd, clock change": (russia("Europe/Volgograd", OFFICE), office_hours, WINTER),
    "six-day, Kamchatka": (russia("Asia/Kamchatka", SIX, week="six"), six_day_hours, WINTER),
    "night, Volgograd": (Calendar.weekly(zone="Europe/Volgograd", schedule=NIGHT), night_hours, WINTER),
    "night, gap in Berlin": (Calendar.weekly(zone="Europe/Berlin", schedule=NIGHT), night_hours, SPRING),
    "night, fold in Berlin": (Calendar.weekly(zone="Europe/Berlin", schedule=NIGHT), night_hours, AUTUMN),
    "always, Volgograd": (Calendar.round_the_clock("Europe/Volgograd"), always, WINTER),
}


def moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


@pytest.mark.parametrize("name", CASES)
def test_add_and_worked_equal_the_oracle(name: str) -> None:
    """On random moments and every edge, a second before and after, in UTC and in the own zone."""
    calendar, hours, (first, last) = CASES[name]
    oracle = Oracle(calendar.zone.key, hours, first, last)
    edges = sorted(
        int(edge.timestamp()) + near
        for offset in range((last - first).days - 1)
        for interval in calendar.intervals(first + timedelta(1 + offset))
        for edge in interval
        for near in (-1, 0, 1)
    )
    low = edges[0]
    high = edges[-1] - 5 * 86_400
    chance = random.Random(name)
    starts = [edge for edge in edges if edge < high] + [chance.randint(low, high) for _ in range(300)]
    for start in starts:
        amount = chance.choice([0, 1, 60, 3600, 8 * 3600, chance.randint(1, 9 * 3600)])
        begun = moment(start)
        expected = oracle.add(start, amount)
        for spelled in (begun, begun.astimezone(calendar.zone)):
            assert calendar.add(spelled, timedelta(seconds=amount)).timestamp() == expected, (begun, amount)
        end = min(start + chance.randint(0, 6 * 86_400), edges[-1])
        worked = timedelta(seconds=oracle.worked(start, end))
        assert calendar.worked(begun, moment(end)) == worked, (begun, moment(end))
        own = (begun.astimezone(calendar.zone), moment(end).astimezone(calendar.zone))
        assert calendar.worked(*own) == worked, own


def test_the_oracle_counts_by_hand() -> None:
    """The oracle itself gives an answer worked out on paper: a whole Friday is 7 h 12 min."""
    oracle = Oracle("Europe/Moscow", office_hours, date(2024, 10, 28), date(2024, 11, 10))
    friday = int(datetime(2024, 10, 31, 22, tzinfo=UTC).timestamp())
    assert oracle.worked(friday, friday + 86_400) == 7 * 3600 + 12 * 60
