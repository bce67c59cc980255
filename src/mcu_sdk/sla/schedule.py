"""A week of working hours, written the way an office door has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.bilingual import Text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440

Minutes: TypeAlias = tuple[int, int]
"""An opening and a closing, in minutes after the midnight that begins the opening's date."""
DayHours: TypeAlias = tuple[Minutes, ...]

_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The working hours of each weekday, Monday first, as half-open minutes `[opens, closes)`.

    An interval belongs to the weekday on which it opens; a closing past midnight is over 1440.
    """

    week: tuple[DayHours, ...]

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read a schedule such as `mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48`.

        Parts are separated by commas or semicolons. A part is weekdays (`mon`, `mon-fri`, `mon+wed`)
        and one or more intervals; `break`, with or without weekdays, takes intervals out. Minutes may
        be left out (`09-21`), `24:00` may close a date, and a closing at or before the opening lies on
        the next date (`fri 22:00-06:00`). Raises `SlaError` naming the part that cannot be read.

        >>> Schedule.parse("mon-fri 08:00-17:00; break 12:00-13:00").week[0]
        ((480, 720), (780, 1020))
        """
        week: list[list[Minutes]] = [[] for _ in WEEKDAYS]
        breaks: list[tuple[str, list[int], list[Minutes]]] = []
        for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text.lower()))):
            words = part.split()
            if words[0] == "break":
                named = len(words) > 1 and not words[1][0].isdigit()
                days = _weekdays(words[1], part) if named else list(range(7))
                breaks.append((part, days, _intervals(words[1 + named :], part)))
            else:
                intervals = _intervals(words[1:], part)
                for day in _weekdays(words[0], part):
                    week[day] = _joined(week[day], intervals, part)
        for part, days, pauses in breaks:
            _take_out(week, days, pauses, part)
        _refuse_overlap_over_midnight(week, text)
        return cls(tuple(tuple(hours) for hours in week))

    @property
    def opens_on_saturday(self) -> bool:
        """Whether an interval opens on Saturdays."""
        return bool(self.week[5])

    @property
    def overhang_minutes(self) -> int:
        """How far past midnight the longest interval reaches."""
        return max((closes - DAY_MINUTES for hours in self.week for _, closes in hours), default=0)

    def __str__(self) -> str:
        return ", ".join(
            f"{name} " + " ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in hours)
            for name, hours in zip(WEEKDAYS, self.week, strict=True)
            if hours
        )


def shortened_by(hours: DayHours, minutes: int) -> DayHours:
    """Return *hours* without their last *minutes* of work, counted back over gaps.

    >>> shortened_by(((480, 720), (750, 780)), 60)
    ((480, 690),)
    """
    kept = list(hours)
    while kept and minutes:
        opens, closes = kept.pop()
        if closes - opens > minutes:
            kept.append((opens, closes - minutes))
            break
        minutes -= closes - opens
    return tuple(kept)


def closed_at(hours: DayHours, closing: int) -> DayHours:
    """Return *hours* cut off at minute *closing*, never made longer."""
    return tuple((opens, min(closes, closing)) for opens, closes in hours if opens < closing)


def parse_closings(text: str) -> tuple[int | None, ...]:
    """Read closing times by weekday, such as `mon-thu 16:00, fri 15:00`, as minutes, Monday first."""
    closings: list[int | None] = [None] * 7
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text.lower()))):
        words = part.split()
        if len(words) != 2:
            raise _unreadable(
                part, Text("нужны дни недели и одно время закрытия", "needs weekdays and one closing time")
            )
        for day in _weekdays(words[0], part):
            closings[day] = _minutes(words[1], part)
    return tuple(closings)


def _clock(minutes: int) -> str:
    if minutes > DAY_MINUTES:
        minutes -= DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _weekdays(word: str, part: str) -> list[int]:
    days: list[int] = []
    for piece in word.split("+"):
        first, dash, last = piece.partition("-")
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise _unreadable(
                part,
                Text(
                    f"{piece!r} — не день недели и не промежуток дней",
                    f"{piece!r} is not a weekday or a range of weekdays",
                ),
            )
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days.extend((start + step) % 7 for step in range((end - start) % 7 + 1))
    return days


def _minutes(word: str, part: str) -> int:
    found = _TIME.fullmatch(word)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        raise _unreadable(
            part,
            Text(f"{word!r} — не время от 00:00 до 24:00", f"{word!r} is not a time from 00:00 to 24:00"),
        )
    return hour * 60 + minute


def _intervals(words: list[str], part: str) -> list[Minutes]:
    if not words:
        raise _unreadable(part, Text("нет часов", "has no hours"))
    intervals: list[Minutes] = []
    for word in words:
        first, dash, last = word.partition("-")
        if not dash:
            raise _unreadable(
                part,
                Text(
                    f"{word!r} — не промежуток вроде 08:00-17:00",
                    f"{word!r} is not an interval such as 08:00-17:00",
                ),
            )
        opens, closes = _minutes(first, part), _minutes(last, part)
        if opens in (closes, DAY_MINUTES):
            raise _unreadable(
                part,
                Text(
                    f"{word!r} пуст; круглые сутки — 00:00-24:00",
                    f"{word!r} is empty; round the clock is 00:00-24:00",
                ),
            )
        intervals.append((opens, closes if closes > opens else closes + DAY_MINUTES))
    return intervals


def _joined(hours: list[Minutes], more: list[Minutes], part: str) -> list[Minutes]:
    joined = sorted(hours + more)
    for (_, closes), (opens, _) in pairwise(joined):
        if opens < closes:
            raise _unreadable(
                part, Text(f"часы пересекаются в {_clock(opens)}", f"hours overlap at {_clock(opens)}")
            )
    return joined


def _take_out(week: list[list[Minutes]], days: list[int], pauses: list[Minutes], part: str) -> None:
    before = [list(hours) for hours in week]
    for day in days:
        for begins, ends in pauses:
            # A break of a night shift may lie on its second date.
            for shift in (0, DAY_MINUTES):
                week[day] = _without(week[day], (begins + shift, ends + shift))
    if week == before:
        raise _unreadable(part, Text("перерыв вне рабочих часов", "the break lies outside the hours"))


def _without(hours: list[Minutes], pause: Minutes) -> list[Minutes]:
    kept: list[Minutes] = []
    for opens, closes in hours:
        pieces = ((opens, min(closes, pause[0])), (max(opens, pause[1]), closes))
        kept.extend(piece for piece in pieces if piece[0] < piece[1])
    return kept


def _refuse_overlap_over_midnight(week: list[list[Minutes]], text: str) -> None:
    for day, hours in enumerate(week):
        following = week[(day + 1) % 7]
        if hours and following and hours[-1][1] - DAY_MINUTES > following[0][0]:
            night = WEEKDAYS[day]
            raise _unreadable(
                text,
                Text(
                    f"ночь после {night} заходит на часы следующего дня",
                    f"the night of {night} overlaps the next date's hours",
                ),
            )


def _unreadable(part: str, reason: Text) -> SlaError:
    return SlaError(
        "sla.schedule",
        f"schedule part {part!r}: {reason.en}",
        "write it as 'mon-thu 08:00-17:00, fri 08:00-16:00; break 12:00-12:48'",
        part=part,
        reason=reason.en,
        reason_ru=reason.ru,
    )
