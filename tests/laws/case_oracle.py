"""A case played forward event by event and minute by minute, for the oracle of verdicts.

It shares nothing with the library but the records it reads: rules, events. Moments are minutes since 1970;
time is played forward, so the future cannot be known. Each clock holds a sheet of paper: the minutes of a
pause that it let count, the extension it was granted, when it ran out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mcu_sdk.sla import CaseEvent, Rule

from .oracle import Oracle

# As the design lists them: starts < resumed < replied, handled, answered < due_set, extended
# < transferred, merged, reopened < paused < citizen_wrote < closed, cancelled.
ORDER = [
    "received",
    "detected",
    "registered",
    "sent_to_executor",
    "resumed",
    "replied",
    "handled",
    "answered",
    "promise_kept",
    "due_set",
    "extended",
    "promised",
    "transferred",
    "merged_into",
    "reopened",
    "paused",
    "citizen_wrote",
    "closed",
    "cancelled",
]
DAY = 1440


def minute(at: datetime | date | None) -> int:
    assert isinstance(at, datetime)
    return int(at.timestamp()) // 60


def turn(event: CaseEvent) -> tuple[int, int, int]:
    """When it is its turn; of two dates said in one second the earlier one is said last."""
    said = event.due or event.by
    return minute(event.at), ORDER.index(event.kind), -minute(said) if said else 0


@dataclass
class Paper:
    """One run of one clock. `due` and lateness are seconds, everything else is minutes."""

    oracle: Oracle
    rule: Rule | None
    number: int = 1
    begun: int | None = None
    ended: int | None = None
    fulfilled: bool = False
    may_pause: bool = False
    held: set[int] = field(default_factory=set)
    holding: bool = False
    until: date | None = None
    granted: bool = False
    given: int | None = None
    before: int | None = None
    set_at: int | None = None

    def due(self) -> int | None:
        """The last permitted second, if no more pauses come."""
        if self.given is not None:
            return self.given
        if self.begun is None or self.rule is None:
            return None
        if self.rule.unit in ("minutes", "hours"):
            return self._due_by_minutes(self.rule.amount * (60 if self.rule.unit == "hours" else 1)) * 60
        return self._due_by_dates(self.rule)

    def _due_by_minutes(self, amount: int) -> int:
        assert self.begun is not None
        at, used = self.begun, 0
        while used < amount:
            used += bool(self.oracle.open[at - self.oracle.begins]) and at not in self.held
            at += 1
        return at

    def _due_by_dates(self, rule: Rule) -> int:
        assert self.begun is not None
        clock, dates = self.oracle.clock, self.oracle.dates
        start = clock.shows(self.begun * 60).date()
        day = self._counted(start, rule.amount)
        last_held = clock.shows(max(self.held, default=self.begun) * 60).date()
        after = (start + timedelta(number) for number in range(1, (last_held - start).days + 1))
        day = self._counted(day, sum(self._counts(one) and self._wholly_held(one) for one in after))
        if self.granted and rule.extension:
            latest = day + timedelta(rule.extension.most)
            day = max(day, min(self.until or latest, latest))
        rolled = dates.roll(day, rule.roll)
        assert rolled is not None
        return clock.first(max(rolled, start), 86_399)

    def _counts(self, day: date) -> bool:
        assert self.rule is not None
        return self.rule.unit == "calendar_days" or bool(self.oracle.dates.works(day))

    def _counted(self, day: date, number: int) -> date:
        while number:
            day += timedelta(1)
            number -= self._counts(day)
        return day

    def _wholly_held(self, day: date) -> bool:
        first = self.oracle.clock.first(day, 0) // 60
        return all(at in self.held for at in range(first, first + DAY))

    def wait(self, since: int, until: int) -> None:
        """These minutes go by."""
        if self.holding and self.ended is None:
            self.held.update(range(since, until))

    def hold(self, at: int) -> None:
        due = self.due()
        if self.may_pause and self.ended is None and due is not None and at * 60 < due:
            self.holding = True

    def notice(self, at: int, until: date | None) -> None:
        due = self.due()
        if self.ended is None and (due is None or at * 60 <= due or self.holding):
            later = until is None or (self.granted and self.until is None)
            self.until = None if later else max(until, self.until or until) if until else None
            self.granted = True

    def end(self, at: int, *, fulfilled: bool) -> None:
        if self.ended is None:
            self.ended, self.fulfilled = at, fulfilled

    def told(self, now: int) -> tuple[object, ...]:
        """State, due second, seconds late: what the library is asked for."""
        due = self.due()
        if self.begun is None:
            state = "pending" if self.ended is None else "met" if self.fulfilled else "cancelled"
            return self.number, state, None, 0
        late = 0
        if due is not None and not self.holding:
            late = max((now if self.ended is None else self.ended) * 60 - due, 0)
        if self.ended is None:
            state = "paused" if self.holding else "breached" if late else "running"
        else:
            state = "cancelled" if not self.fulfilled else "met_late" if late else "met"
        return self.number, state, due, late


class Play:
    """A case with a final, a first reply, a next reply, a promise and the far system's date."""

    def __init__(
        self, oracle: Oracle, rules: dict[str, Rule], *, rearm: bool, pausable: frozenset[str]
    ) -> None:
        self.oracle, self.rules, self.rearm, self.pausable = oracle, rules, rearm, pausable
        self.runs: dict[str, list[Paper]] = {
            "final": [self._paper("final")],
            "first_reply": [self._paper("first_reply")],
            "next_reply": [],
            "promise": [],
            "external": [],
        }
        self.open_pauses: set[str] = set()
        self.we_replied = self.over = self.dead = False

    def _paper(self, clock: str, number: int = 1) -> Paper:
        rule = self.rules.get(clock)
        may = rule is not None and rule.pausable and clock in self.pausable
        return Paper(self.oracle, rule, number, may_pause=may)

    def played(self, events: list[CaseEvent], now: datetime) -> Play:
        """Play what happened by now, a minute after the other."""
        end = minute(now)
        known = sorted((event for event in events if minute(event.at) <= end), key=turn)
        at = minute(known[0].at) if known else end
        for event in known:
            at = self._wait(at, minute(event.at))
            self._happens(event, at)
        self._wait(at, end)
        return self

    def _wait(self, since: int, until: int) -> int:
        for paper in self._all():
            paper.wait(since, until)
        return until

    def _all(self) -> list[Paper]:
        return [paper for runs in self.runs.values() for paper in runs]

    def _end(self, at: int, clocks: str, *, fulfilled: bool = True) -> None:
        for clock in clocks.split():
            for paper in self.runs[clock][-1:]:
                paper.end(at, fulfilled=fulfilled)

    def _happens(self, event: CaseEvent, at: int) -> None:
        getattr(self, "_" + event.kind.value)(event, at)

    def _received(self, _: CaseEvent, at: int) -> None:
        for clock in ("final", "first_reply"):
            paper = self.runs[clock][0]
            if paper.begun is None and len(self.runs[clock]) == 1:
                paper.begun = at
                if self.open_pauses:
                    paper.hold(at)

    def _resumed(self, event: CaseEvent, _: int) -> None:
        if event.reason in self.open_pauses:
            self.open_pauses.remove(event.reason)
        else:
            self.open_pauses.clear()
        if not self.open_pauses:
            for paper in self._all():
                paper.holding = paper.holding and paper.ended is not None

    def _paused(self, event: CaseEvent, at: int) -> None:
        if not self.open_pauses:
            for paper in self._all():
                paper.hold(at)
        self.open_pauses.add(event.reason)

    def _replied(self, event: CaseEvent, at: int) -> None:
        if event.how == "final":
            self._answered(event, at)
        else:
            self._end(at, "first_reply next_reply")
            self.we_replied = True

    def _answered(self, _: CaseEvent, at: int) -> None:
        self._end(at, "final external first_reply next_reply promise")
        self.we_replied = self.over = True

    _handled = _answered

    def _promise_kept(self, _: CaseEvent, at: int) -> None:
        self._end(at, "promise")

    def _promised(self, event: CaseEvent, at: int) -> None:
        self._end(at, "promise", fulfilled=False)
        paper = Paper(self.oracle, None, len(self.runs["promise"]) + 1, at, given=minute(event.by) * 60)
        self.runs["promise"].append(paper)

    def _due_set(self, event: CaseEvent, at: int) -> None:
        final = self.runs["final"][-1]
        if not self.runs["external"] or self.runs["external"][-1].number != final.number:
            self.runs["external"].append(
                Paper(self.oracle, None, final.number, at, final.ended, final.fulfilled)
            )
        paper = self.runs["external"][-1]
        paper.before, paper.given, paper.set_at = (
            paper.given if paper.set_at != at else paper.before,
            minute(event.due) * 60,
            at,
        )

    def _extended(self, event: CaseEvent, at: int) -> None:
        if event.noticed_at is not None:
            self.runs["final"][-1].notice(at, event.until)

    def _transferred(self, event: CaseEvent, at: int) -> None:
        if event.whole:
            self._end(at, "final external")
            self._end(at, "first_reply next_reply promise", fulfilled=False)
            self.over = True

    def _merged_into(self, _: CaseEvent, at: int) -> None:
        self._end(at, "final external first_reply next_reply promise", fulfilled=False)
        self.over = self.dead = True

    _cancelled = _merged_into

    def _closed(self, _: CaseEvent, at: int) -> None:
        self._end(at, "final external first_reply next_reply", fulfilled=False)
        self.over = True

    def _reopened(self, _: CaseEvent, at: int) -> None:
        for clock in ("final", "first_reply"):
            last = self.runs[clock][-1]
            if last.ended is not None and (clock == "final" or not last.fulfilled):
                paper = self._paper(clock, last.number + 1)
                paper.begun = at
                self.runs[clock].append(paper)
                if self.open_pauses:
                    paper.hold(at)
        self._new_date(at)
        self.over = self.dead = False

    def _new_date(self, at: int) -> None:
        """A date set in the very minute of the reopening is the new run's."""
        number, dates = self.runs["final"][-1].number, self.runs["external"]
        if dates and dates[-1].set_at == at and dates[-1].number < number:
            fresh = Paper(self.oracle, None, number, at, given=dates[-1].given, set_at=at)
            dates[-1].given = dates[-1].before
            if dates[-1].given is None:
                dates.pop()
            dates.append(fresh)

    def _citizen_wrote(self, _: CaseEvent, at: int) -> None:
        runs = self.runs["next_reply"]
        waiting = bool(runs) and runs[-1].ended is None
        if self.we_replied and not waiting and not self.dead and (self.rearm or not self.over):
            paper = self._paper("next_reply", len(runs) + 1)
            paper.begun = at
            runs.append(paper)
            if self.open_pauses:
                paper.hold(at)

    def told(self, now: datetime) -> dict[str, list[tuple[object, ...]]]:
        """What each run of each clock is worth now."""
        return {clock: [paper.told(minute(now)) for paper in runs] for clock, runs in self.runs.items()}
