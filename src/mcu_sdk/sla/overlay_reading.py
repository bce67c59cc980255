"""Reading overlays: an office's own file, and the regions that ship with the library."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, cast, get_args

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.bilingual import NO_TEXT, Text, both
from mcu_sdk.sla.nearest import unknown_key
from mcu_sdk.sla.overlay import Overlay, OverlayDay, overlay_error
from mcu_sdk.sla.rule import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

_TOP = ("name", "code", "note", "not_codes", "day")
_WHEN = ("dates", "every_year", "years")
_KEYS = (*(field.name for field in fields(OverlayDay)), *_WHEN)
_REQUIRED = ("working", "opens", "act")
_FLAGS = ("working", "opens", "shortens_eve")
_IN_BOTH = ("act", "name")
_DATES = ("date", "exchanged_for")


def read_overlay(text: str) -> Overlay:
    """Return the overlay of a TOML text. Raises `SlaError` naming the date and the key."""
    import tomllib  # noqa: PLC0415  (slow to import, and only files need it)

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise overlay_error(
            "-", "-", Text(f"ошибка записи TOML: {problem}", f"not TOML: {problem}")
        ) from None
    for key in table:
        if key not in _TOP:
            raise overlay_error("-", key, unknown_key(key, _TOP))
    code = str(table.get("code", ""))
    shared: dict[object, object] = {}
    rows = [day for row in table.get("day", []) for day in _days(row, code, shared)]
    note = _both("-", "note", table["note"]) if "note" in table else NO_TEXT
    return Overlay(
        _both("-", "name", table.get("name", "")), tuple(sorted(rows, key=_date)), code, both(note)
    )


def read_overlay_file(path: Path) -> Overlay:
    """Return the overlay of the TOML file at *path*. Raises `SlaError`."""
    try:
        text = path.read_text("utf-8")
    except OSError:
        reason = Text("файл не открывается", "the file cannot be opened")
    except UnicodeDecodeError:
        reason = Text("файл не в кодировке UTF-8", "the file is not UTF-8")
    else:
        return read_overlay(text)
    raise overlay_error(str(path), "-", reason)


@cache
def read_region(code: str) -> Overlay:
    """Return the shipped overlay of the region *code*. Raises `SlaError` for an unknown one."""
    files = region_files()
    if code not in files:
        raise _no_region(code, files)
    return read_overlay(files[code].read_text("utf-8"))


def region_files() -> dict[str, Traversable]:
    """Return the shipped regional files by the code of the region, in order."""
    from importlib.resources import files  # noqa: PLC0415  (slow to import, and only data needs it)

    folder = files("mcu_sdk.sla").joinpath("russia/regions")
    found = {file.name.removesuffix(".toml"): file for file in folder.iterdir()}
    return dict(sorted(found.items()))


def _no_region(code: str, files: Mapping[str, Traversable]) -> SlaError:
    import tomllib  # noqa: PLC0415  (slow to import, and only mistakes need it)
    from difflib import get_close_matches  # noqa: PLC0415

    called: dict[str, str] = {}
    for known, file in files.items():
        called[known] = known
        table = tomllib.loads(file.read_text("utf-8"))
        called.update(dict.fromkeys(table.get("not_codes", []), known))
    upper = code.strip().upper()
    wanted = upper if upper.startswith("RU-") else f"RU-{upper}"
    close = [wanted] if wanted in called else get_close_matches(wanted, called, n=1, cutoff=0.75)
    if not close:
        return SlaError(
            "sla.region",
            f"there are no holidays of region {code!r}; known are {', '.join(files)}",
            "check the code, or lay a file of your own over the calendar",
            region=code,
            known=", ".join(files),
        )
    meant = called[close[0]]
    return SlaError(
        "sla.region_code",
        f"there are no holidays of region {code!r}; known are {', '.join(files)}",
        f"perhaps you mean {meant}, {both(read_region(meant).name).en}",
        region=code,
        known=", ".join(files),
        meant=f"{meant} ({both(read_region(meant).name).ru})",
    )


def _days(row: object, code: str, shared: dict[object, object]) -> Iterator[OverlayDay]:
    if not isinstance(row, dict):
        raise overlay_error("-", "day", Text("нужны таблицы [[day]]", "must be [[day]] tables"))
    table = cast("dict[str, object]", row)
    place = str(next((table[key] for key in ("date", "dates", "every_year") if key in table), "?"))
    for key in table:
        if key not in _KEYS:
            raise overlay_error(place, key, unknown_key(key, _KEYS))
    values: dict[str, object] = {"region": code}
    for key, value in table.items():
        if key not in (*_WHEN, "date"):
            checked = _value(place, key, value)
            values[key] = shared.setdefault(checked, checked)  # a pickle writes each text once
    dates = tuple(_dates(place, table))
    for key in _REQUIRED:
        if key not in table:
            raise overlay_error(place, key, Text("не указан", "is missing"))
    for day in dates:
        yield OverlayDay(date=day, **values)  # type: ignore[arg-type]  # _value checked each one


def _value(place: str, key: str, value: object) -> object:
    if key in _IN_BOTH:
        return _both(place, key, value)
    if key == "evidence" and value not in get_args(Evidence):
        raise overlay_error(place, key, _wanted(", ".join(get_args(Evidence)), value))
    wanted = date if key in _DATES else bool if key in _FLAGS else str
    if type(value) is not wanted:
        raise overlay_error(place, key, _wanted(wanted.__name__, value))
    return value


def _dates(place: str, table: Mapping[str, object]) -> Iterator[date]:
    given = [key for key in ("date", "dates", "every_year") if key in table]
    if len(given) != 1:
        raise overlay_error(place, "date", _wanted("date | dates | every_year", ", ".join(given) or None))
    value = table[given[0]]
    if given[0] == "every_year":
        yield from _yearly(place, str(value), table.get("years"))
        return
    for day in cast("list[object]", value) if isinstance(value, list) else [value]:
        if type(day) is not date:
            raise overlay_error(place, given[0], _wanted("2026-01-31", day))
        yield day


def _yearly(place: str, month_day: str, years: object) -> Iterator[date]:
    span = _list(years)
    if len(span) != 2 or not all(type(year) is int for year in span):
        raise overlay_error(place, "years", _wanted("[2022, 2027]", years))
    first, last = cast("list[int]", span)
    for year in range(first, last + 1):
        try:
            yield date.fromisoformat(f"{year}-{month_day}")
        except ValueError:
            raise overlay_error(place, "every_year", _wanted("08-30", month_day)) from None


def _both(place: str, key: str, value: object) -> str | Text:
    if isinstance(value, str):
        return value
    table = _table(value)
    texts = [table.get(language) for language in ("ru", "en")]
    if len(table) != len(texts) or not all(isinstance(text, str) and text for text in texts):
        raise overlay_error(place, key, _wanted("{ ru = …, en = … }", value))
    return Text(*cast("list[str]", texts))


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _date(day: OverlayDay) -> date:
    return day.date


def _wanted(wanted: str, value: object) -> Text:
    return Text(f"нужно: {wanted}; указано {value!r}", f"must be {wanted}, not {value!r}")
