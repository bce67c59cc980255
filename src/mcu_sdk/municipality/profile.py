"""The form of a municipality's file, and errors that name the place in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mcu_sdk.errors import ProfileError
from mcu_sdk.model.place import Oktmo
from mcu_sdk.municipality.roster import Channel

__all__ = ["AccountForm", "CalendarForm", "PostForm", "ProfileForm", "profile_error", "read_profile"]

_REASONS_RU = {
    "missing": "нет обязательного значения",
    "extra_forbidden": "такого ключа нет",
    "string_type": "нужен текст в кавычках",
    "string_too_short": "пустое значение",
    "string_pattern_mismatch": "неверный вид значения",
    "list_type": "нужен список в квадратных скобках",
    "bool_type": "нужно true или false",
    "literal_error": "допустимо только: {expected}",
    "float_type": "нужно число",
    "greater_than": "нужно число больше {gt:g}",
    "greater_than_equal": "нужно число не меньше {ge:g}",
    "less_than_equal": "нужно число не больше {le:g}",
    "dict_type": "нужна таблица",
    "model_type": "нужна таблица",
}
_LONGEST_TIME_LIMIT_SECONDS = 86_400


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class MunicipalityForm(_Form):
    """`[municipality]`"""

    name: str
    oktmo: Oktmo
    zone: str


class CalendarForm(_Form):
    """`[calendars.NAME]`"""

    kind: Literal["russia", "weekly", "round_the_clock"]
    schedule: str | None = None
    week: Literal["five", "six"] | None = None
    shortened: str = "minus_60"
    special_days_close: bool = True
    special_days_roll: bool = False
    projected: bool = False
    overlays: list[str] = []


class AccountForm(_Form):
    """`[accounts.NAME]`"""

    channel: Literal["portal"]
    url: str
    organisation_id: str
    organisation_secret: str
    client_id: str
    client_secret: str
    writes: bool = False
    time_limit_seconds: float = Field(default=60, gt=0, le=_LONGEST_TIME_LIMIT_SECONDS)
    ca_file: str | None = Field(default=None, min_length=1)
    proxy: str | None = Field(default=None, min_length=1)
    calls_per_second: float | None = Field(default=None, ge=0.001, le=1000)


class SendingForm(_Form):
    """`[sending]`"""

    two_persons: bool = False


class PostForm(_Form):
    """`[[roster]]`"""

    role: str = Field(pattern=r"^[a-z]+\.[a-z_]+$")
    title: str
    holder: str | None = None
    answers_for: list[Channel] = []


class ProfileForm(_Form):
    """The whole file."""

    municipality: MunicipalityForm
    calendars: dict[str, CalendarForm]
    rule: list[dict[str, Any]] = []
    policy: dict[str, Any]
    accounts: dict[str, AccountForm] = {}
    roster: list[PostForm] = []
    sending: SendingForm = SendingForm()
    answers: dict[str, Any] = {}


def read_profile(path: Path) -> ProfileForm:
    """Return the form of the file at *path*. Raises ProfileError, which names the file and the place."""
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))  # Windows Notepad puts a mark first
        return ProfileForm.model_validate(table)
    except UnicodeDecodeError:
        place, reason, reason_ru = "-", "the file is not UTF-8", "файл не в кодировке UTF-8"
    except tomllib.TOMLDecodeError as error:
        place, reason, reason_ru = "-", f"not TOML: {error}", f"ошибка записи TOML{_toml_place(error)}"
    except RecursionError:
        place, reason, reason_ru = "-", "nested too deeply", "слишком глубокая вложенность"
    except ValidationError as error:
        place, reason, reason_ru = _first_mistake(error)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        place, reason, reason_ru = "-", "the file cannot be opened", "файл не открывается"
    raise profile_error(path, place, reason, reason_ru)


def _toml_place(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f": строка {found[1]}, столбец {found[2]}" if found else ", файл обрывается"


def _first_mistake(error: ValidationError) -> tuple[str, str, str]:
    first = error.errors(include_url=False, include_input=False)[0]
    facts: dict[str, Any] = first.get("ctx", {})
    if "expected" in facts:
        facts["expected"] = facts["expected"].replace(" or ", ", ")
    reason_ru = _REASONS_RU.get(first["type"], "значение не подходит").format_map(facts)
    return ".".join(map(str, first["loc"])), first["msg"], reason_ru


def profile_error(path: Path, place: str, reason: str, reason_ru: str) -> ProfileError:
    """Return the error for one place of a profile."""
    return ProfileError(
        "profile.invalid",
        f"{path.name}: {place}: {reason}",
        "mend the file",
        file=path.name,
        place=place,
        reason=reason,
        reason_ru=reason_ru,
    )
