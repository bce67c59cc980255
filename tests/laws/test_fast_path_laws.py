"""The ready answers equal the counted ones, to the second, the fold and the error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcu_sdk.errors import McuError
from mcu_sdk.sla import BoundRule, Calendar, Rule, load_rules
from mcu_sdk.sla.calendar import Roll
from mcu_sdk.sla.reach import Reach
from mcu_sdk.sla.rule import DayPoint, FirstDay, Floor

LAWS = settings(max_examples=600)
OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
CALENDARS = [
    Calendar.russia(zone="Europe/Moscow", schedule=OFFICE),
    Calendar.russia(zone="Europe/Volgograd", schedule="mon-fri 22:00-06:00, sun 00:30-03:00"),
    Calendar.russia(zone="Asia/Magadan", schedule="mon-sat 00:00-24:00", week="six", projected=True),
    Calendar.weekly(zone="Europe/Berlin", schedule="mon-sun 01:00-02:30 20:00-24:00"),
    Calendar.weekly(zone="America/Nuuk", schedule="sat-sun 18:00-24:00"),  # skips 23:00-24:00 of a date
    Calendar.weekly(zone="Africa/Cairo", schedule="tue-fri 23:00-22:30"),  # skips and repeats midnight
    Calendar.round_the_clock("Europe/Volgograd"),
    Calendar.weekly(zone="Europe/Moscow", schedule=""),
]
SPELLINGS = [UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York"), timezone(timedelta(hours=-3.5))]


class KnowsNothing:
    """A table of ready answers without any."""

    def add(self, moment: datetime, amount: timedelta) -> None: ...
    def worked(self, start: datetime, end: datetime) -> None: ...
    def prepared(self, ordinal: int, amount: timedelta) -> None: ...


def counting(calendar: Calendar) -> Calendar:
    """An equal calendar that always counts in epoch seconds."""
    slow = Calendar(calendar.definition)
    slow.reach = Reach(calendar.definition)
    slow.reach.__dict__["wall"] = KnowsNothing()
    return slow


PAIRS = [(calendar, counting(calendar)) for calendar in CALENDARS]
HORIZONS = [date(year, 1, 1).toordinal() for year in (2015, 2028, 2035)]
EDGES = [sorted({*calendar.reach.table.zone.unsteady_dates, *HORIZONS}) for calendar in CALENDARS]
TIMES = st.integers(0, 86_399) | st.integers(0, 95).map(lambda quarter: quarter * 900)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, Calendar, datetime]:
    """A calendar both ways, and a wall time of its zone, often near an edge, in some spelling."""
    index = draw(st.integers(0, len(PAIRS) - 1))
    ordinary = st.integers(date(2014, 12, 29).toordinal(), date(2036, 1, 3).toordinal())
    near = st.tuples(st.sampled_from(EDGES[index]), st.integers(-3, 3)).map(sum)
    midnight = datetime.fromordinal(draw(ordinary | near))
    wall = midnight + timedelta(seconds=draw(TIMES), microseconds=draw(st.sampled_from([0, 0, 1, 999_999])))
    fast, slow = PAIRS[index]
    moment = wall.replace(tzinfo=fast.zone, fold=draw(st.integers(0, 1)))
    spelling = draw(st.sampled_from([None, None, *SPELLINGS]))
    return fast, slow, moment.astimezone(UTC).astimezone(spelling) if spelling else moment


def outcome(question: Callable[[], datetime | timedelta]) -> tuple[object, ...]:
    """An answer with its type, zone and fold, or the error."""
    try:
        answer = question()
    except McuError as error:
        return type(error), error.code, str(error)
    if isinstance(answer, datetime):
        return type(answer), answer.replace(tzinfo=None), answer.fold, answer.tzinfo, answer.microsecond
    return type(answer), answer


amounts = st.integers(-2, 3 * 86_400).map(
    lambda seconds: timedelta(seconds=seconds, microseconds=seconds % 3)
)
long_amounts = st.integers(0, 900 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@LAWS
@given(cases(), amounts | long_amounts)
def test_a_ready_addition_is_the_counted_one(
    case: tuple[Calendar, Calendar, datetime], amount: timedelta
) -> None:
    """Same answer, fold, zone and error, near clock changes and horizons too."""
    fast, slow, moment = case
    assert outcome(lambda: fast.add(moment, amount)) == outcome(lambda: slow.add(moment, amount))


@LAWS
@given(cases(), st.integers(-40 * 86_400, 40 * 86_400), st.sampled_from([None, *SPELLINGS]))
def test_ready_working_time_is_the_counted_one(
    case: tuple[Calendar, Calendar, datetime], span: int, spelling: ZoneInfo | timezone | None
) -> None:
    """Same working time or error between any two moments, however each is spelled."""
    fast, slow, start = case
    end = (start.astimezone(UTC) + timedelta(seconds=span)).astimezone(spelling or fast.zone)
    assert outcome(lambda: fast.worked(start, end)) == outcome(lambda: slow.worked(start, end))


CLOCK_RULE = load_rules().rule("comments.90_minutes").replace(counted_on="duty")
CLOCK_RULES: dict[tuple[int, int], BoundRule] = {}


@LAWS
@given(cases(), st.sampled_from([0, 1, 30, 60, 90, 192, 480, 1440, 2000]))
def test_a_prepared_rule_answers_as_the_calendar_counts(
    case: tuple[Calendar, Calendar, datetime], amount: int
) -> None:
    """A rule in minutes that remembers its dates says what a fresh count says, at first and later on."""
    fast, slow, start = case
    rule = CLOCK_RULE.replace(amount=amount)
    bound = CLOCK_RULES.setdefault((id(fast), amount), rule.bind(fast))
    counted = outcome(lambda: rule.bind(slow).deadline(start).due)
    for _ in range(2):
        assert outcome(lambda: bound.due(start)) == counted


lengths = st.tuples(st.sampled_from([0, 1, 3, 10, 30]), st.sampled_from(["calendar_days", "working_days"]))
day_rules = st.builds(
    lambda length, **fields: (
        load_rules().rule("portal.ordinary").replace(amount=length[0], unit=length[1], **fields)
    ),
    length=lengths,
    first_day=st.sampled_from(get_args(FirstDay)),
    roll=st.sampled_from(get_args(Roll)),
    floor=st.sampled_from(get_args(Floor)),
    day_point=st.sampled_from(get_args(DayPoint)),
)
DAY_RULES: dict[tuple[int, Rule], BoundRule] = {}


@LAWS
@given(cases(), day_rules, st.integers(-1, 1))
def test_a_remembered_date_answers_as_a_fresh_count(
    case: tuple[Calendar, Calendar, datetime], rule: Rule, neighbour: int
) -> None:
    """Whatever a day rule was asked before, dates and moments get the answer of a fresh count."""
    fast, slow, start = case
    bound = DAY_RULES.setdefault((id(fast), rule), rule.bind(fast))
    day = start.astimezone(fast.zone).date() + timedelta(neighbour)
    for asked in (start, day, start.replace(fold=1 - start.fold), start):
        counted = outcome(lambda: rule.bind(slow).deadline(asked).due)  # noqa: B023  # asked at once
        assert outcome(lambda: bound.due(asked)) == counted, asked  # noqa: B023  # same


@pytest.mark.parametrize("minutes", [30, 90, 432, 492, 1000])
def test_every_edge_of_a_prepared_fortnight(minutes: int) -> None:
    """On each second around each whole minute of dates with lunch, holidays and a short Friday."""
    fast, slow = PAIRS[0]
    bound, amount = CLOCK_RULE.replace(amount=minutes).bind(fast), timedelta(minutes=minutes)
    start = datetime(2026, 6, 8, tzinfo=fast.zone)
    moments = [
        start + timedelta(minutes=6 * step, seconds=near) for step in range(2400) for near in (-1, 0, 1)
    ]
    for moment in moments:
        assert bound.due(moment) == slow.add(moment, amount) == fast.add(moment, amount)


def test_a_skipped_hour_may_lie_on_another_date() -> None:
    """Nuuk skipped 23:00-24:00 on 30.03.2024: what calls itself 23:30 then lies on the 31st."""
    calendar = CALENDARS[4]
    bound = (
        load_rules()
        .rule("portal.ordinary")
        .replace(amount=3, unit="calendar_days", roll="none")
        .bind(calendar)
    )
    noon = datetime(2024, 3, 30, 12, tzinfo=calendar.zone)
    assert bound.due(noon).date() == date(2024, 4, 2)
    assert bound.due(noon + timedelta(hours=11, minutes=30)).date() == date(2024, 4, 3)
