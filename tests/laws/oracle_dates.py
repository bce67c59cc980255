"""What each civil date is, for the oracle: from the raw facts of the acts, with a reader of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

Hours = list[tuple[int, int]]

# Working hours in minutes, Monday first, beside the same hours as the library reads them.
LUNCH = [(480, 720), (768, 1020)]
NIGHT = [(1320, 1560), (1590, 1800)]
SCHEDULES: dict[str, tuple[str, list[Hours]]] = {
    "lunch": (
        "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48",
        [LUNCH, LUNCH, LUNCH, LUNCH, [(480, 720), (768, 960)], [], []],
    ),
    "night": (
        "mon 03:00-09:00, tue-thu 09:00-12:00, fri+sat 22:00-06:00; break fri+sat 02:00-02:30",
        [[(180, 540)], [(540, 720)], [(540, 720)], [(540, 720)], NIGHT, NIGHT, []],
    ),
    # The last piece of a date is shorter than the hour that an eve loses.
    "six": ("mon-fri 09-15 15:15-16:00, sat 09-14", [[(540, 900), (915, 960)]] * 5 + [[(540, 840)], []]),
    "always": ("mon-sun 00:00-24:00", [[(0, 1440)]] * 7),
}
CLOSINGS = ("mon-thu 16:00, fri 15:00", {0: 960, 1: 960, 2: 960, 3: 960, 4: 900})

# Labour Code, art. 112 part 1.
HOLIDAYS = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
# Saturdays exchanged for weekdays, by the Government's decrees of these years.
PARTNERS = {
    date(2016, 2, 20): date(2016, 2, 22),
    date(2018, 4, 28): date(2018, 4, 30),
    date(2018, 6, 9): date(2018, 6, 11),
    date(2018, 12, 29): date(2018, 12, 31),
    date(2021, 2, 20): date(2021, 2, 22),
    date(2022, 3, 5): date(2022, 3, 7),
    date(2024, 4, 27): date(2024, 4, 29),
    date(2024, 11, 2): date(2024, 4, 30),
    date(2024, 12, 28): date(2024, 12, 30),
    date(2025, 11, 1): date(2025, 11, 3),
    date(2027, 2, 20): date(2027, 2, 22),
}
# Non-working days by presidential decree, both ends included.
SPECIAL = [
    (date(2020, 3, 30), date(2020, 4, 30)),
    (date(2020, 5, 6), date(2020, 5, 8)),
    (date(2020, 6, 24), date(2020, 6, 24)),
    (date(2020, 7, 1), date(2020, 7, 1)),
    (date(2021, 5, 4), date(2021, 5, 7)),
    (date(2021, 10, 30), date(2021, 11, 7)),
]


@dataclass(frozen=True)
class Options:
    """What `Calendar.russia` is told; None as the week means `Calendar.weekly`."""

    week: str | None = None
    shortened: str = "minus_60"
    close: bool = True
    roll: bool = False


def facts_file(week: str) -> Path:
    """The facts kept outside the repository where there are any, else the shipped ones."""
    outside = Path(os.environ.get("MCU_SHARED") or ".", "data")
    name = "production-calendar-ru.csv" if week == "five" else "production-calendar-ru-6day.csv"
    inside = Path(__file__).parents[2] / "src" / "mcu_sdk" / "sla" / "russia" / "production_calendar.csv"
    return outside / name if (outside / name).is_file() else inside


def read_facts(week: str) -> dict[str, set[date]]:
    """Dates off that were moved here, working Saturdays and shortened dates, by kind."""
    shipped = facts_file(week).parent.name == "russia"
    found: dict[str, set[date]] = {"off": set(), "working": set(), "shortened": set()}
    kinds = {"day_off": "off", "transferred_day_off": "off", "working_weekend": "working"}
    for line in facts_file(week).read_text("utf-8").splitlines():
        cells = line.split(",")
        if line[:1].isdigit() and (not shipped or cells[2] in ("both", week)):
            kind = kinds.get(cells[1], cells[1])
            found.setdefault(kind, set()).add(date.fromisoformat(cells[0]))
    return found


class Dates:
    """Whether a date counts for terms, and its hours, for every date from the first to the last."""

    def __init__(self, schedule: str, options: Options, first: date, last: date) -> None:
        self.first, self.last, self.options = first, last, options
        self.week = SCHEDULES[schedule][1]
        self.always = schedule == "always"
        self.facts = read_facts(options.week) if options.week else {}
        self._known: dict[date, tuple[bool, Hours]] = {}
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            self._known[day] = self._russian(day) if options.week else self._weekly(day)

    def _weekly(self, day: date) -> tuple[bool, Hours]:
        hours = self.week[day.weekday()]
        return bool(hours), hours

    def _russian(self, day: date) -> tuple[bool, Hours]:
        options, weekday = self.options, day.weekday()
        working = weekday < (5 if options.week == "five" else 6)
        if day in self.facts["working"]:
            working, weekday = True, PARTNERS[day].weekday()
        hours = self.week[weekday]
        if (day.month, day.day) in HOLIDAYS or day in self.facts["off"]:
            return False, []
        if day in self.facts["shortened"]:
            hours = self._shorter(hours, weekday)
        if any(first <= day <= last for first, last in SPECIAL):
            return working and not options.roll, [] if options.close else hours
        return working, hours

    def _shorter(self, hours: Hours, weekday: int) -> Hours:
        if self.always or self.options.shortened == "none":
            return hours
        minutes = [minute for opens, closes in hours for minute in range(opens, closes)]
        if self.options.shortened == "minus_60":
            minutes = minutes[:-60]
        else:
            minutes = [minute for minute in minutes if minute < CLOSINGS[1].get(weekday, 9999)]
        begins = [minute for minute in minutes if minute - 1 not in minutes]
        ends = [minute + 1 for minute in minutes if minute + 1 not in minutes]
        return list(zip(begins, ends, strict=True))

    def opening(self) -> Iterator[tuple[date, Hours]]:
        """Every date with its hours."""
        for day, (_, hours) in self._known.items():
            yield day, hours

    def covers(self, day: date) -> bool:
        """Whether the date is among those known."""
        return day in self._known

    def works(self, day: date) -> bool | None:
        """Whether the date counts for terms."""
        return self._known[day][0] if day in self._known else None

    def hours(self, day: date) -> Hours:
        """The hours that open on the date."""
        return self._known[day][1]

    def opens(self, day: date) -> bool | None:
        """Whether hours open on the date."""
        return bool(self.hours(day)) if day in self._known else None

    def count(self, day: date, number: int) -> date | None:
        """Walk to the *number*-th working date after the date, or before it."""
        step = timedelta(1 if number > 0 else -1)
        for _ in range(abs(number)):
            day += step
            while day in self._known and not self.works(day):
                day += step
        return day if number == 0 or day in self._known else None

    def roll(self, day: date, how: str) -> date | None:
        """The date if it works, else its working neighbour."""
        if how == "none":
            return day
        if self.works(day):
            return day
        return self.count(day, -1 if how == "previous" else 1) if day in self._known else None

    def unusual(self) -> list[tuple[date, date]]:
        """Periods, first and last date, in which some date is not what its weekday is."""
        periods: list[tuple[date, date]] = []
        for day, (_, hours) in self._known.items():
            if (day.month, day.day) in HOLIDAYS or hours != self.week[day.weekday()]:
                joined = periods and (day - periods[-1][1]).days <= 2
                periods.append((periods.pop()[0] if joined else day, day))
        return periods
