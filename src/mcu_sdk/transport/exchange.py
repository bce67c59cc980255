"""What a transport is: one request out, one whole answer back."""

from __future__ import annotations

from typing import Protocol

from mcu_sdk.wire import Request, Response

__all__ = ["AsyncTransport", "Transport"]


class Transport(Protocol):
    """One exchange, without retries, tokens or reading.

    Raises TransportError when no whole answer came within *time_limit_seconds*.
    """

    def send(self, request: Request, time_limit_seconds: float) -> Response: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """The asynchronous twin of Transport."""

    async def send(self, request: Request, time_limit_seconds: float) -> Response: ...

    async def aclose(self) -> None: ...
