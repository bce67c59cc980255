"""What the tables of a profile are made of, and what is said of those that do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.nearest import unknown_key

__all__ = ["CivilDate", "Form", "Key", "OneOrMore", "Rows", "Words", "note_mistakes", "refused"]

_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)
_OWN = "profile"


class Form(BaseModel):
    """A table of the file: no other keys, TOML's own types, silent about values."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def refused(reason: Text) -> PydanticCustomError:
    """Return what a validator of a form raises: *reason* is told at the value's place."""
    return PydanticCustomError(_OWN, "{reason}", {"reason": reason.en, "reason_ru": reason.ru})


def _numbered(value: object) -> object:
    """Number rows from 1, so that they keep their numbers when a wrong one is left out."""
    if isinstance(value, list):
        return dict(enumerate(cast("list[object]", value), 1))
    if isinstance(value, dict) and all(isinstance(key, int) for key in cast("dict[object, object]", value)):
        return cast("object", value)
    raise refused(Text("нужны строки в двойных скобках [[…]]", "must be rows in double brackets [[…]]"))


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_century(value: date) -> date:
    if _EARLIEST <= value <= _LATEST:
        return value
    years = f"{_EARLIEST.year}–{_LATEST.year}"
    raise refused(Text(f"нужна дата {years} годов", f"must be a date of the years {years}"))


Row = TypeVar("Row")
Rows: TypeAlias = Annotated[dict[int, Row], BeforeValidator(_numbered)]
"""Rows such as `[[roster]]`, by their number, which counts from 1."""
Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OneOrMore: TypeAlias = Annotated[list[Words], Field(min_length=1), BeforeValidator(_listed)]
"""One text or a list of them."""
Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\w[\w.-]{0,63}$")]
"""How a row is called by others."""
CivilDate: TypeAlias = Annotated[date, AfterValidator(_known_century)]


_REASONS: Mapping[str, Text] = {
    "missing": Text("нет обязательного значения", "is missing"),
    "string_type": Text("нужен текст в кавычках", "must be a text in quotes"),
    "string_too_short": Text("пустое значение", "is empty"),
    "too_short": Text("пустой список", "is an empty list"),
    "list_type": Text("нужен список в квадратных скобках", "must be a list in square brackets"),
    "bool_type": Text("нужно true или false", "must be true or false"),
    "literal_error": Text("допустимо только: {expected}", "must be one of {expected}"),
    "union_tag_invalid": Text("допустимо только: {expected_tags}", "must be one of {expected_tags}"),
    "float_type": Text("нужно число", "must be a number"),
    "int_type": Text("нужно целое число", "must be a whole number"),
    "date_type": Text("нужна дата без кавычек, например 2026-01-31", "must be a date such as 2026-01-31"),
    "greater_than": Text("нужно число больше {gt:g}", "must be a number over {gt:g}"),
    "greater_than_equal": Text("нужно число не меньше {ge:g}", "must be a number of {ge:g} or more"),
    "less_than_equal": Text("нужно число не больше {le:g}", "must be a number of {le:g} or less"),
    "dict_type": Text("нужна таблица", "must be a table"),
    "model_type": Text("нужна таблица", "must be a table"),
    "model_attributes_type": Text("нужна таблица", "must be a table"),
    _OWN: Text("{reason_ru}", "{reason}"),
}
_PATTERNS: Mapping[str, Text] = {
    r"^(?:\d{8}|\d{11})$": Text("неверный вид: нужно 8 или 11 цифр", "must be 8 or 11 digits"),
    r"^\w[\w.-]{0,63}$": Text(
        "неверный вид: буквы, цифры, «-», «_», «.» без пробелов, до 64 знаков",
        "must be letters, digits, '-', '_', '.' without spaces, 64 signs at most",
    ),
    r"^[a-z_]+\.[a-z_]+$": Text(
        "неверный вид: нужна роль вроде mcu.head, латиницей", "must be a role such as mcu.head"
    ),
}


def note_mistakes(error: ValidationError, form: type[Form], mistakes: Mistakes) -> None:
    """Note every mistake that pydantic found in the file, with its place and the values allowed."""
    for detail in error.errors(include_url=False, include_input=False):
        place, keys = _place(form, detail["loc"])
        if detail["type"].startswith("union_tag"):  # it lies in the word that chooses the kind of table
            place += "." + str(detail.get("ctx", {}).get("discriminator", "")).strip("'")
        mistakes.add(place, _reason(detail, place, keys))


def _reason(detail: ErrorDetails, place: str, keys: Sequence[str]) -> Text:
    kind, facts = detail["type"], dict[str, Any](detail.get("ctx", {}))
    if kind == "extra_forbidden":
        return unknown_key(place.rpartition(".")[2], keys)
    if kind == "string_pattern_mismatch" and facts["pattern"] in _PATTERNS:
        return _PATTERNS[facts["pattern"]]
    if kind == "union_tag_not_found":
        return _REASONS["missing"]
    if "expected" in facts:
        facts["expected"] = facts["expected"].replace(" or ", ", ")
    texts = _REASONS.get(
        kind, Text("значение не подходит", detail["msg"].replace("{", "{{").replace("}", "}}"))
    )
    return Text(*(text.format_map(facts) for text in texts))


def _place(form: type[Form], location: Sequence[int | str]) -> tuple[str, tuple[str, ...]]:
    """Return the place as people count it, and the keys that its table may have.

    Rows of the file are numbered from 1 already, members of lists are not; the word that chose
    between kinds of a table is no part of the place.
    """
    steps: list[str] = []
    kind: Any = form
    keys: tuple[str, ...] = ()
    for depth, step in enumerate(location):
        kind, chosen = _chosen(kind, step)
        if chosen or step == "[key]":
            continue
        keys = tuple(_keys_of(kind)) if _is_form(kind) else ()
        steps.append(str(step + 1 if isinstance(step, int) and depth > 1 else step))
        kind = _inside(kind, step)
    return ".".join(steps), keys


def _is_form(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _keys_of(form: type[BaseModel]) -> Iterator[str]:
    for name, field in form.model_fields.items():
        yield field.alias or name


def _plain(kind: Any) -> Any:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


def _chosen(kind: Any, step: int | str) -> tuple[Any, bool]:
    """Return the arm of a union of tables that *step* names, and whether it named one."""
    kind = _plain(kind)
    if get_origin(kind) not in (Union, UnionType):
        return kind, False
    arms = [arm for arm in map(_plain, get_args(kind)) if _is_form(arm)]
    named = [arm for arm in arms for field in arm.model_fields.values() if step in _words(field.annotation)]
    return (named[0], True) if named else (arms[0] if len(arms) == 1 else None, False)


def _words(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _inside(kind: Any, step: int | str) -> Any:
    if _is_form(kind):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return _plain(fields.get(str(step)))
    return _plain(get_args(kind)[-1]) if get_args(kind) else None
