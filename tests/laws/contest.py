"""The library against the oracle, by calendar: exact edges, every date, random cases; also in bulk."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import Calendar, Rule, load_rules
from mcu_sdk.sla.calendar import AtClose, Roll
from mcu_sdk.sla.rule import DayPoint, FirstDay, Floor, Unit

from .bulk import REFUSED, in_bulk
from .oracle import Oracle, WallClock
from .oracle_dates import CLOSINGS, SCHEDULES, Dates, Options
from .oracle_due import due

DAY = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# The zones of Russia.
ZONES = [
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Simferopol",
    "Europe/Kirov",
    "Europe/Volgograd",
    "Europe/Samara",
    "Europe/Astrakhan",
    "Europe/Ulyanovsk",
    "Europe/Saratov",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Barnaul",
    "Asia/Tomsk",
    "Asia/Novosibirsk",
    "Asia/Novokuznetsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Chita",
    "Asia/Yakutsk",
    "Asia/Khandyga",
    "Asia/Vladivostok",
    "Asia/Ust-Nera",
    "Asia/Sakhalin",
    "Asia/Magadan",
    "Asia/Srednekolymsk",
    "Asia/Kamchatka",
    "Asia/Anadyr",
]
OPTIONS = [
    Options(week, shortened, close, roll)
    for week in ("five", "six")
    for shortened in ("minus_60", "none", CLOSINGS[0])
    for close in (True, False)
    for roll in (True, False)
]
WEEKLY_YEARS = (date(2010, 1, 1), date(2035, 12, 31))
RUSSIA_YEARS = (date(2015, 1, 1), date(2027, 12, 31))


class Entry(NamedTuple):
    """One calendar of the contest."""

    zone: str
    schedule: str
    options: Options

    def __str__(self) -> str:
        return f"{self.zone} {self.schedule} {self.options}"


# Berlin changes its clocks twice a year; every option of a Russian calendar meets every schedule.
WEEKLY = [Entry(zone, schedule, Options()) for zone in (*ZONES, "Europe/Berlin") for schedule in SCHEDULES]
RUSSIA = [
    Entry(zone, schedule, OPTIONS[(z + 6 * s) % len(OPTIONS)])
    for z, zone in enumerate(ZONES)
    for s, schedule in enumerate(SCHEDULES)
]


def calendar_of(entry: Entry) -> Calendar:
    """The library's calendar."""
    schedule, options = SCHEDULES[entry.schedule][0], entry.options
    if options.week is None:
        return Calendar.weekly(zone=entry.zone, schedule=schedule)
    week: Literal["five", "six"] = "five" if options.week == "five" else "six"
    return Calendar.russia(
        zone=entry.zone,
        schedule=schedule,
        week=week,
        shortened=options.shortened,
        special_days_close=options.close,
        special_days_roll=options.roll,
    )


@cache
def wall_clock(zone: str) -> WallClock:
    """The zone's clock over all years of the contest."""
    return WallClock(zone, date(2009, 5, 1), date(2038, 1, 31))


@cache
def oracle_of(entry: Entry) -> Oracle:
    """The oracle's calendar; what repeats weekly goes on far enough for every answer."""
    # A weekly calendar has no end; a production calendar ends with its last act.
    years = RUSSIA_YEARS if entry.options.week else (date(2009, 6, 1), date(2037, 12, 31))
    return Oracle(wall_clock(entry.zone), Dates(entry.schedule, entry.options, *years))


@dataclass
class Contest:
    """One calendar's questions, put to both sides."""

    entry: Entry
    seed: str
    asked: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    # What was asked row by row and what the oracle said, to be asked of whole columns.
    rows: dict[tuple[str, Rule | AtClose | None], list[tuple[int, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.entry}")
        self.calendar, self.oracle = calendar_of(self.entry), oracle_of(self.entry)
        first, last = RUSSIA_YEARS if self.entry.options.week else WEEKLY_YEARS
        # The shift of the date before the first is unknown to a production calendar.
        self.low = self.oracle.clock.first(first + timedelta(1), 0)
        self.high = self.oracle.clock.first(last, 86_399)
        self.zones = (self.calendar.zone, UTC, ZoneInfo("America/St_Johns"))
        self.rules = [self._rule() for _ in range(12)]
        self.bound = [rule.bind(self.calendar) for rule in self.rules]
        around = [(change, change) for change in self.oracle.clock.changes]
        if self.entry.options.week:
            around += [
                (self.oracle.clock.first(begun, 0), self.oracle.clock.first(ended, 86_399))
                for begun, ended in self.oracle.dates.unusual()
            ]
        self.windows = [
            (max(since - 4 * DAY, self.low), min(until + 4 * DAY, self.high))
            for since, until in around
            if self.low < since and until < self.high
        ]

    def _rule(self) -> Rule:
        choice = self.chance.choice
        units: tuple[Unit, ...] = ("calendar_days", "working_days", "months")
        unit = choice(units)
        return (
            load_rules()
            .rule("portal.ordinary")
            .replace(
                amount=self.chance.randint(0, 12 if unit == "months" else 40),
                unit=unit,
                first_day=choice(get_args(FirstDay)),
                roll=choice(get_args(Roll)),
                floor=choice(get_args(Floor)),
                day_point=choice(get_args(DayPoint)),
            )
        )

    def moment(self, epoch: int) -> datetime:
        """An instant in one of several spellings."""
        return datetime.fromtimestamp(epoch, self.chance.choice(self.zones))

    def compare(self, name: str, question: str, ours: Callable[[], object], expected: object) -> None:
        """Note a difference; None is expected where the calendar's years end."""
        self.asked[name] += 1
        answer: object
        try:
            answer = ours()
        except CalendarHorizonError:
            answer = None
        if isinstance(answer, datetime):
            assert answer.tzinfo is self.calendar.zone, "an answer comes in the calendar's own zone"
            answer = answer.timestamp()
        if answer != expected:
            self.differences.append(f"{self.entry}: {question}: ours {answer}, the oracle {expected}")

    def note(self, question: str, option: Rule | AtClose | None, *row: int | None) -> None:
        """Keep a row, its last item the oracle's answer, for `in_bulk`."""
        answered = tuple(REFUSED if one is None else one for one in row)
        self.rows.setdefault((question, option), []).append(answered)

    def in_bulk(self) -> None:
        """Ask all that was asked row by row once more, of whole columns."""
        for (question, option), rows in self.rows.items():
            *columns, expected = (list(column) for column in zip(*rows, strict=True))
            for library, answers in in_bulk(question, self.calendar, option, columns).items():
                self.asked[f"in bulk, {question}"] += len(rows)
                self.differences += [
                    f"{self.entry}: {library}, {question} {option} {row[:-1]}: {answer}, the oracle {wanted}"
                    for row, answer, wanted in zip(rows, answers, expected, strict=True)
                    if answer != wanted
                ]

    def add(self, start: int, amount: int, at_close: AtClose) -> None:
        """Ask for `add`."""
        begun, expected = self.moment(start), self.oracle.add(start, amount, at_close)
        self.note("add", at_close, start, amount, expected)
        self.compare(
            f"add {at_close}",
            f"add({start}, {amount}, {at_close})",
            lambda: self.calendar.add(begun, timedelta(seconds=amount), at_close),
            expected,
        )

    def worked(self, start: int, end: int) -> None:
        """Ask for `worked`."""
        begun, ended = self.moment(start), self.moment(end)
        seconds = self.oracle.worked(start, end)
        self.note("worked", None, start, end, seconds)
        expected = timedelta(seconds=seconds)
        self.compare(
            "worked", f"worked({start}, {end})", lambda: self.calendar.worked(begun, ended), expected
        )

    def due(self, start: int, index: int) -> None:
        """Ask for the due moment of one of the rules, bound once and asked many times."""
        rule, begun = self.rules[index], self.moment(start)
        expected = due(self.oracle, rule, start)
        self.note("due", rule, start, expected)
        self.compare(
            "due",
            f"due({start}) of {rule.amount} {rule.unit}, first_day {rule.first_day}, roll {rule.roll},"
            f" floor {rule.floor}, day_point {rule.day_point}",
            lambda: self.bound[index].due(begun),
            expected,
        )

    def any_rule(self) -> int:
        """The number of a rule."""
        return self.chance.randrange(len(self.rules))

    def dates(self, day: date) -> None:
        """Ask the two questions about a date."""
        dates, calendar = self.oracle.dates, self.calendar
        self.compare("is_open", f"is_open({day})", lambda: calendar.is_open(day), dates.opens(day))
        self.compare(
            "is_working_day", f"is_working_day({day})", lambda: calendar.is_working_day(day), dates.works(day)
        )

    def count(self, day: date) -> None:
        """Ask for `roll` and `add_working_days`."""
        dates, calendar = self.oracle.dates, self.calendar
        how, number = self.chance.choice(get_args(Roll)), self.chance.randint(-70, 70)
        self.compare("roll", f"roll({day}, {how})", lambda: calendar.roll(day, how), dates.roll(day, how))
        expected = dates.count(day, number)
        since, until = (None if one is None else one.toordinal() - EPOCH_ORDINAL for one in (day, expected))
        self.note("add_working_days", None, since, number, until)
        self.compare(
            "add_working_days",
            f"add_working_days({day}, {number})",
            lambda: calendar.add_working_days(day, number),
            expected,
        )

    def exact_edges(self, windows: list[tuple[int, int]]) -> None:
        """Every opening and closing of the windows, a second before and after, to a later edge likewise."""
        for since, until in windows:
            edges = self.oracle.edges(since, until)
            for index, edge in enumerate(edges):
                for start in (edge - 1, edge, edge + 1):
                    later = edges[min(index + self.chance.randint(0, 6), len(edges) - 1)]
                    end = later + self.chance.choice((-1, 0, 1))
                    self.worked(start, end)
                    amount = max(self.oracle.worked(start, end), 0)
                    for at_close in get_args(AtClose):
                        self.add(start, amount, at_close)
                    self.due(start, self.any_rule())

    def midnights(self, windows: list[tuple[int, int]]) -> None:
        """Terms that start a second before and after the midnights of the windows, by the same rule."""
        for since, until in windows:
            day = self.oracle.clock.shows(since).date() + timedelta(1)
            while (midnight := self.oracle.clock.first(day, 0)) < until:
                for index in (self.any_rule(), self.any_rule()):
                    for start in (midnight - 1, midnight, midnight + 1):
                        self.due(start, index)
                day += timedelta(1)

    def every_date(self) -> None:
        """Both questions about every date of the years."""
        day = self.oracle.dates.first
        while day <= self.oracle.dates.last:
            self.dates(day)
            day += timedelta(1)

    def random_cases(self, number: int) -> None:
        """Random questions about random moments, half of them near a clock change or a holiday."""
        chance = self.chance
        for _ in range(number):
            low, high = chance.choice(self.windows) if chance.random() < 0.5 else (self.low, self.high)
            start = chance.randint(low, high)
            longest = chance.choice((60, 9 * 3600, 9 * 3600, 40 * 3600, 400 * 3600))
            amount = chance.choice((0, 3600, 8 * 3600, *[chance.randint(0, longest)] * 5))
            match chance.choices(("close", "next_open", "worked", "due", "date"), (25, 20, 20, 20, 15))[0]:
                case "worked":
                    end = start + chance.randint(-40, 40) * chance.randint(0, DAY)
                    self.worked(start, min(max(end, self.low), self.high))
                case "due":
                    self.due(start, self.any_rule())
                case "date":
                    ask = chance.choice((self.dates, self.count))
                    ask(self.oracle.clock.shows(start).date())
                case "close":
                    self.add(start, amount, "close")
                case _:
                    self.add(start, amount, "next_open")


def contest(entry: Entry, seed: str, cases: int) -> Contest:
    """Hold the whole contest for one calendar."""
    held = Contest(entry, seed)
    held.random_cases(cases)
    if entry.options.week:
        held.every_date()
    held.exact_edges(held.windows)
    held.midnights(held.windows)
    held.in_bulk()
    return held
