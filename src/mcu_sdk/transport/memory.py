"""A transport that ends in a function: for tests, examples and the sandbox."""

from __future__ import annotations

from collections.abc import Callable

from mcu_sdk.wire import Request, Response

__all__ = ["AsyncMemoryTransport", "MemoryTransport"]

Handler = Callable[[Request], Response]


class MemoryTransport:
    """Answers every request by *handler*, a function from Request to Response."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def send(self, request: Request, time_limit_seconds: float) -> Response:
        """Return the handler's answer; no time passes here."""
        del time_limit_seconds
        return self._handler(request)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


class AsyncMemoryTransport:
    """The asynchronous twin of MemoryTransport, over the same kind of function."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def send(self, request: Request, time_limit_seconds: float) -> Response:
        """Return the handler's answer; no time passes here."""
        del time_limit_seconds
        return self._handler(request)

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""
