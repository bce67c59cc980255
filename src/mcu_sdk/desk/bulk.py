"""The worklist over very many messages; needs the extra `batch`.

A message is simple when nothing but its own dates bears on its term: no step was sent, no register row
joined it, its rule has one record. Simple ones are counted in columns, the others one by one, and the
answers are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from mcu_sdk.desk.cases import Evidence, appeared_at, ended_at, facts_of, gathered
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.desk.worklist import OPEN_STANDINGS, Session, urgency
from mcu_sdk.errors import MissingExtra, PolicyError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Message, MomentOrDate
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import Calendar, Rule
from mcu_sdk.sla.bare_dates import first_second, last_second
from mcu_sdk.sla.moment import EPOCH_ORDINAL, epoch_seconds

try:
    import numpy as np
except ModuleNotFoundError:
    raise MissingExtra.named("batch", "a worklist in bulk") from None

from mcu_sdk.sla.batch import NO_ANSWER, Prepared

__all__ = ["Tally", "tally", "worklist"]

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages stand where; `singly` of them were not simple and were judged one by one."""

    standings: Mapping[Standing, int]
    singly: int


def worklist(
    source: Inbox | Iterable[Message],
    town: Municipality,
    now: datetime,
    *,
    limit: int,
    standings: Collection[Standing] | None = None,
) -> list[WorkItem]:
    """Return the first *limit* items of the worklist, of those only that have one of the *standings*.

    As `desk.worklist` would begin, in memory that does not grow with the messages of an inbox. What is
    done is in neither.
    """
    session, ways = Session(town, now), _Ways(town)
    wanted = OPEN_STANDINGS if standings is None else OPEN_STANDINGS.intersection(standings)
    best: list[_Judged] = []
    for chunk in _chunks(source):
        asked = (one for one in _Chunk(session, ways, chunk).judged() if one.standing in wanted)
        best = nsmallest(limit, [*best, *asked], key=lambda one: one.urgency)
    return [one.item or session.judged(one.evidence) for one in best]


def tally(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> Tally:
    """Return how many messages of *source* stand where, the finished among them."""
    session, ways = Session(town, now), _Ways(town)
    counts: Counter[Standing] = Counter()
    singly = 0
    for chunk in _chunks(source):
        for one in _Chunk(session, ways, chunk).judged():
            counts[one.standing] += 1
            singly += one.item is not None
    return Tally(counts, singly)


class _Judged(NamedTuple):
    standing: Standing
    urgency: tuple[bool, float, tuple[str, str, str]]
    evidence: Evidence
    item: WorkItem | None = None


class _Way(NamedTuple):
    """How messages of the same facts are counted, and whether the far system's date decides."""

    rule: Rule
    calendar: Calendar
    external: bool


class _Ways:
    """The way of each combination of facts, found once."""

    def __init__(self, town: Municipality) -> None:
        self._town = town
        self._found: dict[tuple[object, ...], _Way | None] = {}

    def of(self, message: Message) -> _Way | None:
        """Return the way of *message*; None where its dates decide on the rule, or no row fits."""
        facts = facts_of(message, self._town)
        key = tuple(facts.values())
        if key not in self._found:
            self._found[key] = self._find(facts)
        return self._found[key]

    def _find(self, facts: Mapping[str, object]) -> _Way | None:
        town = self._town
        if town.policy.dated:
            return None
        try:
            row = town.policy.choose(facts)
        except PolicyError:
            return None
        rule, *others = town.rules.records(row.rules["final"])
        if others or rule.valid_from or rule.valid_to or rule.start_event not in _STARTS:
            return None
        return _Way(rule, rule.bind(town.calendars).calendar, row.authority == "external")


def _chunks(source: Inbox | Iterable[Message]) -> Iterator[list[Evidence]]:
    found = gathered(source)
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


class _Chunk:
    """Some tens of thousands of messages: what is simple waits for its column, the rest is judged at once."""

    def __init__(self, session: Session, ways: _Ways, chunk: list[Evidence]) -> None:
        self._session = session
        self._now = epoch_seconds(session.now)
        self._ways = ways
        self._chunk = chunk
        self._columns: dict[tuple[Rule, Calendar, bool], list[tuple[Evidence, int]]] = {}

    def judged(self) -> Iterator[_Judged]:
        """Yield every message of the chunk with its standing and how it is sorted."""
        for evidence in self._chunk:
            told = self._simple(evidence)
            if told is not None:
                yield told
        for (rule, calendar, dated), rows in self._columns.items():
            starts = np.array([start for _, start in rows], "int64")
            column = starts.view("datetime64[D]") if dated else starts
            dues = Prepared(rule, calendar).due(column, errors="mask").tolist()
            for (evidence, _), due in zip(rows, dues, strict=True):
                if due == NO_ANSWER:
                    yield self._singly(evidence)
                else:
                    yield self._told(evidence, datetime.fromtimestamp(due, calendar.zone))

    def _simple(self, evidence: Evidence) -> _Judged | None:
        """Return what needs no counting, or can only be judged whole; None for what waits for its column."""
        message, way = evidence.message, self._ways.of(evidence.message)
        if way is None or evidence.steps or evidence.copies or self._lies_ahead(message, way.calendar):
            return self._singly(evidence)
        start: MomentOrDate | None = getattr(message, _STARTS[way.rule.start_event])
        ended = ended_at(message, way.calendar)
        if ended is not None and ended <= self._now:
            if start is not None and ended < first_second(start, way.calendar):
                return self._singly(evidence)
            return _Judged(Standing.DONE, (True, 0.0, message.key), evidence)
        if way.external and message.due_at is not None and appeared_at(message) is not None:
            return self._told(evidence, last_second(message.due_at, way.calendar))
        if start is None or not (isinstance(start, datetime) or way.rule.counts_days):
            return self._singly(evidence)
        timed = isinstance(start, datetime)
        value = epoch_seconds(start) if isinstance(start, datetime) else start.toordinal() - EPOCH_ORDINAL
        self._columns.setdefault((way.rule, way.calendar, not timed), []).append((evidence, value))
        return None

    def _lies_ahead(self, message: Message, calendar: Calendar) -> bool:
        """Tell whether something is dated after now: it has not happened yet."""
        moments = (message.created_at, message.detected_at, message.registered_at, message.received_at)
        return any(at is not None and first_second(at, calendar) > self._now for at in moments)

    def _told(self, evidence: Evidence, due: datetime) -> _Judged:
        session = self._session
        standing = Standing.LATE if self._now > epoch_seconds(due) else session.standing_by(due.date())
        return _Judged(standing, (False, due.timestamp(), evidence.message.key), evidence)

    def _singly(self, evidence: Evidence) -> _Judged:
        item = self._session.judged(evidence)
        return _Judged(item.standing, urgency(item), evidence, item)


_STARTS = {"received": "created_at", "detected": "detected_at", "registered": "registered_at"}
