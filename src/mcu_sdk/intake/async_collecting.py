"""Collecting: from a source into the inbox, so that nothing is lost and nothing is handled twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

import anyio
import anyio.to_thread

from mcu_sdk.errors import Conflict
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.progress import BatchStored, ProgressHook, Told
from mcu_sdk.intake.tally import Collected, Tally
from mcu_sdk.model import AsyncSource

__all__ = ["collect_async"]


async def collect_async(
    source: AsyncSource,
    inbox: Inbox,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: ProgressHook | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Collected:
    """Bring everything new from *source* into *inbox* and return the counts.

    Every batch is stored with the source's cursor in one transaction before the far side is told.
    A source that is a queue is read to its end first, then told, then read again, until it has
    nothing more. Whatever interrupts this, running it again goes on without loss or double rows.
    *should_stop* is asked after each batch: then what is stored is told, and the rest is left.

    *now* is the clock of the arrival times. Raises what the source raises, StoreError, and Conflict
    when the far side hands out a message again that it had confirmed.
    """
    worker = anyio.CapacityLimiter(1)
    tally = Tally()
    told: set[str] = set()
    while True:
        stored: dict[str, None] = {}
        cursor = await anyio.to_thread.run_sync(inbox.cursor, source.channel, source.account, limiter=worker)
        async with aclosing(source.batches(cursor)) as batches:
            async for batch in batches:
                hit("collect.before_store")
                received = await anyio.to_thread.run_sync(inbox.receive, batch, now(), limiter=worker)
                hit("collect.after_commit")
                tally.add(batch, received)
                if on_progress is not None:
                    on_progress(BatchStored(source.channel, source.account, received))
                _refuse_confirmed(told, batch.external_ids)
                if source.queue:
                    stored.update(dict.fromkeys(batch.external_ids))
                else:
                    await _tell(source, batch.external_ids, tally, on_progress)
                if should_stop():
                    break
        if not stored:
            return tally.result()
        confirmed = await _tell(source, tuple(stored), tally, on_progress)
        if not confirmed or should_stop():
            return tally.result()
        told.update(confirmed)


async def _tell(
    source: AsyncSource, external_ids: Sequence[str], tally: Tally, on_progress: ProgressHook | None
) -> tuple[str, ...]:
    hit("collect.before_acknowledge")
    confirmed = await source.acknowledge(external_ids)
    hit("collect.after_acknowledge")
    tally.told(external_ids, confirmed)
    if on_progress is not None:
        on_progress(Told(source.channel, source.account, len(external_ids), len(confirmed)))
    return confirmed


def _refuse_confirmed(told: set[str], external_ids: tuple[str, ...]) -> None:
    if again := told.intersection(external_ids):
        raise Conflict(
            "intake.confirmed_again",
            f"the far side hands out {len(again)} messages again that it had confirmed as accepted",
            "they are stored; report it to the operator",
            status=200,
            count=len(again),
        )
