"""What came, stored before anyone is told that it came; what is to be said, stored before it is sent."""

from __future__ import annotations

from mcu_sdk.intake.async_collecting import collect_async
from mcu_sdk.intake.async_delivering import deliver_async, reconcile_async
from mcu_sdk.intake.collecting import collect
from mcu_sdk.intake.delivered import Delivered, Reconciled
from mcu_sdk.intake.delivering import deliver, reconcile
from mcu_sdk.intake.following import follow, follow_async
from mcu_sdk.intake.handling import (
    DeadLetter,
    Handled,
    dead_letters,
    handle,
    retry_dead_letters,
    subscribe,
)
from mcu_sdk.intake.heartbeat import Heartbeat, heartbeats
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.journal import Entry, EntryKind, Flaw, Journal
from mcu_sdk.intake.outbox import Outbox, Stop
from mcu_sdk.intake.outbox_rows import OutboxEntry, OutboxState
from mcu_sdk.intake.progress import BatchStored, PassEnded, Progress, ProgressHook, Told
from mcu_sdk.intake.quarantine import Quarantined, retry_quarantined
from mcu_sdk.intake.receiving import Received
from mcu_sdk.intake.tally import Collected
from mcu_sdk.intake.webhooks import WebhookReply, receive_webhook

__all__ = [
    "BatchStored",
    "Collected",
    "DeadLetter",
    "Delivered",
    "Entry",
    "EntryKind",
    "Flaw",
    "Handled",
    "Heartbeat",
    "Inbox",
    "Journal",
    "Outbox",
    "OutboxEntry",
    "OutboxState",
    "PassEnded",
    "Progress",
    "ProgressHook",
    "Quarantined",
    "Received",
    "Reconciled",
    "Stop",
    "Told",
    "WebhookReply",
    "collect",
    "collect_async",
    "dead_letters",
    "deliver",
    "deliver_async",
    "follow",
    "follow_async",
    "handle",
    "heartbeats",
    "receive_webhook",
    "reconcile",
    "reconcile_async",
    "retry_dead_letters",
    "retry_quarantined",
    "subscribe",
]
