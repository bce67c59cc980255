"""The worklist: every open message with its deadline, what burns first on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from mcu_sdk.desk.cases import Evidence, case_of, gathered
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.errors import SlaError
from mcu_sdk.intake import Inbox, Outbox
from mcu_sdk.model import Message
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import Verdict, evaluate

__all__ = ["SOON_WORKING_DAYS", "judged", "judged_all", "worklist"]

_DONE = frozenset({"met", "met_late", "cancelled"})
SOON_WORKING_DAYS = 3
"""How near the end of a term is called soon."""


def worklist(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> list[WorkItem]:
    """Return the open messages of *source* by deciding due moment, the earliest first.

    Those without one come last, by arrival: their term has not begun, or cannot be told. *now* is an
    aware moment; what is answered or closed by then is left out. The steps of an inbox's own outbox
    count, and rows of register files join the message of their number. One message that cannot be
    judged does not lose the others.
    """
    pending = [item for item in judged_all(source, town, now) if item.standing is not Standing.DONE]
    return sorted(pending, key=_urgency)


def judged_all(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> Iterator[WorkItem]:
    """Yield every message of *source* with its verdict, the finished too, in no order."""
    soon_until = _soon_until(town, now)
    if isinstance(source, Inbox):
        found = gathered(source.messages(), Outbox(source.store).entries())
    else:
        found = gathered(source)
    for evidence in found:
        yield judged(evidence, town, now, soon_until)


def judged(evidence: Evidence, town: Municipality, now: datetime, soon_until: date | None = None) -> WorkItem:
    """Return one message with its verdict and who must act."""
    soon_until = soon_until or _soon_until(town, now)
    message = evidence.message
    acting = town.roster.acting(message.channel, now)
    case = case_of(evidence, town)
    try:
        verdict = evaluate(case, town.policy, town.calendars, now)
    except SlaError as error:
        return WorkItem(message, acting, None, error, steps=evidence.steps)
    standing = _standing(verdict, now.astimezone(town.zone).date(), soon_until)
    return WorkItem(message, acting, verdict, standing=standing, steps=evidence.steps)


def _standing(verdict: Verdict, today: date, soon_until: date) -> Standing:
    if verdict.state in _DONE:
        return Standing.DONE
    if verdict.late:
        return Standing.LATE
    due = verdict.deciding.due
    if due is not None and due.date() <= soon_until:
        return Standing.DUE_TODAY if due.date() <= today else Standing.DUE_SOON
    return Standing.WAITING_FOR_OTHERS if verdict.waiting_for == "others" else Standing.WAITING_FOR_US


def _soon_until(town: Municipality, now: datetime) -> date:
    today = now.astimezone(town.zone).date()
    office = town.calendars.get("office")
    try:
        if office is not None:
            return office.add_working_days(today, SOON_WORKING_DAYS)
    except SlaError:
        pass  # beyond the production calendar the nearest thing is a count of calendar days
    return today + timedelta(days=SOON_WORKING_DAYS)


def _urgency(item: WorkItem) -> tuple[bool, float, tuple[str, str, str]]:
    at = item.due or item.message.received_at
    return item.due is None, at.timestamp() if at else 0.0, item.message.key
