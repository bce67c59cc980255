# Generated from async_delivering.py by tools/unasync.py; edit that file.
"""Delivering: from the outbox to the far side, so that nothing is said twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from mcu_sdk.errors import McuError
from mcu_sdk.intake.attempts import Attempts, verdict_of
from mcu_sdk.intake.delivered import Delivered, DeliveryTally, Reconciled
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.outbox import Outbox
from mcu_sdk.model import Outgoing, Receipt, Sender

__all__ = ["deliver", "reconcile"]

_LEASE = timedelta(minutes=10)


def deliver(
    outbox: Outbox,
    senders: Sequence[Sender],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    worker: str = "mcu",
    limit: int | None = None,
    lease: timedelta = _LEASE,
) -> Delivered:
    """Send what waits for *senders*, at most *limit* steps, and return the counts. Several may do so at once.

    Each step is taken up, committed, sent, and its end noted. One that may have arrived becomes
    `unknown` and is not sent again by this; one that surely did not waits again; one that the far
    side or the channel refuses is `failed`, and so is one forbidden (403) for the fifth time. Trouble
    of a whole account ends its turn. The steps on one message go in the order they were put.

    When a worker crashes, its step becomes `unknown` once *lease* is over: let that be longer than
    any call of the senders. *now* is the clock. Raises StoreError, and CapabilityMissing for a store
    inside a host's transaction.
    """
    tally = DeliveryTally(left=limit)
    for sender in senders:
        attempts = Attempts(outbox, sender.channel, sender.account, worker, lease)
        goes_on = True
        while goes_on and (tally.left is None or tally.left > 0):
            claimed = attempts.claim(now())
            if claimed is None:
                break
            hit("deliver.after_claim")
            verdict = verdict_of(_outcome(sender, claimed.outgoing))
            hit("deliver.after_send")
            end = attempts.settle(claimed, verdict, now())
            hit("deliver.after_settle")
            goes_on = tally.add((sender.channel, sender.account), verdict, end)
    stopped = outbox.is_stopped()
    return tally.delivered(stopped=stopped)


def _outcome(sender: Sender, outgoing: Outgoing) -> Receipt | McuError:
    try:
        return sender.send(outgoing)
    except McuError as error:
        return error


def reconcile(
    outbox: Outbox,
    senders: Sequence[Sender],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Reconciled:
    """Look every step in doubt up on the far side and return the counts.

    What is there is `sent`, what is surely not waits again, and what the channel cannot tell stays
    for a person: `outbox.settle()`. Raises StoreError.
    """
    tally = DeliveryTally()
    for sender in senders:
        account = (sender.channel, sender.account)
        attempts = Attempts(outbox, *account, "reconcile", _LEASE)
        for doubted in attempts.unknown(now()):
            try:
                presence = sender.find(doubted.outgoing)
            except McuError as error:
                tally.trouble(account, error)
                break
            if attempts.found(doubted, presence, now()):
                tally.ends[presence] += 1
    return tally.reconciled()
