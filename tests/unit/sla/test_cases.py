"""Cases in the corners that the journals leave out: notices, promises, records by date, problems, changes."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mcu_sdk.errors import CalendarHorizonError, CaseError, NaiveMomentError
from mcu_sdk.sla import (
    Calendar,
    Case,
    CaseEvent,
    EventKind,
    Policy,
    Verdict,
    diff,
    evaluate,
    load_rules,
)

from .cases import ZONE, at, clock, event

CALENDARS = {"office": Calendar.russia(zone=ZONE, schedule="mon-fri 09-18; break 13-14")}
BOOK = load_rules().with_text("""
[[rule]]
id = "comments.90_minutes"
counted_on = "office"

[[rule]]
id = "59fz.examination"
pausable = true
""")


def last(day: int, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=ZONE)


def judged(now: datetime, *events: CaseEvent, rules: str, options: str = "", **facts: object) -> Verdict:
    policy = Policy.parse(f"[[row]]\nrules = {{ {rules} }}\n{options}", BOOK)
    return evaluate(Case("1", facts, events), policy, CALENDARS, now)


APPEAL = 'final = "59fz.examination"'
REGISTERED = event("registered", at(2, 10))  # due 1 April, a Wednesday


def test_an_extension_is_granted_as_far_as_the_rule_goes() -> None:
    """Asked until 20 May, the rule gives thirty days more: 1 May, a holiday; the day before works."""
    told = event("extended", at(30), until=date(2026, 5, 20), noticed_at=at(30), reason="сложный вопрос")
    seen = judged(at(31), REGISTERED, told, rules=APPEAL)
    assert seen.due == last(30, month=4)
    [extension] = seen.deciding.extensions
    assert (extension.granted_until, extension.counts) == (date(2026, 5, 1), True)
    text = seen.explain("ru")
    assert (
        "просили до 20.05.2026, дано до 01.05.2026, до переноса; больше правило не даёт (Федеральный" in text
    )
    assert "asked until 20.05.2026, granted until 01.05.2026" in seen.explain("en")
    assert clock(seen, "extension_notice").state == "met"
    anew = (event("answered", at(31)), event("reopened", at(6, month=4)), event("extended", at(7, month=4)))
    again = judged(at(8, month=4), REGISTERED, told, *anew, rules=APPEAL)
    assert (again.earlier[-1].name, again.earlier[-1].activation) == ("extension_notice", 1)
    assert clock(again, "extension_notice").activation == 2


def test_a_second_extension_may_go_on_from_the_first() -> None:
    """Each notice is held against the due moment reached so far; the later date asked for wins."""
    first = event("extended", at(30), until=date(2026, 4, 10), noticed_at=at(30))
    second = event("extended", at(9, month=4), until=date(2026, 4, 20), noticed_at=at(9, month=4))
    shorter = event("extended", at(10, month=4), until=date(2026, 4, 3), noticed_at=at(10, month=4))
    late = event("extended", at(22, month=4), until=date(2026, 4, 30), noticed_at=at(22, month=4))
    seen = judged(at(30, month=4), REGISTERED, first, second, shorter, late, rules=APPEAL)
    assert seen.due == last(20, month=4)
    assert [one.refused for one in seen.deciding.extensions] == ["", "", "", "late"]
    assert "уведомление 10.04.2026 00:00 МСК; продлено до 20.04.2026" in seen.explain("ru")
    notices = [*seen.earlier, *seen.clocks]
    assert [one.activation for one in notices if one.name == "extension_notice"] == [1, 2, 3, 4]
    assert [one.name for one in seen.clocks] == ["final", "extension_notice"]


def test_a_bare_date_of_notice_is_in_time_on_the_due_date() -> None:
    """A register knows the date alone: the due date is still in time, the next one is not."""
    on_time = event("extended", date(2026, 4, 1), noticed_at=date(2026, 4, 1))
    assert judged(at(2, month=4), REGISTERED, on_time, rules=APPEAL).due == last(30, month=4)
    late = event("extended", date(2026, 4, 2), noticed_at=date(2026, 4, 2))
    seen = judged(at(3, month=4), REGISTERED, late, rules=APPEAL)
    assert (seen.due, seen.state) == (last(1, month=4), "breached")
    assert clock(seen, "extension_notice").ended_at == date(2026, 4, 2)
    assert "уведомление 02.04.2026 — позже срока" in seen.explain("ru")


def test_a_notice_after_the_end_moves_nothing() -> None:
    """An answered case is not extended any more."""
    log = (event("answered", at(20)), event("extended", at(21), noticed_at=at(21), reason="поздно"))
    seen = judged(at(22), REGISTERED, *log, rules=APPEAL)
    assert (seen.state, seen.due) == ("met", last(1, month=4))
    assert [one.refused for one in seen.deciding.extensions] == ["ended"]
    assert "после окончания" in seen.explain("ru")


def test_a_rule_without_extension_gives_none() -> None:
    """The event is explained, and no notice is waited for."""
    seen = judged(
        at(9), event("received", at(2)), event("extended", at(3)), rules='final = "portal.fast_track"'
    )
    assert (seen.due, seen.clock("extension_notice")) == (last(12), None)
    assert "Продление не засчитано: правило его не даёт" in seen.explain("ru").splitlines()


def test_a_row_names_another_term_for_the_notice() -> None:
    """A request for information: the deferral is told within seven days, not by the end of the term."""
    rules = 'final = "8fz.examination", extension_notice = "8fz.extension_notice"'
    seen = judged(at(10), REGISTERED, event("extended", at(5)), rules=rules)
    assert clock(seen, "extension_notice").due == last(6), "9 March is off, and so are the 7th and the 8th"
    assert clock(seen, "extension_notice").state == "breached"
    assert seen.state == "running"


def test_pauses_and_extensions_are_counted_in_the_order_of_time() -> None:
    """A pause of five whole dates moves the nominal end and the limit, not the date that was asked for."""
    pause = (event("paused", at(9, 12)), event("resumed", at(15, 12)))
    assert judged(at(16), REGISTERED, *pause, rules=APPEAL).due == last(6, month=4)
    asked = event("extended", at(30), until=date(2026, 4, 10), noticed_at=at(30))
    assert judged(at(31), REGISTERED, *pause, asked, rules=APPEAL).due == last(10, month=4)
    furthest = event("extended", at(30), noticed_at=at(30))
    assert judged(at(31), REGISTERED, *pause, furthest, rules=APPEAL).due == last(6, month=5)
    # The notice of 3 April is in time only because of the pause.
    later = event("extended", at(3, month=4), until=date(2026, 4, 10), noticed_at=at(3, month=4))
    assert judged(at(4, month=4), REGISTERED, *pause, later, rules=APPEAL).due == last(10, month=4)
    assert judged(at(4, month=4), REGISTERED, later, rules=APPEAL).due == last(1, month=4)


def test_nothing_is_late_within_a_pause_and_everything_is_after_it() -> None:
    """A pause from the last evening to the next morning holds no whole date: the due moment stays."""
    pause = (event("paused", at(1, 20, month=4)), event("resumed", at(2, 10, month=4)))
    within, at_its_end = event("answered", at(2, 9, month=4)), event("answered", at(2, 10, month=4))
    assert judged(at(3, month=4), REGISTERED, *pause, within, rules=APPEAL).state == "met"
    late = judged(at(3, month=4), REGISTERED, *pause, at_its_end, rules=APPEAL)
    assert (late.state, late.due) == ("met_late", last(1, month=4)), "in one second it is resumed first"
    told = event("extended", at(2, 9, month=4), until=date(2026, 4, 10), noticed_at=at(2, 9, month=4))
    extended = judged(at(3, month=4), REGISTERED, *pause, told, rules=APPEAL)
    assert (extended.due, clock(extended, "extension_notice").state) == (last(10, month=4), "met")


def test_a_deadline_is_not_paused_by_what_begins_with_its_end() -> None:
    """The pause before the last second counts, that of the last second does not."""
    deadline = BOOK.rule("comments.90_minutes").bind(CALENDARS).deadline(at(2, 9))
    assert deadline.paused(at(2, 10, 30), at(2, 12)) is deadline
    assert deadline.paused(at(2, 10, 29), at(2, 12)).due == at(2, 12, 1)


def test_an_extension_never_shortens() -> None:
    """Open on Tuesdays alone, floored from Saturday to Tuesday: an extension to Monday changes nothing."""
    tuesdays = Calendar.russia(zone=ZONE, schedule="tue 09-12")
    rule = BOOK.rule("59fz.examination").replace(amount=1, floor="next_open")
    deadline = rule.bind(tuesdays).deadline(at(14, 10))
    assert deadline.due == last(17)
    assert deadline.extended(date(2026, 3, 16), noticed_at=at(14, 11)).due == last(17)


def test_a_pause_after_the_due_moment_cures_nothing() -> None:
    """It is shown as not counted, and the term stays breached."""
    seen = judged(at(9, month=4), REGISTERED, event("paused", at(2, month=4)), rules=APPEAL)
    assert (seen.state, seen.due) == ("breached", last(1, month=4))
    said = "Приостановка с 02.04.2026 00:00 МСК не засчитана: она началась не раньше, чем истёк срок"
    assert said in seen.explain("ru").splitlines()


def test_a_row_says_which_clocks_pause() -> None:
    """Of those whose rule may; the first reply only where it is named."""
    log = (event("registered", at(2, 10)), event("paused", at(3)))
    assert judged(at(9), *log, rules=APPEAL).state == "paused"
    assert judged(at(9), *log, rules=APPEAL, options="pausable = []").state == "running"
    both = f'{APPEAL}, first_reply = "59fz.examination"'
    states = [
        clock(judged(at(9), *log, rules=both, options=options), "first_reply").state
        for options in ("", 'pausable = ["first_reply"]')
    ]
    assert states == ["running", "paused"]


def test_overlapping_pauses_are_one() -> None:
    """Two reasons at a time pause once; a resumption ends its own reason's, an unknown reason's ends all."""
    log = (
        event("paused", at(9), reason="запрос"),
        event("paused", at(11), reason="экспертиза"),
        event("resumed", at(12), reason="запрос"),
    )
    assert judged(at(13), REGISTERED, *log, rules=APPEAL).state == "paused"
    done = judged(at(14), REGISTERED, *log, event("resumed", at(13), reason="получено"), rules=APPEAL)
    [pause] = done.pauses
    assert (pause.paused_at, pause.resumed_at, pause.reason) == (at(9), at(13), "запрос; экспертиза")
    assert [one.dates for one in done.deciding.pauses] == [4]
    touching = (event("paused", at(13), reason="ещё"), event("resumed", at(14), reason="ещё"))
    joined = judged(at(15), REGISTERED, *log, event("resumed", at(13)), *touching, rules=APPEAL)
    assert [one.dates for one in joined.deciding.pauses] == [5]


def test_a_promise_takes_the_place_of_the_one_before() -> None:
    """Before its date that cancels it; after its date it stays late. A closing does not end a promise."""
    promises = (event("promised", at(3), by=date(2026, 3, 5)), event("promised", at(6), by=at(20, 12)))
    seen = judged(at(9), REGISTERED, *promises, event("closed", at(8)), rules=APPEAL)
    [first] = seen.earlier
    assert (first.state, first.late_by) == ("cancelled", timedelta(seconds=1))
    assert (first.remaining(at(9)), first.working_remaining(at(9))) == (None, None)
    twice = judged(at(9), REGISTERED, promises[0], promises[0], rules=APPEAL)
    assert clock(twice, "promise").activation == 1
    second = clock(seen, "promise")
    assert (second.state, second.activation, second.due) == ("running", 2, at(20, 12))
    assert (seen.state, seen.waiting_for) == ("cancelled", "us")


def test_a_promise_without_a_date_goes_by_the_rows_rule() -> None:
    """Without either there is no date, and nothing is invented."""
    log = (event("received", at(2, 10)), event("promised", at(4, 10)))
    rules = 'final = "portal.fast_track"'
    undated = clock(judged(at(30), *log, rules=rules), "promise")
    assert (undated.state, undated.due, undated.remaining(at(30))) == ("running", None, None)
    ruled = clock(judged(at(5), *log, rules=f'{rules}, promise = "portal.fast_track"'), "promise")
    assert ruled.due == last(12), "the rule counts from the receipt"


def test_sending_to_the_executor_ends_the_route() -> None:
    """And so does forwarding a part; the registration waits for the registration alone."""
    rules = 'route = "comments.90_minutes", registration = "59fz.registration", final = "portal.fast_track"'
    log = (event("detected", at(2, 10)), event("received", at(2, 10)))
    routed = judged(at(2, 12), *log, event("sent_to_executor", at(2, 11, 30)), rules=rules)
    assert (clock(routed, "route").state, clock(routed, "route").due) == ("met", at(2, 11, 30))
    assert clock(judged(at(2, 12), *log, rules=rules), "route").state == "breached"
    forwarded = judged(at(2, 12), *log, event("transferred", at(2, 11)), rules=rules)
    assert (clock(forwarded, "route").state, forwarded.waiting_for) == ("met", "others")
    answered = judged(at(9), *log, event("answered", at(3)), rules=rules)
    assert clock(answered, "registration").state == "breached"


def test_an_end_without_a_start_is_an_end() -> None:
    """A register that knows the answer but not the registration is not waited for."""
    assert judged(at(9), event("answered", at(3)), rules=APPEAL).state == "met"
    assert judged(at(9), event("closed", at(3)), rules=APPEAL).state == "cancelled"
    before = judged(at(9), event("answered", date(2026, 3, 2)), REGISTERED, rules=APPEAL)
    assert (before.state, before.late) == ("met", False)


def test_what_cannot_be_counted_is_the_problem_of_its_clock() -> None:
    """A bare date does not start minutes; the other clocks go on, and the explanation says why."""
    rules = 'first_reply = "comments.90_minutes", final = "portal.fast_track"'
    log = (event("received", date(2026, 3, 2)), event("detected", date(2026, 3, 2)))
    seen = judged(at(9), *log, rules=rules)
    assert seen.due == last(12)
    assert isinstance(clock(seen, "first_reply").problem, NaiveMomentError)
    assert any(line.startswith("Первый ответ: ") for line in seen.explain("ru").splitlines())
    alone = judged(at(9), *log, rules='final = "comments.90_minutes"')
    assert (alone.state, alone.due, alone.deciding.deadline) == ("pending", None, None)
    assert "Наш срок не посчитан" in alone.explain("ru")


def test_beyond_the_calendar_the_far_systems_date_still_decides() -> None:
    """Its lateness is told in elapsed time alone, and a warning some working days before in calendar days."""
    log = (event("registered", at(2)), event("due_set", at(2), due=date(2030, 1, 10), source="portal"))
    seen = judged(at(9), *log, rules='final = "portal.ordinary"', options='authority = "external"')
    assert (seen.state, seen.deciding.due) == ("running", datetime(2030, 1, 10, 23, 59, 59, tzinfo=ZONE))
    later = datetime(2030, 1, 11, 0, 59, 59, tzinfo=ZONE)
    done = judged(later, *log, rules='final = "portal.ordinary"', options='authority = "external"')
    assert done.explain("ru").startswith("Срок нарушен (опоздание 1 ч)\n")
    with pytest.raises(CalendarHorizonError):
        _ = done.deciding.worked_late
    only = judged(
        datetime(2029, 12, 1, tzinfo=ZONE),
        event("registered", datetime(2029, 11, 1, tzinfo=ZONE)),
        event("due_set", at(2), due=date(2030, 1, 10)),
        rules='final = "portal.ordinary"',
        options='authority = "external"',
    )
    assert only.warnings[-1].at == datetime(2030, 1, 9, 23, 59, 59, tzinfo=ZONE)


def test_the_earlier_date_to_come_warns() -> None:
    """Of ours and the far system's; once the earlier has passed, the later one warns."""
    log = (REGISTERED, event("due_set", at(3), due=date(2026, 3, 20)))
    assert {one.clock for one in judged(at(9), *log, rules=APPEAL).warnings} == {"external"}
    assert {one.clock for one in judged(at(21), *log, rules=APPEAL).warnings} == {"final"}
    assert judged(at(2, month=4), *log, rules=APPEAL).warnings == ()


def test_a_moved_due_moment_warns_anew() -> None:
    """The id of a warning is made of case, clock, run, level and due moment."""
    told = event("extended", at(30), noticed_at=at(30))
    before, after = (judged(now, REGISTERED, told, rules=APPEAL) for now in (at(29), at(31)))
    assert {one.id for one in before.warnings}.isdisjoint({one.id for one in after.warnings})
    assert before.warnings[0].id == "1/final/1/0.5/1775077199"
    again = judged(at(28), REGISTERED, told, rules=APPEAL)
    assert [one.id for one in again.warnings] == [one.id for one in before.warnings]


def test_a_warning_waits_while_its_term_is_paused() -> None:
    """Half of eight hours from Monday 9:00 is 13:00; with an hour of pause it is 15:00, past the break."""
    book = BOOK.rule("comments.90_minutes").replace(amount=8, unit="hours", warn=(0.5,))
    deadline = book.bind(CALENDARS).deadline(at(2, 9)).paused(at(2, 10), at(2, 11))
    assert [one.at for one in deadline.warnings] == [at(2, 15)]
    assert deadline.due == at(3, 10)
    at_the_warning = book.bind(CALENDARS).deadline(at(2, 9)).paused(at(2, 13), at(2, 15))
    assert [one.at for one in at_the_warning.warnings] == [at(2, 13)]
    counted = next(step for step in deadline.trace if step.kind == "count")
    pieces = [(piece.opens, piece.closes) for piece in counted.worked]
    assert pieces == [
        (at(2, 9), at(2, 10)),
        (at(2, 11), at(2, 13)),
        (at(2, 14), at(2, 18)),
        (at(3, 9), at(3, 10)),
    ]


def test_a_reopening_asks_for_a_new_external_date() -> None:
    """The old date belongs to the run before; one set in the second of the reopening to the new run."""
    log = (REGISTERED, event("due_set", at(3), due=date(2026, 3, 9)), event("answered", at(8)))
    options = 'authority = "external"'
    reopened = judged(at(12), *log, event("reopened", at(11)), rules=APPEAL, options=options)
    assert (reopened.authority, reopened.state, reopened.deciding.activation) == ("own", "running", 2)
    assert [(one.name, one.state) for one in reopened.earlier] == [("final", "met"), ("external", "met")]
    new_date = event("due_set", at(11), due=date(2026, 3, 18))
    renewed = judged(at(12), *log, new_date, event("reopened", at(11)), rules=APPEAL, options=options)
    assert (renewed.authority, renewed.due) == ("external", last(18))
    assert [one.due for one in renewed.earlier if one.name == "external"] == [last(9)]


def test_a_reopening_of_what_runs_changes_nothing() -> None:
    """It neither restarts the final clock nor a first reply that was given."""
    rules = f'{APPEAL}, first_reply = "59fz.examination"'
    replied = event("replied", at(3), how="public")
    seen = judged(at(9), REGISTERED, replied, event("reopened", at(5)), rules=rules)
    assert [one.activation for one in seen.clocks] == [1, 1]
    closed = judged(at(9), REGISTERED, event("closed", at(4)), event("reopened", at(5)), rules=rules)
    assert [(one.name, one.activation, one.state) for one in closed.clocks] == [
        ("first_reply", 2, "running"),
        ("final", 2, "running"),
    ]


def test_a_case_taken_out_of_its_primary_is_its_own_again() -> None:
    """A reopening after the merging starts a run of its own."""
    log = (REGISTERED, event("merged_into", at(4), primary="2"), event("reopened", at(10)))
    seen = judged(at(11), *log, rules=APPEAL)
    assert (seen.merged_into, seen.state, seen.due) == (None, "running", last(9, month=4))
    wrong = Case("3", {}, (REGISTERED,))
    policy = Policy.parse(f"[[row]]\nrules = {{ {APPEAL} }}", BOOK)
    merged = Case("1", {}, log[:2])
    with pytest.raises(CaseError):
        evaluate(merged, policy, CALENDARS, at(11), primary=wrong)
    assert evaluate(Case("1", {}, log[:1]), policy, CALENDARS, at(11), primary=wrong).case_id == "1"
    runs = Case("2", {}, (REGISTERED,))
    assert evaluate(runs, policy, CALENDARS, at(11)).warnings
    followed = evaluate(merged, policy, CALENDARS, at(11), primary=runs)
    assert (followed.state, followed.warnings) == ("running", ())


def test_records_of_one_rule_are_picked_by_their_own_start() -> None:
    """Until 4 March the town counted from the receipt, since then from the registration."""
    record = 'id = "town"\ntitle = "t"\nact = { name = "a" }\nunit = "calendar_days"\nevidence = "secondary"'
    record += "\nverified = false"
    book = load_rules().with_text(
        f'[[rule]]\n{record}\nstart_event = "received"\namount = 5\nvalid_to = 2026-03-04\n'
        f'[[rule]]\n{record}\nstart_event = "registered"\namount = 3\nvalid_from = 2026-03-05\n'
    )
    policy = Policy.parse('[[row]]\nrules = { final = "town" }', book)

    def due(received: int, registered: int) -> datetime | None:
        log = (event("received", at(received)), event("registered", at(registered)))
        return evaluate(Case("1", {}, log), policy, CALENDARS, at(20)).due

    assert due(2, 3) == last(7)
    assert due(5, 6) == last(9)


def test_a_row_is_valid_for_cases_that_began_in_its_time() -> None:
    """By the date of the first event, so that a new row changes no old case."""
    policy = Policy.parse(
        """
[[row]]
rules = { final = "portal.ordinary" }
valid_to = 2026-03-04

[[row]]
rules = { final = "portal.fast_track" }
""",
        BOOK,
    )

    def row(day: int, now: int) -> int:
        log = (event("received", at(day, 23, 59)), event("registered", at(6)))
        return evaluate(Case("1", {}, log), policy, CALENDARS, at(now)).row.number

    assert [row(4, 20), row(5, 20), row(10, 3), row(10, 5)] == [1, 2, 1, 2]


def test_changes_have_ids_of_their_own() -> None:
    """Two pauses with one due moment are two changes; everything of a first look is told."""
    log = (
        REGISTERED,
        event("paused", at(3, 10)),
        event("resumed", at(3, 11)),
        event("paused", at(4, 10)),
        event("resumed", at(4, 11)),
        event("answered", at(2, month=4)),
    )
    moments = (at(2, 10), at(3, 10), at(3, 11), at(4, 10), at(4, 11), at(3, month=4))
    verdicts = [judged(now, *log, rules=APPEAL) for now in moments]
    told = [
        change
        for before, after in zip([None, *verdicts], verdicts, strict=False)
        for change in diff(before, after)
    ]
    kinds = [change.kind for change in told]
    assert kinds == ["started", "paused", "resumed", "paused", "resumed", "breached", "met_late"]
    assert len({change.id for change in told}) == len(told)
    assert diff(verdicts[-1], verdicts[-1]) == ()
    assert [change.kind for change in diff(None, verdicts[-1])] == ["started", "breached", "met_late"]


def test_a_merging_is_one_change() -> None:
    """Nothing more is told of a merged case: its clocks are the primary's affair."""
    log = (REGISTERED, event("merged_into", at(4), primary="2"))
    before, after = (judged(now, *log, rules=APPEAL) for now in (at(3), at(5)))
    assert [change.id for change in diff(before, after)] == ["1/merged/1/2"]
    assert diff(after, judged(at(9), *log, rules=APPEAL)) == ()


def test_a_due_moment_that_moved_is_told_with_both() -> None:
    """An extension moves the final clock; the change names the date before."""
    told = event("extended", at(30), until=date(2026, 4, 10), noticed_at=at(30))
    before, after = (judged(now, REGISTERED, told, rules=APPEAL) for now in (at(29), at(30)))
    [moved] = [change for change in diff(before, after) if change.kind == "due_moved"]
    assert (moved.due_before, moved.due) == (last(1, month=4), last(10, month=4))


def test_a_verdict_pickles() -> None:
    """It can be kept in a cache or sent to another process, and says the same there."""
    told = event("extended", at(30), noticed_at=at(30))
    pause = (event("paused", at(9)), event("resumed", at(11)))
    seen = judged(at(31), REGISTERED, *pause, told, rules=APPEAL)
    again = pickle.loads(pickle.dumps(seen))
    assert (again, again.explain("en")) == (seen, seen.explain("en"))
    assert again.warnings == seen.warnings


@pytest.mark.parametrize("field", ["due", "by", "until", "noticed_at"])
def test_every_moment_of_an_event_has_a_zone(field: str) -> None:
    """A naive moment is refused where it is written, not where it is read."""
    details: dict[str, Any] = {field: datetime(2026, 3, 2)}  # noqa: DTZ001
    with pytest.raises(NaiveMomentError):
        CaseEvent(EventKind.EXTENDED, at(2), **details)


def test_events_are_cut_to_whole_seconds() -> None:
    """As every moment is on entry."""
    cut = CaseEvent(EventKind.ANSWERED, at(2).replace(microsecond=999_999))
    assert cut == CaseEvent(EventKind.ANSWERED, at(2))


@pytest.mark.parametrize("year", [1, 1990, 2300, 9999])
def test_a_bare_date_beyond_the_calendar_is_still_a_date(year: int) -> None:
    """Only what must be counted from it has no answer; the log itself is read."""
    log = (REGISTERED, event("clarification_asked", date(year, 6, 1)))
    seen = judged(at(3), *log, rules=APPEAL)
    assert seen.due == last(1, month=4)
    assert seen.waiting_for == ("others" if year < 2026 else "us")
