"""What users of other systems complain about, each held here not to happen."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla import (
    Calendar,
    Case,
    CaseEvent,
    Policy,
    ProductionCalendar,
    Verdict,
    diff,
    evaluate,
    load_rules,
)

from .cases import ZONE, at, clock, event

CALENDARS = {
    "office": Calendar.russia(zone=ZONE, schedule="mon-fri 09-18; break 13-14"),
    "duty": Calendar.weekly(zone=ZONE, schedule="mon-sun 09-21"),
}
BOOK = load_rules().with_text(
    "\n".join(
        f"""
[[rule]]
id = "town.{name}"
title = "{name}"
act = {{ name = "порядок города" }}
start_event = "{start}"
{amount}
pausable = {pausable}
warn = [0.5, {{ amount = 60, unit = "minutes" }}]
evidence = "secondary"
verified = false
"""
        for name, start, amount, pausable in (
            ("hours16", "received", 'amount = 16\nunit = "hours"\ncounted_on = "office"', "true"),
            ("hours8", "received", 'amount = 8\nunit = "hours"\ncounted_on = "office"', "true"),
            ("hours2", "received", 'amount = 2\nunit = "hours"\ncounted_on = "office"', "false"),
            ("next", "citizen_wrote", 'amount = 4\nunit = "hours"\ncounted_on = "office"', "false"),
            ("comment", "detected", 'amount = 90\nunit = "minutes"\ncounted_on = "duty"', "false"),
        )
    )
)
PLAIN = '[[row]]\nrules = { first_reply = "town.hours8", final = "town.hours16", next_reply = "town.next" }'


def judged(now: datetime, *events: CaseEvent, policy: str = PLAIN, **facts: object) -> Verdict:
    return evaluate(Case("1", facts, events), Policy.parse(policy, BOOK), CALENDARS, now)


RECEIVED = event("received", at(2, 10))


def test_01_a_pause_is_not_lost_when_the_rules_change() -> None:
    """GLPI forgets the pause when the policy or the priority changes; here all is counted anew."""
    policy = """
[[row]]
when = { regime = "59fz" }
rules = { final = "town.hours8" }
[[row]]
rules = { final = "town.hours16" }
"""
    log = (
        RECEIVED,
        event("paused", at(2, 12)),
        event("resumed", at(3, 12)),
        event("regime_changed", at(3, 13), regime="59fz"),
    )
    assert judged(at(3, 12, 30), *log, policy=policy, regime="message").due == at(5, 10)
    # Two hours of eight were used before the pause; 12-13, 14-18 and an hour of Wednesday are six.
    assert judged(at(3, 14), *log, policy=policy, regime="message").due == at(4, 10)


def test_02_a_pause_gives_back_working_time_not_time_on_the_wall() -> None:
    """A pause from Friday evening over a weekend and a holiday gives back nothing but its working hours."""
    friday = event("received", at(6, 10))
    plain = judged(at(6, 11), friday).due
    assert plain == at(11, 10)  # 7 hours on Friday, 8 on Tuesday, 1 on Wednesday
    paused = judged(at(10, 9), friday, event("paused", at(6, 18)), event("resumed", at(10, 9)))
    assert paused.due == plain
    [pause] = clock(paused, "final").pauses
    assert pause.added == timedelta()


def test_03_no_breach_and_no_warning_while_paused() -> None:
    """A shown pause stops the clock too, however long it lasts; an answer within it is in time."""
    log = (RECEIVED, event("paused", at(2, 12)))
    seen = judged(at(30, 12), *log)
    assert (seen.state, seen.late, seen.due) == ("paused", False, None)
    assert not [warning for warning in seen.warnings if warning.clock == "final"]
    assert judged(at(30, 13), *log, event("answered", at(30, 12))).state == "met"


def test_04_a_reply_and_a_pause_in_one_second_are_a_reply_and_a_pause() -> None:
    """Zammad loses the first response when one transaction holds both."""
    seen = judged(at(2, 12), RECEIVED, event("paused", at(2, 12)), event("replied", at(2, 12), how="public"))
    assert clock(seen, "first_reply").state == "met"
    assert seen.state == "paused"


def test_05_the_next_reply_waits_for_us_only_after_the_citizen_wrote() -> None:
    """It neither runs after our reply nor takes the place of the first reply."""
    wrote, replied = event("citizen_wrote", at(2, 11)), event("replied", at(2, 12), how="public")
    assert clock(judged(at(2, 11), RECEIVED, wrote), "next_reply").state == "pending"
    assert clock(judged(at(30), RECEIVED, wrote, replied), "next_reply").state == "pending"
    again, answered = event("citizen_wrote", at(2, 13)), event("replied", at(2, 15), how="public")
    assert clock(judged(at(2, 15), RECEIVED, replied, again), "next_reply").state == "running"
    assert clock(judged(at(30), RECEIVED, replied, again, answered), "next_reply").state == "met"


def test_06_a_reopened_case_is_counted_as_what_it_is() -> None:
    """The time it lay closed is neither worked nor held; the first run keeps its own verdict."""
    log = (RECEIVED, event("answered", at(3, 10)), event("reopened", at(16, 9)))
    seen = judged(at(16, 9), *log)
    assert (seen.state, seen.deciding.activation, seen.due) == ("running", 2, at(17, 18))
    assert [(run.activation, run.state) for run in seen.earlier] == [(1, "met")]
    assert judged(at(17, 18), *log, event("paused", at(17, 10))).state == "paused"


def test_07_thanks_after_the_end_do_not_start_a_clock() -> None:
    """Chatwoot goes on counting when the citizen writes "thanks" to a resolved conversation."""
    log = (
        RECEIVED,
        event("replied", at(2, 12), how="final"),
        event("closed", at(2, 12)),
        event("citizen_wrote", at(2, 15)),
    )
    assert clock(judged(at(30), *log), "next_reply").state == "pending"
    assert judged(at(30), *log).waiting_for is None
    assert clock(judged(at(30), *log, policy=PLAIN + "\nrearm_next_reply = true"), "next_reply").late


def test_08_another_policy_applies_to_a_case_that_runs() -> None:
    """The rules of the regime of the moment apply, from the start that they name, and the change is told."""
    policy = """
[[row]]
when = { regime = "59fz" }
rules = { final = "59fz.examination" }
[[row]]
rules = { final = "town.hours16" }
"""
    log = (RECEIVED, event("registered", at(3, 9)), event("regime_changed", at(3, 12), regime="59fz"))
    before = judged(at(3, 11), *log, policy=policy, regime="message")
    after = judged(at(3, 12), *log, policy=policy, regime="message")
    assert (before.due, after.due) == (at(4, 10), at(2, 23, 59, month=4).replace(second=59))
    assert {change.kind for change in diff(before, after)} == {"policy_changed", "due_moved"}


def test_09_a_lunch_break_is_not_worked() -> None:
    """Several intervals a date: two hours from 12:00 end at 15:00."""
    policy = '[[row]]\nrules = { final = "town.hours2" }'
    assert judged(at(2, 12), event("received", at(2, 12)), policy=policy).due == at(2, 15)


def test_10_holidays_come_with_their_acts() -> None:
    """No date is off by hearsay: each of the production calendar names the act behind it."""
    facts = ProductionCalendar.load("five").facts
    assert all(fact.act for same in facts.values() for fact in same if fact.on.year == 2026)
    assert not CALENDARS["office"].is_working_day(date(2026, 3, 9))


def test_11_a_case_received_outside_hours_starts_with_the_next_opening() -> None:
    """Nothing is used by night: from Saturday the whole term is left on Tuesday morning, and late is late."""
    saturday = event("received", at(7, 3))
    seen = judged(at(10, 9), saturday, policy='[[row]]\nrules = { final = "town.hours2" }')
    assert (seen.due, seen.deciding.working_remaining(at(10, 9))) == (at(10, 11), timedelta(hours=2))
    late = judged(at(10, 12), saturday, policy='[[row]]\nrules = { final = "town.hours2" }')
    assert (late.deciding.late_by, late.deciding.worked_late) == (timedelta(hours=1), timedelta(hours=1))


def test_12_every_figure_is_there_at_once() -> None:
    """Nothing is stored, so nothing is empty until the next action: the verdict changes with the moment."""
    states = [judged(now, RECEIVED).state for now in (at(2, 9), at(2, 10), at(4, 10), at(4, 10, 1))]
    assert states == ["pending", "running", "running", "breached"]
    seen = judged(at(4, 10), RECEIVED)
    assert (seen.deciding.remaining(at(4, 10)), seen.deciding.late_by) == (timedelta(), timedelta())


def test_13_a_merged_case_does_not_escalate() -> None:
    """No clock of it runs or warns, and it follows its primary where that is given."""
    log = (RECEIVED, event("merged_into", at(2, 11), primary="2"), event("citizen_wrote", at(2, 12)))
    seen = judged(at(30), *log)
    assert {one.state for one in seen.clocks} <= {"cancelled", "pending"}
    assert (seen.warnings, seen.late, seen.waiting_for) == ((), False, None)
    primary = Case("2", {}, (event("received", at(2, 10)), event("answered", at(2, 15))))
    followed = evaluate(Case("1", {}, log), Policy.parse(PLAIN, BOOK), CALENDARS, at(30), primary=primary)
    assert (followed.case_id, followed.state) == ("1", "met")
    running = Case("2", {}, primary.events[:1])
    looks = [
        evaluate(Case("1", {}, log), Policy.parse(PLAIN, BOOK), CALENDARS, now, primary=running)
        for now in (at(2, 12), at(3, 17))
    ]
    assert [(look.state, look.warnings, diff(look, look)) for look in looks] == [("running", (), ())] * 2
    assert evaluate(running, Policy.parse(PLAIN, BOOK), CALENDARS, at(2, 12)).warnings


def test_14_a_blank_condition_is_no_catch_all_before_the_last_row() -> None:
    """A row without a condition may only be the last one."""
    with pytest.raises(PolicyError, match="only the last row"):
        Policy.parse('[[row]]\nrules = { final = "town.hours8" }\n' + PLAIN, BOOK)


def test_15_warnings_come_before_the_deadline() -> None:
    """Half of the working time, and one working hour before the end; each once, with an id of its own."""
    seen = judged(at(2, 10), RECEIVED, policy='[[row]]\nrules = { final = "town.hours16" }')
    assert [(warning.level, warning.at) for warning in seen.warnings] == [
        ("0.5", at(3, 10)),
        ("60 minutes", at(3, 18)),
    ]
    assert seen.warnings_due(at(3, 9, 59)) == ()
    assert seen.warnings_due(at(3, 10)) == seen.warnings[:1]


def test_16_a_late_first_reply_stays_late() -> None:
    """That there is a reply hides nothing: its lateness is kept, in elapsed and in working time."""
    seen = judged(at(30), RECEIVED, event("replied", at(4, 9, 30), how="public"))
    first = clock(seen, "first_reply")
    assert (first.state, first.late) == ("met_late", True)
    assert (first.late_by, first.worked_late) == (
        timedelta(hours=23, minutes=30),
        timedelta(hours=7, minutes=30),
    )


def test_17_each_level_of_an_escalation_is_told_once() -> None:
    """Whoever notifies a manager gets each level of a warning and the breach once, by an id of its own."""
    verdicts = [judged(now, RECEIVED) for now in (at(2, 10), at(3, 17, 30), at(4, 10), at(4, 10, 1), at(5))]
    told = [change for before, after in itertools.pairwise(verdicts) for change in diff(before, after)]
    final = [(change.kind, change.level) for change in told if change.clock == "final"]
    assert final == [("warned", "0.5"), ("warned", "60 minutes"), ("breached", "")]
    assert len({change.id for change in told}) == len(told)


def test_18_a_comment_is_a_case_of_its_own() -> None:
    """Comments under a post have a clock from their detection, and a handling ends it without a reply."""
    policy = '[[row]]\nrules = { final = "town.comment" }'
    detected = event("detected", at(7, 20, 30))
    assert judged(at(7, 21), detected, policy=policy).due == at(8, 10)
    handled = event("handled", at(8, 9), how="hidden")
    assert judged(at(9), detected, handled, policy=policy).state == "met"
