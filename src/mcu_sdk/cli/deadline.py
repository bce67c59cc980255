"""`mcu deadline`: one rule, one start, the date and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from mcu_sdk.cli.options import JsonOption, LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import UsageError
from mcu_sdk.municipality import Municipality, zone_data_version
from mcu_sdk.sla import Calendar, Deadline, RuleBook, load_rules

__all__ = ["deadline_verb"]

_Place: TypeAlias = tuple[Mapping[str, Calendar], tzinfo, RuleBook]


def deadline_verb(
    rule: Annotated[str, typer.Argument(help="Правило, например 59fz.examination.")],
    start: Annotated[str, typer.Argument(help="Начало: 2025-12-08 или 2026-01-09T15:30.")],
    *,
    profile: Annotated[Path | None, typer.Option(help="Файл муниципалитета.", show_default=False)] = None,
    zone: Annotated[str, typer.Option(help="Часовой пояс, если нет файла.")] = "Europe/Moscow",
    schedule: Annotated[
        str, typer.Option(help="График, если нет файла.")
    ] = "mon-thu 09:00-18:00, fri 09:00-16:45; break 13:00-13:45",
    counted_on: Annotated[
        str | None, typer.Option(help="Календарь для минут и часов.", show_default=False)
    ] = None,
    roll: Annotated[
        Literal["none", "previous", "next"] | None,
        typer.Option(help="Перенос: none, previous, next.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = "ru",
) -> None:
    """Посчитать срок по правилу от даты или времени."""
    screen = Screen(lang)
    calendars, where, book = _office(zone, schedule) if profile is None else _town(profile)
    moment = _start(start, where)
    chosen = book.rule(rule, on=moment.date() if isinstance(moment, datetime) else moment)
    if counted_on is not None:
        chosen = chosen.replace(counted_on=counted_on)
    if roll is not None:
        chosen = chosen.replace(roll=roll, roll_evidence=None)
    deadline = chosen.bind(calendars).deadline(moment)
    explanation = deadline.explain(lang, tz_version=zone_data_version())
    if as_json:
        screen.json(_facts(deadline, start, explanation))
    else:
        screen.text(explanation)


def _office(zone: str, schedule: str) -> _Place:
    office = Calendar.russia(zone=zone, schedule=schedule)
    calendars = {"office": office, "round_the_clock": Calendar.round_the_clock(zone)}
    return calendars, office.zone, load_rules()


def _town(profile: Path) -> _Place:
    town = Municipality.load(profile)
    return town.calendars, town.zone, town.rules


def _facts(deadline: Deadline, start: str, explanation: str) -> dict[str, object]:
    return {
        "rule": deadline.rule.id,
        "start": start,
        "due": deadline.due.isoformat(),
        "due_date": deadline.due_date.isoformat(),
        "explanation": explanation,
    }


def _start(text: str, zone: tzinfo) -> datetime | date:
    try:
        if len(text) <= len("2025-12-08"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
    raise UsageError(
        "usage.start",
        f"{text!r} is not a date or a date and time",
        "write it as 2025-12-08 or 2026-01-09T15:30",
        text=text,
    )
