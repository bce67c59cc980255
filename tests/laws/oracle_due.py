"""The due moment of a rule in days or months, for the oracle: read off the table of fields, date by date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from mcu_sdk.sla import Rule

from .oracle import Oracle


def due(oracle: Oracle, rule: Rule, start: int) -> int | None:
    """The last permitted second of a term that starts at an instant; None beyond the oracle's dates."""
    clock, dates = oracle.clock, oracle.dates
    counted = oracle.opening_from(start) if rule.day_point == "same_time" else start
    if counted is None:
        return None
    shown = clock.shows(counted)
    time_of_day = shown.hour * 3600 + shown.minute * 60 + shown.second
    nominal = _nominal(oracle, rule, shown.date())
    rolled = dates.roll(nominal, rule.roll) if nominal else None
    if rolled is None or not dates.covers(rolled):
        return None
    begun = clock.shows(start).date()
    point = _point(oracle, rule, rolled, time_of_day)
    if point >= start and rolled >= begun:
        return point
    if rule.floor == "start":
        return max(start, _point(oracle, rule, begun, time_of_day))
    day = begun
    while dates.covers(day):
        if dates.opens(day) and _point(oracle, rule, day, time_of_day) >= start:
            return _point(oracle, rule, day, time_of_day)
        day += timedelta(1)
    return None


def _nominal(oracle: Oracle, rule: Rule, start: date) -> date | None:
    dates, same = oracle.dates, rule.first_day == "same"
    if rule.unit == "working_days":
        # The start is the first of them if it is told to count and does.
        return dates.count(start, rule.amount - (1 if same and rule.amount and dates.works(start) else 0))
    if rule.unit == "months":
        years, month = divmod(start.month - 1 + rule.amount, 12)
        year, month = start.year + years, month + 1
        end = date(year, month, min(start.day, monthrange(year, month)[1]))
    else:
        end = start + timedelta(rule.amount)
    return max(end - timedelta(1 if same else 0), start)


def _point(oracle: Oracle, rule: Rule, day: date, time_of_day: int) -> int:
    last_second = 86_399
    hours = oracle.dates.hours(day)
    closing = min(max(closes for _, closes in hours) * 60, last_second) if hours else last_second
    seconds = {"end": last_second, "close": closing, "same_time": min(time_of_day, closing)}[rule.day_point]
    return oracle.clock.first(day, seconds)
