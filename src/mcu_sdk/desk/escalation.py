"""Who is to be told that a term burns: up the ladder of the roster, nobody twice."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, cast

from mcu_sdk.desk.items import WorkItem
from mcu_sdk.errors import SlaError
from mcu_sdk.municipality import Municipality, Rung
from mcu_sdk.sla import CaseWarning, Verdict
from mcu_sdk.sla.verdict import DECIDING

__all__ = ["Level", "Notice", "notices"]

Level: TypeAlias = Literal["warned", "pressing", "late", "late_longer"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A person or post to be told of one message: why now, and an id that a repetition keeps.

    The id stands for the addressee and the due moment: keep those that were sent, and nobody hears of
    one term twice; a moved due moment is told anew.
    """

    id: str
    level: Level
    rung: Rung


def notices(item: WorkItem, town: Municipality, now: datetime) -> tuple[Notice, ...]:
    """Return who should have heard of *item* by *now*: the responsible, substitutes, head, curator.

    Absent employees are passed over, and one who stands on several rungs is told once. Nothing for a
    message that is done, paused, or without a date.
    """
    if item.verdict is None or item.due is None or item.verdict.state not in ("running", "breached"):
        return ()
    ladder = town.roster.ladder(item.message.channel, now)
    reached: dict[str, Level] = {
        row["step"]: cast(Level, row["name"]) for row in _levels() if _is_reached(row, item, town, now)
    }
    due = _burning(item)
    return tuple(
        Notice(_id(item, rung, due), reached[rung.step], rung) for rung in ladder if rung.step in reached
    )


def _burning(item: WorkItem) -> float:
    """Return the due moment that notices are about: before it is late, of the date whose warnings go."""
    warnings = () if item.verdict is None or item.late else _warnings(item.verdict)
    due = warnings[0].due if warnings else item.due
    return due.timestamp() if due else 0.0


def _warnings(verdict: Verdict) -> tuple[CaseWarning, ...]:
    """Return the warnings of the term: one of another clock, told as the term's, would pass for it."""
    return tuple(one for one in verdict.warnings if one.clock in DECIDING)


@cache
def _levels() -> tuple[dict[str, Any], ...]:
    text = files("mcu_sdk.desk").joinpath("ladder.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["level"])


def _is_reached(row: dict[str, Any], item: WorkItem, town: Municipality, now: datetime) -> bool:
    assert item.verdict is not None and item.due is not None  # noqa: S101, PT018  # told to the type checker
    if row["after"] == "due":
        return item.late and _after(item.due, row.get("working_days", 0), town, now)
    moments = sorted(warning.at.timestamp() for warning in _warnings(item.verdict))
    if row["after"] == "last_warning" and len(moments) > 1:
        moments = moments[-1:]
    elif row["after"] == "last_warning":
        moments = []
    return item.late or (bool(moments) and moments[0] <= now.timestamp())


def _after(due: datetime, working_days: int, town: Municipality, now: datetime) -> bool:
    """Tell whether that many working days lie between the due date and today."""
    office = town.calendars.get("office")
    today, end = now.astimezone(town.zone).date(), due.astimezone(town.zone).date()
    if office is not None:
        try:
            end = office.add_working_days(end, working_days)
        except SlaError:  # beyond the production calendar: calendar days are the nearest thing
            return (today - end).days > working_days
    return today > end if working_days else True


def _id(item: WorkItem, rung: Rung, due: float) -> str:
    addressee = rung.employee.key if rung.employee else rung.post.role
    told = "\n".join((*item.message.key, str(int(due)), addressee))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
