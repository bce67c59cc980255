"""How answers are handed over: the one shape every channel client has for delivering."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from mcu_sdk.model.outgoing import Outgoing

__all__ = ["AsyncSender", "Presence", "Receipt", "Sender"]


class Presence(Enum):
    """Whether the far side has an answer."""

    THERE = "there"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an answer: `sent` is False in a dry run."""

    sent: bool


class Sender(Protocol):
    """One account of one channel, written to by `deliver()`."""

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    def send(self, outgoing: Outgoing) -> Receipt:
        """Say it once. Raises OutcomeUnknown when it may have been said all the same."""
        ...

    def find(self, outgoing: Outgoing) -> Presence:
        """Return whether the far side has it, as far as it can be asked."""
        ...


class AsyncSender(Protocol):
    """The asynchronous twin of Sender."""

    @property
    def channel(self) -> str: ...

    @property
    def account(self) -> str: ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Say it once."""
        ...

    async def find(self, outgoing: Outgoing) -> Presence:
        """Return whether the far side has it, as far as it can be asked."""
        ...
