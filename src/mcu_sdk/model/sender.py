"""How a step is sent: the one shape every channel client has for delivering."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mcu_sdk.model.outgoing import Outgoing

__all__ = ["AsyncSender", "Presence", "Receipt", "Sender"]


class Presence(StrEnum):
    """Whether the far side has a step."""

    THERE = "there"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a sent step. `sent` is false in a dry run: nothing left this machine.

    `request_id` is the far side's own id of the exchange, where it gives one.
    """

    sent: bool
    request_id: str | None = None


class Sender(Protocol):
    """One account of one channel, written to by `deliver()`."""

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    def send(self, outgoing: Outgoing) -> Receipt:
        """Send the step once.

        Raises OutcomeUnknown, or TransportError with `delivered="unknown"`, whenever it may have
        arrived; any other error of the library says that it surely did not.
        """
        ...

    def find(self, outgoing: Outgoing) -> Presence:
        """Look whether the far side has the step. ABSENT is a promise that it will not appear there."""
        ...


class AsyncSender(Protocol):
    """The asynchronous twin of Sender."""

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send the step once."""
        ...

    async def find(self, outgoing: Outgoing) -> Presence:
        """Look whether the far side has the step."""
        ...
