# Generated from async_login.py by tools/unasync.py; edit that file.
"""The account's token: one login for all who wait for it, none waiting longer than it may."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta

from mcu_sdk.errors import McuError, TimeLimitExceeded, TransportError
from mcu_sdk.transport.clock import Clock
from mcu_sdk.transport.course import Course
from mcu_sdk.transport.turn import Turn
from mcu_sdk.wire import Call, Token, TokenIssuer

__all__ = ["Login"]


class Login:
    """Keeps the token of one session. Who finds none logs in; the others wait and share what comes of it."""

    def __init__(
        self,
        issuer: TokenIssuer,
        run: Callable[[Call[Token], timedelta], Token],
        clock: Clock,
    ) -> None:
        self._issuer = issuer
        self._run = run
        self._clock = clock
        self._turn = Turn()
        self._token: Token | None = None
        self._failures = 0
        self._failure: McuError | None = None

    def token(self, course: Course) -> Token:
        """Return the token for a call; a failed login is the failure of all who waited for it.

        A login that was cancelled or ran out of its own time is no news to the others: the next of
        them tries.
        """
        token = self._token
        if token is not None:
            return token
        failures = self._failures
        if not self._turn.take(course.remaining_seconds(self._clock.monotonic())):
            raise course.out_of_time()
        try:
            if self._token is None:
                if self._failure is not None and self._failures != failures:
                    raise copy.copy(self._failure)  # an error of one's own: raising writes its traceback
                self._token = self._issued(course)
            return self._token
        finally:
            self._turn.give_back()

    def forget(self, token: Token) -> None:
        """Let the next call log in, unless somebody has done so already."""
        if self._token is token:
            self._token = None

    def _issued(self, course: Course) -> Token:
        left = timedelta(seconds=course.remaining_seconds(self._clock.monotonic()))
        try:
            return self._run(self._issuer.issue(), left)
        except McuError as error:
            if isinstance(error, TransportError):
                error.delivered = "no"  # whatever became of the login, the request was not sent
            if not isinstance(error, TimeLimitExceeded):
                self._failures += 1
                self._failure = copy.copy(error)
            raise
