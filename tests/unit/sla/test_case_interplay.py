"""Where one thing that happens to a case meets another: what is due, what is said and what is told."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from mcu_sdk.errors import PolicyError, RuleError
from mcu_sdk.sla import (
    Calendar,
    Case,
    CaseEvent,
    Policy,
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
BOOK = load_rules().with_text("""
[[rule]]
id = "59fz.examination"
pausable = true

[[rule]]
id = "comments.90_minutes"
counted_on = "duty"

[[rule]]
id = "town.promise"
title = "обещание"
act = { name = "порядок города" }
start_event = "promised"
amount = 5
unit = "working_days"
evidence = "secondary"
verified = false
""")
APPEAL = 'final = "59fz.examination"'


REGISTERED = event("registered", at(2, 10))  # due 1 April, a Wednesday


def policy_of(rules: str, options: str = "") -> Policy:
    return Policy.parse(f"[[row]]\nrules = {{ {rules} }}\n{options}", BOOK)


def judged(now: datetime, *events: CaseEvent, rules: str = APPEAL, options: str = "") -> Verdict:
    return evaluate(Case("1", {}, events), policy_of(rules, options), CALENDARS, now)


def lines(verdict: Verdict, word: str) -> list[str]:
    return [line for line in verdict.explain("ru").splitlines() if word in line]


def told(verdicts: Sequence[Verdict]) -> list[str]:
    return [change.id for before, after in itertools.pairwise(verdicts) for change in diff(before, after)]


PRIMARY = Case("2", {}, (event("registered", at(1, 10)), event("answered", at(20, 10))))
MERGED = event("merged_into", at(4), primary="2")


def test_nothing_changes_between_two_looks_at_a_merged_case() -> None:
    """Its primary tells what changes; a reopening makes it a case of its own again, from where it stood."""
    case, policy = Case("1", {}, (REGISTERED, MERGED)), policy_of(APPEAL)
    first, second = (evaluate(case, policy, CALENDARS, now, primary=PRIMARY) for now in (at(9), at(25)))
    assert (first.follows, first.state, second.state) == (True, "running", "met")
    assert diff(first, first) == diff(first, second) == ()
    reopened = judged(at(26), REGISTERED, MERGED, event("reopened", at(26)))
    assert [(change.kind, change.activation) for change in diff(second, reopened)] == [("started", 2)]


def test_a_merging_after_a_reopening_is_another_change() -> None:
    log = [REGISTERED, MERGED, event("reopened", at(9)), event("merged_into", at(10), primary="2")]
    ids = told([judged(now, *log) for now in (at(3), at(5), at(9, 1), at(11))])
    assert ids[0] == "1/merged/1/2"
    assert ids[-1] == "1/merged/2/2"
    assert len(set(ids)) == len(ids)


def test_a_date_told_again_at_every_look_warns_once_and_in_time() -> None:
    """A portal says its date whenever it is asked; half of the term is half of it all the same."""
    once = event("due_set", at(2, 10), due=date(2026, 3, 20), source="portal")
    again = [event("due_set", at(day, 9), due=date(2026, 3, 20), source="portal") for day in range(3, 17)]
    options = {"rules": 'final = "portal.ordinary"', "options": 'authority = "external"'}
    now = at(16, 12)
    plain, often = (judged(now, REGISTERED, *log, **options) for log in ((once,), (once, *again)))
    assert plain.warnings_due(now) == often.warnings_due(now) != ()
    moved = judged(now, REGISTERED, once, *again, event("due_set", at(16, 10), due=date(2026, 4, 20)))
    assert clock(moved, "external").started_at == at(16, 10)


def test_the_explanation_names_what_started_the_term() -> None:
    """A reopened case was not registered again, and a next reply was not detected."""
    reopened = judged(at(31), REGISTERED, event("answered", at(20)), event("reopened", at(30)))
    assert lines(reopened, "Начало:") == ["Начало: возврат в работу, 30.03.2026 00:00 МСК."]
    paused = (event("paused", at(30, 12)), event("resumed", at(30, 13)))
    again = judged(at(31), REGISTERED, event("answered", at(20)), event("reopened", at(30)), *paused)
    assert lines(again, "Начало:") == lines(reopened, "Начало:")
    rules = APPEAL + ', next_reply = "comments.90_minutes"'
    wrote = (event("replied", at(3), how="public"), event("citizen_wrote", at(4, 12)))
    deadline = clock(judged(at(5), REGISTERED, *wrote, rules=rules), "next_reply").deadline
    assert deadline is not None
    assert "Start: the resident's message, 04.03.2026 12:00 MSK." in deadline.explain("en")
    assert "регистрация" in lines(judged(at(5), REGISTERED), "Начало:")[0]


PAUSE = (event("paused", at(9, 12)), event("resumed", at(15, 12)))


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ((*PAUSE, event("answered", at(12, 12))), 0),
        ((event("paused", at(1, 12)), event("resumed", at(2, 9))), 0),
        ((event("paused", at(1, 12)), event("resumed", at(5, 9))), 0),
        ((*PAUSE, event("answered", at(20)), event("reopened", at(30))), 0),
        ((event("answered", at(8)), *PAUSE), 0),
        ((event("paused", at(10, month=4)),), 1),
        ((event("paused", at(10, month=4)), event("resumed", at(12, month=4))), 1),
    ],
)
def test_a_pause_is_called_too_late_only_if_it_was(log: tuple[CaseEvent, ...], said: int) -> None:
    seen = judged(at(20, month=4), REGISTERED, *log)
    assert len(lines(seen, "не раньше, чем истёк срок")) == len(lines(seen, "не засчитана")) == said


def test_whose_choice_it_is_that_a_term_does_not_pause() -> None:
    """The rule's, or the policy's."""
    assert "этот срок не приостанавливается" in judged(
        at(20), REGISTERED, *PAUSE, options="pausable = []"
    ).explain("ru")
    reply = judged(at(20), REGISTERED, *PAUSE, rules='final = "portal.ordinary"')
    assert "правило не приостанавливается" in reply.explain("ru")


def test_the_same_thing_told_twice_in_any_order() -> None:
    """A bare date and its midnight: the moment is the more precise start, whichever comes first."""
    bare, moment = event("received", date(2026, 3, 2)), event("received", at(2))
    rules = 'first_reply = "comments.90_minutes", final = "portal.fast_track"'
    one, other = (judged(at(4), *log, rules=rules) for log in ((bare, moment), (moment, bare)))
    assert one == other
    assert clock(one, "first_reply").problem is None


def test_of_two_dates_said_in_one_second_the_earlier_one_counts() -> None:
    """The bare date means its last second."""
    dues: list[date] = [date(2026, 3, 20), at(20, 18), date(2026, 3, 21)]
    for log in itertools.permutations(event("due_set", at(3), due=due) for due in dues):
        assert clock(judged(at(9), REGISTERED, *log), "external").due == at(20, 18)


def test_what_could_not_be_counted_is_not_called_in_time() -> None:
    detected = event("detected", date(2026, 3, 2))
    rules = 'final = "comments.90_minutes"'
    done = judged(at(30), detected, event("answered", at(20)), rules=rules)
    assert done.explain("ru").startswith("Исполнено; в срок ли — неизвестно\n")
    assert done.explain("en").startswith("Done; whether in time is not known\n")
    assert judged(at(30), detected, rules=rules).explain("ru").startswith("Срок не посчитан\n")


REOPENED = (event("answered", at(20)), event("reopened", at(20, 9, month=4)))


def test_a_notice_of_an_extension_belongs_to_the_run_that_is_extended() -> None:
    rules = 'final = "8fz.examination", extension_notice = "8fz.extension_notice"'
    asked = event("extended", at(20, 12, month=4))
    notice = clock(judged(at(21, month=4), REGISTERED, *REOPENED, asked, rules=rules), "extension_notice")
    first = clock(judged(at(3), REGISTERED, event("extended", at(3)), rules=rules), "extension_notice")
    assert (first.state, first.due) == ("running", at(6, 23, 59).replace(second=59))
    assert notice.state == "running"
    assert notice.due is not None
    assert notice.due > at(21, month=4)


def test_a_promise_without_a_date_counts_from_itself() -> None:
    """Each from its own event, the second one and one after a reopening too."""
    rules = APPEAL + ', promise = "town.promise"'
    promises = [event("promised", at(3, 12)), event("promised", at(16, 12))]
    due = clock(judged(at(17), REGISTERED, *promises, rules=rules), "promise").due
    assert due == at(23, 23, 59).replace(second=59)


@pytest.mark.parametrize("away", ["clarification_asked", "transferred"])
def test_nobody_is_waited_for_after_the_answer(away: str) -> None:
    log = (REGISTERED, event(away, at(3)), event("answered", at(10)), event("reopened", at(20)))
    assert judged(at(4), *log).waiting_for == "others"
    assert judged(at(21), *log).waiting_for == "us"


def test_there_and_back_and_there_again_are_different_changes() -> None:
    days = ((3, 20), (4, 25), (5, 20), (6, 25))
    dates = [event("due_set", at(day), due=date(2026, 3, due)) for day, due in days]
    ids = told([judged(at(day, 1), REGISTERED, *dates) for day, _ in days])
    assert len(ids) == len(set(ids)) == 3
    policy = Policy.parse(
        '[[row]]\nwhen = { regime = "59fz" }\nrules = { final = "59fz.examination" }\n'
        '[[row]]\nrules = { final = "portal.fast_track" }',
        BOOK,
    )
    regimes = ("59fz", "message", "59fz", "message")
    log = [event("regime_changed", at(3 + number), regime=regime) for number, regime in enumerate(regimes)]
    case = Case("1", {"regime": "message"}, (event("received", at(2)), REGISTERED, *log))
    ids = told([evaluate(case, policy, CALENDARS, at(day, 12)) for day in range(2, 7)])
    assert len(ids) == len(set(ids)) == 8


def test_a_notice_within_an_open_pause_counts_from_its_own_second_on() -> None:
    notice = event("extended", at(2, 9, month=4), until=date(2026, 4, 10), noticed_at=at(2, 9, month=4))
    log = (REGISTERED, event("paused", at(1, 20, month=4)), notice)
    for seconds in range(2):
        now = at(2, 9, month=4) + timedelta(seconds=seconds)
        seen = judged(now, *log)
        assert [extension.refused for extension in seen.deciding.extensions] == [""]
        assert clock(seen, "extension_notice").state == "met"


def test_a_notice_after_the_end_brings_nothing_back() -> None:
    late = event("extended", at(3, month=4), until=date(2026, 4, 10), noticed_at=at(3, month=4))
    log = (
        REGISTERED,
        event("extended", at(20), until=date(2026, 4, 10)),
        event("answered", at(25)),
        late,
    )
    before, after = (judged(now, *log) for now in (at(26), at(4, month=4)))
    assert clock(before, "extension_notice").state == clock(after, "extension_notice").state == "cancelled"
    assert diff(before, after) == ()


def test_equal_cases_have_equal_verdicts_and_pickles_of_them() -> None:
    """A clock that could not be counted included."""
    log = (event("detected", date(2026, 3, 2)), event("received", at(2)))
    rules = 'first_reply = "comments.90_minutes", final = "portal.fast_track"'
    one, other = judged(at(30), *log, rules=rules), judged(at(30), *log, rules=rules)
    assert clock(one, "first_reply").problem is not None
    assert one == other == pickle.loads(pickle.dumps(one))


def test_an_extension_that_is_shorter_than_the_term_changes_nothing_and_says_so() -> None:
    def asked(day: int, until: date) -> CaseEvent:
        return event("extended", at(day), until=until, noticed_at=at(day))

    short = judged(at(11), REGISTERED, asked(10, date(2026, 3, 20)))
    assert "срок и без того не короче" in lines(short, "просили до")[0]
    fitting = judged(at(11), REGISTERED, asked(10, date(2026, 4, 20)))
    assert "как просили" in lines(fitting, "просили до")[0]


def test_every_late_notice_is_shown() -> None:
    notices = [event("extended", at(day, month=4), noticed_at=at(day, month=4)) for day in (3, 5)]
    seen = judged(at(6, month=4), REGISTERED, *notices)
    assert [extension.refused for extension in seen.deciding.extensions] == ["late", "late"]
    text = seen.explain("ru")
    assert "03.04.2026 00:00" in text
    assert "05.04.2026 00:00" in text


def test_an_end_within_a_pause_is_no_resumption() -> None:
    log = (REGISTERED, event("paused", at(9)), event("answered", at(10)))
    kinds = [change.kind for change in diff(judged(at(9, 1), *log), judged(at(11), *log))]
    assert kinds == ["met"]
    resumed = (*log, event("resumed", at(9, 12)))
    kinds = [change.kind for change in diff(judged(at(9, 1), *resumed), judged(at(11), *resumed))]
    assert kinds == ["resumed", "met"]


def test_clocks_of_any_gender_are_told_in_russian() -> None:
    rules = APPEAL + ', registration = "59fz.registration"'
    seen = judged(at(20), event("received", at(2)), rules=rules)
    assert any(line.startswith("Регистрация: срок нарушен") for line in seen.explain("ru").splitlines())
    policy = Policy.parse('[[row]]\nwhen = { topic = "дороги" }\nrules = { final = "59fz.examination" }')
    assert "тема — нет сведений, нужно дороги" in policy.explain_choice({}, "ru")


def test_a_level_of_warning_is_said_once() -> None:
    with pytest.raises(RuleError, match="says the same twice"):
        BOOK.rule("59fz.examination").replace(warn=(0.5, 0.5))


@pytest.mark.parametrize("when", ["regime = []", 'fast_track = "true"', "fast_track = [true, 1]"])
def test_a_row_that_can_never_fit_is_refused(when: str) -> None:
    with pytest.raises(PolicyError, match="when"):
        Policy.parse(f'[[row]]\nwhen = {{ {when} }}\nrules = {{ final = "59fz.examination" }}', BOOK)


def test_a_pause_of_no_date_at_all_does_not_lose_the_case() -> None:
    """0001-01-01 is how some programs write that there is none."""
    seen = judged(at(9), REGISTERED, event("paused", date(1, 1, 1)))
    assert (seen.state, seen.pauses[0].paused_at.date()) == ("paused", date(1, 1, 1))
    assert seen.explain("ru").startswith("Срок приостановлен")


def test_on_one_bare_date_a_beginning_comes_before_its_end() -> None:
    """A register that keeps dates alone has both in one first second."""
    day = date(2026, 3, 9)
    for log in itertools.permutations((REGISTERED, event("paused", day), event("resumed", day))):
        seen = judged(at(20), *log)
        assert (seen.state, seen.pauses) == ("running", ())
    asked = (event("clarification_asked", day), event("clarification_received", day))
    assert judged(at(20), REGISTERED, *asked).waiting_for == "us"
    promise = (event("promised", day, by=date(2026, 3, 12)), event("promise_kept", day))
    assert clock(judged(at(20), REGISTERED, *promise), "promise").state == "met"


def test_a_pause_that_ends_on_the_date_on_which_another_begins() -> None:
    """What was open ends first: two pauses that touch are one."""
    days = [date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 12)]
    log = [
        event("paused", days[0]),
        event("resumed", days[1]),
        event("paused", days[1]),
        event("resumed", days[2]),
    ]
    [pause] = judged(at(20), REGISTERED, *log).pauses
    assert (pause.paused_at, pause.resumed_at) == (at(5), at(12))
    moments = (event("paused", at(9, 12)), event("resumed", at(9, 12)))
    assert judged(at(20), REGISTERED, *moments).state == "paused"  # resumed before paused, as any second


def test_two_beginnings_and_their_ends_on_one_bare_date() -> None:
    day = date(2026, 3, 9)
    both = [event(kind, day, reason=reason) for kind in ("paused", "resumed") for reason in ("а", "б")]
    asked = [
        event(kind, day, reason=reason)
        for kind in ("clarification_asked", "clarification_received")
        for reason in ("а", "б")
    ]
    away = [event("sent_for_approval", day, how="outside"), event("transferred", day), event("returned", day)]
    for log in (both, asked, away):
        seen = judged(at(20), REGISTERED, *log)
        assert (seen.state, seen.pauses, seen.waiting_for) == ("running", (), "us")
    before = event("paused", at(5), reason="в")
    [open_pause] = judged(at(20), REGISTERED, before, *both).pauses
    assert (open_pause.paused_at, open_pause.resumed_at) == (at(5), None)
    [closed] = judged(at(20), REGISTERED, before, *both, event("resumed", at(10), reason="в")).pauses
    assert (closed.paused_at, closed.resumed_at) == (at(5), at(10))


def test_a_regime_told_again_changed_when_it_was_first_told() -> None:
    policy = Policy.parse(
        '[[row]]\nwhen = { regime = "59fz" }\nrules = { final = "59fz.examination" }\n'
        '[[row]]\nrules = { final = "portal.fast_track" }',
        BOOK,
    )
    told_twice = [event("regime_changed", at(day), regime="59fz") for day in (3, 5)]
    case = Case("1", {"regime": "message"}, (REGISTERED, *told_twice))
    looks = {now: evaluate(case, policy, CALENDARS, now) for now in (at(2, 12), at(4), at(6))}
    assert looks[at(6)].regime_since == at(3)
    first, later = (diff(looks[at(2, 12)], looks[now]) for now in (at(4), at(6)))
    assert first == later
    known = Case("1", {"regime": "59fz"}, (REGISTERED, *told_twice))
    assert evaluate(known, policy, CALENDARS, at(6)).regime_since is None


def test_each_breach_of_a_date_that_came_back_is_its_own() -> None:
    said = [(3, 10), (12, 25), (14, 10)]
    dates = [event("due_set", at(day), due=date(2026, 3, due)) for day, due in said]
    ids = told([judged(at(day), REGISTERED, *dates) for day in (4, 11, 13, 15)])
    breaches = [one for one in ids if "/external/1/breached/" in one]
    assert len(breaches) == len(set(breaches)) == 2


def test_a_resumption_is_told_though_another_pause_followed_the_end() -> None:
    pauses = [event("paused", at(9)), event("resumed", at(10)), event("paused", at(12))]
    log = (REGISTERED, *pauses, event("answered", at(11)))
    assert [one.kind for one in diff(judged(at(9, 1), *log), judged(at(13), *log))] == ["resumed", "met"]


def test_a_case_closed_on_the_date_of_its_answer_was_answered() -> None:
    """The portal tells the moment of the answer, a register the date of the closing alone."""
    answered, closed = event("answered", at(10, 12)), event("closed", date(2026, 3, 10))
    for log in itertools.permutations((REGISTERED, answered, closed)):
        seen = judged(at(11), *log)
        assert (seen.state, seen.deciding.ended_at) == ("met", at(10, 12))
    assert judged(at(10, 11), REGISTERED, answered, closed).state == "cancelled"
    assert judged(at(12), REGISTERED, event("answered", at(11, 12)), closed).state == "cancelled"
    assert judged(at(12), REGISTERED, event("answered", at(9, 12)), closed).state == "met"


def test_a_notice_is_told_in_the_zone_of_the_calendar() -> None:
    """Steps are stored in UTC; by that clock this one would seem to be of the due date itself."""
    noticed = at(2, month=4).astimezone(UTC)
    asked = event("extended", noticed, noticed_at=noticed, reason="акт")
    seen = judged(at(3, month=4), REGISTERED, asked)
    assert lines(seen, "позже срока")[0].endswith("уведомление 02.04.2026 00:00 МСК — позже срока")
