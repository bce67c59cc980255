"""Calendars: what is worked, what is open, what counts."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import CalendarHorizonError, NaiveMomentError, SlaError
from mcu_sdk.sla import Calendar, Overlay, OverlayDay, Schedule
from mcu_sdk.sla.pickled import revive

OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
MOSCOW = ZoneInfo("Europe/Moscow")


def office(**options: object) -> Calendar:
    return Calendar.russia(zone="Europe/Moscow", schedule=OFFICE, **options)  # type: ignore[arg-type]


def clocks(calendar: Calendar, day: date) -> list[str]:
    return [f"{interval.opens:%H:%M}-{interval.closes:%H:%M}" for interval in calendar.intervals(day)]


def test_ninety_minutes_over_the_weekend() -> None:
    """Friday 15:30 with closing at 16:00, Monday's opening at 08:00: due Monday 09:00."""
    friday = datetime(2026, 3, 20, 15, 30, tzinfo=MOSCOW)
    assert office().add(friday, timedelta(minutes=90)) == datetime(2026, 3, 23, 9, 0, tzinfo=MOSCOW)


def test_a_swapped_saturday_takes_its_partners_hours_and_shortening() -> None:
    """02.11.2024 stands for Tuesday 30.04.2024, an eve: not Saturday's hours, not Friday's, an hour less."""
    assert office().is_working_day(date(2024, 11, 2))
    assert clocks(office(), date(2024, 11, 2)) == ["08:00-12:00", "12:48-16:00"]
    assert clocks(office(shortened="none"), date(2024, 11, 2)) == ["08:00-12:00", "12:48-17:00"]
    assert clocks(office(), date(2024, 4, 27)) == ["08:00-12:00", "12:48-17:00"]
    uneven = Calendar.russia(zone=MOSCOW, schedule="mon 08-12, tue 09-18")
    assert clocks(uneven, date(2024, 11, 2)) == ["09:00-17:00"]
    assert clocks(uneven, date(2024, 4, 27)) == ["08:00-12:00"]


def test_shortening_by_weekday_is_never_later_than_the_normal_closing() -> None:
    """Closing times by weekday cut; they never add hours; a swapped date goes by its partner."""
    calendar = office(shortened="mon-thu 16:30, fri 18:00")
    assert clocks(calendar, date(2026, 6, 11))[-1] == "12:48-16:30"
    assert clocks(calendar, date(2026, 5, 8))[-1] == "12:48-16:00"
    assert clocks(calendar, date(2024, 11, 2))[-1] == "12:48-16:30"


def test_closing_time_or_next_opening() -> None:
    """An amount that fills the date ends at its closing; `next_open` gives the next opening; zero stays."""
    morning = datetime(2026, 3, 20, 8, tzinfo=MOSCOW)
    whole = timedelta(hours=7, minutes=12)
    assert office().add(morning, whole) == datetime(2026, 3, 20, 16, tzinfo=MOSCOW)
    assert office().add(morning, whole, at_close="next_open") == datetime(2026, 3, 23, 8, tzinfo=MOSCOW)
    night = datetime(2026, 3, 20, 3, tzinfo=MOSCOW)
    assert office().add(night, timedelta(), at_close="next_open") == night


def test_terms_and_doors_are_two_questions() -> None:
    """An office open on Tuesdays only does not make Friday a date off, and works no other date."""
    calendar = Calendar.russia(zone=MOSCOW, schedule="tue 09-12")
    friday = date(2026, 3, 20)
    assert calendar.is_working_day(friday)
    assert not calendar.is_open(friday)
    assert calendar.roll(friday, "previous") == friday


def test_special_days_close_the_office_and_do_not_roll_terms() -> None:
    """08.04.2020 was non-working by decree: closed, yet a term that ends then does not move; both switch."""
    day = date(2020, 4, 8)
    assert (office().is_open(day), office().is_working_day(day)) == (False, True)
    assert office(special_days_close=False).is_open(day)
    assert not office(special_days_roll=True).is_working_day(day)
    assert clocks(office(special_days_close=False), date(2020, 4, 30))[-1] == "12:48-16:00"


def test_the_week_must_be_said_when_saturdays_are_open() -> None:
    """A schedule with Saturday hours leaves two readings of Saturday, so one must be chosen."""
    with pytest.raises(SlaError) as caught:
        Calendar.russia(zone=MOSCOW, schedule="mon-sat 09-18")
    assert caught.value.code == "sla.week_not_said"
    saturday = date(2026, 3, 21)
    five = Calendar.russia(zone=MOSCOW, schedule="mon-sat 09-18", week="five")
    six = Calendar.russia(zone=MOSCOW, schedule="mon-sat 09-18", week="six")
    assert (five.is_open(saturday), five.is_working_day(saturday)) == (True, False)
    assert (six.is_open(saturday), six.is_working_day(saturday)) == (True, True)


def test_the_six_day_week_moves_only_sundays() -> None:
    """Saturday 09.05.2026 gives Monday off to the five-day week alone; Sunday 08.03.2026 to both."""
    six = Calendar.russia(zone=MOSCOW, schedule="mon-sat 09-18", week="six")
    assert (office().is_working_day(date(2026, 5, 11)), six.is_working_day(date(2026, 5, 11))) == (
        False,
        True,
    )
    assert not six.is_working_day(date(2026, 3, 9))


def test_a_night_shift_belongs_to_its_date_and_crosses_a_holiday_uncut() -> None:
    """The shift that opens on Friday runs into Saturday whole; a holiday's own shift does not open."""
    calendar = Calendar.russia(zone=MOSCOW, schedule="fri 22:00-06:00")
    assert clocks(calendar, date(2026, 3, 20)) == ["22:00-06:00"]
    assert clocks(calendar, date(2026, 3, 21)) == []
    assert clocks(calendar, date(2026, 6, 12)) == []
    night = datetime(2026, 3, 21, 5, tzinfo=MOSCOW)
    assert calendar.worked(night, night + timedelta(hours=5)) == timedelta(hours=1)


def test_a_swapped_date_inside_a_night_shift_is_counted_once() -> None:
    """When a swapped date opens before the night before has closed, the shared hours count once."""
    calendar = Calendar.russia(zone=MOSCOW, schedule="mon 03:00-09:00, fri 22:00-06:00", shortened="none")
    start = datetime(2025, 10, 31, 22, tzinfo=MOSCOW)
    assert calendar.worked(start, start + timedelta(hours=12)) == timedelta(hours=11)


def test_round_the_clock_knows_no_holiday_and_no_shortening() -> None:
    """New Year's Eve and Day are worked in full."""
    calendar = Calendar.round_the_clock("Europe/Moscow")
    start = datetime(2025, 12, 31, tzinfo=MOSCOW)
    assert calendar.worked(start, start + timedelta(days=2)) == timedelta(hours=48)


def test_outside_the_acts_is_an_error_unless_projected() -> None:
    """2028 has no decree: an error by default, fixed holidays and plain weekends on request."""
    with pytest.raises(CalendarHorizonError):
        office().is_working_day(date(2028, 1, 10))
    with pytest.raises(CalendarHorizonError):
        office().add(datetime(2027, 12, 30, 16, tzinfo=MOSCOW), timedelta(hours=20))
    with pytest.raises(CalendarHorizonError):
        office().previous_working_day(date(2015, 1, 1))
    guess = office(projected=True)
    assert not guess.is_working_day(date(2028, 1, 8))
    assert guess.is_working_day(date(2028, 1, 10))
    assert guess.add(datetime(2027, 12, 30, 16, tzinfo=MOSCOW), timedelta(hours=20)).year == 2028


def test_the_first_morning_needs_the_year_before_only_for_a_night_shift() -> None:
    """What a shift of 31.12.2014 left for the morning is unknown; an office by day has no such doubt."""
    morning = datetime(2015, 1, 1, 1, tzinfo=MOSCOW)
    assert office().worked(morning, morning + timedelta(hours=1)) == timedelta()
    night = Calendar.russia(zone=MOSCOW, schedule="mon-fri 22:00-06:00")
    with pytest.raises(CalendarHorizonError):
        night.worked(morning, morning + timedelta(hours=1))


def test_calendars_without_acts_grow() -> None:
    """A weekly calendar answers decades away, in both directions, and keeps its earlier answers."""
    duty = Calendar.weekly(zone="Europe/Moscow", schedule="mon-sun 09-21")
    for year in (2026, 2080, 1985, 2011):
        noon = datetime(year, 7, 1, 12, tzinfo=MOSCOW)
        assert duty.worked(noon, noon + timedelta(days=1)) == timedelta(hours=12)
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert duty.worked(start, duty.add(start, timedelta(hours=12 * 365 * 60))) == timedelta(
        hours=12 * 365 * 60
    )


def test_a_calendar_that_never_opens_says_so() -> None:
    """Adding time where no time is worked ends at the horizon, with an error."""
    empty = Calendar.weekly(zone="Europe/Moscow", schedule="")
    with pytest.raises(CalendarHorizonError):
        empty.add(datetime(2026, 1, 1, tzinfo=MOSCOW), timedelta(seconds=1))


def test_bad_input_is_refused() -> None:
    """A naive moment and a negative amount are errors."""
    with pytest.raises(NaiveMomentError):
        office().add(datetime(2026, 1, 1), timedelta(1))  # noqa: DTZ001
    with pytest.raises(SlaError, match="negative"):
        office().add(datetime(2026, 1, 1, tzinfo=MOSCOW), timedelta(seconds=-1))


def test_parts_of_seconds_are_cut_in_every_zone_spelling() -> None:
    """A moment counts from its whole second, an amount by its whole seconds, warm or cold."""
    calendar, cut = office(), datetime(2026, 3, 20, 15, 30, tzinfo=MOSCOW)
    amount, later = timedelta(minutes=1), cut + timedelta(hours=1)
    for _ in range(2):
        for zone in (MOSCOW, UTC):
            start = (cut + timedelta(microseconds=900_000)).astimezone(zone)
            assert calendar.add(start, amount + timedelta(microseconds=900_000)) == cut + amount
            assert calendar.worked(start, later.astimezone(zone)) == timedelta(minutes=30)
            assert calendar.add(start, timedelta()) == cut


def test_equal_calendars_share_their_tables() -> None:
    """Tables are built once for equal contents, however the contents were spelled."""
    other = Calendar.russia(zone=MOSCOW, schedule=Schedule.parse(OFFICE))
    assert other == office()
    assert hash(other) == hash(office())
    assert other.reach.table is office().reach.table


def test_a_calendar_pickles_small_and_refuses_other_data() -> None:
    """A pickle is the definition and the data's digest, at most 4 kB; other data is a typed error."""
    sent = pickle.dumps(office())
    assert len(sent) <= 4096
    assert pickle.loads(sent) == office()
    assert pickle.loads(sent).reach.table is office().reach.table
    with pytest.raises(SlaError) as caught:
        revive(office().definition, "0" * 16)
    assert caught.value.code == "sla.calendar_data_differs"


TATARSTAN = Overlay.parse("""
name = "Республика Татарстан"

[[day]]
date = 2026-11-06
working = false
opens = false
shortens_eve = true
name = "День Конституции Республики Татарстан"
region = "RU-TA"
act = "Закон РТ от 19.02.1992 № 1448-XII"

[[day]]
date = 2026-08-30
working = false
opens = false
on_weekend = "stays"
act = "Закон РТ от 19.02.1992 № 1448-XII"
""")
BASHKORTOSTAN = Overlay.parse("""
name = "Республика Башкортостан"
[[day]]
date = 2026-10-11
working = false
opens = false
on_weekend = "moves"
act = "Закон РБ от 27.02.1992 № ВС-10/21"
""")


def test_regional_holidays_close_shorten_and_move_as_their_acts_say() -> None:
    """Tatarstan's holiday shortens its eve and stays on Sunday; Bashkortostan's Sunday moves to Monday."""
    kazan, ufa = office(overlays=(TATARSTAN,)), office(overlays=(BASHKORTOSTAN,))
    assert not kazan.is_working_day(date(2026, 11, 6))
    assert clocks(kazan, date(2026, 11, 5)) == ["08:00-12:00", "12:48-16:00"]
    assert kazan.is_working_day(date(2026, 8, 31))
    assert not ufa.is_working_day(date(2026, 10, 12))
    assert office().is_working_day(date(2026, 10, 12))
    assert kazan != office()


def test_an_overlay_can_open_a_date_without_making_it_count() -> None:
    """The flags are independent: a reception on Saturday opens the door and moves no term."""
    reception = Overlay.parse("""
[[day]]
date = 2026-03-21
working = false
opens = true
hours = "10:00-13:00"
act = "распоряжение администрации"
""")
    calendar = office(overlays=(reception,))
    assert clocks(calendar, date(2026, 3, 21)) == ["10:00-13:00"]
    assert not calendar.is_working_day(date(2026, 3, 21))


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ('date = "2026-01-01"', "date"),
        ("date = 2026-01-01\nworking = false\nopens = false", "act"),
        ("date = 2026-01-01\nworking = 1", "working"),
        ('date = 2026-01-01\nworking = false\nopens = false\nact = "x"\nlike = "monday"', "like"),
        ('date = 2026-01-01\nworking = false\nopens = false\nact = "x"\ncolour = "red"', "colour"),
    ],
)
def test_overlay_errors_name_the_date_and_the_key(row: str, named: str) -> None:
    """A row that cannot be used says which date and which key."""
    with pytest.raises(SlaError) as caught:
        Overlay.parse(f"[[day]]\n{row}")
    assert caught.value.code == "sla.overlay"
    assert f"key {named!r}" in str(caught.value)


def test_an_eve_does_not_depend_on_how_far_the_tables_reach() -> None:
    """A shortened eve on the last date of the first years is shortened before they grow, and after."""
    holiday = Overlay("eve", (OverlayDay(date(2035, 1, 1), False, False, "-", shortens_eve=True),))
    office = Calendar.weekly(zone="UTC", schedule="mon-sun 09-18", overlays=[holiday])
    nine = datetime(2034, 12, 31, 9, tzinfo=office.zone)
    before = office.worked(nine, nine.replace(hour=20))
    assert office.is_open(date(2036, 5, 5))
    assert before == office.worked(nine, nine.replace(hour=20)) == timedelta(hours=8)
    assert office.intervals(nine.date())[-1].closes == nine.replace(hour=17)
