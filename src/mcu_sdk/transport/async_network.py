"""Connections under a total time limit, made to checked addresses only.

httpcore hands one `timeout` to every single read and write, so that a far side that sends a byte now
and then is never out of time. Here that number is not a span but the **moment of the monotonic clock**
at which the call ends: however often it is handed on, the moment stays.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any, cast

import httpcore

from mcu_sdk.transport.addresses import AddressRule, checked_addresses
from mcu_sdk.transport.resolving import resolve_async

__all__ = ["AsyncClampingBackend", "AsyncClampingStream"]

_SLICE_BYTES = 64 * 1024  # a slow reader may stretch one write; the moment is looked at between two


class AsyncClampingBackend(httpcore.AsyncNetworkBackend):
    """Resolves a host, checks what it resolved to by *rule*, and connects to just those addresses."""

    def __init__(self, rule: AddressRule) -> None:
        self._rule = rule
        self._backend = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect before the moment *timeout*; each further address gets its share of the rest."""
        found = await resolve_async(host, port, _left(timeout, httpcore.ConnectTimeout))
        addresses = checked_addresses(self._rule, host, found)
        for untried in range(len(addresses), 0, -1):
            seconds = _left(timeout, httpcore.ConnectTimeout) / untried
            try:
                stream = await self._backend.connect_tcp(
                    addresses[-untried], port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if untried == 1:
                    raise
            else:
                return AsyncClampingStream(stream)
        raise httpcore.ConnectError("there is no address to connect to")


class AsyncClampingStream(httpcore.AsyncNetworkStream):
    """A connection whose `timeout` arguments are the moment at which the call ends."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, before the moment *timeout*."""
        return await self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of *buffer* before the moment *timeout*."""
        for start in range(0, len(buffer), _SLICE_BYTES):
            seconds = _left(timeout, httpcore.WriteTimeout)
            await self._stream.write(buffer[start : start + _SLICE_BYTES], seconds)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Shake hands before the moment *timeout*."""
        seconds = _left(timeout, httpcore.ConnectTimeout)
        return AsyncClampingStream(await self._stream.start_tls(ssl_context, server_hostname, seconds))

    def get_extra_info(self, info: str) -> Any:
        """Pass on what httpcore asks about the socket."""
        return self._stream.get_extra_info(info)


def _left(ends_at: float | None, too_late: type[httpcore.TimeoutException]) -> float:
    if ends_at is None:
        raise httpcore.UnsupportedProtocol("every request must say when it ends")
    seconds = ends_at - time.monotonic()
    if seconds <= 0:
        raise too_late("the time limit of the call is used up")
    return seconds
