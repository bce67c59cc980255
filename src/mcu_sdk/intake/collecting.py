# Generated from async_collecting.py by tools/unasync.py; edit that file.
"""Collecting: from a source into the inbox, so that nothing is lost and nothing is handled twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime

from mcu_sdk.errors import Conflict
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.progress import BatchStored, ProgressHook, Told
from mcu_sdk.intake.tally import Collected, Tally
from mcu_sdk.model import Source

__all__ = ["collect"]


def collect(
    source: Source,
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
    tally = Tally()
    told: set[str] = set()
    while True:
        stored: dict[str, None] = {}
        cursor = inbox.cursor(source.channel, source.account)
        with closing(source.batches(cursor)) as batches:
            for batch in batches:
                hit("collect.before_store")
                received = inbox.receive(batch, now())
                hit("collect.after_commit")
                tally.add(batch, received)
                if on_progress is not None:
                    on_progress(BatchStored(source.channel, source.account, received))
                _refuse_confirmed(told, batch.external_ids)
                if source.queue:
                    stored.update(dict.fromkeys(batch.external_ids))
                else:
                    _tell(source, batch.external_ids, tally, on_progress)
                if should_stop():
                    break
        if not stored:
            return tally.result()
        confirmed = _tell(source, tuple(stored), tally, on_progress)
        if not confirmed or should_stop():
            return tally.result()
        told.update(confirmed)


def _tell(
    source: Source, external_ids: Sequence[str], tally: Tally, on_progress: ProgressHook | None
) -> tuple[str, ...]:
    hit("collect.before_acknowledge")
    confirmed = source.acknowledge(external_ids)
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
