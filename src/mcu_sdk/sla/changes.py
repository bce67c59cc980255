"""What changed between two verdicts on one case, for whoever notifies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcu_sdk.sla.clock import Clock
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
    if before and before.row != after.row:
        rows = f"{before.row.number}-{after.row.number}"
        yield CaseChange(f"{after.case_id}/policy_changed/{rows}", "policy_changed")
    if after.merged_into is not None and (before is None or before.merged_into is None):
        yield CaseChange(f"{after.case_id}/merged/{after.merged_into}", "merged")
        return
    known = {(clock.name, clock.activation): clock for clock in _runs(before)} if before else {}
    for clock in _runs(after):
        earlier = known.get((clock.name, clock.activation))
        for kind in _clock_changes(earlier, clock):
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
    return (*verdict.earlier, *verdict.clocks)


def _clock_changes(before: Clock | None, after: Clock) -> Iterator[ChangeKind]:
    if after.state == "pending":
        return
    was = before.state if before else "pending"
    if was == "pending" and after.started_at is not None:
        yield "started"
    if before and before.due and after.due and epoch_seconds(before.due) != epoch_seconds(after.due):
        yield "due_moved"
    if after.state == "paused" and was != "paused":
        yield "paused"
    if was == "paused" and after.state != "paused":
        yield "resumed"
    if after.late and not (before and before.late):
        yield "breached"
    if after.state != was and after.state in ("met", "met_late", "cancelled"):
        yield after.state


def _change(verdict: Verdict, kind: ChangeKind, before: Clock | None, after: Clock) -> CaseChange:
    # A clock may pause many times with one due moment; its pauses begin at different ones.
    pause = verdict.pauses[-1].paused_at if verdict.pauses else None
    moment = pause if kind in ("paused", "resumed") else after.due
    mark = epoch_seconds(moment) if moment else "-"
    return CaseChange(
        f"{verdict.case_id}/{after.name}/{after.activation}/{kind}/{mark}",
        kind,
        after.name,
        after.activation,
        after.due,
        before.due if before else None,
    )
