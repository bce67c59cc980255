"""What a transport connects to, and a request as httpx sends it."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

import httpcore
import httpx

from mcu_sdk._version import __version__
from mcu_sdk.errors import UsageError
from mcu_sdk.transport.addresses import AddressRule
from mcu_sdk.transport.failures import unsendable
from mcu_sdk.transport.scrubbing import scrub_connection_logs
from mcu_sdk.wire import Request

__all__ = ["Origin", "outgoing", "proxy_of"]

scrub_connection_logs()

_USUAL_HEADERS = (
    ("User-Agent", f"mcu-sdk/{__version__}"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "gzip"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The base address of a channel, without a slash at its end; empty for whole addresses."""

    url: str

    @classmethod
    def of(cls, base_url: str | None) -> Origin:
        """Return the origin of *base_url*. Raises UsageError unless it is https, or http to loopback."""
        if base_url is None:
            return cls("")
        try:
            url = httpx.URL(base_url)
        except (httpx.InvalidURL, ValueError):
            url = httpx.URL()
        if (
            not url.host
            or url.userinfo
            or not _has_port(url)
            or not (url.scheme == "https" or _is_plain_loopback(url))
        ):
            raise UsageError(
                "usage.base_url",
                "the base address must be https; plain http only to this machine",
                "check the profile",
            )
        return cls(str(url.copy_with(query=None, fragment=None)).rstrip("/"))

    @property
    def is_plain(self) -> bool:
        """Whether there is no TLS: on this machine only."""
        return self.url.startswith("http:")

    def rule(self, *, proxied: bool) -> AddressRule:
        """Return which addresses may be connected to; a proxy is where the operator says.

        Raises UsageError for whole addresses through a proxy.
        """
        if not self.url and proxied:
            raise UsageError(
                "usage.proxied_strangers",
                "what a proxy connects to cannot be checked, so strangers' addresses do not go through one",
                "take files from strangers where the open network is reached directly",
            )
        if not self.url:
            return AddressRule.PUBLIC
        return AddressRule.LOOPBACK if self.is_plain and not proxied else AddressRule.ANY


def _is_plain_loopback(url: httpx.URL) -> bool:
    try:
        return url.scheme == "http" and ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return url.scheme == "http" and url.host == "localhost"


def _is_whole_https(url: httpx.URL) -> bool:
    return url.scheme == "https" and bool(url.host) and not url.userinfo and _has_port(url)


def _has_port(url: httpx.URL) -> bool:
    return url.port is None or 0 < url.port < 2**16  # httpx lets any number pass; the socket does not


def proxy_of(url: str | None) -> httpcore.Proxy | None:
    """Return the proxy at *url*, reached over plain http. Raises UsageError, without the address."""
    if url is None:
        return None
    try:
        proxy = httpx.Proxy(url)
    except (httpx.InvalidURL, ValueError):
        proxy = None
    if proxy is None or proxy.url.scheme != "http" or not proxy.url.host or not _has_port(proxy.url):
        raise UsageError(
            "usage.proxy", "the address of the proxy cannot be used", "write http://host:port, http only"
        )
    return httpcore.Proxy(
        url=httpcore.URL(scheme=b"http", host=proxy.url.raw_host, port=proxy.url.port, target=b"/"),
        auth=proxy.raw_auth,
    )


def outgoing(origin: Origin, request: Request, ends_at: float) -> httpx.Request:
    """Return *request* as httpx sends it; *ends_at* is a moment of the monotonic clock.

    Raises UsageError for what cannot stand in a request.
    """
    given = {name.lower() for name, _ in request.headers}
    headers = [pair for pair in _USUAL_HEADERS if pair[0].lower() not in given] + [*request.headers]
    content = b""
    if request.body is not None:
        headers.append(("Content-Type", request.body.content_type))
        content = request.body.content
    try:
        sent = httpx.Request(
            request.method,
            origin.url + request.target,
            headers=headers,
            content=content,
            extensions={"timeout": {"connect": ends_at, "read": ends_at, "write": ends_at}},
        )
    except (httpx.InvalidURL, ValueError):  # UnicodeError among them
        sent = None
    if sent is None or not (origin.url or _is_whole_https(sent.url)):
        raise unsendable()
    sent.stream = _Whole(content)
    return sent


class _Whole(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in one piece. httpx's own is a generator, which warns when a call ends in the middle of it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return iter((self._content,))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Pieces(self)


class _Pieces:
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration
