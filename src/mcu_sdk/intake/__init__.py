"""What came, stored before anyone is told that it came."""

from __future__ import annotations

from mcu_sdk.intake.async_collecting import collect_async
from mcu_sdk.intake.collecting import collect
from mcu_sdk.intake.inbox import Inbox, Quarantined, Received
from mcu_sdk.intake.tally import Collected
from mcu_sdk.intake.webhooks import WebhookReply, receive_webhook

__all__ = [
    "Collected",
    "Inbox",
    "Quarantined",
    "Received",
    "WebhookReply",
    "collect",
    "collect_async",
    "receive_webhook",
]
