"""What an attempt to say something means for its row in the outbox. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mcu_sdk.errors import Denied, McuError, RateLimited, TransportError, Unavailable
from mcu_sdk.intake.outbox import OutgoingState
from mcu_sdk.model import Receipt

__all__ = ["Delivered", "Verdict", "verdict_of"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Counts of one run: sent, refused for good, in doubt, and put back to wait."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    waiting: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.sent + other.sent,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.waiting + other.waiting,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that follows, why, and whether the account's turn ends."""

    state: OutgoingState
    reason: str | None
    ends_turn: bool

    def counted(self) -> Delivered:
        """Return the count of this one."""
        return Delivered(
            sent=int(self.state is OutgoingState.SENT),
            failed=int(self.state is OutgoingState.FAILED),
            unknown=int(self.state is OutgoingState.UNKNOWN),
            waiting=int(self.state is OutgoingState.WAITING),
        )


def verdict_of(ended: Receipt | McuError) -> Verdict:
    """Return what follows. The reason is an error's code: its words may hold what a resident wrote."""
    if isinstance(ended, Receipt):
        if ended.sent:
            return Verdict(OutgoingState.SENT, None, ends_turn=False)
        return Verdict(OutgoingState.WAITING, "dry_run", ends_turn=True)
    if isinstance(ended, TransportError):
        state = OutgoingState.WAITING if ended.delivered == "no" else OutgoingState.UNKNOWN
        return Verdict(state, ended.code, ends_turn=True)
    if isinstance(ended, Denied | RateLimited | Unavailable):
        return Verdict(OutgoingState.WAITING, ended.code, ends_turn=True)
    return Verdict(OutgoingState.FAILED, ended.code, ends_turn=False)
