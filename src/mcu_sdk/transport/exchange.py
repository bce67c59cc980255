"""What a transport is: one request out, one whole answer back."""

from __future__ import annotations

from typing import Protocol

from mcu_sdk.wire import Request, Response

__all__ = ["AsyncTransport", "Sink", "Transport"]


class Sink(Protocol):
    """Where the body of a success goes instead of into memory. How much it takes is its own affair."""

    def restart(self) -> None:
        """Forget what came before: a body begins."""
        ...

    def write(self, chunk: bytes) -> object:
        """Take the next decoded bytes."""
        ...


class Transport(Protocol):
    """One exchange, without retries, tokens or reading.

    With *into*, the body of a success (2xx) goes there and the response's own is empty; any other
    body stays in the response. Raises TransportError when no whole answer came within
    *time_limit_seconds*.
    """

    def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """The asynchronous twin of Transport."""

    async def send(
        self, request: Request, time_limit_seconds: float, into: Sink | None = None
    ) -> Response: ...

    async def aclose(self) -> None: ...
