"""The worklist: every open message with its deadline, what burns first on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mcu_sdk.desk.cases import case_of
from mcu_sdk.errors import Language, SlaError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Message
from mcu_sdk.municipality import Municipality, Post, zone_data_version
from mcu_sdk.sla import Verdict, evaluate

__all__ = ["WorkItem", "worklist"]

_DONE = frozenset({"met", "met_late", "cancelled"})


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A message, when it is due, who must act and why.

    `verdict` is None and `problem` set when no deadline can be told, say for a date beyond the
    production calendar; such items come last and are not lost.
    """

    message: Message
    responsible: Post | None
    verdict: Verdict | None
    problem: SlaError | None = None

    @property
    def due(self) -> datetime | None:
        """The moment that decides what is late: ours or the far system's own, as the policy says."""
        return self.verdict.deciding.due if self.verdict else None

    @property
    def late(self) -> bool:
        """Whether the due moment had passed at the time of the list."""
        return self.verdict is not None and self.verdict.late

    def remaining(self, now: datetime) -> timedelta | None:
        """Return the elapsed time left at *now*, negative once late, None without a due moment."""
        return None if self.due is None else timedelta(seconds=self.due.timestamp() - now.timestamp())

    def explain(self, language: Language = "ru") -> str:
        """Return why the message is due then, in a few lines for a reader of the law."""
        if self.verdict is not None:
            return self.verdict.explain(language, tz_version=zone_data_version())
        return self.problem.localized(language) if self.problem else ""


def worklist(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> list[WorkItem]:
    """Return the open messages of *source* by deciding due moment, the earliest first.

    Those without one come last, by arrival: their term has not begun, or cannot be told.

    *now* is an aware moment; what is answered or closed by then is left out. One message that cannot
    be judged does not lose the others.
    """
    messages = source.messages() if isinstance(source, Inbox) else source
    items = [_item(message, town, now) for message in messages]
    pending = [item for item in items if item.verdict is None or item.verdict.state not in _DONE]
    return sorted(pending, key=_urgency)


def _urgency(item: WorkItem) -> tuple[bool, float, tuple[str, str, str]]:
    at = item.due or item.message.received_at
    return item.due is None, at.timestamp() if at else 0.0, item.message.key


def _item(message: Message, town: Municipality, now: datetime) -> WorkItem:
    responsible = town.roster.responsible_for(message.channel)
    case = case_of(message.model_copy(update={"regime": town.regime_of(message)}), town.oktmo)
    try:
        return WorkItem(message, responsible, evaluate(case, town.policy, town.calendars, now))
    except SlaError as error:
        return WorkItem(message, responsible, None, error)
