"""Reading rules from TOML, with errors that name file, rule, key and the allowed values."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from mcu_sdk.errors import RuleError
from mcu_sdk.sla.bilingual import Text, both
from mcu_sdk.sla.calendar import Roll
from mcu_sdk.sla.nearest import unknown_key
from mcu_sdk.sla.rule import (
    Act,
    DayPoint,
    Evidence,
    Extension,
    FirstDay,
    Floor,
    ReadIn,
    Rule,
    Span,
    Unit,
    WarnAt,
    rule_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_REQUIRED = ("id", "title", "act", "start_event", "amount", "unit", "evidence", "verified")
_WHAT_WAS_CHECKED = frozenset(
    {"act", "start_event", "amount", "unit", "first_day", "extension", "evidence", "read_in"}
)


def read_rule_file(path: Path, known: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules of the TOML file at *path*, as `read_rules` does."""
    try:
        text = path.read_text("utf-8")
    except OSError:
        reason = Text("файл не открывается", "the file cannot be opened")
    except UnicodeDecodeError:
        reason = Text("файл не в кодировке UTF-8", "the file is not UTF-8")
    else:
        return read_rules(text, str(path), known)
    raise rule_error(str(path), "-", "-", reason)


def read_rules(text: str, file: str, known: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules of a TOML text in its order; a rule of a *known* id changes only the keys it gives.

    Raises `RuleError`.
    """
    import tomllib  # noqa: PLC0415  (slow to import, and only files need it)

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise rule_error(
            file, "-", "-", Text(f"ошибка записи TOML: {problem}", f"not TOML: {problem}")
        ) from None
    for key in tables:
        if key not in ("rule", "version"):
            raise rule_error(file, "-", key, unknown_key(key, ("version", "rule")))
    return read_tables(tables.get("rule", []), str(tables.get("version", "")), file, known)


def read_tables(
    tables: Sequence[Mapping[str, Any]], version: str, file: str, known: Mapping[str, Rule]
) -> tuple[Rule, ...]:
    """Return the rules of `[[rule]]` tables that are already read from TOML, as `read_rules` does."""
    read: list[Rule] = []
    for number, table in enumerate(tables, 1):
        reader = _Reader(file, str(table.get("id", f"#{number}")))
        rule = reader.rule(table, known, version)
        for earlier in read:
            if earlier.id == rule.id and _overlap(earlier, rule):
                raise reader.error("valid_from", _SAME_DATE)
        read.append(rule)
    return tuple(read)


_SAME_DATE = Text(
    "две записи с этим id действуют в одну и ту же дату", "two records of this id are valid on the same date"
)


def _overlap(one: Rule, other: Rule) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return first <= last


class _Reader:
    """Reads one table; every value is checked before a rule is made of it."""

    def __init__(self, file: str, table: str) -> None:
        self.file = file
        self.table = table

    def error(self, key: str, reason: Text) -> RuleError:
        return rule_error(self.file, self.table, key, reason)

    def rule(self, table: Mapping[str, object], known: Mapping[str, Rule], version: str) -> Rule:
        for key in table:
            if key not in _READERS:
                raise self.error(key, unknown_key(key, _READERS))
        values: dict[str, Any] = {key: _READERS[key](self, key, value) for key, value in table.items()}
        before = known.get(self.table)
        for key in _REQUIRED:
            if key not in values and before is None:
                raise self.error(key, Text("не указан", "is missing"))
        values["version"] = version
        if before and _WHAT_WAS_CHECKED & values.keys():
            values.setdefault("verified", False)  # somebody checked the old values, nobody the new ones
        if before and {"act", "evidence"} & values.keys():
            values = {"read_in": "act", "source": "", **values}  # and not where the old act was read
        try:
            return replace(before, **values) if before else Rule(**values)
        except RuleError as problem:
            reason = Text(str(problem.values["reason_ru"]), str(problem.values["reason"]))
            raise self.error(problem.key, reason) from None

    def text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.error(key, _wanted("текст в кавычках", "a text", value))
        return value

    def both_texts(self, key: str, value: object) -> Text:
        if isinstance(value, str):
            return both(value)
        table = self.mapping(key, value, ("ru", "en"))
        return Text(*(self.text(f"{key}.{language}", table.get(language)) for language in ("ru", "en")))

    def whole(self, key: str, value: object) -> int:
        if type(value) is not int or value < 0:
            raise self.error(key, _wanted("целое число от 0", "a whole number from 0", value))
        return value

    def flag(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.error(key, _wanted("true или false", "true or false", value))
        return value

    def day(self, key: str, value: object) -> date:
        if type(value) is not date:
            raise self.error(key, _wanted("дата, например 2026-01-31", "a date such as 2026-01-31", value))
        return value

    def mapping(self, key: str, value: object, allowed: tuple[str, ...]) -> dict[str, object]:
        if not isinstance(value, dict):
            names = ", ".join(allowed)
            raise self.error(key, _wanted(f"таблица из {names}", f"a table of {names}", value))
        table = cast("dict[str, object]", value)
        for name in table:
            if name not in allowed:
                raise self.error(f"{key}.{name}", unknown_key(name, allowed))
        return table

    def act(self, key: str, value: object) -> Act:
        table = self.mapping(key, value, Act._fields)
        return Act(
            self.both_texts("act.name", table.get("name")),
            self.text("act.number", table["number"]) if "number" in table else "",
            self.day("act.date", table["date"]) if "date" in table else None,
            self.both_texts("act.article", table["article"]) if "article" in table else Text(),
        )

    def span(self, key: str, value: object) -> Span:
        table = self.mapping(key, value, Span._fields)
        unit = _one_of(Unit)(self, f"{key}.unit", table.get("unit"))
        return Span(self.whole(f"{key}.amount", table.get("amount")), cast(Unit, unit))

    def extension(self, key: str, value: object) -> Extension:
        table = self.mapping(key, value, ("most", "unit", "from", "notice_by"))
        unit = _one_of(Unit)(self, f"{key}.unit", table.get("unit"))
        _one_of(Literal["nominal_end"])(self, f"{key}.from", table.get("from", "nominal_end"))
        _one_of(Literal["due"])(self, f"{key}.notice_by", table.get("notice_by", "due"))
        return Extension(self.whole(f"{key}.most", table.get("most")), cast(Unit, unit))

    def warn(self, key: str, value: object) -> tuple[WarnAt, ...]:
        if not isinstance(value, list):
            raise self.error(key, _wanted(*_WARN_LIST, value))
        warnings: list[WarnAt] = []
        for item in cast("list[object]", value):
            if isinstance(item, float) and 0 < item < 1:
                warnings.append(item)
            elif isinstance(item, dict):
                warnings.append(self.span(key, cast(object, item)))
            else:
                raise self.error(key, _wanted(*_WARN_LIST, item))
        return tuple(warnings)


_WARN_LIST = Text(
    "список из долей срока между 0 и 1 и из {amount, unit}",
    "a list of fractions between 0 and 1 and of {amount, unit}",
)


def _wanted(russian: str, english: str, value: object) -> Text:
    return Text(f"нужно: {russian}; указано {value!r}", f"must be {english}, not {value!r}")


def _one_of(alias: object) -> Callable[[_Reader, str, object], str]:
    allowed = get_args(alias)

    def read(reader: _Reader, key: str, value: object) -> str:
        if value not in allowed:
            names = ", ".join(allowed)
            raise reader.error(key, _wanted(f"одно из {names}", f"one of {names}", value))
        return cast(str, value)

    return read


_READERS: dict[str, Callable[[_Reader, str, object], object]] = {
    "id": _Reader.text,
    "title": _Reader.both_texts,
    "act": _Reader.act,
    "start_event": _Reader.text,
    "amount": _Reader.whole,
    "unit": _one_of(Unit),
    "counted_on": _Reader.text,
    "first_day": _one_of(FirstDay),
    "roll": _one_of(Roll),
    "floor": _one_of(Floor),
    "day_point": _one_of(DayPoint),
    "extension": _Reader.extension,
    "internal_before": _Reader.span,
    "pausable": _Reader.flag,
    "warn": _Reader.warn,
    "valid_from": _Reader.day,
    "valid_to": _Reader.day,
    "evidence": _one_of(Evidence),
    "roll_evidence": _one_of(Evidence),
    "verified": _Reader.flag,
    "read_in": _one_of(ReadIn),
    "source": _Reader.text,
    "note": _Reader.both_texts,
}
assert set(_READERS) | {"version"} == {field.name for field in fields(Rule)}  # noqa: S101
