"""Another city's rule is data: working days, from the next opening, due at the time of day of the start."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.sla import Calendar, RuleBook

ZONE = ZoneInfo("Europe/Samara")
OFFICE = Calendar.weekly(zone=ZONE, schedule="mon-fri 08:30-17:00")
RULE = (
    RuleBook(())
    .with_text(
        """
[[rule]]
id = "city.answer"
title = "Ответ"
act = { name = "регламент города", number = "12", date = 2026-01-15 }
start_event = "received"
amount = 3
unit = "working_days"
day_point = "same_time"
evidence = "text"
verified = true
"""
    )
    .rule("city.answer")
)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-03T14:05:17", "2026-03-06T14:05:17"),
        ("2026-03-03T08:30:00", "2026-03-06T08:30:00"),
        ("2026-03-03T08:29:59", "2026-03-06T08:30:00"),
        ("2026-03-03T16:59:59", "2026-03-06T16:59:59"),
        ("2026-03-03T17:00:00", "2026-03-09T08:30:00"),
        ("2026-03-06T17:00:00", "2026-03-12T08:30:00"),
        ("2026-03-07T10:00:00", "2026-03-12T08:30:00"),
        ("2026-03-08T23:59:59", "2026-03-12T08:30:00"),
        ("2026-03-05T12:00:00", "2026-03-10T12:00:00"),
    ],
)
def test_days_by_hand(start: str, due: str) -> None:
    """Counted by hand around the opening, the closing and a weekend."""
    moment = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    assert RULE.bind(OFFICE).due(moment) == datetime.fromisoformat(due).replace(tzinfo=ZONE)


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(ZONE)),  # noqa: DTZ001
    amount=st.integers(1, 30),
)
def test_the_rule_of_the_city_holds_for_every_start(start: datetime, amount: int) -> None:
    """A start outside hours has the due moment of the next opening; the due time of day is that start's."""
    bound = RULE.replace(amount=amount).bind(OFFICE)
    start = start.replace(microsecond=0, fold=0)
    opened = OFFICE.next_opening(start)
    due = bound.due(start)
    assert due == bound.due(opened)
    assert due.time() == opened.time()
    assert due.date() == OFFICE.add_working_days(opened.date(), amount)
