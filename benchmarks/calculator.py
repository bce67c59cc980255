"""The calculator beside plain datetime arithmetic and beside its peers, on random inputs.

Inputs lie anywhere in eight years, so nothing is hot. Each figure is the best round of loops that take
turns; ratios are of one run. Before timing, every answer is held against every peer's that can say
the case.
"""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from mcu_sdk.sla import (
    Calendar,
    Case,
    CaseEvent,
    EventKind,
    Overlay,
    OverlayDay,
    Policy,
    ProductionCalendar,
    evaluate,
    load_rules,
)

ROUNDS = 25
INPUTS = 3_000
FIRST, LAST = date(2017, 1, 1), date(2024, 12, 31)
EIGHT_HOURS = timedelta(hours=8)
MONTH = timedelta(days=30)
ZONE = "Europe/Moscow"

Loop = Callable[[], None]


class Goal(NamedTuple):
    """A promise about two loops: *ours* takes at most, or *other* at least, `limit` times as long."""

    ours: str
    other: str
    limit: float
    faster: bool = False


def measured(
    title: str, loops: dict[str, Loop], goals: Iterable[Goal], known: Mapping[str, float] = {}
) -> None:
    """Run the loops in turn, and print each goal with what came of it; *known* are nanoseconds too."""
    best = dict.fromkeys(loops, float("inf"))
    for _ in range(ROUNDS):
        for name, loop in loops.items():
            best[name] = min(best[name], timeit.timeit(loop, number=1) / INPUTS * 1e9)
    judged(title, {**best, **known}, goals)


def judged(title: str, best: Mapping[str, float], goals: Iterable[Goal]) -> None:
    """Print each goal with what came of it; *best* are nanoseconds."""
    print(f"\n{title}")
    for ours, other, limit, faster in goals:
        label = f"  {ours} / {other}"
        mine = f"{best[ours]:>14,.{0 if best[ours] >= 100 else 2}f} ns"
        if other not in best:
            print(f"{label:62} {mine} {'not installed':>17}")
            continue
        ratio = best[other] / best[ours] if faster else best[ours] / best[other]
        met = ratio >= limit if faster else ratio <= limit
        promise = f"{'≥' if faster else '≤'} {limit:g} {'× faster' if faster else '×'}"
        theirs = f"{best[other]:>14,.{0 if best[other] >= 100 else 2}f} ns"
        print(f"{label:62} {mine} {theirs} {ratio:>9.2f} ×   {promise:14} {'ok' if met else 'missed'}")


def each(action: Callable[[Any], object], inputs: Sequence[object]) -> Loop:
    """Return a loop that calls *action* with each input."""

    def loop() -> None:
        for one in inputs:
            action(one)

    return loop


def pairwise(
    action: Callable[[Any, Any], object], firsts: Sequence[object], seconds: Sequence[object]
) -> Loop:
    """Return a loop that calls *action* with each pair of inputs."""

    def loop() -> None:
        for one, other in zip(firsts, seconds, strict=True):
            action(one, other)

    return loop


def peer(name: str) -> ModuleType | None:
    """Return a peer's module, or None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def agreed(ours: Iterable[object], theirs: Iterable[object], name: str) -> None:
    """Stop the benchmark where two answers differ."""
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        if mine != other:
            raise SystemExit(f"{name} disagrees on input {number}: {mine} here, {other} there")


def holidays_off() -> tuple[date, ...]:
    """The weekdays off by the production calendar, which peers can be told."""
    production, days = ProductionCalendar.load(), (LAST.year + 2 - FIRST.year) * 365
    dates = (FIRST + timedelta(offset) for offset in range(days))
    return tuple(
        day for day in dates if production.is_plain_working(day) and not production.is_working_day(day)
    )


def moments(calendar: Calendar, seed: int) -> list[datetime]:
    """Random seconds of the years, in the calendar's own zone."""
    chance, seconds = random.Random(seed), (LAST - FIRST).days * 86_400
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=calendar.zone)
    return [start + timedelta(seconds=chance.randrange(seconds)) for _ in range(INPUTS)]


def hours(title: str, calendar: Calendar, schedule: Any) -> None:
    """Deadlines in working hours, and working time, on one profile; *schedule* is workclock's."""
    starts = moments(calendar, 1)
    bound = load_rules().rule("comments.90_minutes").replace(amount=8, unit="hours", counted_on="office")
    due, elsewhere = bound.bind(calendar).due, [start.astimezone(UTC) for start in starts]

    def floor() -> None:
        for start in starts:
            start + EIGHT_HOURS  # the floor is this alone

    def converted() -> None:
        for start in elsewhere:
            start.astimezone(calendar.zone) + EIGHT_HOURS

    eight = [EIGHT_HOURS] * INPUTS
    loops: dict[str, Loop] = {
        "dt + timedelta": floor,
        "astimezone + timedelta": converted,
        "Calendar.add": pairwise(calendar.add, starts, eight),
        "BoundRule.due": each(due, starts),
        "Calendar.add, from UTC": pairwise(calendar.add, elsewhere, eight),
        "BoundRule.due, from UTC": each(due, elsewhere),
    }
    agreed(map(due, starts), map(calendar.add, starts, eight), "the prepared rule")
    if schedule is not None:
        agreed(map(calendar.add, starts, eight), map(schedule.add, starts, eight), "workclock")
        loops["workclock"] = pairwise(schedule.add, starts, eight)
    goals = [
        Goal("Calendar.add", "dt + timedelta", 20),
        Goal("Calendar.add", "workclock", 8, faster=True),
        Goal("BoundRule.due", "dt + timedelta", 8),
        Goal("BoundRule.due", "workclock", 25, faster=True),
        Goal("Calendar.add, from UTC", "Calendar.add", 2),
        Goal("BoundRule.due, from UTC", "astimezone + timedelta", 2.5),
    ]
    measured(f"8 working hours, {title}", loops, goals)
    spans(title, calendar, schedule)


def spans(title: str, calendar: Calendar, schedule: Any) -> None:
    """Working time over spans of several lengths."""
    starts, chance = moments(calendar, 2), random.Random(3)
    lengths = {
        "half an hour": timedelta(minutes=30),
        "200 days": timedelta(days=200),
        "a year": timedelta(days=365),
    }
    ends = {name: [start + length for start in starts] for name, length in lengths.items()}
    ends["up to a week"] = [start + timedelta(seconds=chance.randrange(7 * 86_400)) for start in starts]

    def floor() -> None:
        for start, end in zip(starts, ends["a year"], strict=True):
            end - start  # the floor is this alone

    loops: dict[str, Loop] = {"b - a": floor}
    for name, until in ends.items():
        loops[f"worked, {name}"] = pairwise(calendar.worked, starts, until)
        if schedule is not None:
            agreed(
                map(calendar.worked, starts, until),
                map(schedule.between, starts, until),
                f"workclock, {name}",
            )
            loops[f"workclock, {name}"] = pairwise(schedule.between, starts, until)
    goals = [
        Goal("worked, up to a week", "b - a", 13),
        Goal("worked, a year", "b - a", 13),
        Goal("worked, a year", "worked, half an hour", 1.2),
        Goal("worked, up to a week", "workclock, up to a week", 12, faster=True),
        Goal("worked, 200 days", "workclock, 200 days", 50, faster=True),
    ]
    measured(f"working time, {title}", loops, goals)


def days(calendar: Calendar, off: tuple[date, ...]) -> None:
    """Day rules: thirty calendar days moved back to a working one, and ten working days."""
    starts = moments(calendar, 4)
    dates = [start.date() for start in starts]
    thirty = load_rules().rule("59fz.examination").bind(calendar).due
    ten = load_rules().rule("portal.ordinary").replace(amount=10, unit="working_days", roll="none")
    ten_due = ten.bind(calendar).due

    def floor() -> None:
        for day in dates:
            day + MONTH  # the floor is this alone

    peers: dict[str, tuple[Callable[[date], date], Callable[[date], date]]] = {}
    if business := peer("business_calendar"):
        known = business.Calendar(holidays=off)
        peers["business_calendar"] = (
            lambda day: known.adjust(day + MONTH, business.PREVIOUS),
            lambda day: known.addbusdays(day, 10),
        )
    if numpy := peer("numpy"):
        table = numpy.busdaycalendar(holidays=off)
        peers["numpy.busday_offset"] = (
            lambda day: numpy.busday_offset(day + MONTH, 0, roll="preceding", busdaycal=table).item(),
            lambda day: numpy.busday_offset(day, 10, roll="preceding", busdaycal=table).item(),
        )
    if library := peer("holidays"):
        dated = library.HolidayBase()
        dated.update(dict.fromkeys(off, "off"))
        dated.weekend = {5, 6}
        peers["holidays"] = (
            lambda day: dated.get_nth_working_day(day + MONTH + timedelta(1), -1),
            lambda day: dated.get_nth_working_day(day, 10),
        )
    for number, (title, due) in enumerate((("30 calendar days", thirty), ("10 working days", ten_due))):
        loops: dict[str, Loop] = {
            "d + timedelta": floor,
            "due, from a date": each(due, dates),
            "due, from a moment": each(due, starts),
        }
        for name, answers in peers.items():
            agreed((due(day).date() for day in dates), map(answers[number], dates), name)
            loops[name] = each(answers[number], dates)
        floors = [
            Goal("due, from a date", "d + timedelta", 5),
            Goal("due, from a moment", "d + timedelta", 5),
        ]
        names = ("business_calendar", "numpy.busday_offset", "holidays")
        measured(
            title, loops, [*floors, *(Goal("due, from a date", name, 10, faster=True) for name in names)]
        )


def cases(calendar: Calendar) -> None:
    """A verdict on a case of ten events and three clocks, beside the bare deadlines of the same starts."""
    book = load_rules().with_text('[[rule]]\nid = "comments.90_minutes"\ncounted_on = "office"')
    rules = {"first_reply": "comments.90_minutes", "final": "portal.fast_track"}
    policy = Policy.parse({"row": [{"rules": rules, "authority": "external"}]}, book)
    calendars = {"office": calendar}
    kinds = "received detected sent_to_executor due_set clarification_asked clarification_received"
    starts = moments(calendar, 5)

    def case(number: int, start: datetime) -> Case:
        at = [start + timedelta(hours=hours) for hours in range(0, 40, 4)]
        events = [
            CaseEvent(EventKind(kind), moment, due=at[9])
            for kind, moment in zip(kinds.split(), at, strict=False)
        ]
        replied = CaseEvent(EventKind.REPLIED, at[6], how="public")
        ended = (CaseEvent(EventKind("citizen_wrote"), at[7]), CaseEvent(EventKind("answered"), at[8]))
        return Case(str(number), {}, (*events, replied, *ended, CaseEvent(EventKind("rated"), at[9])))

    logs = [case(number, start) for number, start in enumerate(starts)]
    nows = [start + timedelta(hours=30) for start in starts]
    final = book.rule("portal.fast_track").bind(calendar)
    assert all(
        evaluate(one, policy, calendars, now).clocks for one, now in zip(logs[:10], nows, strict=False)
    )
    loops: dict[str, Loop] = {
        "BoundRule.deadline": each(final.deadline, starts),
        "evaluate, ten events": pairwise(lambda one, now: evaluate(one, policy, calendars, now), logs, nows),
    }
    pace = {"20,000 a second": 1e9 / 20_000}
    goals = [
        Goal("evaluate, ten events", "20,000 a second", 1),
        Goal("evaluate, ten events", "BoundRule.deadline", 5),
    ]
    measured(f"a case of {len(logs[0].events)} events and three clocks", loops, goals, pace)


def calculator() -> None:
    """All measurements of the calculator."""
    workclock, off = peer("workclock"), holidays_off()
    overlay = Overlay("off", tuple(OverlayDay(day, working=False, opens=False, act="-") for day in off))
    plain = Calendar.weekly(zone=ZONE, schedule="mon-fri 09:00-17:00")
    lunch = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
    office = Calendar.weekly(zone=ZONE, schedule=lunch, overlays=[overlay])
    schedules: tuple[Any, Any] = (None, None)
    if workclock:
        work, rest = workclock.WorkDay, workclock.Break(time(12), time(12, 48))
        rules = [work(time(8), time(17), range(4)), work(time(8), time(16), [4]), rest]
        schedules = (
            workclock.Schedule([work(time(9), time(17))], time_zone=ZONE),
            workclock.Schedule([*rules, workclock.Holidays(off)], time_zone=ZONE),
        )
    hours("Monday to Friday 9-17", plain, schedules[0])
    hours("with lunch, a short Friday and holidays", office, schedules[1])
    days(office, off)
    cases(office)
