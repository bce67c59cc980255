"""How messages are handed over: the one shape every channel client has for collecting."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from typing import Protocol

from mcu_sdk.model.batch import Batch

__all__ = ["AsyncSource", "Source"]


class Source(Protocol):
    """One account of one channel, read by `collect()`.

    `queue` says that the far side hands out what is not yet acknowledged. Such a source is read to
    the end before anything is acknowledged, since an acknowledgement shifts its pages, and it is
    read again until a pass brings nothing new.
    """

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def queue(self) -> bool: ...

    def batches(self, cursor: str | None) -> Generator[Batch]:
        """Yield what has come since *cursor*, page by page, until there is no more.

        A generator, so that an interrupted run closes it.
        """
        ...

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        """Tell the far side that these are stored; return those it confirmed.

        Called only after the commit. Repeating it is harmless. One that it refuses does not keep the
        others from being told; in a dry run nothing is told and none is confirmed.
        """
        ...


class AsyncSource(Protocol):
    """The asynchronous twin of Source."""

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def queue(self) -> bool: ...

    def batches(self, cursor: str | None) -> AsyncGenerator[Batch]:
        """Yield what has come since *cursor*, page by page, until there is no more."""
        ...

    async def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        """Tell the far side that these are stored; return those it confirmed."""
        ...
