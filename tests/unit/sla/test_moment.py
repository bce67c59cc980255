"""Moments, zones and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mcu_sdk.errors import NaiveMomentError, SlaError
from mcu_sdk.sla import Calendar
from mcu_sdk.sla.moment import ZoneTable, epoch_seconds, zone_info


def table(zone: str, first: date, last: date) -> ZoneTable:
    return ZoneTable(zone_info(zone), first.toordinal(), last.toordinal())


def test_a_gap_stands_for_the_transition() -> None:
    """Moscow skipped 02:00-03:00 on 28.03.2010: every skipped wall time is the instant of the change."""
    moscow = table("Europe/Moscow", date(2010, 3, 1), date(2010, 4, 30))
    day = date(2010, 3, 28).toordinal()
    change = epoch_seconds(datetime(2010, 3, 27, 23, tzinfo=UTC))
    assert [moscow.epoch_of(day, minute * 60) - change for minute in (119, 120, 150, 180, 181)] == [
        -60,
        0,
        0,
        0,
        60,
    ]


def test_a_fold_gives_its_first_pass_and_both_passes_come_back() -> None:
    """Volgograd repeated 01:00-02:00 on 27.12.2020; an instant in the second pass is shown with fold=1."""
    volgograd = table("Europe/Volgograd", date(2020, 12, 1), date(2021, 1, 10))
    first = volgograd.epoch_of(date(2020, 12, 27).toordinal(), 90 * 60)
    assert first == epoch_seconds(datetime(2020, 12, 26, 21, 30, tzinfo=UTC))
    again = volgograd.moment_of(first + 3600)
    assert (again.hour, again.minute, again.fold) == (1, 30, 1)
    assert epoch_seconds(again) == first + 3600


@pytest.mark.parametrize("zone", ["Europe/Volgograd", "Europe/Berlin", "Asia/Magadan", "America/St_Johns"])
def test_conversions_are_those_of_the_zone(zone: str) -> None:
    """To the zone and back on every quarter of an hour of a year with a clock change, as zoneinfo does it."""
    first, last = date(2016, 1, 1), date(2016, 12, 31)
    converted = table(zone, first, last)
    info = zone_info(zone)
    for epoch in range(epoch_seconds(datetime(2016, 1, 1, tzinfo=UTC)), 1_483_000_000, 900):
        moment = converted.moment_of(epoch)
        truth = datetime.fromtimestamp(epoch, info)
        assert (moment.replace(fold=0), moment.fold) == (truth.replace(fold=0), truth.fold)
        assert converted.epoch_of_moment(moment) == epoch
        assert converted.ordinal_of(epoch) == truth.toordinal()


def test_two_dates_round_the_clock_over_the_change_are_49_hours() -> None:
    """Volgograd put its clocks back on 27.12.2020; the wall says 48 hours."""
    clock = Calendar.round_the_clock("Europe/Volgograd")
    start = datetime(2020, 12, 26, tzinfo=clock.zone)
    assert clock.worked(start, datetime(2020, 12, 28, tzinfo=clock.zone)) == timedelta(hours=49)
    assert epoch_seconds(clock.add(start, timedelta(hours=49))) == epoch_seconds(
        datetime(2020, 12, 28, tzinfo=clock.zone)
    )


def test_microseconds_are_cut_off() -> None:
    """A moment counts from its whole second, before and after 1970."""
    assert epoch_seconds(datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)) % 86_400 == 0
    assert epoch_seconds(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == -1


def test_a_naive_moment_is_refused() -> None:
    """A datetime without a zone is an error that says what to do."""
    with pytest.raises(NaiveMomentError) as caught:
        epoch_seconds(datetime(2026, 1, 1))  # noqa: DTZ001
    assert "tzinfo" in caught.value.localized("ru")


@pytest.mark.parametrize("zone", ["Moscow", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """Zones go by their IANA key."""
    with pytest.raises(SlaError, match="no time zone"):
        zone_info(zone)
