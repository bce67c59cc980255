"""The asynchronous client of the portal: a table of contents over its calls."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import timedelta
from os import PathLike
from types import TracebackType
from typing import Self

import anyio.to_thread

from mcu_sdk.channels.portal import calls
from mcu_sdk.channels.portal.canonical import CHANNEL, batch_of
from mcu_sdk.channels.portal.interface import Operation, describe_interface
from mcu_sdk.channels.portal.models import (
    DownloadedFile,
    PortalMessage,
    StatusReport,
    StoredFile,
    WriteReceipt,
)
from mcu_sdk.channels.portal.outgoing import report_of
from mcu_sdk.channels.portal.settings import PortalSettings
from mcu_sdk.errors import ApiError, Unreadable, UsageError
from mcu_sdk.model import Batch, Outgoing, Presence, Receipt
from mcu_sdk.transport import (
    AsyncClock,
    AsyncHttpxTransport,
    AsyncSession,
    AsyncTransport,
    EventHook,
    PartFile,
    RateLimits,
    RetryBudget,
    RetryPolicy,
    SavedFile,
)
from mcu_sdk.transport.process import OfOneProcess
from mcu_sdk.wire import Call, Page, Secret, SecretReference, Token

__all__ = ["AsyncFiles", "AsyncMessages", "AsyncPortal"]

_CONCERNS_ALL = frozenset({401, 429, 502, 503, 504})
_MOST_REFUSALS = 10


class AsyncMessages:
    """The messages of one organisation."""

    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        self._session = session
        self._writes = writes

    async def list(
        self, *, limit: int | None = None, time_limit: timedelta | None = None
    ) -> list[PortalMessage]:
        """Return the messages not yet accepted, from all pages, or the first *limit* of them.

        Items that cannot be read are left out here; `pages()` shows them. Raises Denied,
        Unavailable, Unreadable, TransportError.
        """
        if limit is not None and limit < 0:
            raise UsageError("usage.limit", "a limit is 0 or more", "leave it out to get all")
        found: list[PortalMessage] = []
        async with aclosing(self.pages(time_limit=time_limit)) as pages:
            async for page in pages:
                found.extend(page.items)
                if limit is not None and len(found) >= limit:
                    break
        return found[:limit]

    def pages(self, *, time_limit: timedelta | None = None) -> AsyncGenerator[Page[PortalMessage]]:
        """Yield the queue page by page, unreadable items aside; *time_limit* is for each page."""
        return self._session.pages(calls.list_messages(), time_limit)

    async def mark_accepted(
        self, message_id: int | str, *, time_limit: timedelta | None = None
    ) -> WriteReceipt:
        """Take one message off the queue. Do so only after it is stored; repeating is harmless."""
        return await self._write(calls.mark_accepted(message_id), time_limit)

    async def report(
        self, message_id: int | str, status_report: StatusReport, *, time_limit: timedelta | None = None
    ) -> WriteReceipt:
        """Report a status or an answer. A raw call: it is sent once, and nothing is stored.

        Answers go by the outbox. Raises OutcomeUnknown when it may have been delivered; look at the portal
        before repeating.
        """
        return await self._write(calls.report(message_id, status_report), time_limit)

    async def _write(self, call: Call[None], time_limit: timedelta | None) -> WriteReceipt:
        if self._writes:
            await self._session.run(call, time_limit)
        return WriteReceipt(sent=self._writes, request=f"{call.request.method} {call.request.path}")


class AsyncFiles:
    """The portal's file storage."""

    def __init__(self, session: AsyncSession, base_url: str, *, writes: bool) -> None:
        self._session = session
        self._base_url = base_url
        self._writes = writes

    async def upload(
        self,
        name: str,
        content: bytes,
        content_type: str = "application/octet-stream",
        *,
        time_limit: timedelta | None = None,
    ) -> StoredFile:
        """Store a file; its id goes to `StatusReport.attachment_ids`. In a dry run the id is `"dry-run"`."""
        if not self._writes:
            return StoredFile(id="dry-run", name=name, size=len(content), content_type=content_type)
        return await self._session.run(calls.upload(name, content, content_type), time_limit)

    async def download(self, url: str, *, time_limit: timedelta | None = None) -> DownloadedFile:
        """Return a message's file, whole. Raises UsageError for an address outside the portal.

        Raises Unreadable for a file whose end the portal did not mark: it could be cut.
        """
        return await self._session.run(calls.download(url, self._base_url), time_limit)

    async def save(
        self,
        url: str,
        path: str | PathLike[str],
        *,
        sha256: str | None = None,
        size_bytes: int | None = None,
        time_limit: timedelta | None = None,
    ) -> SavedFile:
        """Save a message's file under *path*, whole or not at all, however large it is.

        What stood there stays until the new file is complete, of this *size_bytes* and *sha256* if
        they are given. Raises what `download` raises, Unreadable for a file that is another, and
        FileError where the disk or the rights forbid it.
        """
        known = sha256 is not None or size_bytes is not None
        call = calls.save(url, self._base_url, otherwise_checked=known)
        with PartFile(path, sha256=sha256, size_bytes=size_bytes) as part:
            content_type = await self._session.run(call, time_limit, into=part)
            return await anyio.to_thread.run_sync(part.finish, content_type)


class AsyncPortal(OfOneProcess):
    """The portal for one organisation: `messages`, `files`, a Source and a Sender.

    With `settings.writes` off (the default) nothing is changed on the far side: writes return a
    receipt with `sent=False` and `acknowledge` tells nothing. *transport* replaces the network, say
    by the sandbox. *budget* and *limits*, given to several clients of one account, hold for all of
    them together; without *limits* the client counts `settings.limits` for itself. *on_event* is told
    of attempts and waits.
    """

    def __init__(
        self,
        settings: PortalSettings,
        *,
        transport: AsyncTransport | None = None,
        retry: RetryPolicy | None = None,
        budget: RetryBudget | None = None,
        limits: RateLimits | None = None,
        clock: AsyncClock | None = None,
        on_event: EventHook | None = None,
    ) -> None:
        if limits is None and settings.limits:
            limits = RateLimits(*settings.limits)
        self._settings = settings
        self._session = AsyncSession(
            transport
            or AsyncHttpxTransport(
                settings.url,
                ssl_context=settings.network.tls_context(),
                proxy=settings.network.proxy_url(settings.url),
            ),
            issuer=_Issuer(settings),
            retry=retry,
            budget=budget,
            limits=limits,
            time_limit=settings.time_limit,
            clock=clock,
            on_event=on_event,
        )
        self.messages = AsyncMessages(self._session, writes=settings.writes)
        self.files = AsyncFiles(self._session, settings.url, writes=settings.writes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(account={self.account!r}, writes={self._settings.writes})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.aclose()

    @property
    def channel(self) -> str:
        """`"portal"`."""
        return CHANNEL

    @property
    def account(self) -> str:
        """Our name of the organisation's cabinet."""
        return self._settings.account

    @property
    def queue(self) -> bool:
        """True: the portal hands out what is not yet accepted."""
        return True

    async def batches(self, cursor: str | None = None) -> AsyncGenerator[Batch]:
        """Yield the queue as batches of canonical messages; the portal keeps no cursor.

        Page numbers are inferred, not observed: a portal that ignores them gives its first page
        again. The batches end there, and the queue moves on once these messages are acknowledged.
        """
        del cursor
        try:
            async with aclosing(self.messages.pages()) as pages:
                async for page in pages:
                    yield batch_of(page, self.account)
        except Unreadable as error:
            if error.code != "api.repeated_page":
                raise

    async def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        """Accept the messages of these ids on the portal, one by one; return those it confirmed.

        One that the portal refuses stays on its queue and does not hold up the others. An error that
        concerns all of them is raised, and so is the tenth refusal in a row. In a dry run nothing is
        told and none is confirmed.
        """
        confirmed: list[str] = []
        refused_in_a_row = 0
        for external_id in external_ids:
            try:
                receipt = await self.messages.mark_accepted(external_id)
            except ApiError as error:
                refused_in_a_row += 1
                if error.status in _CONCERNS_ALL or refused_in_a_row == _MOST_REFUSALS:
                    raise
                continue
            refused_in_a_row = 0
            if receipt.sent:
                confirmed.append(external_id)
        return tuple(confirmed)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Report the step once; the outbox calls this. Raises CapabilityMissing for what has no place there.

        Raises OutcomeUnknown when it may have been delivered. In a dry run nothing is sent.
        """
        report = report_of(outgoing, self.account)
        call = calls.report(outgoing.external_id, report)
        if self._settings.writes:
            await self._session.run(call)
        return Receipt(sent=self._settings.writes)

    async def find(self, outgoing: Outgoing) -> Presence:
        """Return CANNOT_TELL: the observed interface reads no single message back. A person looks."""
        del outgoing
        return Presence.CANNOT_TELL

    @staticmethod
    def describe() -> tuple[Operation, ...]:
        """Return what is known of each operation and how: observed in public code, not published."""
        return describe_interface()


class _Issuer:
    def __init__(self, settings: PortalSettings) -> None:
        self._organisation_id = settings.organisation_id
        self._organisation_secret = _resolved(settings.organisation_secret)
        self._client_id = settings.client_id
        self._client_secret = _resolved(settings.client_secret)

    def issue(self) -> Call[Token]:
        return calls.issue_token(
            self._organisation_id, self._organisation_secret, self._client_id, self._client_secret
        )


def _resolved(secret: Secret | SecretReference) -> Secret:
    return secret.resolve() if isinstance(secret, SecretReference) else secret
