"""What could not be read: kept as it came, and read anew when somebody has learnt how."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.receiving import store_batch
from mcu_sdk.intake.store import Store, alone_of
from mcu_sdk.model import Batch, Message, Reject

if TYPE_CHECKING:
    from mcu_sdk.intake.inbox import Inbox

__all__ = ["Quarantined", "quarantined", "retry_quarantined"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be read, as it is kept. `raw` is what came and may hold personal data."""

    channel: str
    account: str
    external_id: str | None
    reason: str
    received_at: datetime
    raw: JsonValue = field(repr=False)
    sequence: int = field(default=0, repr=False)


def quarantined(store: Store) -> tuple[Quarantined, ...]:
    """Return what could not be read and is not purged, oldest first."""
    rows = store.rows(
        "SELECT channel, account, external_id, reason, received_at, raw, sequence FROM mcu_quarantine"
        " WHERE raw <> '' ORDER BY sequence"
    )
    return tuple(
        Quarantined(
            str(channel),
            str(account),
            None if external_id is None else str(external_id),
            str(reason),
            datetime.fromisoformat(str(received_at)),
            json.loads(str(raw)),
            int(str(sequence)),
        )
        for channel, account, external_id, reason, received_at, raw, sequence in rows
    )


def retry_quarantined(
    inbox: Inbox,
    read: Callable[[JsonValue], Message | Reject],
    *,
    channel: str | None = None,
    account: str | None = None,
) -> int:
    """Move to the inbox what *read* can read by now and return how many items that were.

    Each is moved in one transaction and keeps the time it came at. With
    *channel* and *account* only theirs are read. Raises what *read* raises, StoreError, RecordError
    for a message of another account.

    >>> from mcu_sdk.intake import Inbox
    >>> with Inbox.open(":memory:") as inbox:
    ...     retry_quarantined(inbox, lambda raw: Reject(reason="no id"))
    0
    """
    moved = 0
    for item in quarantined(inbox.store):
        if channel not in (None, item.channel) or account not in (None, item.account):
            continue
        found = read(item.raw)
        if isinstance(found, Message):
            batch = Batch(channel=item.channel, account=item.account, items=(found,))
            moved += _move(inbox, item, batch)
    return moved


def _move(inbox: Inbox, item: Quarantined, batch: Batch) -> int:
    with inbox.store.transaction(alone_of(item.channel, item.account)):
        taken = inbox.store.write("DELETE FROM mcu_quarantine WHERE sequence = ?", (item.sequence,))
        if taken:
            store_batch(inbox.store, batch, item.received_at)
        hit("quarantine.before_commit")
    hit("quarantine.after_commit")
    return taken
