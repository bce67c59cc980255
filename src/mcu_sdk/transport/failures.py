"""What can go wrong below us, as errors of our tree: never the raw one, never its words."""

from __future__ import annotations

import ssl

import anyio
import httpcore
import httpx

from mcu_sdk.errors import Delivered, McuError, TimeLimitExceeded, TransportError, UsageError
from mcu_sdk.transport.tls import tls_failure

__all__ = ["RAW_ERRORS", "client_closed", "failure_of"]

RAW_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    RuntimeError,
)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def failure_of(error: Exception) -> McuError:
    """Return our error for one of `RAW_ERRORS`; `delivered` is "no" when no connection was made."""
    if isinstance(error, RuntimeError) and not isinstance(error, httpx.StreamError):
        return client_closed()
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol | httpx.InvalidURL):
        return unsendable()
    delivered: Delivered = "no" if isinstance(error, _NOT_SENT) else "unknown"
    if isinstance(error, httpx.TimeoutException):
        return TimeLimitExceeded(
            "transport.time_limit",
            "the time limit of the call is used up",
            "allow more time or try later",
            delivered=delivered,
        )
    kind = type(error).__name__
    if delivered == "no":
        return tls_failure(error) or TransportError(
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


def client_closed() -> UsageError:
    """Return the error for a transport that is closed, or whose event loop is."""
    return UsageError(
        "usage.client_closed",
        "the client is closed, or the event loop it was used in is",
        "make a client inside the loop that uses it, and use it before it is closed",
    )


def unsendable() -> UsageError:
    """Return the error for what cannot stand in a request."""
    return UsageError(
        "usage.request",
        "the request holds what HTTP cannot carry",
        "check the identifiers, the headers and the address",
    )
