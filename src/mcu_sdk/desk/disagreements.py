"""Where a register says one thing about a deadline and we another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from mcu_sdk.desk.cases import case_of, gathered
from mcu_sdk.errors import Language, SlaError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Message
from mcu_sdk.municipality import Municipality, zone_data_version
from mcu_sdk.sla import Verdict, evaluate

__all__ = ["Disagreement", "DisagreementKind", "disagreements"]

DisagreementKind: TypeAlias = Literal["late_word", "planned_date"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing on which the far side and we differ.

    `late_word`: its word on whether the term was missed, and ours: `far` and `ours` are booleans.
    `planned_date`: its date and the one of our rule: both are aware moments in our zone, a bare date
    of theirs is its 23:59:59.
    """

    message: Message
    what: DisagreementKind
    far: bool | datetime
    ours: bool | datetime
    verdict: Verdict

    def explain(self, language: Language = "ru") -> str:
        """Return why we say so, in a few lines of Russian or English."""
        return self.verdict.explain(language, tz_version=zone_data_version())


def disagreements(
    source: Inbox | Iterable[Message], town: Municipality, now: datetime
) -> Iterator[Disagreement]:
    """Yield where the far side's words and dates differ from ours at *now*, an aware moment.

    A word is held against the date that decides: of an open message it may simply be older than *now*.
    Messages on which the far side says nothing, or we cannot judge, are passed over.
    """
    for evidence in gathered(source):
        message = evidence.message
        if message.said_late is None and message.due_at is None:
            continue
        try:
            verdict = evaluate(case_of(evidence, town), town.policy, town.calendars, now)
        except SlaError:
            continue  # the worklist shows it with its problem
        yield from _of(message, verdict)


def _of(message: Message, verdict: Verdict) -> Iterator[Disagreement]:
    said = message.said_late
    if said is not None and verdict.deciding.due is not None and said is not verdict.late:
        yield Disagreement(message, "late_word", said, verdict.late, verdict)
    external, final = verdict.clock("external"), verdict.clock("final")
    if verdict.disagreement and external and final and external.due and final.due:
        yield Disagreement(message, "planned_date", external.due, final.due, verdict)
