"""Reading policies from TOML, with errors that name file, row and key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.nearest import nearest, unknown_key
from mcu_sdk.sla.policy import CLOCKS, FACTS, Authority, PolicyRow

if TYPE_CHECKING:
    from mcu_sdk.sla.rulebook import RuleBook

_KEYS = ("when", "rules", "authority", "pausable", "rearm_next_reply", "valid_from", "valid_to")


def read_rows(source: str | Mapping[str, object], book: RuleBook, file: str) -> tuple[PolicyRow, ...]:
    """Return the rows of a policy, given as TOML text or as an equal mapping. Raises `PolicyError`."""
    table = _toml(source, file) if isinstance(source, str) else source
    for key in table:
        if key != "row":
            raise policy_error(file, 0, key, unknown_key(key, ("row",)))
    rows = table.get("row")
    if not isinstance(rows, list) or not rows:
        raise policy_error(file, 0, "row", _ROWS)
    tables = cast("list[object]", rows)
    read = tuple(_Reader(file, number, book).row(row) for number, row in enumerate(tables, 1))
    for row in read[:-1]:
        if not row.when and not row.dated:
            raise policy_error(file, row.number, "when", _ONLY_LAST)
    return read


def policy_error(file: str, row: int, key: str, reason: Text) -> PolicyError:
    """Return the error for a policy, naming the place; row 0 is the policy as a whole."""
    return PolicyError(
        "sla.policy",
        f"policy file {file}, row {row or '-'}, key {key!r}: {reason.en}",
        "see 'Policies' in docs/sla/semantics.md",
        file=file,
        row=row or "-",
        key=key,
        reason=reason.en,
        reason_ru=reason.ru,
    )


_ROWS = Text("нужен список таблиц [[row]]", "a policy is a list of [[row]] tables")
_ONLY_LAST = Text(
    "без условия и без дат действия может быть только последняя строка",
    "only the last row may go without a condition and without validity dates",
)
_NO_FINAL = Text("нет правила часов «final»", "rules must name a rule for the clock 'final'")
_VALUES = Text(
    "нужен текст, целое число, true, false или список из них",
    "must be a text, a whole number, true or false, or a list of them",
)
_BACKWARDS = Text("раньше, чем valid_from", "lies before valid_from")


def _wanted(russian: str, english: str, value: object) -> Text:
    return Text(f"нужно: {russian}; указано {value!r}", f"must be {english}, not {value!r}")


def _toml(text: str, file: str) -> Mapping[str, object]:
    import tomllib  # noqa: PLC0415  (slow to import, and only texts need it)

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        reason = Text(f"ошибка записи TOML: {problem}", f"not TOML: {problem}")
        raise policy_error(file, 0, "-", reason) from None


class _Reader:
    """Reads one row; every value is checked before a row is made of it."""

    def __init__(self, file: str, number: int, book: RuleBook) -> None:
        self.file, self.number, self.book = file, number, book

    def error(self, key: str, reason: Text) -> PolicyError:
        return policy_error(self.file, self.number, key, reason)

    def row(self, source: object) -> PolicyRow:
        row = self.table("row", source, _KEYS)
        when = self.table("when", row.get("when", {}), FACTS)
        valid_from, valid_to = self.day("valid_from", row), self.day("valid_to", row)
        if valid_from and valid_to and valid_to < valid_from:
            raise self.error("valid_to", _BACKWARDS)
        return PolicyRow(
            self.number,
            tuple((name, self.allowed(name, value)) for name, value in when.items()),
            self.rules(row.get("rules", {})),
            self.authority(row.get("authority", "own")),
            self.pausable(row.get("pausable")),
            self.flag("rearm_next_reply", row.get("rearm_next_reply", False)),
            valid_from,
            valid_to,
        )

    def table(self, key: str, source: object, allowed: tuple[str, ...]) -> dict[str, object]:
        if not isinstance(source, Mapping):
            raise self.error(key, _wanted("таблица", "a table", source))
        table = dict(cast("Mapping[str, object]", source))
        for name in table:
            if name not in allowed:
                raise self.error(name if key == "row" else f"{key}.{name}", unknown_key(name, allowed))
        return table

    def rules(self, source: object) -> dict[str, str]:
        rules = self.table("rules", source, CLOCKS)
        if "final" not in rules:
            raise self.error("rules", _NO_FINAL)
        for clock, rule_id in rules.items():
            if rule_id not in self.book:
                told = nearest(str(rule_id), self.book.ids)
                reason = Text(
                    f"правила {rule_id!r} нет, {told.ru}", f"there is no rule {rule_id!r}; {told.en}"
                )
                raise self.error(f"rules.{clock}", reason)
        return cast("dict[str, str]", rules)

    def authority(self, value: object) -> Authority:
        if value not in ("own", "external"):
            raise self.error("authority", _wanted("own или external", "'own' or 'external'", value))
        return value

    def pausable(self, value: object) -> frozenset[str] | None:
        if value is None:
            return None
        names = cast("list[object]", value) if isinstance(value, list) else [value]
        for name in names:
            if name not in CLOCKS:
                known = ", ".join(CLOCKS)
                raise self.error("pausable", _wanted(f"список из {known}", f"a list of {known}", name))
        return frozenset(cast("list[str]", names))

    def flag(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.error(key, _wanted("true или false", "true or false", value))
        return value

    def day(self, key: str, row: Mapping[str, object]) -> date | None:
        value = row.get(key)
        if value is not None and type(value) is not date:
            raise self.error(key, _wanted("дата, например 2026-01-31", "a date such as 2026-01-31", value))
        return value

    def allowed(self, name: str, value: object) -> tuple[object, ...]:
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        for item in values or [None]:
            if not isinstance(item, str | bool | int):
                raise self.error(f"when.{name}", _VALUES)
            if name == "fast_track":
                self.flag(f"when.{name}", item)
        return tuple(values)
