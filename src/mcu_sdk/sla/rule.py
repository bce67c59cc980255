"""A deadline rule as data: how much time an act gives, counted how, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypedDict

from mcu_sdk.errors import RuleError
from mcu_sdk.sla.bilingual import NO_TEXT, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Unpack

    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar, Roll

Unit: TypeAlias = Literal["minutes", "hours", "calendar_days", "working_days", "months"]
FirstDay: TypeAlias = Literal["next", "same"]
Floor: TypeAlias = Literal["start", "next_open"]
DayPoint: TypeAlias = Literal["end", "close", "same_time"]
Evidence: TypeAlias = Literal["text", "secondary", "artefact", "inferred", "recalled"]
WarnAt: TypeAlias = "float | Span"

CLOCK_UNITS: tuple[Unit, ...] = ("minutes", "hours")


class Act(NamedTuple):
    """The act a rule comes from; *date* is the day it was adopted, None for a regional or local practice."""

    name: Text
    number: str
    date: date | None
    article: Text


class Span(NamedTuple):
    """A length of time in a named unit."""

    amount: int
    unit: Unit


class Extension(NamedTuple):
    """How far a term may be extended: *most* *unit* after the unrolled end, notified by the due moment."""

    most: int
    unit: Unit
    counted_from: Literal["nominal_end"] = "nominal_end"
    notice_by: Literal["due"] = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A deadline rule. Immutable; see docs/sla/semantics.md for what each value means.

    Raises `RuleError` where values contradict each other.
    """

    id: str
    title: Text
    act: Act
    start_event: str
    amount: int
    unit: Unit
    evidence: Evidence
    verified: bool
    counted_on: str = ""
    first_day: FirstDay = "next"
    roll: Roll = "none"
    floor: Floor = "start"
    day_point: DayPoint = "end"
    extension: Extension | None = None
    internal_before: Span | None = None
    pausable: bool = False
    warn: tuple[WarnAt, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    roll_evidence: Evidence | None = None
    note: Text = NO_TEXT
    version: str = ""

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise self._contradiction("amount", "cannot be negative")
        if not self.counts_days:
            if self.roll != "none":
                raise self._contradiction("roll", "minutes and hours do not roll; leave it out")
            if self.extension:
                raise self._contradiction("extension", "only day and month rules are extended")
        elif self.counted_on:
            raise self._contradiction(
                "counted_on", "day and month rules are counted on civil dates; leave it out"
            )
        if self.roll_evidence == "inferred" and self.roll == "next":
            raise self._contradiction("roll", "an inferred choice may only make a date earlier, never 'next'")
        if self.extension and self.extension.unit in CLOCK_UNITS:
            raise self._contradiction("extension", "its unit must be days or months")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise self._contradiction("valid_to", "lies before valid_from")

    @property
    def counts_days(self) -> bool:
        """Whether the rule is counted in civil dates rather than in minutes of working time."""
        return self.unit not in CLOCK_UNITS

    def replace(self, **changes: Unpack[RuleChanges]) -> Rule:
        """Return the rule with some fields changed; the old one stays as it is.

        >>> from mcu_sdk.sla import load_rules
        >>> load_rules().rule("59fz.examination").replace(roll="next", roll_evidence="secondary").roll
        'next'
        """
        return replace(self, **changes)

    def bind(self, calendars: Mapping[str, Calendar] | Calendar) -> BoundRule:
        """Return the rule counted on a calendar.

        Minutes and hours are counted on the calendar that `counted_on` names, days and months on
        `office`; a single calendar serves for any name. Raises `CalendarNotChosen`.

        >>> from datetime import date
        >>> from mcu_sdk.sla import Calendar, load_rules
        >>> office = Calendar.russia(zone="Europe/Moscow", schedule="mon-fri 08:00-17:00")
        >>> print(load_rules().rule("59fz.examination").bind(office).due(date(2025, 12, 8)))
        2025-12-30 23:59:59+03:00
        """
        from mcu_sdk.sla.bound import bind  # noqa: PLC0415  (bound rules know rules, not the reverse)

        return bind(self, calendars)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the rule applies to a term that starts on *day*; both ends are included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def _contradiction(self, key: str, reason: str) -> RuleError:
        return rule_error("-", self.id, key, reason)


class RuleChanges(TypedDict, total=False):
    """What `Rule.replace` takes."""

    id: str
    title: Text
    act: Act
    start_event: str
    amount: int
    unit: Unit
    evidence: Evidence
    verified: bool
    counted_on: str
    first_day: FirstDay
    roll: Roll
    floor: Floor
    day_point: DayPoint
    extension: Extension | None
    internal_before: Span | None
    pausable: bool
    warn: tuple[WarnAt, ...]
    valid_from: date | None
    valid_to: date | None
    roll_evidence: Evidence | None
    note: Text
    version: str


def rule_error(file: str, table: str, key: str, reason: str) -> RuleError:
    """Return the error for a rule or a file of rules, naming the place."""
    error = RuleError(
        "sla.rule",
        f"rule file {file}, rule {table!r}, key {key!r}: {reason}",
        "see the table of fields in docs/sla/semantics.md",
        file=file,
        table=table,
        key=key,
        reason=reason,
    )
    error.__dict__.update(file=file, table=table, key=key)
    return error
