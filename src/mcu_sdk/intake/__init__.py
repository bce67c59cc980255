"""What came, stored before anyone is told that it came; what is to be said, stored before it is sent."""

from __future__ import annotations

from mcu_sdk.intake.async_collecting import collect_async
from mcu_sdk.intake.async_delivering import deliver_async, reconcile_async
from mcu_sdk.intake.collecting import collect
from mcu_sdk.intake.delivered import Delivered, Reconciled
from mcu_sdk.intake.delivering import deliver, reconcile
from mcu_sdk.intake.inbox import Inbox, Quarantined, Received
from mcu_sdk.intake.outbox import Outbox, Stop
from mcu_sdk.intake.outbox_rows import OutboxEntry, OutboxState
from mcu_sdk.intake.tally import Collected

__all__ = [
    "Collected",
    "Delivered",
    "Inbox",
    "Outbox",
    "OutboxEntry",
    "OutboxState",
    "Quarantined",
    "Received",
    "Reconciled",
    "Stop",
    "collect",
    "collect_async",
    "deliver",
    "deliver_async",
    "reconcile",
    "reconcile_async",
]
