"""The worklist over very many messages; needs the extra `batch`.

A message is simple when nothing but its own dates bears on its term: no step was sent, no register row
joined it, its rule has one record. Simple ones are counted in columns, the others one by one, and the
answers are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from mcu_sdk.desk.cases import Evidence, appeared_at, ended_at, facts_of, gathered
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.desk.worklist import OPEN_STANDINGS, Session, urgency
from mcu_sdk.errors import MissingExtra, PolicyError
from mcu_sdk.intake import Inbox
from mcu_sdk.model import Message, MomentOrDate, Status
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import Calendar, Rule
from mcu_sdk.sla.bare_dates import first_second, last_epoch
from mcu_sdk.sla.moment import EPOCH_ORDINAL, epoch_seconds

try:
    import numpy as np
except ModuleNotFoundError:
    raise MissingExtra.named("batch", "a worklist in bulk") from None

from mcu_sdk.sla.batch import NO_ANSWER, Prepared
from mcu_sdk.sla.batch.column import Int64

__all__ = ["Tally", "tally", "worklist"]

_CHUNK = 1 << 12


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

    As `desk.worklist` would begin, in memory that does not grow with the messages of an inbox, its rows
    of register files and steps of the outbox apart. What is done is in neither.
    """
    look = _Look(town, now)
    wanted = OPEN_STANDINGS if standings is None else OPEN_STANDINGS.intersection(standings)
    best: list[_Candidate] = []
    for chunk in _chunks(source):
        best = nsmallest(limit, [*best, *look.at(chunk).first(limit, wanted)], key=lambda one: one.order)
    return [one.item or look.session.judged(one.evidence) for one in best]


def tally(source: Inbox | Iterable[Message], town: Municipality, now: datetime) -> Tally:
    """Return how many messages of *source* stand where, the finished among them."""
    look = _Look(town, now)
    counts: Counter[Standing] = Counter()
    singly = 0
    for chunk in _chunks(source):
        judged = look.at(chunk)
        counts[Standing.DONE] += judged.done
        counts.update(item.standing for _, _, item in judged.single)
        counts.update(dict(zip(_BY_DATE, np.bincount(judged.places, minlength=4).tolist(), strict=True)))
        singly += len(judged.single)
    return Tally(+counts, singly)


_Row: TypeAlias = "tuple[int, Evidence]"
"""A message by its place in the whole source."""


class _Candidate(NamedTuple):
    order: tuple[bool, float, tuple[str, str, str], int]
    evidence: Evidence
    item: WorkItem | None


class _Way(NamedTuple):
    """How messages of the same facts are counted, and whether the far system's date decides."""

    rule: Rule
    calendar: Calendar
    external: bool
    start: str


class _Judged:
    """What became of one chunk of messages: finished, judged one by one, or counted."""

    def __init__(self) -> None:
        self.done = 0
        self.single: list[tuple[int, Evidence, WorkItem]] = []
        self.rows: list[_Row] = []
        self.dues = np.empty(0, np.int64)
        self.places = np.empty(0, np.intp)

    def add(self, rows: list[_Row], dues: Int64, limits: Int64) -> None:
        """Add counted rows: where one stands follows from its due second and the limits of the zone."""
        self.rows += rows
        self.dues = np.append(self.dues, dues)
        self.places = np.append(self.places, np.searchsorted(limits, dues, "right"))

    def first(self, limit: int, standings: Collection[Standing]) -> Iterator[_Candidate]:
        """Yield what may be among the first *limit* of all, and not much more."""
        for number, evidence, item in self.single:
            if item.standing in standings:
                yield _Candidate((*urgency(item), number), evidence, item)
        places = [place for place, standing in enumerate(_BY_DATE) if standing in standings]
        asked = np.flatnonzero(np.isin(self.places, places))
        if len(asked) > limit > 0:
            asked = asked[self.dues[asked] <= np.partition(self.dues[asked], limit - 1)[limit - 1]]
        for place in asked.tolist():
            number, evidence = self.rows[place]
            order = (False, float(self.dues[place]), evidence.message.key, number)
            yield _Candidate(order, evidence, None)


class _Look:
    """One look at very many messages; the way of each combination of facts is found once."""

    def __init__(self, town: Municipality, now: datetime) -> None:
        self.session = Session(town, now)
        self._town, self._now = town, epoch_seconds(now)
        # Bare dates of a log lie in the zone of the office, whatever calendar its rule is counted on.
        self._office = town.calendars.get("office") or next(iter(town.calendars.values()), None)
        self._ways: dict[tuple[object, ...], _Way | None] = {}
        self._limits: dict[ZoneInfo, Int64] = {}

    def at(self, chunk: list[_Row]) -> _Judged:
        """Judge a chunk."""
        judged = _Judged()
        columns: dict[tuple[int, bool], tuple[_Way, list[_Row], list[int]]] = {}
        given: dict[int, tuple[_Way, list[_Row], list[int]]] = {}
        for row in chunk:
            evidence = row[1]
            message, way = evidence.message, self._way_of(evidence.message)
            if way is None or not self._is_plain(evidence):
                self._singly(judged, row)
                continue
            start: MomentOrDate | None = getattr(message, way.start)
            ended = ended_at(message, self._office)
            if ended is not None and ended <= self._now:
                if start is not None and ended < first_second(start, self._office):
                    self._singly(judged, row)
                else:
                    judged.done += 1
            elif way.external and message.due_at is not None and appeared_at(message) is not None:
                _, rows, dues = given.setdefault(id(way), (way, [], []))
                rows.append(row)
                dues.append(last_epoch(message.due_at, way.calendar))
            elif start is None or not (isinstance(start, datetime) or way.rule.takes_dates):
                self._singly(judged, row)
            else:
                timed = isinstance(start, datetime)
                _, rows, starts = columns.setdefault((id(way), timed), (way, [], []))
                rows.append(row)
                starts.append(epoch_seconds(start) if isinstance(start, datetime) else _days_of(start))
        for way, rows, dues in given.values():
            judged.add(rows, np.array(dues, np.int64), self._limits_in(way.calendar.zone))
        for (_, timed), (way, rows, starts) in columns.items():
            self._count(judged, way, rows, np.array(starts, np.int64), timed=timed)
        return judged

    def _count(self, judged: _Judged, way: _Way, rows: list[_Row], starts: Int64, *, timed: bool) -> None:
        column = starts if timed else starts.view("datetime64[D]")
        dues = Prepared(way.rule, way.calendar).due(column, errors="mask")
        missing = dues == NO_ANSWER
        for place in np.flatnonzero(missing).tolist():
            self._singly(judged, rows[place])
        if missing.any():
            rows, dues = [rows[place] for place in np.flatnonzero(~missing).tolist()], dues[~missing]
        judged.add(rows, dues, self._limits_in(way.calendar.zone))

    def _singly(self, judged: _Judged, row: _Row) -> None:
        judged.single.append((*row, self.session.judged(row[1])))

    def _is_plain(self, evidence: Evidence) -> bool:
        """Tell whether nothing but a message's own dates bears on its term, and it was not reopened."""
        message = evidence.message
        if evidence.steps or evidence.copies or message.status is Status.REOPENED:
            return False
        return not self._lies_ahead(message)

    def _lies_ahead(self, message: Message) -> bool:
        """Tell whether something is dated after now: it has not happened yet."""
        told = (message.created_at, message.detected_at, message.registered_at)
        for at in (*told, message.received_at, message.updated_at):
            if at is not None and first_second(at, self._office) > self._now:
                return True
        return False

    def _limits_in(self, zone: ZoneInfo) -> Int64:
        """Return the seconds at which a due moment is no longer late, due today, due soon."""
        if zone not in self._limits:
            midnights = (
                epoch_seconds(datetime.combine(day + timedelta(1), time(), zone))
                for day in (self.session.today, self.session.soon_until)
            )
            self._limits[zone] = np.maximum.accumulate(np.array([self._now, *midnights], np.int64))
        return self._limits[zone]

    def _way_of(self, message: Message) -> _Way | None:
        """Return the way of *message*; None where its dates decide on the rule, or no row fits."""
        facts = facts_of(message, self._town)
        key = tuple(facts.values())
        if key not in self._ways:
            self._ways[key] = self._found(facts)
        return self._ways[key]

    def _found(self, facts: Mapping[str, object]) -> _Way | None:
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
        calendar = rule.bind(town.calendars).calendar
        return _Way(rule, calendar, row.authority == "external", _STARTS[rule.start_event])


def _chunks(source: Inbox | Iterable[Message]) -> Iterator[list[_Row]]:
    found = enumerate(gathered(source))
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


def _days_of(day: date) -> int:
    return day.toordinal() - EPOCH_ORDINAL


# Where a counted message stands, by how many of the limits its due second has reached.
_BY_DATE = (Standing.LATE, Standing.DUE_TODAY, Standing.DUE_SOON, Standing.WAITING_FOR_US)
_STARTS = {"received": "created_at", "detected": "detected_at", "registered": "registered_at"}
