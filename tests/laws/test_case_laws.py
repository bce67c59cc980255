"""Cases: a machine that writes logs, held against a slow player; and the laws that hold for every log."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mcu_sdk.sla import (
    Calendar,
    Case,
    CaseEvent,
    EventKind,
    Policy,
    RuleBook,
    Verdict,
    diff,
    evaluate,
    load_rules,
)

from .case_oracle import Play
from .contest import Entry, oracle_of
from .oracle_dates import SCHEDULES, Options

ZONE = ZoneInfo("Europe/Moscow")
OFFICE = Calendar.russia(zone=ZONE, schedule=SCHEDULES["lunch"][0])
CALENDARS = {"office": OFFICE}
ORACLE = oracle_of(Entry("Europe/Moscow", "lunch", Options("five")))
# A fortnight with a holiday, its shortened eve and two weekends.
FIRST = datetime(2026, 6, 8, tzinfo=ZONE)
MINUTES = 14 * 1440

moments = st.integers(0, MINUTES).map(lambda minutes: FIRST + timedelta(minutes=minutes))
reasons = st.sampled_from(["", "а", "б"])


def event(kind: str, at: datetime, **details: Any) -> CaseEvent:
    return CaseEvent(EventKind(kind), at, **details)


def noticed(at: datetime, until: date | None, *, told: bool) -> CaseEvent:
    return event("extended", at, until=until, noticed_at=at if told else None)


events = st.one_of(
    st.builds(event, st.just("paused"), moments, reason=reasons),
    st.builds(event, st.just("resumed"), moments, reason=reasons),
    st.builds(event, st.just("received"), moments),
    st.builds(event, st.just("replied"), moments, how=st.sampled_from(["public", "interim", "final"])),
    st.builds(
        event,
        st.sampled_from(
            [
                "answered",
                "handled",
                "reopened",
                "citizen_wrote",
                "closed",
                "cancelled",
                "merged_into",
                "promise_kept",
            ]
        ),
        moments,
    ),
    st.builds(event, st.just("due_set"), moments, due=moments),
    st.builds(event, st.just("promised"), moments, by=moments),
    st.builds(event, st.just("transferred"), moments, whole=st.booleans()),
    st.builds(
        noticed, moments, st.none() | st.dates(date(2026, 6, 8), date(2026, 7, 10)), told=st.booleans()
    ),
)
PLAIN = load_rules().rule("portal.fast_track")
final_rules = st.one_of(
    st.builds(
        lambda amount, unit, pausable: PLAIN.replace(
            amount=amount, unit=unit, counted_on="office", pausable=pausable
        ),
        st.integers(0, 30),
        st.just("hours"),
        st.booleans(),
    ),
    st.builds(
        lambda amount, unit, roll, pausable: PLAIN.replace(
            amount=amount,
            unit=unit,
            roll=roll,
            pausable=pausable,
            extension=load_rules().rule("59fz.examination").extension._replace(most=6),  # type: ignore[union-attr]
        ),
        st.integers(0, 8),
        st.sampled_from(["calendar_days", "working_days"]),
        st.sampled_from(["none", "previous", "next"]),
        st.booleans(),
    ),
)


class Town:
    """Rules and a policy over them."""

    def __init__(self, final: Any, *, rearm: bool) -> None:
        hours = {"unit": "hours", "counted_on": "office", "start_event": "received"}
        self.rules = {
            "final": final.replace(id="final", start_event="received"),
            "first_reply": PLAIN.replace(id="first_reply", amount=9, pausable=True, **hours),  # type: ignore[arg-type]
            "next_reply": PLAIN.replace(id="next_reply", amount=3, pausable=True, **hours),  # type: ignore[arg-type]
        }
        self.rearm = rearm
        rows = {"rules": {name: name for name in self.rules}, "rearm_next_reply": rearm}
        strict = self.rules["final"].replace(id="strict", amount=2)
        other = {"when": {"regime": "59fz"}, "rules": {**rows["rules"], "final": "strict"}}  # type: ignore[dict-item]  # two sorts of values
        self.policy = Policy.parse({"row": [other, rows]}, RuleBook((strict, *self.rules.values())))

    def judged(self, log: list[CaseEvent], now: datetime) -> Verdict:
        return evaluate(Case("1", {}, tuple(log)), self.policy, CALENDARS, now)

    def played(self, log: list[CaseEvent], now: datetime) -> dict[str, list[tuple[object, ...]]]:
        play = Play(ORACLE, self.rules, rearm=self.rearm, pausable=frozenset(("final", "next_reply")))
        return play.played(log, now).told(now)


def told(verdict: Verdict) -> dict[str, list[tuple[object, ...]]]:
    """What the verdict says, in the oracle's words."""
    said: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("final", "first_reply", "next_reply", "promise", "external")
    }
    for clock in (*verdict.earlier, *verdict.clocks):
        due = clock.due or clock.due_if_resumed_now
        if clock.name in said and not (clock.name == "next_reply" and clock.state == "pending"):
            late = int(clock.late_by.total_seconds())
            seconds = None if due is None else int(due.timestamp())
            said[clock.name].append((clock.activation, clock.state, seconds, late))
    return said


class Journal(RuleBasedStateMachine):
    """A log that grows in any order, read at any moment by both."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[CaseEvent] = []
        self.now = FIRST + timedelta(minutes=MINUTES)

    @initialize(final=final_rules, rearm=st.booleans(), at=moments)
    def begin(self, final: Any, at: datetime, *, rearm: bool) -> None:
        self.town = Town(final, rearm=rearm)
        self.log = [event("received", at)]

    @rule(one=events)
    def happens(self, one: CaseEvent) -> None:
        self.log.append(one)

    @precondition(lambda self: len(self.log) > 1)
    @rule(one=events, chance=st.randoms(use_true_random=False))
    def happens_in_the_same_second(self, one: CaseEvent, chance: random.Random) -> None:
        at = chance.choice(self.log).at
        details = {"due": one.due, "by": one.by, "until": one.until, "whole": one.whole}
        told_at = at if one.noticed_at else None
        more = {"how": one.how, "reason": one.reason, "noticed_at": told_at}
        self.log.append(CaseEvent(one.kind, at, **details, **more))  # type: ignore[arg-type]

    @rule(now=moments)
    def time_goes_by(self, now: datetime) -> None:
        self.now = now

    @invariant()
    def both_say_the_same(self) -> None:
        if self.log:
            distinct = list(dict.fromkeys(self.log))
            assert told(self.town.judged(self.log, self.now)) == self.town.played(distinct, self.now)


Journal.TestCase.settings = settings(max_examples=60, stateful_step_count=14, deadline=None)
TestJournal = Journal.TestCase

logs = st.lists(events, max_size=12).map(
    lambda later: [event("received", FIRST + timedelta(hours=10)), *later]
)


def rough(one: CaseEvent, midnight: bool) -> CaseEvent:
    """The same as a register has it: dates alone, or their midnights."""

    def cut(at: datetime | date | None) -> Any:
        if not isinstance(at, datetime):
            return at
        return at.replace(hour=0, minute=0) if midnight else at.date()

    return replace(one, at=cut(one.at), due=cut(one.due), by=cut(one.by), noticed_at=cut(one.noticed_at))


# A far system that returns to a date, a case to a regime.
some_dates = st.sampled_from([FIRST + timedelta(days=day) for day in (3, 5, 8)])
some_regimes = st.sampled_from(["59fz", "message"])
there_and_back = st.one_of(
    st.builds(event, st.just("due_set"), moments, due=some_dates),
    st.builds(event, st.just("regime_changed"), moments, regime=some_regimes),
)
rough_events = events | there_and_back | st.builds(rough, events | there_and_back, st.booleans())
rough_logs = st.lists(rough_events, max_size=12).map(
    lambda later: [event("received", FIRST + timedelta(hours=10)), *later]
)
towns = st.builds(Town, final_rules, rearm=st.booleans())
LAWS = settings(max_examples=200, deadline=None)


@LAWS
@given(towns, logs | rough_logs, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_log_changes_nothing(
    town: Town, log: list[CaseEvent], now: datetime, chance: random.Random
) -> None:
    """Any permutation, repeats, and other spellings of the zone give the same verdict."""
    shuffled = [*log, *chance.sample(log, k=min(3, len(log)))]
    chance.shuffle(shuffled)
    expected = town.judged(log, now)
    assert town.judged(shuffled, now) == expected
    assert town.judged(shuffled, now.astimezone(UTC)).clocks == expected.clocks
    assert town.judged(shuffled, now).explain("ru") == expected.explain("ru")


@LAWS
@given(towns, logs | rough_logs, st.lists(moments, min_size=2, max_size=8))
def test_each_change_is_told_once(town: Town, log: list[CaseEvent], looks: list[datetime]) -> None:
    """Between a look and itself nothing changed, and however often one looks, no id comes twice.

    But for warnings, which may be told again after a pause, and what begins or ends with a regime.
    """
    verdicts = [town.judged(log, now) for now in sorted(looks)]
    assert all(diff(one, one) == () for one in verdicts)
    changes = [change for before, after in itertools.pairwise(verdicts) for change in diff(before, after)]
    flips = sum(one.kind == "regime_changed" for one in log)
    told = [one.id for one in changes if one.kind in ("due_moved", "policy_changed", "merged") or not flips]
    told = [one for one in told if not one.endswith("/warned")]
    assert len(set(told)) == len(told)


@LAWS
@given(towns, logs | rough_logs, moments, moments, moments)
def test_two_watchers_hear_the_same(
    town: Town, log: list[CaseEvent], first: datetime, second: datetime, last: datetime
) -> None:
    """What both hear of one run has one id, though they looked at different moments."""
    first, second, last = sorted((first, second, last))
    heard = [
        {
            (one.clock, one.activation, one.kind, one.due): one.id
            for one in diff(town.judged(log, before), town.judged(log, last))
        }
        for before in (first, second)
    ]
    assert all(heard[0][change] == heard[1][change] for change in heard[0].keys() & heard[1].keys())


@LAWS
@given(towns, logs, moments)
def test_the_future_does_not_exist_yet(town: Town, log: list[CaseEvent], now: datetime) -> None:
    """The log up to a moment says at that moment what the whole log says."""
    known = [one for one in log if isinstance(one.at, datetime) and one.at.timestamp() <= now.timestamp()]
    seen = town.judged(log, now)
    assert town.judged(known, now) == seen
    assert town.judged(known, now).warnings == seen.warnings
    assert town.judged(known, now).explain("ru") == seen.explain("ru")


@LAWS
@given(towns, logs, moments, moments, st.integers(1, 5000))
def test_pausing_never_shortens(
    town: Town, log: list[CaseEvent], now: datetime, begins: datetime, minutes: int
) -> None:
    """One more pause leaves every run due no earlier, and no run late that was not."""
    log = [one for one in log if one.kind not in ("paused", "resumed")]
    ends = begins + timedelta(minutes=minutes)
    plain = town.judged(log, now)
    paused = town.judged([*log, event("paused", begins), event("resumed", ends)], now)
    for before, after in zip((*plain.earlier, *plain.clocks), (*paused.earlier, *paused.clocks), strict=True):
        due = after.due or after.due_if_resumed_now
        if before.due and due and before.name in ("final", "first_reply", "next_reply"):
            assert due.timestamp() >= before.due.timestamp()
            assert before.late or not after.late


@LAWS
@given(towns, logs | rough_logs, moments)
def test_every_verdict_can_be_told(town: Town, log: list[CaseEvent], now: datetime) -> None:
    """Warnings lie between the start and the due moment; both languages say as many lines."""
    seen = town.judged(log, now)
    for warning in seen.warnings:
        clock = seen.clock(warning.clock)
        assert clock is not None
        assert clock.started_at is not None
        assert warning.at.timestamp() <= warning.due.timestamp()
    assert len({warning.id for warning in seen.warnings}) == len(seen.warnings)
    assert len(seen.explain("ru").splitlines()) == len(seen.explain("en").splitlines())
