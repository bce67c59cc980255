"""`mcu calendar`: a year or a month as people know it, with the acts behind it."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import typer

from mcu_sdk.cli.options import LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.sla import Calendar, DayFact, Overlay
from mcu_sdk.sla.bilingual import both
from mcu_sdk.sla.days import DayStatus
from mcu_sdk.sla.words import reasons

__all__ = ["calendar_verb"]

_MONTHS = {
    "ru": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS = {"ru": "Пн Вт Ср Чт Пт Сб Вс", "en": "Mo Tu We Th Fr Sa Su"}
_CELL = 5
_WEEK_MINUTES = {40: 480, 36: 432, 24: 288}  # minutes of a working day of a five-day week
_HOURS = {"five": "mon-fri 09:00-17:00", "six": "mon-sat 09:00-16:00"}


def calendar_verb(
    year: Annotated[int, typer.Argument(help="Год, например 2026.", min=1900, max=2199)],
    *,
    month: Annotated[
        int | None, typer.Option(help="Один месяц, 1-12.", min=1, max=12, show_default=False)
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Код региона, например RU-TA.", show_default=False)
    ] = None,
    bodies: Annotated[
        bool, typer.Option("--bodies", help="И те дни региона, что обязательны лишь для его органов.")
    ] = False,
    week: Annotated[Literal["five", "six"], typer.Option(help="Рабочая неделя.")] = "five",
    lang: LanguageOption = "ru",
) -> None:
    """Показать производственный календарь: выходные, праздники, сокращённые дни и акты."""
    screen = Screen(lang)
    overlays = (Overlay.region(region, bodies=bodies),) if region else ()
    page = _Page(screen, week, overlays)
    months = (month,) if month else range(1, 13)
    everything = [day for number in months for day in _dates(year, number)]
    statuses = page.statuses(everything)  # asked first: an uncovered year prints nothing
    screen.say(
        "(7) выходной   [4] праздник или перенесённый выходной   3* сокращённый   {30} нерабочий по указу",
        "(7) day off   [4] holiday or moved day off   3* shortened date   {30} non-working by decree",
    )
    for number in months:
        page.month(year, number)
    if month is None:
        name = f"{year} год" if lang == "ru" else str(year)
        screen.text("")
        page.totals(name, statuses)
    for overlay in overlays:
        screen.text(f"\n{both(overlay.name).in_language(lang)}. {overlay.note.in_language(lang)}".rstrip())


def _dates(year: int, month: int) -> list[date]:
    return [day for day in Weeks().itermonthdates(year, month) if day.month == month]


@dataclass(frozen=True, slots=True)
class _Page:
    screen: Screen
    week: Literal["five", "six"]
    overlays: tuple[Overlay, ...]

    def statuses(self, days: list[date], week: Literal["five", "six"] | None = None) -> dict[date, DayStatus]:
        week = week or self.week
        calendar = Calendar.russia(
            zone="Europe/Moscow", schedule=_HOURS[week], week=week, overlays=self.overlays
        )
        return {day: calendar.status(day) for day in days}

    def month(self, year: int, month: int) -> None:
        language = self.screen.language
        name = f"{_MONTHS[language].split()[month - 1]} {year}"
        statuses = self.statuses(_dates(year, month))
        self.screen.heading(name, name)
        self.screen.text(
            "".join(f"{weekday:>{_CELL - 1}} " for weekday in _WEEKDAYS[language].split()).rstrip()
        )
        for days in Weeks().monthdatescalendar(year, month):
            self.screen.cells([_cell(day, statuses.get(day)) for day in days])
        facts = [fact for status in statuses.values() for fact in _told(status)]
        for line in reasons(facts, language):
            self.screen.text(line)
        self.totals("Итого" if language == "ru" else "Totals", statuses)

    def totals(self, name: str, statuses: dict[date, DayStatus]) -> None:
        working = sum(status.working for status in statuses.values())
        short = sum(_is_short(status) for status in statuses.values())
        five = statuses if self.week == "five" else self.statuses(list(statuses), "five")
        hours = ", ".join(
            f"{per_week} — {_hours(five, minutes)}" for per_week, minutes in _WEEK_MINUTES.items()
        )
        self.screen.say(
            f"{name}: рабочих дней {working}, нерабочих {len(statuses) - working}, сокращённых {short};"
            f" часов при неделе {hours}.",
            f"{name}: working days {working}, off {len(statuses) - working}, shortened {short};"
            f" hours for a week of {hours}.",
        )


def _hours(statuses: dict[date, DayStatus], minutes_per_day: int) -> str:
    worked = [status for status in statuses.values() if status.working]
    minutes = minutes_per_day * len(worked) - 60 * sum(map(_is_short, worked))
    return f"{minutes / 60:g}"


def _is_short(status: DayStatus) -> bool:
    return status.working and any(fact.kind == "shortened" for fact in status.facts)


def _is_special(status: DayStatus) -> bool:
    return status.working and any(fact.kind == "special" for fact in status.facts)


def _told(status: DayStatus) -> list[DayFact]:
    """The facts of a date that still hold: a holiday on an eve ends its shortening."""
    return [fact for fact in status.facts if status.working or fact.kind != "shortened"]


def _cell(day: date, status: DayStatus | None) -> tuple[str, str]:
    if status is None:
        return " " * _CELL, ""
    if _is_special(status):
        return f"{f'{{{day.day}}}':>{_CELL}}", "red"
    if not status.working:
        marked = any(fact.kind in ("holiday", "day_off") for fact in status.facts)
        text = f"[{day.day}]" if marked else f"({day.day})"
        return f"{text:>{_CELL}}", "bold red" if marked else "red"
    text = f"{day.day}*" if _is_short(status) else f"{day.day} "
    return f"{text:>{_CELL}}", "yellow" if _is_short(status) else ""
