"""The form of a municipality's file, and how it is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, ValidationError

from mcu_sdk.errors import SlaError, UsageError
from mcu_sdk.model.place import Oktmo
from mcu_sdk.municipality.form import Form, Rows, note_mistakes, refused
from mcu_sdk.municipality.mistakes import Mistakes, profile_error
from mcu_sdk.municipality.people import Channel
from mcu_sdk.municipality.roster_forms import AbsenceForm, DutyForm, EmployeeForm, PostForm
from mcu_sdk.municipality.routing_forms import BodyForm, RouteForm
from mcu_sdk.sla import Calendar
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.transport import NetworkSettings
from mcu_sdk.wire import SecretReference

__all__ = [
    "CalendarForm",
    "PortalAccountForm",
    "ProfileForm",
    "RegisterAccountForm",
    "profile_error",
    "read_profile",
]

_LONGEST_TIME_LIMIT_SECONDS = 86_400


def _zone(name: str) -> str:
    try:
        Calendar.round_the_clock(name)
    except SlaError:
        raise refused(
            Text(
                "нет такого часового пояса, пример: Europe/Moscow",
                "not an IANA zone, such as Europe/Moscow",
            )
        ) from None
    return name


def _reference(text: str) -> str:
    try:
        SecretReference(text)
    except UsageError as error:
        reason = Text(error.localized("ru"), str(error))
    else:
        return text
    raise refused(reason)


def _proxy(text: str | None) -> str | None:
    if text is None:
        return None
    if text.startswith(("env:", "file:")):
        return _reference(text)
    try:
        NetworkSettings(proxy=text)
    except UsageError as error:
        reason = Text(error.localized("ru"), str(error))
    else:
        return text
    raise refused(reason)


class MunicipalityForm(Form):
    """`[municipality]`"""

    name: str
    oktmo: Oktmo
    zone: Annotated[str, AfterValidator(_zone)]


class CalendarForm(Form):
    """`[calendars.NAME]`"""

    kind: Literal["russia", "weekly", "round_the_clock"]
    schedule: str | None = None
    week: Literal["five", "six"] | None = None
    shortened: str = "minus_60"
    special_days_close: bool = True
    special_days_roll: bool = False
    projected: bool = False
    overlays: list[str] = []


class ChannelForm(Form):
    """`[channels.NAME]`"""

    regime: Literal["message", "59fz", "8fz", "210fz", "media"]


class PortalAccountForm(Form):
    """`[accounts.NAME]` of the portal. `export_layout` is an own layout of its register export."""

    channel: Literal["portal"]
    url: str
    organisation_id: str
    organisation_secret: Annotated[str, AfterValidator(_reference)]
    client_id: str
    client_secret: Annotated[str, AfterValidator(_reference)]
    writes: bool = False
    time_limit_seconds: float = Field(default=60, gt=0, le=_LONGEST_TIME_LIMIT_SECONDS)
    ca_file: str | None = Field(default=None, min_length=1)
    proxy: Annotated[str | None, AfterValidator(_proxy)] = Field(default=None, min_length=1)
    calls_per_second: float | None = Field(default=None, ge=0.001, le=1000)
    export_layout: str | None = Field(default=None, min_length=1)


class RegisterAccountForm(Form):
    """`[accounts.NAME]` of a journal of appeals. `layout` is an own layout of its files."""

    channel: Literal["register"]
    layout: str | None = Field(default=None, min_length=1)


class SendingForm(Form):
    """`[sending]`"""

    two_persons: bool = False


class ProfileForm(Form):
    """The whole file."""

    municipality: MunicipalityForm
    calendars: dict[str, CalendarForm]
    channels: dict[Channel, ChannelForm] = {}
    rule: Rows[dict[str, Any]] = {}
    policy: dict[str, Any]
    accounts: dict[
        str, Annotated[PortalAccountForm | RegisterAccountForm, Field(discriminator="channel")]
    ] = {}
    employee: Rows[EmployeeForm] = {}
    roster: Rows[PostForm] = {}
    absence: Rows[AbsenceForm] = {}
    duty: Rows[DutyForm] = {}
    body: Rows[BodyForm] = {}
    route: Rows[RouteForm] = {}
    sending: SendingForm = SendingForm()
    answers: dict[str, Any] = {}


_BY_NAME = frozenset({"calendars", "channels", "accounts"})
_STAND_INS: Mapping[str, Mapping[str, object]] = {
    "municipality": {"name": "-", "oktmo": "00000000", "zone": "UTC"},
    "calendars": {},
    "policy": {},
}


def read_profile(path: Path, mistakes: Mistakes) -> ProfileForm:
    """Return the form of the file at *path*; what does not fit is noted in *mistakes* and left out.

    So that the rest can still be looked at: who goes on to use the form refuses the mistakes first.
    Raises ProfileError, which names the file and the place, for a file that cannot be read at all.
    """
    table = _table(path)
    try:
        return ProfileForm.model_validate(table)
    except ValidationError as error:
        note_mistakes(error, ProfileForm, mistakes)
        return ProfileForm.model_validate(_without_mistakes(table, error))
    except RecursionError:
        pass
    raise profile_error(path, "-", "nested too deeply", "слишком глубокая вложенность")


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # Windows Notepad puts a mark first
    except UnicodeDecodeError:
        reason, reason_ru = "the file is not UTF-8", "файл не в кодировке UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason, reason_ru = f"not TOML: {error}", f"ошибка записи TOML{_toml_place(error)}"
    except RecursionError:
        reason, reason_ru = "nested too deeply", "слишком глубокая вложенность"
    except (OSError, ValueError):  # ValueError: a NUL in the path
        reason, reason_ru = "the file cannot be opened", "файл не открывается"
    raise profile_error(path, "-", reason, reason_ru)


def _toml_place(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f": строка {found[1]}, столбец {found[2]}" if found else ", файл обрывается"


def _without_mistakes(table: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return *table* without its wrong rows; what must be there stands in for what is wrong as a whole."""
    kept = {name: _copied(value) for name, value in table.items()}
    for detail in error.errors(include_url=False, include_input=False):
        section, *inside = detail["loc"]
        section = str(section)
        rows = kept.get(section)
        if inside and isinstance(rows, dict) and (section in _BY_NAME or isinstance(table[section], list)):
            cast("dict[int | str, object]", rows).pop(inside[0], None)
        else:
            kept.pop(section, None)
    return {**_STAND_INS, **kept}


def _copied(value: object) -> object:
    """Return a table as a new one, and rows as a table of their numbers from 1."""
    if isinstance(value, list):
        return dict(enumerate(cast("list[object]", value), 1))
    return dict(cast("dict[str, object]", value)) if isinstance(value, dict) else value
