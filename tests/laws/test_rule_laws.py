"""The rules' laws, on random rules, starts and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias, get_args
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mcu_sdk.sla import Calendar, Deadline, Rule, load_rules
from mcu_sdk.sla.calendar import Roll
from mcu_sdk.sla.rule import DayPoint, FirstDay, Floor

from .situations import calendars_with_epochs

Situation: TypeAlias = tuple[Calendar, int]

LAWS = settings(max_examples=400)
CALENDARS = [
    Calendar.russia(zone="Europe/Moscow", schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"),
    Calendar.russia(zone="Europe/Volgograd", schedule="tue 09:00-12:00, fri 22:00-06:00"),
    Calendar.russia(zone="Asia/Kamchatka", schedule="mon-fri 09-18, sat 09-14", week="six"),
    Calendar.round_the_clock("Europe/Berlin"),
    Calendar.weekly(zone="Europe/Moscow", schedule="mon-fri 22:00-02:30, sun 01:30-02:30"),
    Calendar.weekly(zone="Europe/Volgograd", schedule="mon-sun 22:00-06:00"),
]
PLAIN = load_rules().rule("portal.ordinary")

calendars = st.sampled_from(CALENDARS)
situations = calendars_with_epochs(CALENDARS).map(lambda drawn: (drawn[0], drawn[1][0]))
lengths = st.tuples(st.integers(0, 40), st.sampled_from(["calendar_days", "working_days"])) | st.tuples(
    st.integers(0, 12), st.just("months")
)
day_rules = st.builds(
    lambda length, **fields: PLAIN.replace(amount=length[0], unit=length[1], **fields),
    length=lengths,
    first_day=st.sampled_from(get_args(FirstDay)),
    roll=st.sampled_from(get_args(Roll)),
    floor=st.sampled_from(get_args(Floor)),
    day_point=st.sampled_from(get_args(DayPoint)),
)


def at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


@LAWS
@given(day_rules, situations)
def test_due_is_never_before_the_start(rule: Rule, situation: Situation) -> None:
    """In every mode the last permitted second lies at or after the start."""
    calendar, start = situation
    deadline = rule.bind(calendar).deadline(at(start))
    assert deadline.due.timestamp() >= start
    assert deadline.internal_due is None
    assert rule.bind(calendar).due(at(start)) == deadline.due


def wall(deadline: Deadline) -> datetime:
    """The start on the wall, where an hour may come twice."""
    assert isinstance(deadline.start, datetime)
    return deadline.start.replace(tzinfo=None)


@LAWS
@given(day_rules, situations, st.integers(0, 12 * 86_400))
def test_a_later_start_is_never_due_earlier(rule: Rule, situation: Situation, later: int) -> None:
    """The due date grows with the start in every mode, and so does the due moment.

    Under `same_time` two starts of different dates may end on one date, rolled or at a month's end,
    each at its own time; the moment then grows only with the time of day on the date it is counted
    from, which an hour that comes twice does not. And where the floor `next_open` bites, it may pass
    over a date off that a later start ends on.
    """
    calendar, start = situation
    bound = rule.bind(calendar)
    first, second = bound.deadline(at(start)), bound.deadline(at(start + later))
    assume(first.floored != "next_open")
    assert first.due_date <= second.due_date
    one_date = first.counted_from == second.counted_from
    if rule.day_point != "same_time" or (one_date and wall(first) <= wall(second)):
        assert first.due.timestamp() <= second.due.timestamp()


@LAWS
@given(day_rules, situations, st.sampled_from(["Asia/Tokyo", "America/St_Johns", "UTC"]), st.booleans())
def test_zone_spelling_does_not_matter(rule: Rule, situation: Situation, zone: str, own_first: bool) -> None:
    """The same start written in another zone is due at the same moment on the same civil date."""
    calendar, start = situation
    bound = rule.bind(calendar)
    spellings = [at(start).astimezone(calendar.zone), at(start).astimezone(ZoneInfo(zone))]
    one, other = spellings if own_first else reversed(spellings)
    assert bound.due(one).timestamp() == bound.due(other).timestamp()
    assert bound.deadline(one).due_date == bound.deadline(other).due_date


@LAWS
@given(situations, st.integers(0, 5000), st.integers(0, 3 * 86_400))
def test_minutes_are_monotone_too(situation: Situation, amount: int, later: int) -> None:
    """A rule in minutes that starts later is never due earlier, and never before its start."""
    calendar, start = situation
    bound = load_rules().rule("comments.90_minutes").replace(amount=amount, counted_on="duty").bind(calendar)
    first, second = bound.deadline(at(start)), bound.deadline(at(start + later))
    assert start <= first.due.timestamp() <= second.due.timestamp()
    assert first.due_date <= second.due_date


@LAWS
@given(day_rules, situations, st.integers(0, 86_399))
def test_the_remembered_answer_is_the_counted_one(rule: Rule, situation: Situation, other: int) -> None:
    """A bound rule that has answered before gives the same answer as a fresh one, in any zone spelling."""
    calendar, start = situation
    bound = rule.bind(calendar)
    own = at(start).astimezone(calendar.zone)
    bound.due(own)
    same_date = datetime(own.year, own.month, own.day, tzinfo=calendar.zone) + timedelta(seconds=other)
    assume(same_date.astimezone(UTC).astimezone(calendar.zone).replace(fold=0) == same_date)
    again = rule.bind(calendar).due(same_date.astimezone(UTC))
    assert bound.due(same_date).timestamp() == again.timestamp()


@LAWS
@given(day_rules, calendars, st.dates(date(2015, 3, 1), date(2026, 9, 1)))
def test_rolling_lands_on_working_dates(rule: Rule, calendar: Calendar, start: date) -> None:
    """A rolled due date works, unless the floor moved it; rolling back never makes it later than nominal."""
    assume(rule.day_point != "same_time" and rule.roll != "none")
    deadline = rule.bind(calendar).deadline(start)
    if deadline.floored is None:
        assert calendar.is_working_day(deadline.due_date)
        if rule.roll == "previous":
            assert deadline.due_date <= deadline.nominal_date
        else:
            assert deadline.due_date >= deadline.nominal_date


@LAWS
@given(situations, st.integers(0, 20 * 86_400))
def test_an_extension_never_shortens(situation: Situation, noticed: int) -> None:
    """With a notice in time the due moment moves later or stays; after it, nothing changes."""
    calendar, start = situation
    bound = load_rules().rule("59fz.examination").bind(calendar)
    deadline = bound.deadline(at(start))
    extended = deadline.extended(noticed_at=deadline.due - timedelta(seconds=noticed))
    assert extended.due.timestamp() >= deadline.due.timestamp()
    assert extended.due_date == deadline.latest_extension
    late = deadline.extended(noticed_at=at(int(deadline.due.timestamp()) + 1 + noticed))
    assert late.due == deadline.due
    assert late.extension is not None
    assert not late.extension.counts


@LAWS
@given(situations, st.integers(0, 5000))
def test_minutes_use_exactly_their_amount(situation: Situation, amount: int) -> None:
    """A rule in minutes ends when that much working time has passed, explained in pieces that add up."""
    calendar, start = situation
    rule = load_rules().rule("comments.90_minutes").replace(amount=amount, counted_on="duty")
    deadline = rule.bind({"duty": calendar}).deadline(at(start))
    assert calendar.worked(at(start), deadline.due) == timedelta(minutes=amount)
    counted = next(step for step in deadline.trace if step.kind == "count")
    pieces = (calendar.worked(piece.opens, piece.closes) for piece in counted.worked)
    assert sum(pieces, timedelta()) == timedelta(minutes=amount)


@LAWS
@given(day_rules, situations)
def test_every_answer_can_be_explained(rule: Rule, situation: Situation) -> None:
    """Both languages give the due moment in words, whatever the rule."""
    calendar, start = situation
    deadline = rule.bind(calendar).deadline(at(start))
    shown = f"{deadline.due:%d.%m.%Y %H:%M}"
    assert shown in deadline.explain("ru")
    assert shown in deadline.explain("en")
