"""Schedules as text."""

from __future__ import annotations

import pytest

from mcu_sdk.errors import SlaError
from mcu_sdk.sla import Schedule
from mcu_sdk.sla.schedule import closed_at, shortened_by


def test_a_real_office_with_a_break_to_the_minute() -> None:
    """Weekdays may be ranges; a break without weekdays cuts every date."""
    schedule = Schedule.parse("mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48")
    assert schedule.week[0] == schedule.week[3] == ((480, 720), (768, 1020))
    assert schedule.week[4] == ((480, 720), (768, 960))
    assert schedule.week[5] == schedule.week[6] == ()


def test_several_intervals_plus_and_wrapping_ranges() -> None:
    """`mon+wed` names two weekdays, `sat-mon` wraps, several intervals may follow each other."""
    schedule = Schedule.parse("mon+wed 9-12 13:30-18, sat-sun 10-14")
    assert schedule.week[0] == schedule.week[2] == ((540, 720), (810, 1080))
    assert Schedule.parse("sat-mon 10-14").week[0] == schedule.week[6] == ((600, 840),)


def test_a_night_shift_belongs_to_its_opening_and_may_have_a_break_after_midnight() -> None:
    """A closing at or before the opening lies on the next date; so may the break."""
    schedule = Schedule.parse("fri 22:00-06:00; break 02:00-02:30")
    assert schedule.week[4] == ((1320, 1560), (1590, 1800))
    assert schedule.overhang_minutes == 360


def test_midnight_may_close_a_date() -> None:
    """24:00 closes the date itself, and round the clock is 00:00-24:00."""
    assert Schedule.parse("mon-sun 00:00-24:00").week == (((0, 1440),),) * 7
    assert Schedule.parse("mon 20:00-24:00") == Schedule.parse("mon 20:00-00:00")


def test_its_text_reads_back() -> None:
    """`str` gives a text that means the same schedule."""
    schedule = Schedule.parse("mon-thu 08-17, fri 22:00-06:00; break 12:00-12:48")
    assert Schedule.parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("mon-fri 08:00-25:00", "'25:00'"),
        ("mon-fri 08:00-17:60", "'17:60'"),
        ("mom 08:00-17:00", "'mom'"),
        ("mon", "has no hours"),
        ("mon 08:00", "'08:00' is not an interval"),
        ("mon 08:00-08:00", "is empty"),
        ("mon 24:00-08:00", "is empty"),
        ("mon 08-12, mon 11-15", "overlap at 11:00"),
        ("mon 09-17; break 18-19", "outside the hours"),
        ("fri 22:00-06:00, sat 05:00-12:00", "night of fri"),
        ("mon 22:00-06:00 05:00-07:00, tue 05-06", "night of mon"),
    ],
)
def test_errors_name_the_bad_part(text: str, named: str) -> None:
    """What cannot be read is quoted, in English and in Russian."""
    with pytest.raises(SlaError) as caught:
        Schedule.parse(text)
    assert caught.value.code == "sla.schedule"
    assert named in str(caught.value)
    russian = caught.value.localized("ru")
    assert str(caught.value.values["part"]) in russian
    assert str(caught.value.values["reason"]) not in russian


def test_shortening_counts_working_minutes_over_the_gap() -> None:
    """Sixty minutes come off the end; what the last piece lacks comes off the one before the break."""
    assert shortened_by(((480, 720), (768, 1020)), 60) == ((480, 720), (768, 960))
    assert shortened_by(((480, 720), (750, 780)), 60) == ((480, 690),)
    assert shortened_by(((480, 540),), 60) == ()


def test_an_earlier_closing_never_makes_a_date_longer() -> None:
    """A closing time cuts hours and drops pieces that begin after it."""
    assert closed_at(((480, 720), (768, 1020)), 900) == ((480, 720), (768, 900))
    assert closed_at(((480, 720), (768, 1020)), 1100) == ((480, 720), (768, 1020))
    assert closed_at(((480, 720), (768, 1020)), 740) == ((480, 720),)
