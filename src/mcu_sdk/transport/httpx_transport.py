"""The way to the network. The one module that knows httpx."""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import anyio
import httpx

from mcu_sdk._version import __version__
from mcu_sdk.errors import Delivered, TimeLimitExceeded, TransportError, Unreadable, UsageError
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.wire import Request, Response

__all__ = ["AsyncHttpxTransport", "HttpxTransport"]

_LARGEST_BODY_BYTES = 64 * 1024 * 1024
_RAW = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class HttpxTransport(OfOneProcess):
    """Exchanges over httpx with one base address.

    Redirects are not followed and nothing is read from the environment. *ssl_context* replaces the
    usual trust (say, to add a CA for this channel alone), *proxy* is a URL.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
        largest_body_bytes: int = _LARGEST_BODY_BYTES,
    ) -> None:
        with _ours_on_bad_address():
            self._client = httpx.Client(**_settings(base_url, ssl_context, proxy))  # type: ignore[arg-type]  # one settings table for both worlds
        self._largest_body_bytes = largest_body_bytes

    def send(self, request: Request, time_limit_seconds: float) -> Response:
        """Return the whole answer. Raises TransportError, or Unreadable for a body over the bound."""
        ends_at = time.monotonic() + time_limit_seconds
        try:
            outgoing = _outgoing(self._client, request, time_limit_seconds)
            answer = self._client.send(outgoing, stream=True)
            try:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    _check_size(answer, len(body), self._largest_body_bytes)
                    if time.monotonic() > ends_at:
                        raise _time_limit_exceeded("unknown")
                return Response(answer.status_code, dict(answer.headers), bytes(body))
            finally:
                answer.close()
        except _RAW as error:
            failure = _failure(error)
        raise failure

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncHttpxTransport(OfOneProcess):
    """The asynchronous twin of HttpxTransport, for asyncio and trio."""

    def __init__(
        self,
        base_url: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
        largest_body_bytes: int = _LARGEST_BODY_BYTES,
    ) -> None:
        with _ours_on_bad_address():
            self._client = httpx.AsyncClient(**_settings(base_url, ssl_context, proxy))  # type: ignore[arg-type]  # one settings table for both worlds
        self._largest_body_bytes = largest_body_bytes

    async def send(self, request: Request, time_limit_seconds: float) -> Response:
        """Return the whole answer. Raises TransportError, or Unreadable for a body over the bound."""
        try:
            with anyio.fail_after(time_limit_seconds):
                outgoing = _outgoing(self._client, request, time_limit_seconds)
                answer = await self._client.send(outgoing, stream=True)
                try:
                    body = bytearray()
                    async for chunk in answer.aiter_bytes():
                        body += chunk
                        _check_size(answer, len(body), self._largest_body_bytes)
                    return Response(answer.status_code, dict(answer.headers), bytes(body))
                finally:
                    await answer.aclose()
        except TimeoutError:
            failure: TransportError | UsageError = _time_limit_exceeded("unknown")
        except _RAW as error:
            failure = _failure(error)
        raise failure

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _settings(base_url: str, ssl_context: ssl.SSLContext | None, proxy: str | None) -> Mapping[str, object]:
    url = httpx.URL(base_url)
    if not url.host or (url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host))):
        raise UsageError(
            "usage.base_url",
            "the base address must be https; plain http only to this machine",
            "check the profile",
        )
    return {
        "base_url": base_url,
        "verify": ssl_context or True,
        "proxy": proxy,
        "trust_env": False,
        "follow_redirects": False,
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=())),  # no call leaves a trace for the next
        "headers": {"User-Agent": f"mcu-sdk/{__version__}", "Accept": "application/json"},
    }


@contextmanager
def _ours_on_bad_address() -> Generator[None]:
    try:
        yield
    except (httpx.InvalidURL, ValueError):
        raise UsageError(
            "usage.base_url", "the base address or the proxy is not a usable address", "check the profile"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _outgoing(
    client: httpx.Client | httpx.AsyncClient, request: Request, time_limit_seconds: float
) -> httpx.Request:
    headers = dict(request.headers)
    content = b""
    if request.body is not None:
        headers["Content-Type"] = request.body.content_type
        content = request.body.content
    return client.build_request(
        request.method, request.target, headers=headers, content=content, timeout=time_limit_seconds
    )


def _check_size(answer: httpx.Response, size_bytes: int, largest_body_bytes: int) -> None:
    if size_bytes > largest_body_bytes:
        raise Unreadable(
            "api.body_too_large",
            f"the answer is larger than {largest_body_bytes} bytes",
            "ask for less at once",
            status=answer.status_code,
            largest_body_bytes=largest_body_bytes,
        )


def _time_limit_exceeded(delivered: Delivered) -> TimeLimitExceeded:
    return TimeLimitExceeded(
        "transport.time_limit",
        "the time limit of the call is used up",
        "allow more time or try later",
        delivered=delivered,
    )


def _failure(error: Exception) -> TransportError | UsageError:
    if isinstance(error, RuntimeError) and not isinstance(error, httpx.StreamError):
        return UsageError(
            "usage.client_closed",
            "the client is closed, or the event loop it was used in is",
            "make a client inside the loop that uses it, and use it before it is closed",
        )
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return UsageError("usage.base_url", "the base address is not a usable address", "check the profile")
    delivered: Delivered = "no" if isinstance(error, _NOT_SENT) else "unknown"
    if isinstance(error, httpx.TimeoutException):
        return _time_limit_exceeded(delivered)
    kind = type(error).__name__
    if delivered == "no":
        return TransportError(
            "transport.not_reached",
            f"the far side cannot be reached ({kind})",
            "check the address, the network and the proxy",
            delivered=delivered,
            kind=kind,
        )
    return TransportError(
        "transport.broken",
        f"the connection broke before a whole answer came ({kind})",
        "check the network",
        delivered=delivered,
        kind=kind,
    )
