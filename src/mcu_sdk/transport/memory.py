"""A transport that ends in a function: for tests, examples and the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mcu_sdk.transport.exchange import Sink
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.wire import Request, Response

__all__ = ["AsyncMemoryTransport", "MemoryTransport"]

Handler = Callable[[Request], Response]


class MemoryTransport(OfOneProcess):
    """Answers every request by *handler*, a function from Request to Response."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        """Return the handler's answer; no time passes here."""
        del time_limit_seconds
        return _poured(self._handler(request), into)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


class AsyncMemoryTransport(OfOneProcess):
    """The asynchronous twin of MemoryTransport, over the same kind of function."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        """Return the handler's answer; no time passes here."""
        del time_limit_seconds
        return _poured(self._handler(request), into)

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""


def _poured(response: Response, into: Sink | None) -> Response:
    if into is None or not 200 <= response.status < 300:
        return response
    into.restart()
    into.write(response.body)
    return replace(response, body=b"")
