# Generated from async_collecting.py by tools/unasync.py; edit that file.
"""Collecting: from a source into the inbox, so that nothing is lost and nothing is handled twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from mcu_sdk.errors import Conflict
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.tally import Collected, Tally
from mcu_sdk.model import Source

__all__ = ["collect"]


def collect(
    source: Source, inbox: Inbox, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Collected:
    """Bring everything new from *source* into *inbox* and return the counts.

    Every batch is stored with the source's cursor in one transaction before the far side is told.
    A source that is a queue is read to its end first, then told, then read again, until it has
    nothing more. Whatever interrupts this, running it again goes on without loss or double rows.

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
                tally.add(batch, inbox.receive(batch, now()))
                _refuse_confirmed(told, batch.external_ids)
                if source.queue:
                    stored.update(dict.fromkeys(batch.external_ids))
                else:
                    tally.told(batch.external_ids, source.acknowledge(batch.external_ids))
        if not stored:
            return tally.result()
        confirmed = source.acknowledge(tuple(stored))
        tally.told(tuple(stored), confirmed)
        if not confirmed:
            return tally.result()
        told.update(confirmed)


def _refuse_confirmed(told: set[str], external_ids: tuple[str, ...]) -> None:
    if again := told.intersection(external_ids):
        raise Conflict(
            "intake.confirmed_again",
            f"the far side hands out {len(again)} messages again that it had confirmed as accepted",
            "they are stored; report it to the operator",
            status=200,
            count=len(again),
        )
