# Generated from async_delivering.py by tools/unasync.py; edit that file.
"""Delivering: from the outbox to the far side, so that nothing is said twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from mcu_sdk.errors import McuError
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.outbox import Outbox, OutgoingState
from mcu_sdk.intake.verdicts import Delivered, verdict_of
from mcu_sdk.model import Presence, Sender

__all__ = ["deliver", "reconcile"]


def deliver(
    outbox: Outbox,
    senders: Sequence[Sender],
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
    total = Delivered()
    for sender in senders:
        left = limit
        while left is None or left > 0:
            claim = partial(outbox.claim, sender.channel, sender.account, now(), lease)
            queued = claim()
            if queued is None:
                break
            hit("deliver.after_claim")
            try:
                verdict = verdict_of(sender.send(queued.outgoing))
            except McuError as error:
                verdict = verdict_of(error)
            hit("deliver.after_send")
            note = partial(outbox.settle_claimed, queued, verdict.state, now(), reason=verdict.reason)
            note()
            hit("deliver.after_settle")
            total += verdict.counted()
            left = None if left is None else left - 1
            if verdict.ends_turn:
                break
    return total


def reconcile(
    outbox: Outbox,
    senders: Sequence[Sender],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Delivered:
    """Ask the far sides about the unknown answers: what is there is sent, what is not waits again.

    What a far side cannot tell stays unknown, for `Outbox.settle`. Raises what `find` raises.
    """
    total = Delivered()
    for sender in senders:
        give_up = partial(outbox.give_up_lost, sender.channel, sender.account, now())
        give_up()
        unknown = outbox.entries(OutgoingState.UNKNOWN)
        for queued in unknown:
            if (queued.outgoing.channel, queued.outgoing.account) != (sender.channel, sender.account):
                continue
            presence = sender.find(queued.outgoing)
            if presence is Presence.CANNOT_TELL:
                total += Delivered(unknown=1)
                continue
            sent = presence is Presence.THERE
            settle = partial(outbox.settle, queued.outgoing.key, sent=sent, now=now())
            settle()
            total += Delivered(sent=1) if sent else Delivered(waiting=1)
    return total
