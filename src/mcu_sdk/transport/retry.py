"""Whether to try again, and after how long. Pure: the session does the waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tenacity import RetryCallState, Retrying
from tenacity.wait import wait_random_exponential

from mcu_sdk.errors import (
    McuError,
    OutcomeUnknown,
    RateLimited,
    TimeLimitExceeded,
    TransportError,
    Unavailable,
    Unreadable,
)
from mcu_sdk.wire import Repeat, Request

__all__ = ["RetryPolicy", "maybe_done", "settled"]

_PASSING_STATUSES = frozenset({502, 503, 504})  # a 500 is a defect there, and comes again


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a call is repeated.

    The wait before repetition n is drawn evenly from 0 to `first_wait` × 2ⁿ⁻¹, at most
    `longest_wait` ("full jitter"). What the far side asks for in Retry-After wins, unless it is
    longer than `longest_obeyed` or than the time left: then the call fails at once.
    """

    attempts: int = 3
    first_wait: timedelta = timedelta(milliseconds=500)
    longest_wait: timedelta = timedelta(seconds=20)
    longest_obeyed: timedelta = timedelta(seconds=120)

    def wait_seconds(
        self, attempt: int, request: Request, error: McuError, remaining_seconds: float
    ) -> float | None:
        """Return the wait before the next attempt, None to give up with *error*.

        *attempt* counts from 1. A request is repeated when it was surely not delivered or not
        accepted, and otherwise only when its `repeat` allows it.
        """
        if attempt >= self.attempts or not _worth_repeating(request, error):
            return None
        asked = error.retry_after_seconds if isinstance(error, RateLimited | Unavailable) else None
        if asked is None:
            wait = self._drawn_seconds(attempt)
        elif asked <= self.longest_obeyed.total_seconds():
            wait = asked
        else:
            return None
        return wait if wait < remaining_seconds else None

    def _drawn_seconds(self, attempt: int) -> float:
        draw = wait_random_exponential(multiplier=self.first_wait.total_seconds(), max=self.longest_wait)
        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = attempt
        return draw(state)


def _worth_repeating(request: Request, error: McuError) -> bool:
    if isinstance(error, OutcomeUnknown | TimeLimitExceeded):
        return False
    if isinstance(error, TransportError):
        return error.delivered == "no" or request.repeat is not Repeat.NEVER
    return isinstance(error, RateLimited) or (
        isinstance(error, Unavailable) and error.status in _PASSING_STATUSES
    )


def maybe_done(error: McuError) -> bool:
    """Tell whether the request may have taken effect although *error* came of it.

    That is so when no answer came after it was sent, the far side broke down (5xx), or it reported a
    success in a form that cannot be read.
    """
    if isinstance(error, TransportError):
        return error.delivered == "unknown"
    return isinstance(error, Unavailable | Unreadable)


def settled(request: Request, error: McuError) -> McuError:
    """Return *error*, or OutcomeUnknown in its place when a write that must not be repeated is maybe done."""
    if request.repeat is not Repeat.NEVER or not maybe_done(error):
        return error
    assert isinstance(error, TransportError | Unavailable | Unreadable)  # noqa: S101  # told to the type checker
    return OutcomeUnknown(
        "transport.outcome_unknown",
        f"it is not known whether the write took effect: {error.message}",
        "look at the message on the far side before repeating",
        delivered="unknown",
        request_id=error.request_id,
        reason=error.message,
    )
