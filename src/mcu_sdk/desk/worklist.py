"""The worklist: every open message with its deadline, what burns first on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from mcu_sdk.desk.cases import Evidence, case_of, gathered, is_over
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.errors import SlaError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Message
from mcu_sdk.municipality import Municipality, Rung
from mcu_sdk.sla import Verdict, evaluate
from mcu_sdk.sla.moment import epoch_seconds

__all__ = ["OPEN_STANDINGS", "SOON_WORKING_DAYS", "Session", "judged_all", "urgency", "worklist"]

_DONE = frozenset({"met", "met_late", "cancelled"})
OPEN_STANDINGS = frozenset(Standing) - {Standing.DONE}
SOON_WORKING_DAYS = 3
"""How near the end of a term is called soon."""


def worklist(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> list[WorkItem]:
    """Return the open messages of *source* by deciding due moment, the earliest first.

    Those without one come last, by arrival: their term has not begun, or cannot be told. *now* is an
    aware moment; what is answered or closed by then is left out. The steps of an inbox's own outbox
    count, and rows of register files join the message of their number. One message that cannot be
    judged does not lose the others.
    """
    pending = [item for item in judged_all(source, town, now) if item.standing in OPEN_STANDINGS]
    return sorted(pending, key=urgency)


def judged_all(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> Iterator[WorkItem]:
    """Yield every message of *source* with its verdict, the finished too, in no order."""
    session = Session(town, now)
    for evidence in gathered(source):
        yield session.judged(evidence)


class Session:
    """One look at the messages of a municipality at one moment."""

    def __init__(self, town: Municipality, now: datetime) -> None:
        self.town = town
        self.now = now
        self.today = now.astimezone(town.zone).date()
        self.soon_until = _soon_until(town, self.today)
        self._office = town.calendars.get("office")
        self._acting: dict[str, Rung | None] = {}

    def judged(self, evidence: Evidence) -> WorkItem:
        """Return one message with its verdict and who must act."""
        message, town = evidence.message, self.town
        acting = self._acting_on(message.channel)
        try:
            verdict = evaluate(case_of(evidence, town), town.policy, town.calendars, self.now)
        except SlaError as error:
            over = is_over(evidence, self._office, epoch_seconds(self.now))
            standing = Standing.DONE if over else Standing.WAITING_FOR_US
            return WorkItem(message, acting, None, error, standing, evidence.steps)
        return WorkItem(message, acting, verdict, standing=self.standing(verdict), steps=evidence.steps)

    def standing(self, verdict: Verdict) -> Standing:
        """Return where a case stands, the most pressing word."""
        deciding = verdict.deciding
        if deciding.state in _DONE:
            return Standing.DONE
        if deciding.late:
            return Standing.LATE
        if verdict.waiting_for == "others" and (
            deciding.due is None or deciding.due.date() > self.soon_until
        ):
            return Standing.WAITING_FOR_OTHERS
        return Standing.WAITING_FOR_US if deciding.due is None else self.standing_by(deciding.due.date())

    def standing_by(self, due: date) -> Standing:
        """Return where a case stands that waits for us and is due on the civil date *due*, not yet late."""
        if due <= self.today:
            return Standing.DUE_TODAY
        return Standing.DUE_SOON if due <= self.soon_until else Standing.WAITING_FOR_US

    def _acting_on(self, channel: str) -> Rung | None:
        if channel not in self._acting:
            self._acting[channel] = self.town.roster.acting(channel, self.now)
        return self._acting[channel]


def _soon_until(town: Municipality, today: date) -> date:
    office = town.calendars.get("office")
    try:
        if office is not None:
            return office.add_working_days(today, SOON_WORKING_DAYS)
    except SlaError:
        pass  # beyond the production calendar the nearest thing is a count of calendar days
    return today + timedelta(days=SOON_WORKING_DAYS)


def urgency(item: WorkItem) -> tuple[bool, float, tuple[str, str, str]]:
    """Return what the list is sorted by: the due moment, else the arrival, then the message's key."""
    at = item.due or item.message.received_at
    return item.due is None, at.timestamp() if at else 0.0, item.message.key
