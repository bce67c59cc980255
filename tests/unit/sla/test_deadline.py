"""Deadlines of known cases, to the second."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import CalendarHorizonError, CalendarNotChosen, NaiveMomentError, RuleError
from mcu_sdk.sla import Calendar, Deadline, Rule, Span, load_rules

MOSCOW = ZoneInfo("Europe/Moscow")
OFFICE = Calendar.russia(zone=MOSCOW, schedule="mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48")
EXAMINATION = load_rules().rule("59fz.examination")
FAST_TRACK = load_rules().rule("portal.fast_track")
COMMENTS = load_rules().rule("comments.90_minutes")


def due(rule: Rule, start: datetime | date) -> str:
    return f"{rule.bind(OFFICE).due(start):%Y-%m-%d %H:%M:%S}"


def test_an_appeal_registered_on_8_december_2025() -> None:
    """Thirty dates end on Christmas: due 30.12.2025 rolled back, 12.01.2026 rolled on."""
    start = datetime(2025, 12, 8, 10, 15, tzinfo=MOSCOW)
    assert due(EXAMINATION, start) == "2025-12-30 23:59:59"
    assert due(EXAMINATION.replace(roll="next", roll_evidence="secondary"), start) == "2026-01-12 23:59:59"
    assert due(EXAMINATION.replace(roll="none"), start) == "2026-01-07 23:59:59"


def test_the_portals_fast_track() -> None:
    """Ten calendar days from 06.01.2026 are 16.01.2026, as a real export shows."""
    assert due(FAST_TRACK, date(2026, 1, 6)) == "2026-01-16 23:59:59"


def test_ninety_minutes_need_a_calendar_to_be_chosen() -> None:
    """The rule ships without a calendar; once told, it is counted on that one."""
    start = datetime(2026, 3, 20, 15, 30, tzinfo=MOSCOW)
    with pytest.raises(CalendarNotChosen):
        COMMENTS.bind({"office": OFFICE})
    with pytest.raises(CalendarNotChosen, match="'duty'"):
        COMMENTS.replace(counted_on="duty").bind({"office": OFFICE})
    chosen = COMMENTS.replace(counted_on="office").bind({"office": OFFICE})
    assert chosen.due(start) == datetime(2026, 3, 23, 9, 0, tzinfo=MOSCOW)
    with pytest.raises(CalendarNotChosen):
        EXAMINATION.bind({"duty": OFFICE})


def test_a_term_never_ends_before_it_starts() -> None:
    """Three dates from 31.12.2025 rolled back would be 30.12; the floor is the start or the next opening."""
    short = EXAMINATION.replace(amount=3, internal_before=None)
    deadline = short.bind(OFFICE).deadline(datetime(2025, 12, 31, 9, tzinfo=MOSCOW))
    assert (deadline.nominal_date, deadline.due_date) == (date(2026, 1, 3), date(2025, 12, 31))
    assert deadline.floored == "start"
    opened = short.replace(floor="next_open").bind(OFFICE).deadline(date(2025, 12, 31))
    assert (opened.due_date, opened.floored) == (date(2026, 1, 12), "next_open")
    assert "не может истечь раньше начала" in deadline.explain("ru")


def test_the_first_date_counts_or_not() -> None:
    """`next` begins with the date after the start, `same` with the start itself; working days likewise."""
    rule = EXAMINATION.replace(amount=3, roll="none")
    monday = date(2026, 3, 16)
    assert due(rule, monday)[:10] == "2026-03-19"
    assert due(rule.replace(first_day="same"), monday)[:10] == "2026-03-18"
    working = rule.replace(unit="working_days")
    assert due(working, date(2026, 3, 20))[:10] == "2026-03-25"
    assert due(working.replace(first_day="same"), date(2026, 3, 20))[:10] == "2026-03-24"
    assert due(working.replace(first_day="same"), date(2026, 3, 21))[:10] == "2026-03-25"
    months = rule.replace(amount=1, unit="months")
    assert due(months, date(2026, 1, 31))[:10] == "2026-02-28"
    assert due(months.replace(first_day="same"), date(2026, 3, 16))[:10] == "2026-04-15"


def test_the_point_of_the_last_date() -> None:
    """The end of the date, its last closing, or the start's time clamped to the closing."""
    rule = EXAMINATION.replace(amount=4, roll="none")
    start = datetime(2026, 3, 16, 16, 30, tzinfo=MOSCOW)  # Monday; Friday closes at 16:00
    assert due(rule, start) == "2026-03-20 23:59:59"
    assert due(rule.replace(day_point="close"), start) == "2026-03-20 16:00:00"
    assert due(rule.replace(day_point="close", amount=5), start) == "2026-03-21 23:59:59"
    same = rule.replace(day_point="same_time")
    assert due(same, start) == "2026-03-20 16:00:00"
    assert due(same.replace(amount=1), start) == "2026-03-17 16:30:00"
    assert due(same.replace(amount=1), datetime(2026, 3, 16, 18, tzinfo=MOSCOW)) == "2026-03-18 08:00:00"
    always = Calendar.round_the_clock(MOSCOW)
    assert rule.replace(day_point="close").bind(always).due(start).second == 59


def test_a_bare_date_starts_day_rules_only() -> None:
    """A register's date is enough for calendar days; minutes and same_time need the time of day."""
    assert due(EXAMINATION, date(2025, 12, 8)) == "2025-12-30 23:59:59"
    with pytest.raises(NaiveMomentError):
        COMMENTS.replace(counted_on="office").bind(OFFICE).due(date(2026, 3, 20))
    with pytest.raises(NaiveMomentError):
        FAST_TRACK.replace(day_point="same_time").bind(OFFICE).due(date(2026, 3, 20))
    with pytest.raises(NaiveMomentError):
        FAST_TRACK.bind(OFFICE).due(datetime(2026, 3, 20))  # noqa: DTZ001


def test_the_civil_date_is_the_offices_own() -> None:
    """23:30 in Moscow is the next date in Krasnoyarsk, whatever zone the start is written in."""
    krasnoyarsk = Calendar.russia(zone="Asia/Krasnoyarsk", schedule="mon-fri 09-18")
    start = datetime(2026, 3, 16, 23, 30, tzinfo=MOSCOW)
    bound = FAST_TRACK.bind(krasnoyarsk)
    assert bound.due(start) == bound.due(start.astimezone(UTC))
    assert bound.deadline(start).due_date == date(2026, 3, 27)


def test_the_due_second_is_in_time() -> None:
    """In time means done at or before the due second; the next second is late by one."""
    deadline = FAST_TRACK.bind(OFFICE).deadline(date(2026, 1, 6))
    assert deadline.in_time(deadline.due)
    late = deadline.due + timedelta(seconds=1)
    assert not deadline.in_time(late)
    assert (deadline.late_by(deadline.due), deadline.late_by(late)) == (timedelta(), timedelta(seconds=1))
    assert deadline.remaining(late) == -timedelta(seconds=1)
    monday = datetime(2026, 1, 19, 9, tzinfo=MOSCOW)
    assert deadline.working_late_by(monday) == timedelta(hours=1)
    with pytest.raises(NaiveMomentError):
        deadline.in_time(datetime(2026, 1, 1))  # noqa: DTZ001


def test_remaining_counts_real_seconds_over_a_clock_change() -> None:
    """Volgograd, 27.12.2020: from noon to noon the wall shows 24 hours, and 25 passed."""
    volgograd = Calendar.round_the_clock("Europe/Volgograd")
    rule = FAST_TRACK.replace(amount=1, day_point="same_time")
    noon = datetime(2020, 12, 26, 12, tzinfo=volgograd.zone)
    deadline = rule.bind(volgograd).deadline(noon)
    assert deadline.due == datetime(2020, 12, 27, 12, tzinfo=volgograd.zone)
    assert deadline.due - noon == timedelta(hours=24)
    assert deadline.remaining(noon) == timedelta(hours=25)


def test_an_extension_counts_from_the_unrolled_end() -> None:
    """Registered 08.12.2025: the latest end is 06.02.2026, not thirty dates after a rolled one."""
    deadline = EXAMINATION.bind(OFFICE).deadline(date(2025, 12, 8))
    assert deadline.latest_extension == date(2026, 2, 6)
    notice = datetime(2025, 12, 29, 12, tzinfo=MOSCOW)
    assert deadline.extended(noticed_at=notice).due_date == date(2026, 2, 6)
    assert deadline.extended(date(2026, 1, 25), noticed_at=notice).due_date == date(2026, 1, 23)
    assert deadline.extended(date(2026, 5, 1), noticed_at=notice).due_date == date(2026, 2, 6)
    assert deadline.extended(date(2025, 12, 20), noticed_at=notice).due == deadline.due
    with pytest.raises(RuleError):
        FAST_TRACK.bind(OFFICE).deadline(date(2025, 12, 8)).extended(noticed_at=notice)


def test_a_late_notice_cures_nothing() -> None:
    """A notice a second after the due moment leaves the due as it was, and the explanation says so."""
    deadline = EXAMINATION.bind(OFFICE).deadline(date(2025, 12, 8))
    late = deadline.extended(noticed_at=deadline.due + timedelta(seconds=1))
    assert late.due == deadline.due
    assert "не засчитано" in late.explain("ru")
    in_time = deadline.extended(noticed_at=deadline.due)
    assert in_time.due > deadline.due
    assert "06.02.2026" in in_time.explain("ru")


def test_the_internal_date_is_earlier_and_never_before_the_start() -> None:
    """Three dates before 30.12 is a Saturday, so Friday; a term too short for it ends at its start."""
    deadline = EXAMINATION.bind(OFFICE).deadline(date(2025, 12, 8))
    assert deadline.internal_due == datetime(2025, 12, 26, 23, 59, 59, tzinfo=MOSCOW)
    short = EXAMINATION.replace(amount=2).bind(OFFICE).deadline(datetime(2026, 3, 17, 9, tzinfo=MOSCOW))
    assert short.internal_due is not None
    assert datetime(2026, 3, 17, 9, tzinfo=MOSCOW) <= short.internal_due < short.due
    hours = COMMENTS.replace(counted_on="office", internal_before=Span(30, "minutes")).bind(OFFICE)
    counted = hours.deadline(datetime(2026, 3, 20, 15, 30, tzinfo=MOSCOW))
    assert counted.internal_due == datetime(2026, 3, 23, 8, 30, tzinfo=MOSCOW)


def test_warnings_lie_between_start_and_due() -> None:
    """A fraction of a day term is elapsed time, of minutes working time; spans count back from the end."""
    deadline = EXAMINATION.bind(OFFICE).deadline(datetime(2025, 12, 8, tzinfo=MOSCOW))
    assert [(warning.level, f"{warning.at:%d.%m %H:%M}") for warning in deadline.warnings] == [
        ("0.5", "19.12 11:59"),
        ("5 working_days", "23.12 23:59"),
        ("1 working_days", "29.12 23:59"),
    ]
    quick = COMMENTS.replace(counted_on="office").bind(OFFICE)
    minutes = quick.deadline(datetime(2026, 3, 20, 15, 30, tzinfo=MOSCOW)).warnings
    assert [f"{warning.at:%d.%m %H:%M}" for warning in minutes] == ["23.03 08:15", "23.03 08:45"]
    tight = EXAMINATION.replace(amount=1, warn=(Span(5, "working_days"), Span(2, "hours"))).bind(OFFICE)
    begun = datetime(2026, 3, 17, 9, tzinfo=MOSCOW)
    assert [warning.at for warning in tight.deadline(begun).warnings] == [
        begun,
        datetime(2026, 3, 18, 21, 59, 59, tzinfo=MOSCOW),
    ]


def test_cautions_say_what_weakens_the_answer() -> None:
    """A recalled rule is unverified; a projected year says so; beyond the years without leave is an error."""
    assert EXAMINATION.bind(OFFICE).deadline(date(2025, 12, 8)).cautions == ()
    guessing = Calendar.russia(zone=MOSCOW, schedule="mon-fri 08-17", projected=True)
    guessed = FAST_TRACK.bind(guessing).deadline(date(2027, 12, 30))
    assert guessed.cautions == ("unverified", "projected")
    assert "прогноз" in guessed.explain("ru")
    with pytest.raises(CalendarHorizonError):
        FAST_TRACK.bind(OFFICE).due(date(2027, 12, 30))


def test_a_bound_rule_and_a_deadline_pickle() -> None:
    """Queues and caches may carry both."""
    deadline = EXAMINATION.bind(OFFICE).deadline(date(2025, 12, 8))
    again: Deadline = pickle.loads(pickle.dumps(deadline))
    assert again == deadline
    assert again.explain() == deadline.explain()


def test_two_starts_may_meet_on_one_date_each_at_its_own_time() -> None:
    """Under `same_time` dates that merge, rolled or at a month's end, keep the times of their starts."""
    rule = FAST_TRACK.replace(
        amount=2, unit="months", roll="next", roll_evidence="text", day_point="same_time"
    )
    monday_evening = due(rule, datetime(2021, 7, 5, 17, 0, tzinfo=MOSCOW))
    assert due(rule, datetime(2021, 7, 5, 8, 0, 1, tzinfo=MOSCOW)) == "2021-09-06 08:00:01"
    assert monday_evening == "2021-09-06 08:00:00"


def test_the_first_date_stays_unknown_whatever_was_asked_before() -> None:
    """The night into 2015 belongs to a shift nobody knows; a bare date asked earlier does not hide that."""
    nights = Calendar.russia(zone="Europe/Volgograd", schedule="mon-fri 22:00-06:00")
    rule = FAST_TRACK.bind(nights)
    assert due(FAST_TRACK, date(2015, 1, 1)) == "2015-01-11 23:59:59"
    rule.due(date(2015, 1, 1))
    rule.due(datetime(2015, 1, 1, 12, tzinfo=nights.zone))
    with pytest.raises(CalendarHorizonError):
        rule.due(datetime(2015, 1, 1, tzinfo=nights.zone))
