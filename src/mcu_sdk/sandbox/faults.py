"""Faults by script: which request, counted from 1, is refused, how, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mcu_sdk.errors import UsageError
from mcu_sdk.sandbox.answers import refusal
from mcu_sdk.wire import Response

__all__ = ["Fault", "FaultScript"]

_PART = re.compile(r"([45]\d\d)@([1-9]\d{0,8})(?:x([1-9]\d{0,8}))?(?::(\d{1,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """The refusal *status* for *times* requests in a row from the *first* on."""

    status: int
    first: int
    times: int = 1
    retry_after_seconds: int | None = None

    def response(self) -> Response:
        """Return the refusal."""
        words = f"Сбой по сценарию: {self.status}"
        if self.retry_after_seconds is None:
            return refusal(self.status, words)
        return refusal(self.status, words, retry_after=str(self.retry_after_seconds))


@dataclass(frozen=True, slots=True)
class FaultScript:
    """The faults of a run. A refused request has no effect; of two faults at one place the first counts."""

    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, text: str) -> FaultScript:
        """Return the script of *text*: `status@request`, `x` times, `:` Retry-After seconds, by commas.

        Requests count from 1, those for a token included; a status is 400 to 599. An empty text is
        no faults. Raises UsageError, which names the part that cannot be read.

        >>> script = FaultScript.parse("503@5x3, 401@9, 429@12:1")
        >>> [script.at(number).status for number in (5, 7, 9, 12)], script.at(8)
        ([503, 503, 401, 429], None)
        """
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        return cls(tuple(_fault_of(part) for part in parts))

    def at(self, number: int) -> Fault | None:
        """Return the fault of request *number*, None if it is answered as usual."""
        for fault in self.faults:
            if fault.first <= number < fault.first + fault.times:
                return fault
        return None


def _fault_of(part: str) -> Fault:
    match = _PART.fullmatch(part)
    if match is None:
        raise UsageError(
            "sandbox.script",
            f"the fault script has a part that cannot be read: {part!r}",
            "write status@request, say 503@5x3 or 429@12:1",
            part=part,
        )
    status, first, times, seconds = match.groups()
    return Fault(int(status), int(first), int(times or 1), None if seconds is None else int(seconds))
