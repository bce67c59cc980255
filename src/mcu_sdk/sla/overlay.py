"""Dates that differ in one region or one office, laid over a calendar."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.schedule import WEEKDAYS, DayHours, Schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

OnWeekend: TypeAlias = Literal["stays", "moves"]


@dataclass(frozen=True, slots=True)
class OverlayDay:
    """One date of an overlay: whether it counts for terms (`working`) and whether the office `opens`.

    The two are independent. `shortens_eve` takes an hour off the date before. `on_weekend="moves"`
    gives the day off of a non-working date to the next working date. `hours` (`"09:00-13:00"`)
    replaces the date's hours; `like` (`"mon"`) takes another weekday's.
    """

    date: date
    working: bool
    opens: bool
    act: str
    name: str = ""
    region: str = ""
    shortens_eve: bool = False
    on_weekend: OnWeekend = "stays"
    hours: str = ""
    like: str = ""

    def __post_init__(self) -> None:
        if self.like and self.like not in WEEKDAYS:
            raise self._unusable("like", f"{self.like!r} is not one of {', '.join(WEEKDAYS)}")
        if self.on_weekend not in ("stays", "moves"):
            raise self._unusable("on_weekend", f"{self.on_weekend!r} is neither 'stays' nor 'moves'")
        if not self.act:
            raise self._unusable("act", "every date needs the act behind it")
        if self.hours:
            Schedule.parse(f"mon {self.hours}")

    def hours_of(self, week: tuple[DayHours, ...]) -> DayHours:
        """Return the hours of this date in an office with the hours *week*."""
        if not self.opens:
            return ()
        if self.hours:
            return Schedule.parse(f"mon {self.hours}").week[0]
        return week[WEEKDAYS.index(self.like) if self.like else self.date.weekday()]

    def _unusable(self, key: str, reason: str) -> SlaError:
        return _unusable(f"{self.date}", key, reason)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A named set of dates, such as a region's holidays. Later overlays win over earlier ones."""

    name: str
    days: tuple[OverlayDay, ...]

    @classmethod
    def parse(cls, text: str) -> Overlay:
        """Read an overlay from TOML: a `name` and `[[day]]` tables with the fields of `OverlayDay`.

        Raises `SlaError` naming the date and the key that cannot be used.

        >>> overlay = Overlay.parse('''
        ... name = "Республика Татарстан"
        ... [[day]]
        ... date = 2026-11-06
        ... working = false
        ... opens = false
        ... shortens_eve = true
        ... act = "Закон РТ от 19.02.1992 № 1448-XII"
        ... ''')
        >>> overlay.days[0].shortens_eve
        True
        """
        import tomllib  # noqa: PLC0415  (slow to import, and only files need it)

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise _unusable("-", "-", f"not TOML: {problem}") from None
        rows = table.get("day", [])
        return cls(str(table.get("name", "")), tuple(_day(row) for row in rows))


_FLAGS = ("working", "opens", "shortens_eve")


def _day(row: Mapping[str, object]) -> OverlayDay:
    place = str(row.get("date", "?"))
    known = [field.name for field in fields(OverlayDay)]
    for key, value in row.items():
        if key not in known:
            raise _unusable(place, key, f"unknown; known are {', '.join(known)}")
        wanted = date if key == "date" else bool if key in _FLAGS else str
        if type(value) is not wanted:
            raise _unusable(place, key, f"must be a {wanted.__name__}, not {value!r}")
    for key in ("date", "working", "opens", "act"):
        if key not in row:
            raise _unusable(place, key, "is missing")
    return OverlayDay(**row)  # type: ignore[arg-type]  # the loop above checked each value


def _unusable(place: str, key: str, reason: str) -> SlaError:
    return SlaError(
        "sla.overlay",
        f"overlay date {place}, key {key!r}: {reason}",
        "see the fields of mcu_sdk.sla.OverlayDay",
        place=place,
        key=key,
        reason=reason,
    )
