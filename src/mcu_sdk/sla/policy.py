"""Which rules a case falls under: ordered rows of conditions, the first that fits wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla.rulebook import RuleBook, load_rules

if TYPE_CHECKING:
    from mcu_sdk.errors import Language
    from mcu_sdk.sla.rule import Rule

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
    `pausable` names the clocks that pause, of those whose rule may; None means all but `first_reply`.
    `rearm_next_reply`: a message written after the end starts the next reply. The row is valid for cases
    that began between `valid_from` and `valid_to`, both included.
    """

    number: int
    when: tuple[tuple[str, tuple[object, ...]], ...]
    rules: Mapping[str, str]
    authority: Authority = "own"
    pausable: frozenset[str] | None = None
    rearm_next_reply: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    clocks: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        clocks = tuple((clock, self.rules[clock]) for clock in CLOCKS if clock in self.rules)
        object.__setattr__(self, "clocks", clocks)

    def fits(self, facts: Mapping[str, object]) -> bool:
        """Tell whether every condition of the row holds for *facts*; a missing fact fits none."""
        for name, allowed in self.when:  # noqa: SIM110  (a generator would cost as much as the rest)
            if name not in facts or facts[name] not in allowed:
                return False
        return True

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the row is for cases that began on *day*."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def dated(self) -> bool:
        """Whether the row has validity dates."""
        return self.valid_from is not None or self.valid_to is not None

    def pauses(self, clock: str, rule: Rule) -> bool:
        """Tell whether a clock that *rule* counts pauses with its case."""
        if not rule.pausable:
            return False
        return clock != "first_reply" if self.pausable is None else clock in self.pausable


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows in order, and the book their rules stand in."""

    rows: tuple[PolicyRow, ...]
    book: RuleBook
    dated: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Whether any row has validity dates, so that choosing needs a date.
        object.__setattr__(self, "dated", any(row.dated for row in self.rows))

    @classmethod
    def parse(
        cls, source: str | Mapping[str, object], book: RuleBook | None = None, *, file: str = "-"
    ) -> Policy:
        """Read a policy from TOML text or an equal mapping; rules are those of *book*, else the shipped one.

        Only the last row may go without a condition and without validity dates. Raises `PolicyError`
        naming *file*, row and key.

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
        from mcu_sdk.sla.policy_reading import read_rows  # noqa: PLC0415  (it makes rows)

        book = book or load_rules()
        return cls(read_rows(source, book, file), book)

    def choose(self, facts: Mapping[str, object], on: date | None = None) -> PolicyRow:
        """Return the first row that fits *facts* and cases that began *on* that date, on any if not given.

        Raises `PolicyError` if none does.
        """
        for row in self.rows:
            if row.fits(facts) and (on is None or row.is_valid_on(on)):
                return row
        raise PolicyError(
            "sla.policy_no_match",
            f"none of the {len(self.rows)} policy rows fits the case",
            "add a last row without a condition",
            rows=len(self.rows),
        )

    def explain_choice(
        self, facts: Mapping[str, object], language: Language = "ru", *, on: date | None = None
    ) -> str:
        """Return row by row, a line each, why it fits *facts* or does not, and which one is chosen.

        >>> policy = Policy.parse('''
        ... [[row]]
        ... when = { regime = "59fz" }
        ... rules = { final = "59fz.examination" }
        ...
        ... [[row]]
        ... rules = { final = "portal.ordinary" }
        ... ''')
        >>> print(policy.explain_choice({"regime": "message"}, "en"))
        Row 1 does not fit: regime is message, wanted 59fz
        Row 2 fits and is chosen: final by portal.ordinary; our date decides
        """
        from mcu_sdk.sla.policy_explain import explain_choice  # noqa: PLC0415  (only explanations need it)

        return explain_choice(self, facts, language, on)
