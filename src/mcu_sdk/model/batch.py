"""What a source hands over at once."""

from __future__ import annotations

from pydantic import JsonValue

from mcu_sdk.model.message import Message
from mcu_sdk.model.record import Record

__all__ = ["Batch", "Reject"]


class Reject(Record):
    """An item the reader could not make a message of. `reason` names the field, never its value."""

    reason: str
    external_id: str | None = None
    raw: JsonValue = None

    _shown = ("external_id", "reason")


class Batch(Record):
    """A page of messages from one account, what could not be read, and where to go on.

    `cursor` is the source's own, opaque to everybody else; None means that it keeps none.
    """

    channel: str
    account: str
    items: tuple[Message, ...] = ()
    rejects: tuple[Reject, ...] = ()
    cursor: str | None = None

    _shown = ("channel", "account", "cursor")

    @property
    def external_ids(self) -> tuple[str, ...]:
        """The far system's ids of all that was handed over, the unreadable included where known."""
        return tuple(
            [item.external_id for item in self.items]
            + [reject.external_id for reject in self.rejects if reject.external_id is not None]
        )
