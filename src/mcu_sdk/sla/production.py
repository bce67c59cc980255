"""The production calendar of Russia: which dates work, by which act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple, TypeAlias, cast

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla.bilingual import Text, both

Week: TypeAlias = Literal["five", "six"]
DayKind: TypeAlias = Literal[
    "holiday", "day_off", "working", "shortened", "special", "weekend", "closed", "projected"
]

DATA_FILE = "production_calendar.csv"


class DayFact(NamedTuple):
    """One thing an act says about a date. `act` and `name` are keys of the act table or texts.

    `partner` is the date the day off came from, or the date a working Saturday was exchanged for.
    """

    on: date
    kind: DayKind
    act: str | Text = ""
    name: str | Text = ""
    partner: date | None = None

    @property
    def act_text(self) -> Text:
        """The act in Russian and English."""
        return _looked_up("acts", self.act)

    @property
    def name_text(self) -> Text:
        """The holiday's name in Russian and English; empty where there is none."""
        return _looked_up("names", self.name)


class ProductionTotals(NamedTuple):
    """A year's published figures. Special days of 2020 and 2021 are not subtracted.

    `hours` is the norm of a 40-hour week, which is the same for both working weeks.
    """

    calendar_days: int
    working_days: int
    days_off: int
    shortened_days: int
    special_working_days: int
    hours: int


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """Working and non-working dates of one working week for the years that acts cover."""

    week: Week
    version: str
    facts: dict[date, tuple[DayFact, ...]]
    first_year: int
    last_year: int

    @classmethod
    def load(cls, week: Week = "five") -> ProductionCalendar:
        """Return the shipped calendar of the five- or six-day working week; read once.

        >>> ProductionCalendar.load().is_working_day(date(2024, 11, 2))
        True
        """
        return _load(week)

    @property
    def digest(self) -> str:
        """The first sixteen hexadecimal digits of the data's SHA-256."""
        return _digest()

    def is_working_day(self, day: date) -> bool:
        """Tell whether *day* is a working date. Special days of 2020 and 2021 count as working.

        Raises `CalendarHorizonError` outside the covered years.
        """
        self._require(day.year)
        for fact in self.facts.get(day, ()):
            if fact.kind in ("holiday", "day_off"):
                return False
            if fact.kind == "working":
                return True
        return self.is_plain_working(day)

    def is_plain_working(self, day: date) -> bool:
        """Tell whether *day* works in a week without holidays and moves."""
        return day.weekday() < (5 if self.week == "five" else 6)

    def totals(self, year: int) -> ProductionTotals:
        """Return the figures of *year* as yearly tables publish them.

        Raises `CalendarHorizonError` outside the covered years.

        >>> ProductionCalendar.load().totals(2026).hours
        1972
        """
        self._require(year)
        days = [
            date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
        ]
        working = [day for day in days if self.is_working_day(day)]
        shortened = sum(self._has(day, "shortened") for day in working)
        return ProductionTotals(
            calendar_days=len(days),
            working_days=len(working),
            days_off=len(days) - len(working),
            shortened_days=shortened,
            special_working_days=sum(self._has(day, "special") for day in working),
            hours=8 * len(working) - shortened if self.week == "five" else _load("five").totals(year).hours,
        )

    def _has(self, day: date, kind: DayKind) -> bool:
        return any(fact.kind == kind for fact in self.facts.get(day, ()))

    def _require(self, year: int) -> None:
        if not self.first_year <= year <= self.last_year:
            raise horizon_error(str(year), self.first_year, self.last_year)


def horizon_error(wanted: str, first_year: int, last_year: int) -> CalendarHorizonError:
    """Return the error for a date outside the years a calendar covers."""
    return CalendarHorizonError(
        "sla.calendar_horizon",
        f"{wanted} lies outside {first_year}-{last_year}, the years this calendar covers",
        "update mcu-sdk, or allow an estimate with projected=True",
        wanted=wanted,
        first_year=first_year,
        last_year=last_year,
    )


def _read(name: str) -> str:
    from importlib.resources import files  # noqa: PLC0415  (slow to import, and only data needs it)

    return files("mcu_sdk.sla").joinpath(f"russia/{name}").read_text("utf-8")


@cache
def _load(week: Week) -> ProductionCalendar:
    from csv import DictReader  # noqa: PLC0415  (slow to import, and only data needs it)

    lines = _read(DATA_FILE).splitlines()
    facts: dict[date, list[DayFact]] = {}
    years: set[int] = set()
    for row in DictReader(line for line in lines if not line.startswith("#")):
        day = date.fromisoformat(row["date"])
        years.add(day.year)
        if row["week"] in ("both", week):
            partner = date.fromisoformat(row["partner"]) if row["partner"] else None
            kind = cast(DayKind, row["kind"])
            facts.setdefault(day, []).append(DayFact(day, kind, row["act"], row["name"], partner))
    version = next(line for line in lines if line.startswith("# version: ")).removeprefix("# version: ")
    frozen = {day: tuple(found) for day, found in facts.items()}
    return ProductionCalendar(week, version, frozen, min(years), max(years))


def _looked_up(table: str, key: str | Text) -> Text:
    return both(key) if isinstance(key, Text) else _texts()[table].get(key) or both(key)


@cache
def _texts() -> dict[str, dict[str, Text]]:
    import tomllib  # noqa: PLC0415  (slow to import, and only explanations need it)

    tables: dict[str, dict[str, dict[str, str]]] = tomllib.loads(_read("acts.toml"))
    return {
        table: {key: Text(both["ru"], both["en"]) for key, both in rows.items()}
        for table, rows in tables.items()
    }


@cache
def _digest() -> str:
    from hashlib import sha256  # noqa: PLC0415  (slow to import, and only digests need it)

    return sha256(_read(DATA_FILE).encode()).hexdigest()[:16]
