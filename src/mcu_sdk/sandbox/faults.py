"""Faults by script: which request, counted from 1, goes wrong, how, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.fault_kinds import FAULT_KINDS, FaultKind
from mcu_sdk.sandbox.operations import OPERATIONS
from mcu_sdk.sandbox.spoiling import RETRY_AFTER

__all__ = ["Fault", "FaultScript"]

_PART = re.compile(
    r"(?:([a-z-]+)/)?([a-z0-9_]+)@(?:(\*)|([1-9]\d{0,8})(?:x([1-9]\d{0,8}))?)(?::([a-z0-9.]{1,9}))?", re.ASCII
)
_STATUS = re.compile(r"[45]\d\d", re.ASCII)
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """The fault *name* for *times* requests in a row from the *first* on, None for all that follow.

    *name* is a status or a kind of `FAULT_KINDS`; *value* is what stands after the colon: seconds,
    for a status what Retry-After says. With *operation*, only requests of that operation count.
    """

    name: str
    first: int
    times: int | None = 1
    value: str = ""
    operation: str = ""

    @property
    def status(self) -> int | None:
        """The status it refuses with, None for a fault of another kind."""
        return int(self.name) if self.name.isdecimal() else None

    @property
    def kind(self) -> FaultKind | None:
        """What it does, None for a refusal by status."""
        return FAULT_KINDS.get(self.name)

    @property
    def takes_effect(self) -> bool:
        """Whether the sandbox does what was asked."""
        return self.kind is not None and self.kind.takes_effect

    @property
    def on_the_wire(self) -> bool:
        """Whether it needs a socket: no function from request to response can play it."""
        return self.kind is not None and self.kind.play is not None

    @property
    def seconds(self) -> float:
        """How long it takes, where that means something."""
        return float(self.value) if self.value else (self.kind and self.kind.seconds) or 0.0

    def covers(self, number: int) -> bool:
        """Return whether request *number* gets this fault."""
        return self.first <= number and (self.times is None or number < self.first + self.times)


@dataclass(frozen=True, slots=True)
class FaultScript:
    """The faults of a run. Of two faults at one place the first counts."""

    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, text: str) -> FaultScript:
        """Return the script of *text*: `operation/fault@request`, `x` times, `:` seconds, by commas.

        A fault is a status from 400 to 599 or a name (`mcu sandbox --faults list` shows them all).
        Requests count from 1, those for a token included; `@*` is every request. With an operation
        (token, list, mark-accepted, report, upload, download) its requests alone count. After the
        colon of a status stands what Retry-After says: seconds, or bad, huge, date, past. An empty
        text is no faults. Raises UsageError, which names the part that cannot be read.

        >>> script = FaultScript.parse("503@5x3, 401@9, 429@12:1, report/reset_after@1")
        >>> [script.at(number).name for number in (5, 7, 9, 12)], script.at(8)
        (['503', '503', '401', '429'], None)
        >>> script.at(8, "report", 1).name
        'reset_after'
        """
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        return cls(tuple(_fault_of(part) for part in parts))

    def at(self, number: int, operation: str = "", number_of_operation: int = 0) -> Fault | None:
        """Return the fault of request *number*, None if it is answered as usual.

        *number_of_operation* counts the requests of *operation* alone.
        """
        for fault in self.faults:
            if not fault.operation:
                counted = number
            else:
                counted = number_of_operation if fault.operation == operation else 0
            if fault.covers(counted):
                return fault
        return None


def _fault_of(part: str) -> Fault:
    match = _PART.fullmatch(part)
    if match is None:
        raise _unreadable(part, "write fault@request", "пишите «сбой@номер запроса»")
    operation, name, every, first, times, value = match.groups()
    if operation is not None and operation not in OPERATIONS:
        raise _unreadable(
            part, f"operations are {', '.join(OPERATIONS)}", f"операции: {', '.join(OPERATIONS)}"
        )
    _check_name(part, name)
    _check_value(part, name, value)
    if every:
        return Fault(name, 1, None, value or "", operation or "")
    return Fault(name, int(first), int(times or 1), value or "", operation or "")


def _check_name(part: str, name: str) -> None:
    if name in FAULT_KINDS or _STATUS.fullmatch(name):
        return
    close = ", ".join(get_close_matches(name, FAULT_KINDS)) or "-"
    raise _unreadable(part, f"no such fault; close ones: {close}", f"нет такого сбоя; похожие: {close}")


def _check_value(part: str, name: str, value: str | None) -> None:
    kind = FAULT_KINDS.get(name)
    if value is None or (_SECONDS.fullmatch(value) and (kind is None or kind.seconds is not None)):
        return
    if kind is None:
        words = ", ".join(RETRY_AFTER)
        if value not in RETRY_AFTER:
            raise _unreadable(
                part, f"Retry-After is seconds or {words}", f"Retry-After — секунды или {words}"
            )
    elif kind.seconds is None:
        raise _unreadable(part, f"{name} takes no seconds", f"у {name} секунд нет")
    else:
        raise _unreadable(part, "seconds are a number, say 0.5", "секунды — число, например 0.5")


def _unreadable(part: str, reason: str, reason_ru: str) -> UsageError:
    return UsageError(
        "sandbox.script",
        f"the fault script has a part that cannot be read: {part!r} ({reason})",
        "say 503@5x3, 429@12:1, latency@3:2 or report/reset_after@1; mcu sandbox --faults list shows all",
        part=part,
        reason_ru=reason_ru,
    )
