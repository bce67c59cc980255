"""What a case's log means at a moment: what is due when, and whether it is late."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.case import EventKind
from mcu_sdk.sla.clock import Clock, settled
from mcu_sdk.sla.moment import DAY_SECONDS, epoch_seconds
from mcu_sdk.sla.words import at_moment, duration, event_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from mcu_sdk.errors import Language
    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.case import Case, CaseEvent
    from mcu_sdk.sla.clock import ClockState
    from mcu_sdk.sla.policy import Authority, Policy, PolicyRow
    from mcu_sdk.sla.rule import Rule
    from mcu_sdk.sla.rulebook import RuleBook

_NOT_COUNTED = frozenset((EventKind.PAUSED, EventKind.EXTENDED, EventKind.REOPENED, EventKind.REGIME_CHANGED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A case at a moment. Computed from the log alone; nothing is stored.

    `cautions` names what weakens it: `unverified`, `projected`, and `not_counted:paused` and the
    like for events whose effect on the term is not computed.
    """

    case_id: str
    row: PolicyRow
    clocks: tuple[Clock, ...]
    cautions: tuple[str, ...] = ()

    def clock(self, name: str) -> Clock | None:
        """Return the clock of that name (`final`, `external`), or None."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    @property
    def authority(self) -> Authority:
        """Whose date decides: `external` if the policy says so and the far system set a date, else `own`."""
        return "external" if self.row.authority == "external" and self.clock("external") else "own"

    @property
    def deciding(self) -> Clock:
        """The clock whose date decides what is late."""
        name = "external" if self.authority == "external" else "final"
        return next(clock for clock in self.clocks if clock.name == name)

    @property
    def state(self) -> ClockState:
        """The state of the deciding clock."""
        return self.deciding.state

    @property
    def late(self) -> bool:
        """Whether the deciding date was missed, or has passed unanswered."""
        return self.deciding.late

    @property
    def due(self) -> datetime | None:
        """The earlier of our date and the external one, which warnings go by; None before the start."""
        dues = [clock.due for clock in self.clocks if clock.due]
        return min(dues, key=epoch_seconds, default=None)

    @property
    def disagreement(self) -> timedelta | None:
        """How much later the external date is than ours, negative if earlier; None unless they differ."""
        final, external = self.clock("final"), self.clock("external")
        if final is None or external is None or final.due is None or external.due is None:
            return None
        return timedelta(seconds=epoch_seconds(external.due) - epoch_seconds(final.due)) or None

    def explain(self, language: Language = "ru", *, tz_version: str = "unknown") -> str:
        """Return state, dates and reasons in a few lines, in Russian or English."""
        lines = [_STATE[self.state].in_language(language)]
        if late_by := self.deciding.late_by:
            lines[0] += _LATE.in_language(language).format(late=duration(late_by, language))
        external = self.clock("external")
        if external and external.due:
            lines.append(
                _EXTERNAL.in_language(language).format(
                    due=at_moment(external.due, language), source=external.source or "—"
                )
            )
        if self.disagreement:
            lines.append(_DISAGREE[self.authority].in_language(language))
        final = self.clocks[0]
        if final.awaits:
            lines.append(_AWAITS.in_language(language).format(event=event_name(final.awaits, language)))
        if final.problem:
            lines.append(_UNKNOWN.in_language(language) + final.problem.localized(language))
        if final.deadline:
            if self.authority == "external":
                lines.append(_COMPARE.in_language(language))
            lines.append(final.deadline.explain(language, tz_version=tz_version))
        return "\n".join(lines)


_STATE: dict[ClockState, Text] = {
    "pending": Text("Срок ещё не начался", "The term has not begun"),
    "running": Text("Срок идёт", "The term runs"),
    "paused": Text("Срок приостановлен", "The term is paused"),
    "met": Text("Исполнено в срок", "Done in time"),
    "met_late": Text("Исполнено с опозданием", "Done late"),
    "breached": Text("Срок нарушен", "The term is breached"),
    "cancelled": Text("Срок снят", "The term is cancelled"),
}
_AWAITS = Text(
    "Наш срок отсчитывают от события «{event}», а его ещё нет",
    "Our term is counted from the event “{event}”, which has not happened yet",
)
_UNKNOWN = Text("Наш срок не посчитан: ", "Our date is not known: ")
_COMPARE = Text("Наш расчёт, для сравнения:", "Our own count, for comparison:")
_LATE = Text(" (опоздание {late})", " (late by {late})")
_EXTERNAL = Text(
    "Срок внешней системы: {due} (источник: {source})", "The far system's date: {due} (source: {source})"
)
_DISAGREE: dict[Authority, Text] = {
    "own": Text("Сроки расходятся; решает наш", "The dates differ; ours decides"),
    "external": Text(
        "Сроки расходятся; решает внешняя система", "The dates differ; the far system's decides"
    ),
}


def evaluate(case: Case, policy: Policy, calendars: Mapping[str, Calendar], now: datetime) -> Verdict:
    """Return what the case's log means at *now*; events after *now* do not exist yet.

    *calendars* maps names to calendars (`office`, `duty`). A bare external date means 23:59:59 in the
    zone of the rule's calendar. Where the external date decides, it does so beyond the years of our
    calendar too; the final clock then carries the `problem`. Raises `PolicyError`,
    `CalendarNotChosen`, `CalendarHorizonError`, `NaiveMomentError`.
    """
    row = policy.choose(case.facts)
    rule = policy.book.rule(row.rules["final"])
    calendar = rule.bind(calendars).calendar
    events = case.happened(now, calendar)
    external = _external(events, calendar)
    try:
        clocks = [_final(policy.book, rule, calendars, calendar.zone, events)]
    except CalendarHorizonError as error:
        if external is None or row.authority == "own":
            raise
        clocks = [Clock(name="final", state="pending", problem=error)]
    cautions = clocks[0].deadline.cautions if clocks[0].deadline else ()
    if external:
        clocks.append(external)
    ignored = dict.fromkeys(f"not_counted:{event.kind}" for event in events if event.kind in _NOT_COUNTED)
    return Verdict(
        case_id=case.id,
        row=row,
        clocks=tuple(settled(clock, events, now, calendar) for clock in clocks),
        cautions=(*cautions, *ignored),
    )


def _final(
    book: RuleBook,
    rule: Rule,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
    events: tuple[CaseEvent, ...],
) -> Clock:
    started = next((event for event in events if event.kind == rule.start_event), None)
    if started is None:
        return Clock(name="final", state="pending", awaits=rule.start_event)
    at = started.at
    day = at.astimezone(zone).date() if isinstance(at, datetime) else at
    # The record valid on that date may be counted on another calendar.
    deadline = book.rule(rule.id, on=day).bind(calendars).deadline(at)
    return Clock(
        name="final", state="running", started_at=deadline.start, due=deadline.due, deadline=deadline
    )


def _external(events: tuple[CaseEvent, ...], calendar: Calendar) -> Clock | None:
    settings = [event for event in events if event.kind is EventKind.DUE_SET and event.due]
    if not settings:
        return None
    last = settings[-1]
    due = last.due
    if isinstance(due, datetime):
        with suppress(OverflowError):  # the last hours of the year 9999 stay in their own zone
            due = due.astimezone(calendar.zone)
    elif due is not None:
        zone = calendar.tables(due).zone
        due = zone.moment_of(zone.epoch_of(due.toordinal(), DAY_SECONDS - 1))
    return Clock(name="external", state="running", started_at=last.at, due=due, source=last.source)
