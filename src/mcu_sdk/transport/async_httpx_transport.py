"""The asynchronous way to the network: one exchange over httpx and a pool of httpcore."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import httpcore
import httpx

from mcu_sdk.errors import McuError
from mcu_sdk.transport.async_network import AsyncClampingBackend
from mcu_sdk.transport.connection import Origin, outgoing, proxy_of
from mcu_sdk.transport.exchange import Sink
from mcu_sdk.transport.failures import RAW_ERRORS, client_closed, failure_of
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.transport.tls import tls_context
from mcu_sdk.wire import BodyBounds, BodyReader, Request, Response

__all__ = ["AsyncHttpxTransport"]


class AsyncHttpxTransport(OfOneProcess):
    """Exchanges with one base address, or with any public one, for asyncio and trio.

    Without *base_url* a request's path is a whole https address of a stranger, and only public
    addresses are connected to. Redirects are not followed and nothing is read from the environment.
    *ssl_context* replaces the usual trust (say, to add a CA for this channel alone), *proxy* is a
    URL, *bounds* say how large a body may be.
    """

    def __init__(
        self,
        base_url: str | None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
        bounds: BodyBounds | None = None,
    ) -> None:
        self._origin = Origin.of(base_url)
        self._bounds = bounds or BodyBounds()
        self._closed = False
        self._http: httpx.AsyncBaseTransport = _AsyncPoolTransport(
            httpcore.AsyncConnectionPool(
                ssl_context=None if self._origin.is_plain else tls_context(context=ssl_context),
                proxy=proxy_of(proxy),
                max_connections=100,
                max_keepalive_connections=20,
                keepalive_expiry=5.0,
                network_backend=AsyncClampingBackend(self._origin.rule(proxied=proxy is not None)),
            )
        )

    async def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        """Return the whole answer; the body of a success goes to *into* if there is one.

        Raises TransportError, or Unreadable for a body that is over the bounds or wrongly encoded.
        """
        if self._closed:
            raise client_closed()
        ends_at = time.monotonic() + time_limit_seconds
        try:
            answer = await self._http.handle_async_request(outgoing(self._origin, request, ends_at))
            try:
                return await self._received(answer, into)
            finally:
                await cast(httpx.AsyncByteStream, answer.stream).aclose()
        except RAW_ERRORS as error:
            failure: McuError = failure_of(error)
        raise failure

    async def _received(self, answer: httpx.Response, into: Sink | None) -> Response:
        headers = dict(answer.headers)
        body = bytearray()
        bounds, write = self._bounds, cast(Callable[[bytes], object], body.extend)
        if into is not None and 200 <= answer.status_code < 300:
            into.restart()
            bounds, write = self._bounds.of_a_sink(), into.write
        reader = BodyReader(answer.status_code, headers, bounds, write)
        await _poured(answer, reader)
        reader.finish()
        return Response(answer.status_code, headers, bytes(body), end_was_marked=reader.end_was_marked)

    async def aclose(self) -> None:
        """Close the connections. A closed transport stays closed."""
        self._closed = True
        await self._http.aclose()


async def _poured(answer: httpx.Response, reader: BodyReader) -> None:
    chunks = aiter(cast(httpx.AsyncByteStream, answer.stream))
    try:
        async for raw in chunks:
            reader.feed(raw)
    except Exception:
        # The generators below warn when they are left in the middle: end them by a closed line.
        if line := answer.extensions.get("network_stream"):
            await line.aclose()
            with suppress(*RAW_ERRORS):
                async for _ in chunks:
                    pass
        raise


class _AsyncPoolTransport(httpx.AsyncHTTPTransport):
    """httpx over a pool of our making: it has no parameter for the network below."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool
