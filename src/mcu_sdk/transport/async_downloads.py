"""Files from addresses that strangers gave: a resident's photograph on somebody's server."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from os import PathLike
from types import TracebackType
from typing import Self

import anyio.to_thread

from mcu_sdk.transport.async_httpx_transport import AsyncHttpxTransport
from mcu_sdk.transport.async_session import AsyncSession
from mcu_sdk.transport.clock import AsyncClock
from mcu_sdk.transport.exchange import AsyncTransport
from mcu_sdk.transport.part_file import LARGEST_FILE_BYTES, PartFile, SavedFile
from mcu_sdk.transport.retry import RetryPolicy
from mcu_sdk.wire import Call, Request, Response, check_status, check_whole, strangers_address

__all__ = ["AsyncDownloads"]


class AsyncDownloads:
    """Fetches files by addresses that nobody vouches for.

    Only https to names that lead to public addresses; *hosts* allows these and their subdomains
    only, *ports* others than 443. No token is sent, redirects are not followed, a file is at most
    *largest_file_bytes* long. *transport* replaces the network; it is given the whole address as a
    request's path.
    """

    def __init__(
        self,
        *,
        hosts: Collection[str] | None = None,
        ports: Collection[int] = (443,),
        largest_file_bytes: int = LARGEST_FILE_BYTES,
        time_limit: timedelta = timedelta(minutes=10),
        transport: AsyncTransport | None = None,
        retry: RetryPolicy | None = None,
        clock: AsyncClock | None = None,
    ) -> None:
        self._hosts = hosts
        self._ports = ports
        self._largest_file_bytes = largest_file_bytes
        self._session = AsyncSession(
            transport or AsyncHttpxTransport(None), retry=retry, time_limit=time_limit, clock=clock
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.aclose()

    async def save(
        self,
        url: str,
        path: str | PathLike[str],
        *,
        sha256: str | None = None,
        size_bytes: int | None = None,
        time_limit: timedelta | None = None,
    ) -> SavedFile:
        """Save the file at *url* under *path*, whole or not at all.

        What stood there stays until the new file is complete, of this *size_bytes* and *sha256* if
        they are given. Raises UsageError for an address that is not to be fetched, TransportError,
        ApiError (Unreadable for a redirect or a file that is another), and FileError where the disk
        or the rights forbid it.
        """
        address = strangers_address(url, hosts=self._hosts, ports=self._ports)
        request = Request("GET", address, headers=(("Accept", "*/*"),), authorized=False)
        known = sha256 is not None or size_bytes is not None
        part_file = PartFile(
            path, sha256=sha256, size_bytes=size_bytes, largest_bytes=self._largest_file_bytes
        )
        with part_file as part:
            content_type = await self._session.run(
                Call(request, partial(_read, known)), time_limit, into=part
            )
            return await anyio.to_thread.run_sync(part.finish, content_type)


def _read(otherwise_checked: bool, response: Response) -> str | None:
    check_status(response)
    check_whole(response, otherwise_checked=otherwise_checked)
    return response.content_type or None
