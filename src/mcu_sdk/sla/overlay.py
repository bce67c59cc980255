"""Dates that differ in one region or one office, laid over a calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.bilingual import NO_TEXT, Text, both
from mcu_sdk.sla.schedule import WEEKDAYS, DayHours, Schedule

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from mcu_sdk.sla.rule import Evidence

OnWeekend: TypeAlias = Literal["stays", "moves"]
Binds: TypeAlias = Literal["everyone", "region_bodies"]
_CivilDate: TypeAlias = "date"  # OverlayDay has a field called date


@dataclass(frozen=True, slots=True)
class OverlayDay:
    """One date of an overlay: whether it counts for terms (`working`) and whether the office `opens`.

    The two are independent. `shortens_eve` takes an hour off the date before. `on_weekend="moves"`
    gives the day off of a non-working date to the next working date; `exchanged_for` names the other
    date of a swap or move that an act spells out. `hours` (`"09:00-13:00"`) replaces the date's hours;
    `like` (`"mon"`) takes another weekday's. `binds` says whom the act reaches: `region_bodies` are the
    region's own, and a municipality decides for itself.
    """

    date: date
    working: bool
    opens: bool
    act: str | Text
    name: str | Text = ""
    region: str = ""
    shortens_eve: bool = False
    on_weekend: OnWeekend = "stays"
    exchanged_for: _CivilDate | None = None
    hours: str = ""
    like: str = ""
    binds: Binds = "everyone"
    evidence: Evidence | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.like and self.like not in WEEKDAYS:
            raise self._unusable("like", _one_of(self.like, WEEKDAYS))
        if self.on_weekend not in ("stays", "moves"):
            raise self._unusable("on_weekend", _one_of(self.on_weekend, ("stays", "moves")))
        if self.binds not in ("everyone", "region_bodies"):
            raise self._unusable("binds", _one_of(self.binds, ("everyone", "region_bodies")))
        if not both(self.act).ru:
            raise self._unusable("act", Text("не назван акт", "every date needs the act behind it"))
        if self.hours:
            Schedule.parse(f"mon {self.hours}")

    def hours_of(self, week: tuple[DayHours, ...]) -> DayHours:
        """Return the hours of this date in an office with the hours *week*."""
        if not self.opens:
            return ()
        if self.hours:
            return Schedule.parse(f"mon {self.hours}").week[0]
        return week[WEEKDAYS.index(self.like) if self.like else self.date.weekday()]

    def _unusable(self, key: str, reason: Text) -> SlaError:
        return overlay_error(f"{self.date}", key, reason)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A named set of dates, such as a region's holidays. Later overlays win over earlier ones.

    `code` is the region's, empty for an office's own dates; `note` says what is missing or disputed.
    """

    name: str | Text
    days: tuple[OverlayDay, ...]
    code: str = ""
    note: Text = NO_TEXT

    @classmethod
    def parse(cls, text: str) -> Overlay:
        """Read an overlay from TOML: a `name` and `[[day]]` tables with the fields of `OverlayDay`.

        `dates = [...]` stands for several dates that share the rest, `every_year = "08-30"` with
        `years = [2022, 2027]` for a fixed one. Raises `SlaError` naming the date and the key that
        cannot be used.

        >>> overlay = Overlay.parse('''
        ... name = "Республика Татарстан"
        ... [[day]]
        ... every_year = "11-06"
        ... years = [2026, 2027]
        ... working = false
        ... opens = false
        ... shortens_eve = true
        ... act = "Закон РТ от 19.02.1992 № 1448-XII"
        ... ''')
        >>> [f"{day.date:%d.%m.%Y}" for day in overlay.days]
        ['06.11.2026', '06.11.2027']
        """
        from mcu_sdk.sla.overlay_reading import read_overlay  # noqa: PLC0415  (only files need it)

        return read_overlay(text)

    @classmethod
    def load(cls, path: Path) -> Overlay:
        """Read an overlay from a TOML file, as `parse` does. Raises `SlaError`."""
        from mcu_sdk.sla.overlay_reading import read_overlay_file  # noqa: PLC0415  (only files need it)

        return read_overlay_file(path)

    @classmethod
    def region(cls, code: str, *, bodies: bool = False) -> Overlay:
        """Return the shipped holidays of a region by its ISO 3166-2 code, read once.

        Crimea is RU-CR and Sevastopol RU-SEV. Dates that bind only the region's own bodies are left
        out: a municipality decides on them itself, and takes them in with *bodies*. Every date comes
        from a secondary source; those that regions set anew each year end with 2026. Raises `SlaError`
        for an unknown code, naming the known ones, and for a region whose dates bind only its own bodies.

        >>> bashkortostan = Overlay.region("RU-BA")
        >>> bashkortostan.days[0].on_weekend
        'moves'
        """
        from mcu_sdk.sla.overlay_reading import read_region  # noqa: PLC0415  (only files need it)

        found = read_region(code)
        if not bodies and all(day.binds == "region_bodies" for day in found.days):
            raise SlaError(
                "sla.region_bodies",
                f"the holidays of region {code!r} bind only its own bodies",
                "pass bodies=True if the municipality follows them",
                region=code,
            )
        return (
            found
            if bodies
            else replace(found, days=tuple(day for day in found.days if day.binds == "everyone"))
        )


def overlay_error(place: str, key: str, reason: Text) -> SlaError:
    """Return the error for one key of an overlay, naming the place."""
    return SlaError(
        "sla.overlay",
        f"overlay date {place}, key {key!r}: {reason.en}",
        "see the fields of mcu_sdk.sla.OverlayDay",
        place=place,
        key=key,
        reason=reason.en,
        reason_ru=reason.ru,
    )


def _one_of(value: str, known: tuple[str, ...]) -> Text:
    names = ", ".join(known)
    return Text(f"{value!r} — не одно из {names}", f"{value!r} is not one of {names}")
