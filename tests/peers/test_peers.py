"""Other libraries as a second opinion. What differs is what docs/sla/peers.md says differs, and nothing else.

Every disagreement is counted, and then explained: with its cause taken out, not one is left.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import Calendar, Overlay, OverlayDay, ProductionCalendar

pytestmark = pytest.mark.peers

FIVE, SIX = ProductionCalendar.load("five"), ProductionCalendar.load("six")
DATES = [date.fromordinal(n) for n in range(date(2015, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
WEEKDAYS_OFF = [day for day in DATES if day.weekday() < 5 and not FIVE.is_working_day(day)]
SATURDAYS = [day for day in DATES if day.weekday() == 5 and FIVE.is_working_day(day)]
SPECIAL = [day for day in DATES if any(fact.kind == "special" for fact in FIVE.facts.get(day, ()))]

OFFICE = "mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48"
NIGHTS = "mon-fri 22:00-06:00"
DAWN = "mon-sun 02:30-05:00"
ZONES = ["Europe/Moscow", "Europe/Volgograd", "Asia/Barnaul", "Europe/Berlin"]
CASES = 10_000
DAY = 86_400


def stated(row: str) -> int:
    """The number of cases that the table of disagreements states."""
    page = (Path(__file__).parents[2] / "docs" / "sla" / "peers.md").read_text("utf-8")
    found = re.search(rf"^\| {re.escape(row)} \|.*\| ([\d ]+) of [\d ]+ \|$", page, re.MULTILINE)
    assert found, f"no row {row}"
    return int(found[1].replace(" ", ""))


@pytest.fixture
def peer_holidays() -> Any:
    return pytest.importorskip("holidays", reason="`make peers` installs holidays")


@pytest.fixture
def np() -> Any:
    return pytest.importorskip("numpy", reason="`make peers` installs numpy")


@pytest.fixture
def wc() -> Any:
    return pytest.importorskip("workclock", reason="`make peers` installs workclock")


# --- holidays ---


def test_holidays_agrees_on_every_base_date(peer_holidays: Any) -> None:
    """Each of the 4748 dates of 2015-2027 works in both or in neither."""
    russia = peer_holidays.RU(years=range(2015, 2028))
    differ = [day for day in DATES if russia.is_working_day(day) != FIVE.is_working_day(day)]
    assert len(differ) == stated("H1") == 0


def test_holidays_has_no_special_days(peer_holidays: Any) -> None:
    """Told to roll terms over special days, ours differs on those that would have worked, and there alone."""
    russia = peer_holidays.RU(years=range(2015, 2028))
    ours = Calendar.russia(zone="Europe/Moscow", schedule=OFFICE, special_days_roll=True)
    differ = [day for day in DATES if russia.is_working_day(day) != ours.is_working_day(day)]
    assert differ == [day for day in SPECIAL if FIVE.is_working_day(day)]
    assert len(differ) == stated("H2")


def test_holidays_by_membership_misses_the_working_saturdays(peer_holidays: Any) -> None:
    """Weekdays that are not `in` it are not the working dates: the exchanged Saturdays are missing."""
    russia = peer_holidays.RU(years=range(2015, 2028))
    differ = [day for day in DATES if (day.weekday() < 5 and day not in russia) != FIVE.is_working_day(day)]
    assert differ == SATURDAYS
    assert len(differ) == stated("H3")


def test_holidays_has_no_six_day_week(peer_holidays: Any) -> None:
    """Days off that came from a Saturday are working dates of the six-day week."""
    russia = peer_holidays.RU(years=range(2015, 2028))
    differ = [day for day in DATES if (day.weekday() < 6 and day not in russia) != SIX.is_working_day(day)]
    moved = [
        fact for facts in FIVE.facts.values() for fact in facts if fact.kind == "day_off" and fact.partner
    ]
    from_saturday = {fact.on for fact in moved if fact.partner and fact.partner.weekday() == 5}
    assert set(differ) == from_saturday
    assert len(differ) == stated("H4")


def test_holidays_guesses_years_without_an_act(peer_holidays: Any) -> None:
    """2028 has no decree: the peer answers for each of its dates, ours raises."""
    russia = peer_holidays.RU(years=2028)
    answered = 0
    for ordinal in range(date(2028, 1, 1).toordinal(), date(2029, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        answered += russia.is_working_day(day) in (True, False)
        with pytest.raises(CalendarHorizonError):
            FIVE.is_working_day(day)
    assert answered == stated("H5")


# --- numpy ---

STARTS = DATES[120:-120]
COUNTS = (-60, -7, -1, 1, 7, 60)


def offset(np: Any, count: int, off: Iterable[date], week: str = "1111100", roll: str = "") -> list[date]:
    """`busday_offset` of every start, rolled so that day 1 is the next working date."""
    found: list[date] = np.busday_offset(
        np.array(STARTS, dtype="datetime64[D]"),
        count,
        roll=roll or ("backward" if count > 0 else "forward"),
        weekmask=week,
        holidays=np.array(list(off), dtype="datetime64[D]"),
    ).tolist()
    return found


def counted(calendar: Calendar, count: int) -> list[date]:
    return [calendar.add_working_days(day, count) for day in STARTS]


def test_numpy_agrees_on_plain_weeks(np: Any) -> None:
    """Monday to Friday without holidays, from every date, forwards and back."""
    ours = Calendar.weekly(zone="Europe/Moscow", schedule=OFFICE)
    differ = sum(a != b for n in COUNTS for a, b in zip(counted(ours, n), offset(np, n, ()), strict=True))
    assert differ == stated("N1") == 0


def test_numpy_cannot_say_a_working_saturday(np: Any) -> None:
    """With the dates off as its holidays it differs, and no more once every date off is spelled out."""
    ours = Calendar.russia(zone="Europe/Moscow", schedule=OFFICE)
    pairs = [(counted(ours, n), offset(np, n, WEEKDAYS_OFF)) for n in COUNTS]
    assert sum(a != b for ours, theirs in pairs for a, b in zip(ours, theirs, strict=True)) == stated("N2")
    all_off = [day for day in DATES if not FIVE.is_working_day(day)]
    for count in COUNTS:
        assert counted(ours, count) == offset(np, count, all_off, week="1111111")


def test_numpy_moves_a_start_that_counts_nothing(np: Any) -> None:
    """Zero working days from a date off: ours is the date itself, numpy's a working one."""
    ours = Calendar.weekly(zone="Europe/Moscow", schedule=OFFICE)
    moved = [
        (a, b) for a, b in zip(counted(ours, 0), offset(np, 0, (), roll="forward"), strict=True) if a != b
    ]
    assert len(moved) == stated("N3")
    assert all(ours.roll(a, "next") == b for a, b in moved)


def test_numpy_counts_from_the_rolled_start(np: Any) -> None:
    """Rolled forward first, day 1 after a date off is the second working date, not the next one."""
    ours = Calendar.weekly(zone="Europe/Moscow", schedule=OFFICE)
    forward = offset(np, 1, (), roll="forward")
    moved = [(a, b) for a, b in zip(counted(ours, 1), forward, strict=True) if a != b]
    assert len(moved) == stated("N4")
    assert all(ours.next_working_day(a) == b for a, b in moved)


# --- workclock ---


def office_rules(wc: Any) -> list[Any]:
    return [
        wc.WorkDay(time(8), time(17), [0, 1, 2, 3]),
        wc.WorkDay(time(8), time(16), [4]),
        wc.Break(time(12), time(12, 48)),
    ]


def differing(ours: Calendar, theirs: Any, first_year: int = 2015) -> int:
    """How many of the cases get another answer from `add` or from `worked`; the cases never change."""
    chance = random.Random("peers")
    low, high = (int(datetime(year, 1, 10, tzinfo=UTC).timestamp()) for year in (first_year, 2027))
    differ = 0
    for _ in range(CASES):
        epoch = chance.randint(low, high)
        start = datetime.fromtimestamp(epoch, ours.zone)
        end = datetime.fromtimestamp(epoch + chance.randint(0, 20 * DAY), ours.zone)
        # Whole hours end on closings often.
        amount = timedelta(
            seconds=chance.choice((chance.randint(0, 60 * 3600), chance.randint(0, 40) * 3600))
        )
        differ += ours.add(start, amount).timestamp() != theirs.add(start, amount).timestamp() or ours.worked(
            start, end
        ) != theirs.between(start, end)
    return differ


def closed(days: Iterable[date]) -> Overlay:
    """What the peer makes of working Saturdays: nothing."""
    return Overlay("peer", tuple(OverlayDay(day, working=False, opens=False, act="peer") for day in days))


def with_hours(days: Iterable[date], hours: str) -> Overlay:
    return Overlay(
        "peer", tuple(OverlayDay(day, working=True, opens=True, act="peer", hours=hours) for day in days)
    )


@pytest.mark.parametrize("zone", ZONES)
def test_workclock_agrees_on_plain_weeks_over_clock_changes(wc: Any, zone: str) -> None:
    """Lunch breaks, nights and round the clock, 2010-2026, with every clock change of the zone."""
    pairs = [
        (OFFICE, office_rules(wc)),
        (NIGHTS, [wc.WorkDay(time(22), time(6))]),
        ("mon-sun 00:00-24:00", [wc.WorkDay(time(0), time(0), range(7))]),
    ]
    for schedule, rules in pairs:
        ours = Calendar.weekly(zone=zone, schedule=schedule)
        assert differing(ours, wc.Schedule(rules, time_zone=zone), 2010) == stated("W1") == 0


def test_workclock_opens_later_when_the_clock_skips_the_opening(wc: Any) -> None:
    """Hours from 02:30 in a gap from 02:00 to 03:00 begin at 03:00 with us, at 03:30 with the peer."""
    theirs = wc.Schedule([wc.WorkDay(time(2, 30), time(5), range(7))], time_zone="Europe/Berlin")
    assert differing(Calendar.weekly(zone="Europe/Berlin", schedule=DAWN), theirs, 2010) == stated("W2")
    gaps = [
        max(date(year, 3, day) for day in range(25, 32) if date(year, 3, day).weekday() == 6)
        for year in range(2010, 2028)
    ]
    late = Calendar.weekly(zone="Europe/Berlin", schedule=DAWN, overlays=[with_hours(gaps, "03:30-05:00")])
    assert differing(late, theirs, 2010) == 0


def test_workclock_has_no_working_saturdays(wc: Any) -> None:
    """With our dates off as its holidays the exchanged Saturdays are all that differs."""
    theirs = wc.Schedule([*office_rules(wc), wc.Holidays(WEEKDAYS_OFF)], time_zone="Europe/Moscow")
    plain = {"shortened": "none", "special_days_close": False}
    assert differing(russia(OFFICE, **plain), theirs) == stated("W3")
    assert differing(russia(OFFICE, overlays=[closed(SATURDAYS)], **plain), theirs) == 0


def test_workclock_has_no_shortened_days(wc: Any) -> None:
    """With special days among its holidays and without Saturdays, the eves are all that differs."""
    off = {*WEEKDAYS_OFF, *SPECIAL}
    theirs = wc.Schedule([*office_rules(wc), wc.Holidays(off)], time_zone="Europe/Moscow")
    saturdays = [closed(SATURDAYS)]
    assert differing(russia(OFFICE, overlays=saturdays), theirs) == stated("W4")
    assert differing(russia(OFFICE, overlays=saturdays, shortened="none"), theirs) == 0


def test_workclock_cuts_night_shifts_at_a_holidays_midnights(wc: Any) -> None:
    """A shift belongs to its date with us; the peer takes out a civil date and leaves the other part."""
    theirs = wc.Schedule(
        [wc.WorkDay(time(22), time(6)), wc.Holidays(WEEKDAYS_OFF)], time_zone="Europe/Moscow"
    )
    plain = {"shortened": "none", "special_days_close": False}
    assert differing(russia(NIGHTS, overlays=[closed(SATURDAYS)], **plain), theirs) == stated("W5")
    off, rows = set(WEEKDAYS_OFF), []
    for day in DATES:
        before, after = (day - timedelta(1)).weekday() < 5, day.weekday() < 5
        pieces = ["00:00-06:00"] * before + ["22:00-24:00"] * after if day not in off else []
        hours = " ".join(pieces)
        rows.append(OverlayDay(day, working=after, opens=bool(hours), act="peer", hours=hours))
    assert differing(russia(NIGHTS, overlays=[Overlay("peer", tuple(rows))], **plain), theirs) == 0


def russia(schedule: str, **options: Any) -> Calendar:
    return Calendar.russia(zone="Europe/Moscow", schedule=schedule, **options)
