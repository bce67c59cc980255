"""From the tables of a profile to its calendars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mcu_sdk.errors import SlaError
from mcu_sdk.municipality.mistakes import Mistakes, profile_error
from mcu_sdk.municipality.profile import CalendarForm, ProfileForm
from mcu_sdk.sla import Calendar, Overlay
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.schedule import Schedule, parse_closings

__all__ = ["read_calendars"]

_SHORTENED = ("minus_60", "none")


def read_calendars(form: ProfileForm, mistakes: Mistakes) -> Mapping[str, Calendar]:
    """Return the calendars of *form* by name; those that cannot be made are noted and left out."""
    made: dict[str, Calendar] = {}
    for name, table in form.calendars.items():
        overlays = _overlays(name, table, mistakes)
        with mistakes.gathered():
            made[name] = _calendar(mistakes.path, name, table, form.municipality.zone, overlays)
    return MappingProxyType(made)


def _calendar(
    path: Path, name: str, table: CalendarForm, zone: str, overlays: tuple[Overlay, ...]
) -> Calendar:
    if table.kind == "round_the_clock":
        return Calendar.round_the_clock(zone)
    if table.schedule is None:
        raise profile_error(
            path,
            f"calendars.{name}.schedule",
            "the schedule is missing",
            "нет графика работы",
        )
    key = "schedule"
    try:
        Schedule.parse(table.schedule)
        key = "shortened"
        if table.shortened not in _SHORTENED:
            parse_closings(table.shortened)
        key = "week"
        if table.kind == "weekly":
            return Calendar.weekly(zone=zone, schedule=table.schedule, overlays=overlays)
        return Calendar.russia(
            zone=zone,
            schedule=table.schedule,
            week=table.week,
            overlays=overlays,
            shortened=table.shortened,
            special_days_close=table.special_days_close,
            special_days_roll=table.special_days_roll,
            projected=table.projected,
        )
    except SlaError as error:
        reason, reason_ru = str(error), error.localized("ru")
    raise profile_error(path, f"calendars.{name}.{key}", reason, reason_ru)


def _overlays(name: str, table: CalendarForm, mistakes: Mistakes) -> tuple[Overlay, ...]:
    place = f"calendars.{name}.overlays"
    if table.overlays and table.kind == "round_the_clock":
        mistakes.add(
            place,
            Text("у круглосуточного календаря нет выходных", "a round-the-clock calendar has no days off"),
        )
        return ()
    found: list[Overlay] = []
    for number, text in enumerate(table.overlays, 1):
        with mistakes.gathered():
            found.append(_overlay(mistakes.path, f"{place}.{number}", text))
    return tuple(found)


def _overlay(path: Path, place: str, text: str) -> Overlay:
    kind, _, file = text.partition(":")
    try:
        if kind == "file":
            return Overlay.load(path.parent / file)
        code, plus, _ = text.partition("+bodies")
        return Overlay.region(code, bodies=bool(plus))
    except SlaError as error:
        reason, reason_ru = str(error), error.localized("ru")
    except ValueError:  # a NUL in the path
        reason, reason_ru = "the file cannot be opened", "файл не открывается"
    raise profile_error(path, place, reason, reason_ru)
