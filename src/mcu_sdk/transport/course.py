"""How one call is getting on, for the session that runs it. Pure: it is told the time."""

from __future__ import annotations

import os

from mcu_sdk.errors import ApiError, McuError, TimeLimitExceeded, TransportError
from mcu_sdk.transport.events import AttemptEnded, AttemptStarted, WaitStarted
from mcu_sdk.transport.retry import maybe_done, settled
from mcu_sdk.wire import Request, Response

__all__ = ["Course"]


class Course:
    """One call from its first attempt to its end."""

    __slots__ = (
        "attempt",
        "call_id",
        "ends_at",
        "last_cost",
        "maybe_done",
        "renewed",
        "request",
        "started_at",
    )

    def __init__(self, request: Request, ends_at: float) -> None:
        self.request = request
        self.ends_at = ends_at
        self.call_id = os.urandom(6).hex()
        self.attempt = 0
        self.renewed = False
        self.last_cost = 0
        self.maybe_done = False
        self.started_at = 0.0

    def begin_attempt(self, now: float) -> float:
        """Return the seconds the next attempt has. Raises TimeLimitExceeded when there are none."""
        remaining_seconds = self.remaining_seconds(now)
        self.attempt += 1
        self.started_at = now
        return remaining_seconds

    def remaining_seconds(self, now: float) -> float:
        """Return the seconds left for the call. Raises TimeLimitExceeded when there are none."""
        remaining_seconds = self.ends_at - now
        if remaining_seconds <= 0:
            raise self.out_of_time()
        return remaining_seconds

    def out_of_time(self) -> TimeLimitExceeded:
        """Return the error for a call that ran out of time between attempts."""
        return TimeLimitExceeded(
            "transport.time_limit",
            "the time limit of the call is used up",
            "allow more time or try later",
            delivered="no",
        )

    def held_back(self, wait_seconds: float) -> TimeLimitExceeded:
        """Return the error for a call whose turn would come after its time."""
        return TimeLimitExceeded(
            "transport.rate_limit",
            f"the client-side limit of calls is reached; the next may go in {wait_seconds:.1f} s",
            "try later or allow more time",
            delivered="no",
            retry_after_seconds=wait_seconds,
            wait_seconds=f"{wait_seconds:.1f}",
        )

    def failed(self, error: McuError) -> McuError:
        """Return what an attempt's *error* means for the call."""
        self.maybe_done = self.maybe_done or maybe_done(error)
        return settled(self.request, error)

    def sign(self, error: McuError) -> None:
        """Make *error*, with which the call ends, tell of all its attempts and name the call."""
        if isinstance(error, TransportError | ApiError) and error.call_id is None:
            error.call_id = self.call_id
        if isinstance(error, TransportError) and self.maybe_done:
            error.delivered = "unknown"

    def started(self) -> AttemptStarted:
        """Return the event of an attempt that begins."""
        return AttemptStarted(
            call_id=self.call_id, attempt=self.attempt, method=self.request.method, path=self.request.path
        )

    def ended(self, now: float, outcome: Response | BaseException) -> AttemptEnded:
        """Return the event of an attempt that ended in *outcome*."""
        told = outcome if isinstance(outcome, Response | ApiError) else None
        code = outcome.code if isinstance(outcome, McuError) else "interrupted"
        return AttemptEnded(
            call_id=self.call_id,
            attempt=self.attempt,
            method=self.request.method,
            path=self.request.path,
            elapsed_seconds=now - self.started_at,
            status=told.status if told else None,
            request_id=told.request_id if told else None,
            error_code=None if isinstance(outcome, Response) else code,
        )

    def waits(self, wait_seconds: float, *, limited: bool) -> WaitStarted:
        """Return the event of a wait before the next attempt."""
        return WaitStarted(
            call_id=self.call_id,
            attempt=self.attempt + 1,
            method=self.request.method,
            path=self.request.path,
            reason="limit" if limited else "retry",
            wait_seconds=wait_seconds,
        )
