"""Books of rules: the shipped one, and a municipality's file over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from mcu_sdk.errors import RuleError
from mcu_sdk.sla.rule_reading import read_rule_file, read_rules, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from mcu_sdk.sla.rule import Rule

SHIPPED_FILE = "russia/rules.toml"


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules by id; one id may have several records with validity dates that do not overlap."""

    rules: tuple[Rule, ...]
    _records: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id: dict[str, list[Rule]] = {}
        for rule in self.rules:
            by_id.setdefault(rule.id, []).append(rule)
        records = {rule_id: tuple(sorted(same, key=_latest_first)) for rule_id, same in by_id.items()}
        object.__setattr__(self, "_records", records)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __contains__(self, rule_id: object) -> bool:
        return isinstance(rule_id, str) and rule_id in self._records

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, each once, in the order of the book."""
        return tuple(self._records)

    def records(self, rule_id: str) -> tuple[Rule, ...]:
        """Return the records of one id, the latest first. Raises `RuleError` for an unknown id."""
        if rule_id not in self._records:
            raise self._unknown(rule_id)
        return self._records[rule_id]

    def rule(self, rule_id: str, on: date | None = None) -> Rule:
        """Return the rule of that id valid for a start on the civil date *on*; the latest if not given.

        Raises `RuleError` for an unknown id, and for a date on which no record is valid.

        >>> load_rules().rule("59fz.examination").amount
        30
        """
        for rule in self.records(rule_id):
            if on is None or rule.is_valid_on(on):
                return rule
        raise RuleError(
            "sla.rule_not_valid",
            f"no record of rule {rule_id!r} is valid on {on}",
            "see its dates: mcu rules show ID",
            table=rule_id,
            key="valid_from",
            rule=rule_id,
            on=f"{on:%d.%m.%Y}",
        )

    def with_file(self, path: Path) -> RuleBook:
        """Return the book with a TOML file's rules added; an id of the file replaces its records.

        Raises `RuleError` naming the file, the rule and the key.
        """
        return self._overridden(read_rule_file(path, {rule.id: rule for rule in self.rules}))

    def with_text(self, text: str, file: str = "<text>") -> RuleBook:
        """Return the book with the rules of a TOML text added, as `with_file` does.

        A rule of a known id may give only the keys that change. A new amount, act or way of counting
        is not verified until the file says so.

        >>> local = load_rules().with_text('''
        ... [[rule]]
        ... id = "comments.90_minutes"
        ... counted_on = "duty"
        ... ''')
        >>> local.rule("comments.90_minutes").counted_on
        'duty'
        """
        known = {rule.id: rule for rule in self.rules}
        return self._overridden(read_rules(text, file, known))

    def with_tables(self, tables: Sequence[Mapping[str, object]], file: str) -> RuleBook:
        """Return the book with `[[rule]]` tables already read from TOML added, as `with_text` does."""
        known = {rule.id: rule for rule in self.rules}
        return self._overridden(read_tables(tables, "", file, known))

    def _unknown(self, rule_id: str) -> RuleError:
        from difflib import get_close_matches  # noqa: PLC0415  (slow to import, and only mistakes need it)

        close = ", ".join(get_close_matches(rule_id, self.ids)) or "—"
        return RuleError(
            "sla.rule_unknown",
            f"there is no rule {rule_id!r}; close to it: {close}",
            "mcu rules list names all of them",
            table=rule_id,
            key="id",
            rule=rule_id,
            close=close,
        )

    def _overridden(self, news: tuple[Rule, ...]) -> RuleBook:
        replaced = {rule.id for rule in news}
        return RuleBook((*(rule for rule in self.rules if rule.id not in replaced), *news))


def _latest_first(rule: Rule) -> int:
    return -rule.valid_from.toordinal() if rule.valid_from else 0


@cache
def load_rules() -> RuleBook:
    """Return the rule book that ships with the library; read once.

    >>> "portal.ordinary" in load_rules()
    True
    """
    from importlib.resources import files  # noqa: PLC0415  (slow to import, and only data needs it)

    text = files("mcu_sdk.sla").joinpath(SHIPPED_FILE).read_text("utf-8")
    return RuleBook(read_rules(text, "rules.toml", {}))
