"""What a source hands over at once."""

from __future__ import annotations

from typing import Self

from pydantic import JsonValue, model_validator

from mcu_sdk.model.message import Message
from mcu_sdk.model.record import Record, record_error

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

    @model_validator(mode="after")
    def _items_are_of_the_account(self) -> Self:
        strangers = {item.key[:2] for item in self.items} - {(self.channel, self.account)}
        if strangers:
            raise record_error("Batch.items", "items of another channel or account")
        return self

    @property
    def external_ids(self) -> tuple[str, ...]:
        """The far system's ids of all that was handed over, the unreadable included where known."""
        return tuple(
            [item.external_id for item in self.items]
            + [reject.external_id for reject in self.rejects if reject.external_id is not None]
        )
