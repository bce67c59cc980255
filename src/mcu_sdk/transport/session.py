# Generated from async_session.py by tools/unasync.py; edit that file.
"""A session carries calls to one account: token, attempts, waits, one time limit over all of them."""

from __future__ import annotations

import os
from collections.abc import Generator
from datetime import timedelta
from typing import TypeVar

from mcu_sdk.errors import Denied, McuError, UsageError
from mcu_sdk.transport.budget import RetryBudget
from mcu_sdk.transport.clock import Clock, SystemClock
from mcu_sdk.transport.course import Course
from mcu_sdk.transport.events import EventHook, told
from mcu_sdk.transport.exchange import Sink, Transport
from mcu_sdk.transport.limits import RateLimits
from mcu_sdk.transport.login import Login
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.transport.retry import RetryPolicy
from mcu_sdk.wire import Call, Page, Request, Response, Token, TokenIssuer, repeated_page

__all__ = ["Session"]

T = TypeVar("T")


class Session(OfOneProcess):
    """Runs calls over one transport. Safe to share within a process.

    `issuer` gives the account's token; it is asked when a token is missing or refused (401, 403),
    once for all who wait. `time_limit` covers a call with its token, attempts and waits. `budget` and
    `limits` may be shared by all sessions of an account; `on_event` is told of attempts and waits.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        issuer: TokenIssuer | None = None,
        retry: RetryPolicy | None = None,
        budget: RetryBudget | None = None,
        limits: RateLimits | None = None,
        time_limit: timedelta = timedelta(seconds=60),
        clock: Clock | None = None,
        on_event: EventHook | None = None,
    ) -> None:
        self._transport = transport
        self._retry = retry or RetryPolicy()
        self._budget = budget or RetryBudget()
        self._limits = limits
        self._time_limit = time_limit
        self._clock = clock or SystemClock()
        self._on_event = on_event
        self._login = Login(issuer, self.run, self._clock) if issuer else None
        self._process_id = os.getpid()

    def run(self, call: Call[T], time_limit: timedelta | None = None, into: Sink | None = None) -> T:
        """Return the typed answer of *call*, after as many attempts as its `repeat` allows.

        The body of a success goes to *into*, if given; every attempt begins it anew.
        Raises TransportError, OutcomeUnknown for a write that may have taken effect, or ApiError.
        """
        course = self._begun(call.request, time_limit)
        try:
            while True:
                request, token = self._ready(course)
                remaining_seconds = course.begin_attempt(self._clock.monotonic())
                try:
                    if self._on_event is not None:
                        told(self._on_event, course.started())
                    response = self._transport.send(request, remaining_seconds, into)
                    answer = call.read(response)
                except McuError as error:
                    failure = error
                except BaseException as error:
                    self._note_end(course, error)
                    raise
                else:
                    self._note_end(course, response)
                    self._budget.give_back(course.last_cost)
                    return answer
                self._note_end(course, failure)
                self._pass_over(course, failure, token)
        except McuError as error:
            course.sign(error)
            raise

    def pages(self, call: Call[Page[T]], time_limit: timedelta | None = None) -> Generator[Page[T]]:
        """Yield the page of *call* and all that follow; *time_limit* is for each.

        Raises Unreadable when the far side names a page that was read already.
        """
        seen: set[str] = set()
        following: Call[Page[T]] | None = call
        while following is not None:
            if following.request.target in seen:
                raise repeated_page(200)
            seen.add(following.request.target)
            page = self.run(following, time_limit)
            yield page
            following = page.following

    def close(self) -> None:
        """Close the transport. In a forked process nothing is done: the connections are the parent's."""
        if self._process_id == os.getpid():
            self._transport.close()

    def _begun(self, request: Request, time_limit: timedelta | None) -> Course:
        if self._process_id != os.getpid():
            raise UsageError(
                "usage.client_forked",
                "the client was made in another process, before a fork",
                "make a client in this process",
            )
        limit = self._time_limit if time_limit is None else time_limit
        return Course(request, self._clock.monotonic() + limit.total_seconds())

    def _ready(self, course: Course) -> tuple[Request, Token | None]:
        """Return the request as it is sent, with the token in it, when its turn has come."""
        headers = {"X-Request-ID": course.call_id}
        token = None
        if self._login is not None and course.request.authorized:
            token = self._login.token(course)
            headers |= token.header()
        if self._limits is not None:
            self._wait_for_turn(course, self._limits)
        return course.request.with_headers(headers), token

    def _wait_for_turn(self, course: Course, limits: RateLimits) -> None:
        now, keys = self._clock.monotonic(), course.request.limit_keys
        wait_seconds = limits.reserve(now, keys, course.remaining_seconds(now))
        if wait_seconds is None:
            raise course.held_back(limits.wait_seconds(now, keys))
        if wait_seconds == 0:
            return
        if self._on_event is not None:
            told(self._on_event, course.waits(wait_seconds, limited=True))
        try:
            self._clock.sleep(wait_seconds)
        except BaseException:  # a cancelled wait frees its turn for others
            limits.give_back(now + wait_seconds, keys)
            raise

    def _pass_over(self, course: Course, error: McuError, token: Token | None) -> None:
        """Wait until the call may be tried once more after *error*, or raise what it ends with."""
        failure = course.failed(error)
        if self._login is not None and isinstance(failure, Denied) and token and not course.renewed:
            course.renewed = True
            self._login.forget(token)
            return
        remaining_seconds = course.ends_at - self._clock.monotonic()
        wait_seconds = self._retry.wait_seconds(
            course.attempt - course.renewed, course.request, failure, remaining_seconds
        )
        cost = None if wait_seconds is None else self._budget.pay(failure)
        if wait_seconds is None or cost is None:
            raise failure
        course.last_cost = cost
        if self._on_event is not None:
            told(self._on_event, course.waits(wait_seconds, limited=False))
        self._clock.sleep(wait_seconds)

    def _note_end(self, course: Course, outcome: Response | BaseException) -> None:
        if self._on_event is not None:
            told(self._on_event, course.ended(self._clock.monotonic(), outcome))
