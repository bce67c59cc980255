"""Following: several sources collected again and again, side by side, until somebody stops it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread

from mcu_sdk.errors import McuError, StoreError, UsageError
from mcu_sdk.intake.async_collecting import collect_async
from mcu_sdk.intake.collecting import collect
from mcu_sdk.intake.heartbeat import beat
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.pace import Pace
from mcu_sdk.intake.progress import PassEnded, ProgressHook
from mcu_sdk.intake.tally import Collected
from mcu_sdk.model import AsyncSource, Source

__all__ = ["follow", "follow_async"]

_MINUTE = timedelta(minutes=1)


def follow(
    sources: Sequence[Source],
    inbox: Inbox,
    stop: threading.Event,
    *,
    every: timedelta = _MINUTE,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    draw: Callable[[], float] = random.random,
    on_progress: ProgressHook | None = None,
) -> None:
    """Collect each of *sources* about *every* so often, until *stop* is set.

    Each has a thread of its own: one that hangs or fails delays no other. A pass that fails is told
    to *on_progress*, which is called from those threads, and tried again later and later. A
    UsageError ends the following of its source and is raised when the others have ended. After a
    stop the batch in hand is stored and told. Each pass leaves a Heartbeat in the store.
    """

    def keep(source: Source) -> None:
        keeper = _Keeper(source, inbox, Pace(every, draw), now, on_progress)
        while not stop.is_set():
            try:
                ended: Collected | McuError = collect(
                    source, inbox, now=now, on_progress=on_progress, should_stop=stop.is_set
                )
            except McuError as error:
                ended = error
            stop.wait(keeper.noted(ended))

    with ThreadPoolExecutor(max(1, len(sources)), "mcu-follow") as threads:
        followed = [threads.submit(keep, source) for source in sources]
    for one in followed:
        one.result()


async def follow_async(
    sources: Sequence[AsyncSource],
    inbox: Inbox,
    stop: anyio.Event,
    *,
    every: timedelta = _MINUTE,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    draw: Callable[[], float] = random.random,
    on_progress: ProgressHook | None = None,
) -> None:
    """Follow as `follow` does, each source in a task of its own; a UsageError ends all of them at once."""

    async def keep(source: AsyncSource) -> None:
        keeper = _Keeper(source, inbox, Pace(every, draw), now, on_progress)
        while not stop.is_set():
            try:
                ended: Collected | McuError = await collect_async(
                    source, inbox, now=now, on_progress=on_progress, should_stop=stop.is_set
                )
            except McuError as error:
                ended = error
            with anyio.move_on_after(await anyio.to_thread.run_sync(keeper.noted, ended)):
                await stop.wait()

    async with anyio.create_task_group() as tasks:
        for source in sources:
            tasks.start_soon(keep, source)


@dataclass(frozen=True)
class _Keeper:
    """What surrounds the passes of one source in both worlds."""

    source: Source | AsyncSource
    inbox: Inbox
    pace: Pace
    now: Callable[[], datetime]
    on_progress: ProgressHook | None

    def noted(self, ended: Collected | McuError) -> float:
        """Leave a sign of life, tell how the pass ended, and return the wait before the next one."""
        if isinstance(ended, UsageError):
            raise ended
        channel, account = self.source.channel, self.source.account
        if isinstance(ended, McuError):
            wait_seconds = self.pace.after_failure()
            told = PassEnded(channel, account, None, ended, wait_seconds)
        else:
            wait_seconds = self.pace.after_success()
            told = PassEnded(channel, account, ended, None, wait_seconds)
        with suppress(StoreError):  # the store itself may be what failed
            failure = told.error.code if told.error else None
            beat(self.inbox.store, f"{channel} {account}", self.now(), failure)
        if self.on_progress is not None:
            self.on_progress(told)
        return wait_seconds
