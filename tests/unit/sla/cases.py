"""Moments, events and clocks of cases as the tests write them: March 2026 in Moscow, unless they say so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mcu_sdk.sla import CaseEvent, Clock, EventKind, Verdict

ZONE = ZoneInfo("Europe/Moscow")


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def event(kind: str, when: datetime | date, **details: Any) -> CaseEvent:
    """An event by the word of its kind."""
    return CaseEvent(EventKind(kind), when, **details)


def clock(verdict: Verdict, name: str) -> Clock:
    """The current run of a clock, which must be there."""
    found = verdict.clock(name)
    assert found is not None, name
    return found
