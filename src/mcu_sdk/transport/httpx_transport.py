# Generated from async_httpx_transport.py by tools/unasync.py; edit that file.
"""The way to the network: one exchange over httpx and a pool of httpcore."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import httpcore
import httpx

from mcu_sdk.errors import McuError
from mcu_sdk.transport.connection import Origin, outgoing, proxy_of
from mcu_sdk.transport.exchange import Sink
from mcu_sdk.transport.failures import RAW_ERRORS, client_closed, failure_of
from mcu_sdk.transport.network import ClampingBackend
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.transport.tls import tls_context
from mcu_sdk.wire import BodyBounds, BodyReader, Request, Response

__all__ = ["HttpxTransport"]


class HttpxTransport(OfOneProcess):
    """Exchanges with one base address, or with any public one.

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
        self._http: httpx.BaseTransport = _PoolTransport(
            httpcore.ConnectionPool(
                ssl_context=None if self._origin.is_plain else tls_context(context=ssl_context),
                proxy=proxy_of(proxy),
                max_connections=100,
                max_keepalive_connections=20,
                keepalive_expiry=5.0,
                network_backend=ClampingBackend(self._origin.rule(proxied=proxy is not None)),
            )
        )

    def send(self, request: Request, time_limit_seconds: float, into: Sink | None = None) -> Response:
        """Return the whole answer; the body of a success goes to *into* if there is one.

        Raises TransportError, or Unreadable for a body that is over the bounds or wrongly encoded.
        """
        if self._closed:
            raise client_closed()
        ends_at = time.monotonic() + time_limit_seconds
        try:
            answer = self._http.handle_request(outgoing(self._origin, request, ends_at))
            try:
                return self._received(answer, into)
            finally:
                cast(httpx.SyncByteStream, answer.stream).close()
        except RAW_ERRORS as error:
            failure: McuError = failure_of(error)
        raise failure

    def _received(self, answer: httpx.Response, into: Sink | None) -> Response:
        headers = dict(answer.headers)
        body = bytearray()
        bounds, write = self._bounds, cast(Callable[[bytes], object], body.extend)
        if into is not None and 200 <= answer.status_code < 300:
            into.restart()
            bounds, write = self._bounds.of_a_sink(), into.write
        reader = BodyReader(answer.status_code, headers, bounds, write)
        _poured(answer, reader)
        reader.finish()
        return Response(answer.status_code, headers, bytes(body), end_was_marked=reader.end_was_marked)

    def close(self) -> None:
        """Close the connections. A closed transport stays closed."""
        self._closed = True
        self._http.close()


def _poured(answer: httpx.Response, reader: BodyReader) -> None:
    chunks = iter(cast(httpx.SyncByteStream, answer.stream))
    try:
        for raw in chunks:
            reader.feed(raw)
    except Exception:
        # The generators below warn when they are left in the middle: end them by a closed line.
        if line := answer.extensions.get("network_stream"):
            line.close()
            with suppress(*RAW_ERRORS):
                for _ in chunks:
                    pass
        raise


class _PoolTransport(httpx.HTTPTransport):
    """httpx over a pool of our making: it has no parameter for the network below."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool
