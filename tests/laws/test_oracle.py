"""A part of `make oracle`: some calendars against the minute oracle, to the second."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime

import pytest

from .contest import RUSSIA, WEEKLY, Entry, contest, oracle_of
from .oracle_dates import Options

SEED = os.environ.get("MCU_ORACLE_SEED") or str(random.SystemRandom().randrange(10**9))
# Two clock changes in one winter, a new offset in 2016, two changes every year, and every option of Russia's.
PART = [
    *(entry for entry in WEEKLY if entry.zone in ("Europe/Volgograd", "Asia/Barnaul", "Europe/Berlin")),
    *RUSSIA[::17],
]


@pytest.mark.parametrize("entry", PART, ids=lambda entry: str(entry).replace("Options", ""))
def test_the_library_equals_the_oracle(entry: Entry) -> None:
    """Every answer on exact edges, on every date and on random moments is the slow calculator's."""
    held = contest(entry, SEED, cases=300)
    assert held.asked.total() >= 300
    assert not held.differences, f"MCU_ORACLE_SEED={SEED}"


def epoch(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def test_the_oracle_counts_by_hand() -> None:
    """The oracle itself gives answers worked out on paper."""
    office = oracle_of(Entry("Europe/Moscow", "lunch", Options("five")))
    friday = epoch(2024, 10, 31, 21)
    assert office.worked(friday, friday + 86_400) == 7 * 3600 + 12 * 60
    assert office.dates.hours(date(2024, 11, 2)) == [(480, 720), (768, 960)]
    assert office.add(epoch(2025, 12, 30, 13), 3600) == epoch(2025, 12, 30, 14)
    assert office.add(epoch(2025, 12, 30, 13), 3600, "next_open") == epoch(2026, 1, 12, 5)
    assert office.add(epoch(2025, 12, 30, 14), 3600) == epoch(2026, 1, 12, 6)
    clock = oracle_of(Entry("Europe/Volgograd", "always", Options()))
    assert clock.worked(epoch(2020, 12, 25, 20), epoch(2020, 12, 27, 21)) == 49 * 3600
    assert clock.clock.first(date(2020, 12, 27), 0) == epoch(2020, 12, 26, 20)
    assert clock.clock.first(date(2020, 12, 28), 0) == epoch(2020, 12, 27, 21)


def test_a_difference_is_seen() -> None:
    """A contest against an oracle that differs by one minute does not pass in silence."""
    entry = Entry("Asia/Omsk", "lunch", Options("five"))
    oracle = oracle_of(entry)
    minute = oracle.edges(epoch(2026, 3, 2, 0), epoch(2026, 3, 3, 0))[0] // 60 - oracle.begins
    oracle.open[minute] = 0
    try:
        assert contest(entry, SEED, cases=0).differences
    finally:
        oracle.open[minute] = 1
