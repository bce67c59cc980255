"""A session carries calls to one account: token, attempts, waits, one time limit over all of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import TypeVar

import anyio

from mcu_sdk.errors import Denied, McuError, TimeLimitExceeded, TransportError
from mcu_sdk.transport.clock import AsyncClock, AsyncSystemClock
from mcu_sdk.transport.exchange import AsyncTransport, Sink
from mcu_sdk.transport.retry import RetryPolicy, settled
from mcu_sdk.wire import Call, Page, Request, Token, TokenIssuer, repeated_page

__all__ = ["AsyncSession"]

T = TypeVar("T")


class AsyncSession:
    """Runs calls over one transport. Safe to share; its limits are its own.

    `issuer` gives the account's token; it is asked when a token is missing or refused (401, 403),
    once for all who wait. `time_limit` covers a call with its token, attempts and waits.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        *,
        issuer: TokenIssuer | None = None,
        retry: RetryPolicy | None = None,
        time_limit: timedelta = timedelta(seconds=60),
        clock: AsyncClock | None = None,
    ) -> None:
        self._transport = transport
        self._issuer = issuer
        self._retry = retry or RetryPolicy()
        self._time_limit = time_limit
        self._clock = clock or AsyncSystemClock()
        self._token: Token | None = None
        self._token_lock = anyio.Lock()

    async def run(self, call: Call[T], time_limit: timedelta | None = None, into: Sink | None = None) -> T:
        """Return the typed answer of *call*, after as many attempts as its `repeat` allows.

        The body of a success goes to *into*, if given; every attempt begins it anew.
        Raises TransportError, OutcomeUnknown for a write that may have taken effect, or ApiError.
        """
        ends_at = (
            self._clock.monotonic() + (self._time_limit if time_limit is None else time_limit).total_seconds()
        )
        attempt = 1
        renewed = False
        while True:
            request, token = await self._authorized(call.request, ends_at)
            try:
                return call.read(await self._transport.send(request, self._remaining_seconds(ends_at), into))
            except McuError as error:
                failure = settled(call.request, error)
            if isinstance(failure, Denied) and token is not None and not renewed:
                renewed = True
                self._forget(token)
                continue
            remaining_seconds = ends_at - self._clock.monotonic()
            wait_seconds = self._retry.wait_seconds(attempt, call.request, failure, remaining_seconds)
            if wait_seconds is None:
                raise failure
            attempt += 1
            await self._clock.sleep(wait_seconds)

    async def pages(
        self, call: Call[Page[T]], time_limit: timedelta | None = None
    ) -> AsyncGenerator[Page[T]]:
        """Yield the page of *call* and all that follow; *time_limit* is for each.

        Raises Unreadable when the far side names a page that was read already.
        """
        seen: set[str] = set()
        following: Call[Page[T]] | None = call
        while following is not None:
            if following.request.target in seen:
                raise repeated_page(200)
            seen.add(following.request.target)
            page = await self.run(following, time_limit)
            yield page
            following = page.following

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()

    def _remaining_seconds(self, ends_at: float) -> float:
        remaining_seconds = ends_at - self._clock.monotonic()
        if remaining_seconds <= 0:
            raise TimeLimitExceeded(
                "transport.time_limit",
                "the time limit of the call is used up",
                "allow more time or try later",
                delivered="no",
            )
        return remaining_seconds

    async def _authorized(self, request: Request, ends_at: float) -> tuple[Request, Token | None]:
        if self._issuer is None or not request.authorized:
            return request, None
        token = self._token
        if token is None:
            async with self._token_lock:
                token = self._token
                if token is None:
                    left = timedelta(seconds=self._remaining_seconds(ends_at))
                    try:
                        token = self._token = await self.run(self._issuer.issue(), left)
                    except TransportError as error:
                        error.delivered = "no"  # whatever became of the token, the request was not sent
                        raise
        return token.carried_by(request), token

    def _forget(self, token: Token) -> None:
        if self._token is token:
            self._token = None
