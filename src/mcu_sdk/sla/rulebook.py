"""Books of rules: the shipped one, and a municipality's file over it."""

from __future__ import annotations

from dataclasses import dataclass
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

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __contains__(self, rule_id: object) -> bool:
        return any(rule.id == rule_id for rule in self.rules)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, each once, in the order of the book."""
        return tuple(dict.fromkeys(rule.id for rule in self.rules))

    def rule(self, rule_id: str, on: date | None = None) -> Rule:
        """Return the rule of that id valid for a start on the civil date *on*; the latest if not given.

        Raises `RuleError` for an unknown id, and for a date on which no record is valid.

        >>> load_rules().rule("59fz.examination").amount
        30
        """
        records = [rule for rule in self.rules if rule.id == rule_id]
        if not records:
            raise self._unknown(rule_id)
        valid = records if on is None else [rule for rule in records if rule.is_valid_on(on)]
        if not valid:
            raise RuleError(
                "sla.rule_not_valid",
                f"no record of rule {rule_id!r} is valid on {on}",
                "see its dates: mcu rules show ID",
                table=rule_id,
                key="valid_from",
                rule=rule_id,
                on=f"{on:%d.%m.%Y}",
            )
        return max(valid, key=lambda rule: rule.valid_from.toordinal() if rule.valid_from else 0)

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


@cache
def load_rules() -> RuleBook:
    """Return the rule book that ships with the library; read once.

    >>> "portal.ordinary" in load_rules()
    True
    """
    from importlib.resources import files  # noqa: PLC0415  (slow to import, and only data needs it)

    text = files("mcu_sdk.sla").joinpath(SHIPPED_FILE).read_text("utf-8")
    return RuleBook(read_rules(text, "rules.toml", {}))
