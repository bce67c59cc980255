"""What we want to tell the far side about one message."""

from __future__ import annotations

from mcu_sdk.model.message import Attachment, Organisation
from mcu_sdk.model.person import Person
from mcu_sdk.model.record import Moment, Record
from mcu_sdk.model.words import Outcome, OutgoingKind

__all__ = ["Outgoing"]


class Outgoing(Record):
    """A step to be sent: taken to work, answered, extended, forwarded.

    `routed_to` is whom it is forwarded to, `postponed_until` the new end of an extended term.
    `key` is chosen once, before the first attempt, and stays the same for every repetition.
    `registration_number`, `registered_at` and `organisation` are the message's own, for channels that
    want to be told again which message is meant.
    """

    key: str
    channel: str
    account: str
    external_id: str
    kind: OutgoingKind
    text: str = ""
    outcome: Outcome | None = None
    executor: Person | None = None
    manager: Person | None = None
    outgoing_number: str | None = None
    outgoing_at: Moment | None = None
    postponed_until: Moment | None = None
    routed_to: Organisation | None = None
    attachments: tuple[Attachment, ...] = ()
    registration_number: str | None = None
    registered_at: Moment | None = None
    organisation: Organisation | None = None
    created_at: Moment

    _shown = ("key", "channel", "external_id", "kind")

    @property
    def ends(self) -> bool:
        """Whether the step ends the matter for us: an answer, or the message forwarded whole."""
        return self.kind in (OutgoingKind.ANSWER, OutgoingKind.FORWARD)
