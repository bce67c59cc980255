"""What came, stored before anyone is told that it came."""

from __future__ import annotations

from mcu_sdk.intake.async_collecting import collect_async
from mcu_sdk.intake.collecting import collect
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
from mcu_sdk.intake.progress import BatchStored, PassEnded, Progress, ProgressHook, Told
from mcu_sdk.intake.quarantine import Quarantined, retry_quarantined
from mcu_sdk.intake.receiving import Received
from mcu_sdk.intake.tally import Collected
from mcu_sdk.intake.webhooks import WebhookReply, receive_webhook

__all__ = [
    "BatchStored",
    "Collected",
    "DeadLetter",
    "Entry",
    "EntryKind",
    "Flaw",
    "Handled",
    "Heartbeat",
    "Inbox",
    "Journal",
    "PassEnded",
    "Progress",
    "ProgressHook",
    "Quarantined",
    "Received",
    "Told",
    "WebhookReply",
    "collect",
    "collect_async",
    "dead_letters",
    "follow",
    "follow_async",
    "handle",
    "heartbeats",
    "receive_webhook",
    "retry_dead_letters",
    "retry_quarantined",
    "subscribe",
]
