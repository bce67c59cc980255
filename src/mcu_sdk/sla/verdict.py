"""What a case's log means at a moment: what is due when, and whether it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mcu_sdk.sla.moment import epoch_seconds

if TYPE_CHECKING:
    from mcu_sdk.errors import Language
    from mcu_sdk.sla.clock import Clock, ClockState
    from mcu_sdk.sla.pauses import CasePause
    from mcu_sdk.sla.policy import Authority, PolicyRow
    from mcu_sdk.sla.waiting import WaitingFor
    from mcu_sdk.sla.warning import CaseWarning


DECIDING = ("final", "external")
"""The clocks of which one decides what is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A case at the moment `at`. Computed from the log alone; nothing is stored.

    `clocks` are the current runs of its clocks, `earlier` those that ended before a later run began.
    `pauses` are those of the log, whether or not a term pauses with them.
    `merged_into` is the id of the case that this one was merged into, empty if the log does not name it,
    None if it was not merged; where it `follows` that case, `clocks` are the other's and its own are
    `earlier`. `regime_since` is when the regime last changed. `waiting_for` says who must act: `us` or
    `others`; None once nothing is left.
    """

    case_id: str
    at: datetime
    row: PolicyRow
    clocks: tuple[Clock, ...]
    earlier: tuple[Clock, ...] = ()
    pauses: tuple[CasePause, ...] = ()
    merged_into: str | None = None
    follows: bool = False
    regime_since: datetime | date | None = None
    waiting_for: WaitingFor | None = None

    def clock(self, name: str) -> Clock | None:
        """Return the current run of the clock of that name (`final`, `external`, …), or None."""
        for clock in self.clocks:
            if clock.name == name:
                return clock
        return None

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
        """The earlier of our date and the external one, which warnings go by.

        None before the start, and while our term is paused and the far system set no date.
        """
        dues = [clock.due for clock in self.clocks if clock.name in DECIDING and clock.due]
        return min(dues, key=epoch_seconds, default=None)

    @property
    def disagreement(self) -> timedelta | None:
        """How much later the external date is than ours, negative if earlier; None unless they differ."""
        final, external = self.clock("final"), self.clock("external")
        if final is None or external is None or final.due is None or external.due is None:
            return None
        return timedelta(seconds=epoch_seconds(external.due) - epoch_seconds(final.due)) or None

    @property
    def cautions(self) -> tuple[str, ...]:
        """What weakens our date: `unverified` (the act was not re-read), `projected` (a guessed year)."""
        final = self.clock("final")
        deadline = final.deadline if final else None
        return deadline.cautions if deadline else ()

    @property
    def warnings(self) -> tuple[CaseWarning, ...]:
        """The warnings of the terms that run, earliest first: past ones and those still to come.

        A paused, ended or missed term has none, and neither has a merged case: its primary warns. Of our
        date and the far system's only the earlier one to come warns.
        """
        from mcu_sdk.sla.warning import case_warnings  # noqa: PLC0415  (verdicts are read without them)

        if self.merged_into is not None:
            return ()
        running = [clock for clock in self.clocks if clock.state == "running" and clock.due]
        deciding = [clock for clock in running if clock.name in DECIDING]
        drives = min(deciding, key=lambda clock: epoch_seconds(clock.due or self.at), default=None)
        warns = [clock for clock in running if clock is drives or clock not in deciding]
        return case_warnings(self.case_id, warns)

    def warnings_due(self, now: datetime) -> tuple[CaseWarning, ...]:
        """Return the warnings whose moment has come by *now*, earliest first. Raises `NaiveMomentError`."""
        until = epoch_seconds(now)
        return tuple(warning for warning in self.warnings if epoch_seconds(warning.at) <= until)

    def explain(self, language: Language = "ru", *, tz_version: str = "unknown") -> str:
        """Return state, dates and reasons in a few lines, in Russian or English.

        What was paused, extended and missed, and by how much in elapsed and in working time.
        """
        from mcu_sdk.sla.case_explain import explain  # noqa: PLC0415  (only explanations need it)

        return explain(self, language, tz_version)
