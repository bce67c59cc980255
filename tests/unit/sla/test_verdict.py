"""Cases: the final clock, the far system's date, and the log's laws."""

from __future__ import annotations

import itertools
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import CalendarNotChosen, NaiveMomentError
from mcu_sdk.sla import Calendar, Case, CaseEvent, EventKind, Policy, Verdict, evaluate

ZONE = ZoneInfo("Asia/Krasnoyarsk")
CALENDARS = {"office": Calendar.russia(zone=ZONE, schedule="mon-fri 08:00-17:00; break 12-13")}
OWN = Policy.parse('[[row]]\nrules = { final = "59fz.examination" }')
EXTERNAL = Policy.parse('[[row]]\nrules = { final = "portal.fast_track" }\nauthority = "external"')


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=ZONE)


def verdict(policy: Policy, now: datetime, *events: CaseEvent) -> Verdict:
    return evaluate(Case("1", {}, events), policy, CALENDARS, now)


RECEIVED = CaseEvent(EventKind.RECEIVED, at(2, 10))
DUE = datetime(2026, 3, 12, 23, 59, 59, tzinfo=ZONE)


def test_the_states_of_the_final_clock() -> None:
    """Pending before the start, running, breached a second after the due, met on it, late after it."""
    answered = CaseEvent(EventKind.ANSWERED, DUE)
    late = CaseEvent(EventKind.ANSWERED, DUE + timedelta(seconds=1))
    assert verdict(EXTERNAL, at(1), RECEIVED).state == "pending"
    assert verdict(EXTERNAL, at(1), RECEIVED).due is None
    assert verdict(EXTERNAL, at(2, 10) - timedelta(seconds=1), RECEIVED).state == "pending"
    assert verdict(EXTERNAL, at(2, 10), RECEIVED).state == "running", (
        "an event of this very second has happened"
    )
    running = verdict(EXTERNAL, DUE, RECEIVED)
    assert (running.state, running.due, running.late) == ("running", DUE, False)
    breached = verdict(EXTERNAL, DUE + timedelta(seconds=1), RECEIVED)
    assert (breached.state, breached.late) == ("breached", True)
    assert breached.deciding.late_by == timedelta(seconds=1)
    assert verdict(EXTERNAL, at(20), RECEIVED, answered).state == "met"
    done_late = verdict(EXTERNAL, at(20), RECEIVED, late)
    assert (done_late.state, done_late.late, done_late.deciding.ended_at) == ("met_late", True, late.at)
    assert verdict(EXTERNAL, at(20), RECEIVED, CaseEvent(EventKind("cancelled"), at(3))).state == "cancelled"


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        (CaseEvent(EventKind("replied"), at(3), how="final"), True),
        (CaseEvent(EventKind("replied"), at(3), how="public"), False),
        (CaseEvent(EventKind("replied"), at(3), how="interim"), False),
        (CaseEvent(EventKind("handled"), at(3), how="thanked"), True),
        (CaseEvent(EventKind("transferred"), at(3), whole=True), True),
        (CaseEvent(EventKind("transferred"), at(3)), False),
        (CaseEvent(EventKind("sent_for_approval"), at(3)), False),
        (CaseEvent(EventKind("something_new"), at(3)), False),
    ],
)
def test_what_ends_the_final_term(event: CaseEvent, *, ends: bool) -> None:
    """A final answer, a handling, or all questions leaving; an interim reply does not."""
    assert (verdict(EXTERNAL, at(4), RECEIVED, event).state == "met") == ends


def test_the_far_systems_date_stands_beside_ours() -> None:
    """A bare date means its last second here; the earlier drives, the policy's authority decides."""
    shorter = CaseEvent(EventKind.DUE_SET, at(2, 11), due=date(2026, 3, 10), source="portal")
    seen = verdict(EXTERNAL, at(11), RECEIVED, shorter)
    external = seen.clock("external")
    assert external is not None
    assert external.due == datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZONE)
    assert (seen.due, seen.authority, seen.state) == (external.due, "external", "breached")
    assert seen.disagreement == timedelta(days=-2)
    final = seen.clock("final")
    assert final is not None
    assert final.state == "running"
    assert "Сроки расходятся" in seen.explain("ru")
    assert "10.03.2026 23:59:59 МСК+4 (источник: portal)" in seen.explain("ru")


def test_our_own_date_decides_where_the_policy_says_so() -> None:
    """With authority `own` a missed external date drives, and is not what is called late."""
    start = CaseEvent(EventKind.REGISTERED, at(2, 10))
    shorter = CaseEvent(EventKind.DUE_SET, at(2, 11), due=date(2026, 3, 10))
    seen = verdict(OWN, at(11), start, shorter)
    assert (seen.authority, seen.state, seen.late) == ("own", "running", False)
    assert seen.due == datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZONE)


def test_without_an_external_date_our_rule_is_the_fallback() -> None:
    """Authority `external` with no date set is decided by our own rule."""
    seen = verdict(EXTERNAL, at(20), RECEIVED)
    assert (seen.authority, seen.state, seen.disagreement) == ("own", "breached", None)


def test_the_last_external_date_wins() -> None:
    """Each `due_set` replaces the one before it; equal dates are no disagreement."""
    first = CaseEvent(EventKind.DUE_SET, at(2, 11), due=date(2026, 3, 10))
    last = CaseEvent(EventKind.DUE_SET, at(3, 11), due=date(2026, 3, 12))
    assert verdict(EXTERNAL, at(3), RECEIVED, last, first).due == at(10, 23, 59, 59)
    seen = verdict(EXTERNAL, at(11), RECEIVED, last, first)
    assert (seen.state, seen.disagreement) == ("running", None)


LOG = (
    RECEIVED,
    CaseEvent(EventKind.DUE_SET, at(2, 10), due=at(9)),
    CaseEvent(EventKind.DUE_SET, at(5), due=at(8)),
    CaseEvent(EventKind.ANSWERED, at(9)),
    CaseEvent(EventKind.CLOSED, at(9)),
    CaseEvent(EventKind("rated"), at(10)),
)


def test_the_order_of_the_log_changes_nothing() -> None:
    """Any permutation, and a repeated event, give the same verdict."""
    expected = verdict(EXTERNAL, at(20), *LOG)
    assert expected.state == "met_late"
    for shuffled in itertools.permutations(LOG):
        assert verdict(EXTERNAL, at(20), *shuffled) == expected
    assert verdict(EXTERNAL, at(20), *LOG, LOG[3]) == expected


@pytest.mark.parametrize("now", [at(1), at(2, 10), at(4), at(5), at(9), at(9, 0, 0, 1), at(11)])
def test_the_future_does_not_exist_yet(now: datetime) -> None:
    """The log up to a moment gives the same verdict as the whole log read at that moment."""
    known = [event for event in LOG if isinstance(event.at, datetime) and event.at <= now]
    assert verdict(EXTERNAL, now, *known) == verdict(EXTERNAL, now, *LOG)


def test_in_one_second_an_answer_comes_before_a_closing_and_a_new_date() -> None:
    """An answer and a closing of the same second are an answer, not a cancellation."""
    seen = verdict(
        EXTERNAL,
        at(20),
        RECEIVED,
        CaseEvent(EventKind("closed"), at(3)),
        CaseEvent(EventKind("answered"), at(3)),
    )
    assert seen.state == "met"


def test_dates_without_a_time_do() -> None:
    """A register's dates start and end a term; an answer on the due date is in time, a date later is not."""
    received = CaseEvent(EventKind("received"), date(2026, 3, 2))
    assert (
        verdict(EXTERNAL, at(20), received, CaseEvent(EventKind("answered"), date(2026, 3, 12))).state
        == "met"
    )
    assert (
        verdict(EXTERNAL, at(20), received, CaseEvent(EventKind("answered"), date(2026, 3, 13))).state
        == "met_late"
    )


def test_a_pause_that_does_not_count_is_said() -> None:
    """A rule that does not pause goes on; the pause is explained, never silently lost."""
    seen = verdict(EXTERNAL, at(4), RECEIVED, CaseEvent(EventKind("paused"), at(3), reason="clarification"))
    assert (seen.state, seen.due, seen.cautions) == ("running", DUE, ("unverified",))
    said = "Приостановка с 03.03.2026 00:00 МСК+4 (clarification) не засчитана: правило не приостанавливается"
    assert said in seen.explain("ru").splitlines()


def test_kinds_are_open() -> None:
    """An unknown word is kept, compares and pickles; a known one is the member."""
    kind = EventKind("teleported")
    assert kind == "teleported"
    assert pickle.loads(pickle.dumps(kind)) == kind
    loose: Any = "answered"
    assert CaseEvent(loose, at(3)).kind is EventKind.ANSWERED
    assert "teleported" not in list(EventKind)


def test_naive_events_and_missing_calendars_are_refused() -> None:
    """A moment needs a zone, a rule needs its calendar."""
    with pytest.raises(NaiveMomentError):
        CaseEvent(EventKind("received"), datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(CalendarNotChosen):
        evaluate(Case("1", {}, (RECEIVED,)), EXTERNAL, {}, at(3))


def test_zone_spelling_of_events_does_not_matter() -> None:
    """The same log written in UTC gives equal answers."""
    moved = [
        CaseEvent(event.kind, event.at.astimezone(UTC), due=event.due)
        for event in LOG
        if isinstance(event.at, datetime)
    ]
    assert verdict(EXTERNAL, at(20), *moved).clocks[0].due == verdict(EXTERNAL, at(20), *LOG).clocks[0].due
    assert verdict(EXTERNAL, at(20), *moved).state == "met_late"


def test_a_verdict_is_explained_in_both_languages() -> None:
    """State, lateness and the rule's own explanation."""
    seen = verdict(EXTERNAL, DUE + timedelta(hours=2), RECEIVED)
    assert seen.explain("ru").startswith(
        "Срок нарушен (опоздание 2 ч, рабочего времени — 0 мин)\n"
        "Срок истёк 12.03.2026 23:59:59 МСК+4, исполнения нет\nПравило: "
    )
    assert seen.explain("en").startswith(
        "The term is breached (late by 2 h, 0 min of it working time)\n"
        "The term ended on 12.03.2026 23:59:59 MSK+4, and what it asks for is not done\nRule: "
    )
    assert verdict(EXTERNAL, at(1), RECEIVED).explain().splitlines() == [
        "Срок ещё не начался",
        "Наш срок отсчитывают от события «поступление», а его ещё нет",
    ]
