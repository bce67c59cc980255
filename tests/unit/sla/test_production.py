"""The production calendar's data against figures published elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mcu_sdk.errors import CalendarHorizonError
from mcu_sdk.sla import ProductionCalendar

# Year: working, off, shortened, hours of a 40-hour week; as yearly tables publish them. The hours of 2023
# and the days of 2021 were not seen published and are what the acts give.
PUBLISHED = {
    2015: (247, 118, 5, 1971),
    2016: (247, 119, 2, 1974),
    2017: (247, 118, 3, 1973),
    2018: (247, 118, 6, 1970),
    2019: (247, 118, 6, 1970),
    2020: (248, 118, 5, 1979),
    2021: (247, 118, 4, 1972),
    2022: (247, 118, 3, 1973),
    2023: (247, 118, 3, 1973),
    2024: (248, 118, 5, 1979),
    2025: (247, 118, 4, 1972),
    2026: (247, 118, 4, 1972),
    2027: (247, 118, 4, 1972),
}
FIVE = ProductionCalendar.load("five")
SIX = ProductionCalendar.load("six")


@pytest.mark.parametrize("year", PUBLISHED)
def test_totals_are_the_published_ones(year: int) -> None:
    """Working dates, dates off, shortened dates and hours of every year."""
    totals = FIVE.totals(year)
    assert (totals.working_days, totals.days_off, totals.shortened_days, totals.hours) == PUBLISHED[year]


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_six_day_week_has_66_dates_off_and_the_same_hours(year: int) -> None:
    """Only 2023 has 67: both of its January holidays on Sundays took a day off elsewhere."""
    totals = SIX.totals(year)
    assert totals.days_off == (67 if year == 2023 else 66)
    assert totals.hours == PUBLISHED[year][3]


def test_special_days_are_shown_and_not_subtracted() -> None:
    """The decrees of 2020 and 2021 took 29 and 7 working dates of the five-day week."""
    counts = {year: FIVE.totals(year).special_working_days for year in PUBLISHED}
    assert counts == {**dict.fromkeys(PUBLISHED, 0), 2020: 29, 2021: 7}


def test_special_days_of_the_six_day_week() -> None:
    """It loses the Saturdays too, and Friday 05.11.2021, which only the five-day week has off anyway."""
    counts = {year: SIX.totals(year).special_working_days for year in (2020, 2021)}
    assert counts == {2020: 33, 2021: 10}


@pytest.mark.parametrize("calendar", [FIVE, SIX], ids=["five", "six"])
def test_every_swapped_day_has_its_partner(calendar: ProductionCalendar) -> None:
    """A day off comes from a named date, and a working Saturday names the date off it was given for."""
    facts = [fact for found in calendar.facts.values() for fact in found]
    for fact in facts:
        assert fact.act_text.ru
        assert fact.act_text.ru != fact.act
        if fact.kind in ("day_off", "working"):
            assert fact.partner is not None
        if fact.kind == "working" and fact.partner:
            back = calendar.facts[fact.partner]
            assert [other.partner for other in back if other.kind == "day_off"] == [fact.on]
    assert sum(fact.kind == "working" for fact in facts) == (11 if calendar.week == "five" else 0)


def test_holidays_stand_also_where_they_meet_a_weekend() -> None:
    """Every one of the fourteen dates of art. 112 is there, every year, in both weeks."""
    for calendar in (FIVE, SIX):
        for year in PUBLISHED:
            holidays = [
                fact.on
                for found in calendar.facts.values()
                for fact in found
                if fact.kind == "holiday" and fact.on.year == year
            ]
            assert len(holidays) == 14
            assert date(year, 5, 9) in holidays


def test_a_moved_day_off_is_a_date_that_would_have_worked() -> None:
    """No day off is moved onto a date that is off anyway, and none comes from a working date."""
    for calendar in (FIVE, SIX):
        for found in calendar.facts.values():
            for fact in found:
                if fact.kind == "day_off" and fact.partner:
                    assert calendar.is_plain_working(fact.on)
                    assert not calendar.is_plain_working(fact.partner)


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2028, 1, 1)])
def test_other_years_are_an_error(day: date) -> None:
    """Outside the years that acts cover nothing is guessed."""
    with pytest.raises(CalendarHorizonError) as caught:
        FIVE.is_working_day(day)
    assert "2015" in caught.value.localized("ru")
    assert FIVE.is_working_day(day + timedelta(15 if day.year == 2014 else -15)) in (True, False)
