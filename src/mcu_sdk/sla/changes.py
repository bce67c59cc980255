"""What changed between two verdicts on one case, for whoever notifies."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.bare_dates import first_second
from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mcu_sdk.sla.clock import Clock
    from mcu_sdk.sla.deadline import CountedPause
    from mcu_sdk.sla.pauses import CasePause
    from mcu_sdk.sla.verdict import Verdict

ChangeKind: TypeAlias = Literal[
    "policy_changed",
    "merged",
    "started",
    "due_moved",
    "paused",
    "resumed",
    "warned",
    "breached",
    "met",
    "met_late",
    "cancelled",
]


class CaseChange(NamedTuple):
    """One change. `id` comes from the change alone, so repeats of it are told by it.

    `clock` is empty for a change of the whole case. `level` belongs to `warned`.
    """

    id: str
    kind: ChangeKind
    clock: str = ""
    activation: int = 0
    due: datetime | None = None
    due_before: datetime | None = None
    level: str = ""


def diff(before: Verdict | None, after: Verdict) -> tuple[CaseChange, ...]:
    """Return what changed from *before* to *after*; everything of *after* if there is no *before*.

    First the case (`policy_changed`, `merged`), then each clock's run in order: `started`, `due_moved`,
    `paused` or `resumed`, `warned`, `breached`, and `met`, `met_late` or `cancelled`. A late end that was
    not seen as a breach before is one now too. Raises `CalendarHorizonError`.
    """
    return tuple(_changes(before, after))


def _changes(before: Verdict | None, after: Verdict) -> Iterator[CaseChange]:
    if after.merged_into is not None:
        if before is None or before.merged_into is None:
            run = max(clock.activation for clock in _runs(after) if clock.name == "final")
            yield CaseChange(f"{after.case_id}/merged/{run}/{after.merged_into}", "merged")
        return
    if before and not before.follows and before.row != after.row:
        rows = f"{before.row.number}-{after.row.number}"
        yield CaseChange(f"{after.case_id}/policy_changed/{rows}{_since_regime(after)}", "policy_changed")
    known = {(clock.name, clock.activation): clock for clock in _runs(before)} if before else {}
    for clock in _runs(after):
        earlier = known.get((clock.name, clock.activation))
        for kind in _clock_changes(earlier, clock, after.pauses):
            yield _change(after, kind, earlier, clock)
    warned = {warning.id for warning in before.warnings_due(before.at)} if before else set[str]()
    for warning in after.warnings_due(after.at):
        if warning.id not in warned:
            yield CaseChange(
                f"{warning.id}/warned",
                "warned",
                warning.clock,
                warning.activation,
                warning.due,
                None,
                warning.level,
            )


def _runs(verdict: Verdict) -> tuple[Clock, ...]:
    """Return the runs of the case's own clocks."""
    return verdict.earlier if verdict.follows else (*verdict.earlier, *verdict.clocks)


def _clock_changes(before: Clock | None, after: Clock, pauses: Sequence[CasePause]) -> Iterator[ChangeKind]:
    if after.state == "pending":
        return
    was = before.state if before else "pending"
    if was == "pending" and after.started_at is not None:
        yield "started"
    if before and before.due and after.due and epoch_seconds(before.due) != epoch_seconds(after.due):
        yield "due_moved"
    if after.state == "paused" and was != "paused":
        yield "paused"
    if was == "paused" and after.state != "paused" and _resumed(after, pauses):
        yield "resumed"
    if after.late and not (before and before.late):
        yield "breached"
    if after.state != was and after.state in ("met", "met_late", "cancelled"):
        yield after.state


def _resumed(after: Clock, pauses: Sequence[CasePause]) -> bool:
    """Tell whether a clock that no longer pauses ran on, rather than ended within the pause."""
    if after.open or after.ended_at is None:
        return True
    last = _last_pause(after, pauses)
    return last is not None and last.resumed_at is not None and _mark(last.resumed_at) < _mark(after.ended_at)


def _last_pause(clock: Clock, pauses: Sequence[CasePause]) -> CountedPause | CasePause | None:
    """Return the pause that lasts, or else the last of the clock's own; of a clock without any the case's."""
    known = pauses if clock.state == "paused" else clock.pauses or pauses
    return known[-1] if known else None


def _change(verdict: Verdict, kind: ChangeKind, before: Clock | None, after: Clock) -> CaseChange:
    # There and back and there again is three changes: a clock may pause many times with one due moment, a
    # far system may return to a date, a case to a regime.
    pause = _last_pause(after, verdict.pauses) if kind in ("paused", "resumed") else None
    moment = pause.paused_at if pause else after.due
    mark = str(epoch_seconds(moment)) if moment else "-"
    if not pause and after.given and after.started_at and kind != "started":
        mark += f"/{_mark(after.started_at)}"
    elif kind == "due_moved":
        mark += _since_regime(verdict)
    return CaseChange(
        f"{verdict.case_id}/{after.name}/{after.activation}/{kind}/{mark}",
        kind,
        after.name,
        after.activation,
        after.due,
        before.due if before else None,
    )


def _since_regime(verdict: Verdict) -> str:
    return "" if verdict.regime_since is None else f"/{_mark(verdict.regime_since)}"


def _mark(at: datetime | date) -> int:
    return first_second(at, None)
