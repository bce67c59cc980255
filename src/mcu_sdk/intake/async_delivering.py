"""Delivering: from the outbox to the far side, so that nothing is said twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio
import anyio.to_thread

from mcu_sdk.errors import McuError
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.outbox import Outbox, OutgoingState
from mcu_sdk.intake.verdicts import Delivered, verdict_of
from mcu_sdk.model import AsyncSender, Presence

__all__ = ["deliver_async", "reconcile_async"]


async def deliver_async(
    outbox: Outbox,
    senders: Sequence[AsyncSender],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    lease: timedelta = timedelta(minutes=5),
    limit: int | None = None,
) -> Delivered:
    """Send what waits for *senders*, at most *limit* answers of each, and return the counts.

    An answer is claimed in the store before it is sent, so that several may deliver at once. One whose
    outcome is not known becomes unknown, and so does one that a crashed program had in hand, after
    *lease*: see `reconcile`. Two answers to one message are sent in their order. Trouble that concerns
    the whole account (no connection, refused credentials, too many requests) ends the account's turn,
    and its answers wait. Raises StoreError.
    """
    worker = anyio.CapacityLimiter(1)
    total = Delivered()
    for sender in senders:
        left = limit
        while left is None or left > 0:
            claim = partial(outbox.claim, sender.channel, sender.account, now(), lease)
            queued = await anyio.to_thread.run_sync(claim, limiter=worker)
            if queued is None:
                break
            hit("deliver.after_claim")
            try:
                verdict = verdict_of(await sender.send(queued.outgoing))
            except McuError as error:
                verdict = verdict_of(error)
            hit("deliver.after_send")
            note = partial(outbox.settle_claimed, queued, verdict.state, now(), reason=verdict.reason)
            await anyio.to_thread.run_sync(note, limiter=worker)
            hit("deliver.after_settle")
            total += verdict.counted()
            left = None if left is None else left - 1
            if verdict.ends_turn:
                break
    return total


async def reconcile_async(
    outbox: Outbox,
    senders: Sequence[AsyncSender],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Delivered:
    """Ask the far sides about the unknown answers: what is there is sent, what is not waits again.

    What a far side cannot tell stays unknown, for `Outbox.settle`. Raises what `find` raises.
    """
    worker = anyio.CapacityLimiter(1)
    total = Delivered()
    for sender in senders:
        give_up = partial(outbox.give_up_lost, sender.channel, sender.account, now())
        await anyio.to_thread.run_sync(give_up, limiter=worker)
        unknown = await anyio.to_thread.run_sync(outbox.entries, OutgoingState.UNKNOWN, limiter=worker)
        for queued in unknown:
            if (queued.outgoing.channel, queued.outgoing.account) != (sender.channel, sender.account):
                continue
            presence = await sender.find(queued.outgoing)
            if presence is Presence.CANNOT_TELL:
                total += Delivered(unknown=1)
                continue
            sent = presence is Presence.THERE
            settle = partial(outbox.settle, queued.outgoing.key, sent=sent, now=now())
            await anyio.to_thread.run_sync(settle, limiter=worker)
            total += Delivered(sent=1) if sent else Delivered(waiting=1)
    return total
