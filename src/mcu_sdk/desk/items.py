"""One row of the desk: a message, its deadline, who must act and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mcu_sdk.errors import CalendarHorizonError, Language, SlaError
from mcu_sdk.intake import OutboxEntry
from mcu_sdk.model import Message
from mcu_sdk.municipality import Post, Rung, zone_data_version
from mcu_sdk.sla import Clock, Verdict

__all__ = ["Standing", "WorkItem"]


class Standing(StrEnum):
    """Where a message stands, the most pressing word first.

    `DUE_TODAY` and `DUE_SOON` go by civil dates in the calendar of the office; soon is within the next
    three working days.
    """

    LATE = "late"
    DUE_TODAY = "due_today"
    DUE_SOON = "due_soon"
    WAITING_FOR_OTHERS = "waiting_for_others"
    WAITING_FOR_US = "waiting_for_us"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A message as it stood at the moment of the list.

    `verdict` is None and `problem` set when no deadline can be told, say for a date beyond the
    production calendar; such items come last and are not lost. `acting` is who must act first by the
    roster, with absences; `steps` are the drafts and steps of the outbox on this message.
    """

    message: Message
    acting: Rung | None
    verdict: Verdict | None
    problem: SlaError | None = None
    standing: Standing = Standing.WAITING_FOR_US
    steps: tuple[OutboxEntry, ...] = field(default=(), repr=False)

    @property
    def responsible(self) -> Post | None:
        """The post that must act."""
        return self.acting.post if self.acting else None

    @property
    def due(self) -> datetime | None:
        """The moment that decides what is late: ours or the far system's own, as the policy says."""
        return self.verdict.deciding.due if self.verdict else None

    @property
    def our_due(self) -> datetime | None:
        """The moment by our own rule, whatever decides."""
        return self._due_of("final")

    @property
    def their_due(self) -> datetime | None:
        """The far system's own moment, None where it told none."""
        return self._due_of("external")

    @property
    def internal_due(self) -> datetime | None:
        """The office's own earlier date, where the rule has one."""
        final = self.verdict.clock("final") if self.verdict else None
        return final.deadline.internal_due if final and final.deadline else None

    @property
    def late(self) -> bool:
        """Whether the due moment had passed at the time of the list."""
        return self.verdict is not None and self.verdict.late

    def remaining(self, now: datetime) -> timedelta | None:
        """Return the elapsed time left at *now*, negative once late; None where nothing runs."""
        return self.verdict.deciding.remaining(now) if self.verdict else None

    def working_remaining(self, now: datetime) -> timedelta | None:
        """Return the working time left at *now*, negative once late, None where it cannot be told."""
        try:
            return self.verdict.deciding.working_remaining(now) if self.verdict else None
        except CalendarHorizonError:
            return None

    def explain(self, language: Language = "ru") -> str:
        """Return why the message is due then, in a few lines for a reader of the law."""
        if self.verdict is not None:
            return self.verdict.explain(language, tz_version=zone_data_version())
        return self.problem.localized(language) if self.problem else ""

    def _due_of(self, name: str) -> datetime | None:
        clock: Clock | None = self.verdict.clock(name) if self.verdict else None
        return clock.due if clock else None
