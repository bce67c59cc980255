"""Which rules a case falls under: ordered rows of conditions, the first that fits wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.nearest import nearest, unknown_key
from mcu_sdk.sla.rulebook import RuleBook, load_rules

Authority: TypeAlias = Literal["own", "external"]

FACTS = (
    "kind",
    "regime",
    "channel",
    "topic",
    "priority",
    "fast_track",
    "applicant_kind",
    "municipality",
)
CLOCKS = (
    "route",
    "registration",
    "first_reply",
    "interim",
    "promise",
    "final",
    "next_reply",
    "extension_notice",
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One row: a condition for each fact it names, the rule of each clock, and whose date decides.

    `authority` is `own` (our rule) or `external` (the date the far system sets, where it set one).
    """

    number: int
    when: tuple[tuple[str, tuple[object, ...]], ...]
    rules: Mapping[str, str]
    authority: Authority = "own"

    def fits(self, facts: Mapping[str, object]) -> bool:
        """Tell whether every condition of the row holds for *facts*; a missing fact fits none."""
        return all(name in facts and facts[name] in allowed for name, allowed in self.when)


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows in order, and the book their rules stand in."""

    rows: tuple[PolicyRow, ...]
    book: RuleBook

    @classmethod
    def parse(cls, source: str | Mapping[str, object], book: RuleBook | None = None) -> Policy:
        """Read a policy from TOML text or an equal mapping; rules are those of *book*, else the shipped one.

        Only the last row may go without a condition. Raises `PolicyError` naming the row and the key.

        >>> policy = Policy.parse('''
        ... [[row]]
        ... when = { regime = "59fz" }
        ... rules = { final = "59fz.examination" }
        ...
        ... [[row]]
        ... rules = { final = "portal.ordinary" }
        ... authority = "external"
        ... ''')
        >>> policy.choose({"regime": "59fz"}).rules["final"]
        '59fz.examination'
        """
        table = _toml(source) if isinstance(source, str) else source
        book = book or load_rules()
        unknown = [key for key in table if key != "row"]
        rows = table.get("row")
        if unknown or not isinstance(rows, list) or not rows:
            names = ", ".join(unknown) or "-"
            raise policy_error(
                0,
                "row",
                Text(
                    f"нужен список таблиц [[row]]; лишнее: {names}",
                    f"a policy is a list of [[row]] tables; unknown: {names}",
                ),
            )
        tables = cast("list[object]", rows)
        read = tuple(_row(number, row, book) for number, row in enumerate(tables, 1))
        for row in read[:-1]:
            if not row.when:
                raise policy_error(row.number, "when", _ONLY_THE_LAST)
        return cls(read, book)

    def choose(self, facts: Mapping[str, object]) -> PolicyRow:
        """Return the first row that fits *facts*. Raises `PolicyError` if none does."""
        for row in self.rows:
            if row.fits(facts):
                return row
        raise PolicyError(
            "sla.policy_no_match",
            f"none of the {len(self.rows)} policy rows fits the case",
            "add a last row without a condition",
            rows=len(self.rows),
        )


def _toml(text: str) -> Mapping[str, object]:
    import tomllib  # noqa: PLC0415  (slow to import, and only texts need it)

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise policy_error(0, "-", Text(f"ошибка записи TOML: {problem}", f"not TOML: {problem}")) from None


def _row(number: int, source: object, book: RuleBook) -> PolicyRow:
    row = _table(number, "", source, ("when", "rules", "authority"))
    when = _table(number, "when", row.get("when", {}), FACTS)
    rules = _table(number, "rules", row.get("rules", {}), CLOCKS)
    authority = row.get("authority", "own")
    if authority not in ("own", "external"):
        raise policy_error(number, "authority", _wanted("own, external"))
    if "final" not in rules:
        raise policy_error(number, "rules.final", Text("не указано правило", "no rule is named"))
    for clock, rule_id in rules.items():
        if rule_id not in book:
            raise policy_error(number, f"rules.{clock}", _no_rule(rule_id, book))
    conditions = tuple((name, _allowed(number, name, value)) for name, value in when.items())
    return PolicyRow(number, conditions, cast("Mapping[str, str]", rules), authority)


def _table(number: int, name: str, source: object, allowed: tuple[str, ...]) -> dict[str, object]:
    known = ", ".join(allowed)
    if not isinstance(source, Mapping):
        raise policy_error(
            number, name or "-", Text(f"нужна таблица из {known}", f"must be a table of {known}")
        )
    table = dict(cast("Mapping[str, object]", source))
    for key in table:
        if key not in allowed:
            raise policy_error(number, f"{name}.{key}" if name else key, unknown_key(key, allowed))
    return table


def _allowed(number: int, name: str, value: object) -> tuple[object, ...]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    for item in values:
        if not isinstance(item, str | bool | int):
            raise policy_error(number, f"when.{name}", _A_WORD)
    return tuple(values)


_ONLY_THE_LAST = Text(
    "без условия может быть только последняя строка", "only the last row may go without a condition"
)
_A_WORD = Text(
    "нужен текст, число, true, false или их список",
    "must be a text, a number, true or false, or a list of them",
)


def _wanted(words: str) -> Text:
    return Text(f"допустимо только: {words}", f"must be one of: {words}")


def _no_rule(rule_id: object, book: RuleBook) -> Text:
    told = nearest(str(rule_id), book.ids)
    return Text(f"правила {rule_id!r} нет, {told.ru}", f"there is no rule {rule_id!r}; {told.en}")


def policy_error(row: int, key: str, reason: Text) -> PolicyError:
    """Return the error for a policy, naming row and key; row 0 is the policy as a whole."""
    return PolicyError(
        "sla.policy",
        f"policy row {row}, key {key!r}: {reason.en}" if row else f"policy: {reason.en}",
        "see 'Policies' in docs/sla/semantics.md",
        row=row,
        key=key,
        reason=reason.en,
        reason_ru=reason.ru,
    )
