"""Layouts out of TOML: a shipped one whole, a municipality's own as a change of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mcu_sdk.errors import FileError
from mcu_sdk.sheets import layout
from mcu_sdk.sheets.cells import alike, number_of
from mcu_sdk.sheets.layout import FieldKind, Layout

__all__ = ["extend_layout", "load_layout"]

_REASONS_RU = {
    "missing": "нет обязательного значения",
    "extra_forbidden": "такого ключа нет",
    "string_type": "нужен текст в кавычках",
    "list_type": "нужен список в квадратных скобках",
    "bool_type": "нужно true или false",
    "int_type": "нужно целое число",
}
_LAST_COLUMN = 16_384
_LAST_ROW = 1_048_576


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class _Change(_Form):
    """`[field.NAME]` of a municipality's own file."""

    headings: list[str] = []
    required: bool | None = None
    column: str | int | None = None
    words: dict[str, str] = {}


class _FieldForm(_Change):
    """`[field.NAME]` of a shipped file."""

    kind: FieldKind = "text"
    means: list[str] = []


class _Settings(_Form):
    """What both may say of the whole table."""

    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1, le=_LAST_ROW)
    header_within_rows: int | None = Field(default=None, ge=1, le=1000)
    empty: list[str] | None = None
    yes: list[str] | None = None
    no: list[str] | None = None
    date_forms: list[str] | None = None


class _OwnForm(_Settings):
    extends: str
    field: dict[str, _Change] = {}


class _LayoutForm(_Settings):
    name: str
    version: str
    title: str
    source: str
    evidence: str
    field: dict[str, _FieldForm]


_Read = TypeVar("_Read", bound=_Settings)


def load_layout(path: Path | Traversable) -> Layout:
    """Return the layout of the TOML file at *path*. Raises FileError, which names the place in it."""
    form = _read(path, _LayoutForm)
    fields = {name: _field(path, name, each) for name, each in form.field.items()}
    plain = Layout(
        name=form.name,
        version=form.version,
        title=form.title,
        fields=fields,
        source=form.source,
        evidence=form.evidence,
    )
    return _checked(path, replace(plain, **_said(form)))


def extend_layout(path: Path | Traversable, base: Layout) -> Layout:
    """Return *base* with what the TOML file at *path* says otherwise.

    Its `extends` must be the name of *base*. Headings of a field come before those of *base*, words
    are added to them, everything else takes their place. Raises FileError, which names the place.
    """
    form = _read(path, _OwnForm)
    if form.extends != base.name:
        raise _invalid(path, "extends", f"must be {base.name!r}", f"здесь нужно «{base.name}»")
    fields = dict(base.fields)
    for name, change in form.field.items():
        if name not in fields:
            known = ", ".join(fields)
            raise _invalid(
                path, f"field.{name}", f"no such field; known: {known}", f"поля нет, есть: {known}"
            )
        fields[name] = _changed(path, fields[name], change)
    return _checked(path, replace(base, fields=fields, **_said(form)))


def _said(form: _Settings) -> dict[str, Any]:
    said: dict[str, Any] = form.model_dump(include=set(_Settings.model_fields), exclude_none=True)
    return {
        name: tuple(cast("list[str]", value)) if isinstance(value, list) else value
        for name, value in said.items()
    }


def _field(path: Path | Traversable, name: str, form: _FieldForm) -> layout.Field:
    plain = layout.Field(name=name, kind=form.kind, means=frozenset(form.means))
    return _changed(path, plain, form)


def _changed(path: Path | Traversable, before: layout.Field, form: _Change) -> layout.Field:
    place = f"field.{before.name}"
    for word, meaning in form.words.items():
        if meaning not in before.means:
            known = ", ".join(sorted(before.means)) or "-"
            raise _invalid(
                path, f"{place}.words.{word}", f"must be one of: {known}", f"допустимо только: {known}"
            )
    return layout.Field(
        name=before.name,
        kind=before.kind,
        headings=(*form.headings, *before.headings),
        required=before.required if form.required is None else form.required,
        column=before.column if form.column is None else _column(path, place, form.column),
        words={**before.words, **{alike(word): meaning for word, meaning in form.words.items()}},
        means=before.means,
    )


def _column(path: Path | Traversable, place: str, said: str | int) -> int:
    number = number_of(said.upper()) if isinstance(said, str) else said
    if number is None or not 1 <= number <= _LAST_COLUMN:
        raise _invalid(
            path,
            f"{place}.column",
            "must be the letters of a column or its number from 1",
            "нужны буквы столбца или его номер от 1",
        )
    return number


def _checked(path: Path | Traversable, made: Layout) -> Layout:
    if made.header_row is None and all(each.column for each in made.required):
        raise _invalid(
            path,
            "header_row",
            "needed where every required column is said by its place",
            "нужно указать, раз все обязательные столбцы названы по месту",
        )
    return made


def _read(path: Path | Traversable, form: type[_Read]) -> _Read:
    try:
        table: Mapping[str, object] = tomllib.loads(path.read_text("utf-8-sig"))
        return form.model_validate(table)
    except UnicodeDecodeError:
        place, reason, reason_ru = "-", "the file is not UTF-8", "файл не в кодировке UTF-8"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place, reason, reason_ru = "-", f"not TOML: {error}", "ошибка записи TOML"
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place, reason = ".".join(map(str, first["loc"])), first["msg"]
        reason_ru = _REASONS_RU.get(first["type"], "значение не подходит")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        place, reason, reason_ru = "-", "the file cannot be opened", "файл не открывается"
    raise _invalid(path, place, reason, reason_ru)


def _invalid(path: Path | Traversable, place: str, reason: str, reason_ru: str) -> FileError:
    return FileError(
        "layout.invalid",
        f"layout {path.name}: {place}: {reason}",
        "mend the file",
        file=path.name,
        place=place,
        reason=reason,
        reason_ru=reason_ru,
    )
