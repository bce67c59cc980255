"""How far the calendars reach: the shipped data, and the terms of one municipality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from mcu_sdk.doctor.finding import Finding, finding, words_of
from mcu_sdk.errors import SlaError
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla import Deadline, ProductionCalendar

__all__ = ["judge_calendars", "judge_horizon"]

_NEXT_YEAR_DUE = (11, 1)  # month and date; the act that moves days off comes out in autumn
_NEXT_YEAR_LATE = (12, 1)


def judge_horizon(production: ProductionCalendar, today: date) -> Finding:
    """Judge whether the shipped production calendar lasts; the next year is missed from November on."""
    month_and_date = (today.month, today.day)
    code = "horizon.good"
    if production.last_year < today.year:
        code = "horizon.ended"
    elif production.last_year == today.year and month_and_date >= _NEXT_YEAR_LATE:
        code = "horizon.ends"
    elif production.last_year == today.year and month_and_date >= _NEXT_YEAR_DUE:
        code = "horizon.ends_soon"
    return finding(
        code,
        first_year=production.first_year,
        last_year=production.last_year,
        missing_year=production.last_year + 1,
        version=production.version,
    )


def judge_calendars(town: Municipality, now: datetime) -> tuple[Finding, ...]:
    """Count every rule of the policy from *now*, with its longest extension, and tell what cannot be."""
    found: list[Finding] = []
    dues: list[Deadline] = []
    for name, calendar in town.calendars.items():
        try:
            calendar.is_open(now.astimezone(calendar.zone).date())
        except SlaError as error:
            found.append(finding("calendars.today", calendar=name, reason=words_of(error)))
    for rule_id in dict.fromkeys(_rule_ids(town)):
        try:
            rule = town.rules.rule(rule_id, now.astimezone(town.zone).date())
            deadline = rule.bind(town.calendars).deadline(now)
        except SlaError as error:
            found.append(finding("calendars.rule", rule=rule_id, reason=words_of(error)))
            continue
        dues.append(deadline)
        try:
            _ = deadline.latest_extension
        except SlaError as error:
            found.append(finding("calendars.extension", rule=rule_id, reason=words_of(error)))
    if found:
        return tuple(found)
    longest = max(dues, key=lambda deadline: deadline.due.timestamp())
    return (finding("calendars.good", rule=longest.rule.id, due=longest.due_date),)


def _rule_ids(town: Municipality) -> Iterator[str]:
    for row in town.policy.rows:
        yield from row.rules.values()
