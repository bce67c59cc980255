"""A deadline rule as data: how much time an act gives, counted how, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypedDict

from mcu_sdk.errors import RuleError
from mcu_sdk.sla.bilingual import NO_TEXT, Text, both

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from typing import Unpack

    from mcu_sdk.sla.bound import BoundRule
    from mcu_sdk.sla.calendar import Calendar, Roll

Unit: TypeAlias = Literal["minutes", "hours", "calendar_days", "working_days", "months"]
FirstDay: TypeAlias = Literal["next", "same"]
Floor: TypeAlias = Literal["start", "next_open"]
DayPoint: TypeAlias = Literal["end", "close", "same_time"]
Evidence: TypeAlias = Literal["text", "secondary", "artefact", "inferred", "recalled"]
ReadIn: TypeAlias = Literal["act", "copy"]
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
    read_in: ReadIn = "act"
    source: str = ""
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
        for broken, key, reason in self._contradictions():
            if broken:
                raise rule_error("-", self.id, key, reason)

    @property
    def counts_days(self) -> bool:
        """Whether the rule is counted in civil dates rather than in minutes of working time."""
        return self.unit not in CLOCK_UNITS

    @property
    def takes_dates(self) -> bool:
        """Whether a start of date precision will do: no time of the start is needed."""
        return self.counts_days and self.day_point != "same_time"

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

    def _contradictions(self) -> Iterator[tuple[bool, str, Text]]:
        clock = not self.counts_days
        read = self.evidence == "text"
        yield self.amount < 0, "amount", Text("не может быть отрицательным", "cannot be negative")
        yield clock and self.roll != "none", "roll", _NO_ROLL
        yield clock and self.extension is not None, "extension", _NO_EXTENSION
        yield not clock and bool(self.counted_on), "counted_on", _NO_CLOCK
        yield self.roll_evidence == "inferred" and self.roll == "next", "roll", _ONLY_EARLIER
        unit = self.extension.unit if self.extension else None
        yield unit in CLOCK_UNITS, "extension", _EXTENSION_UNIT
        backwards = self.valid_from and self.valid_to and self.valid_to < self.valid_from
        yield bool(backwards), "valid_to", _BACKWARDS
        yield len(set(self.warn)) < len(self.warn), "warn", _WARN_TWICE
        yield self.verified and not read, "verified", _NOT_READ
        yield self.read_in == "copy" and not read, "read_in", _NO_COPY


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
    read_in: ReadIn
    source: str
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


_NO_ROLL = Text("минуты и часы не переносятся, уберите ключ", "minutes and hours do not roll; leave it out")
_NO_EXTENSION = Text("продлеваются только сроки в днях и месяцах", "only day and month rules are extended")
_NO_CLOCK = Text(
    "сроки в днях и месяцах считаются по датам, уберите ключ",
    "day and month rules are counted on civil dates; leave it out",
)
_ONLY_EARLIER = Text(
    "без нормы (inferred) срок можно переносить только на более раннюю дату, не next",
    "an inferred choice may only make a date earlier, never 'next'",
)
_EXTENSION_UNIT = Text("единица — дни или месяцы", "its unit must be days or months")
_WARN_TWICE = Text("одно и то же сказано дважды", "says the same twice")
_BACKWARDS = Text("раньше, чем valid_from", "lies before valid_from")
_NOT_READ = Text(
    "true допустимо только при evidence = text: не прочитанное не бывает сверенным",
    "may be true only with evidence = 'text': what was not read was not checked",
)
_NO_COPY = Text("copy допустимо только при evidence = text", "may be 'copy' only with evidence = 'text'")


def rule_error(file: str, table: str, key: str, reason: str | Text) -> RuleError:
    """Return the error for a rule or a file of rules, naming the place."""
    texts = both(reason)
    return RuleError(
        "sla.rule",
        f"rule file {file}, rule {table!r}, key {key!r}: {texts.en}",
        "see the table of fields in docs/sla/semantics.md",
        file=file,
        table=table,
        key=key,
        reason=texts.en,
        reason_ru=texts.ru,
    )
