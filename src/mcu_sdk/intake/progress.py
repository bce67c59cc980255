"""What collecting tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mcu_sdk.errors import McuError
from mcu_sdk.intake.receiving import Received
from mcu_sdk.intake.tally import Collected

__all__ = ["BatchStored", "PassEnded", "Progress", "ProgressHook", "Told"]


@dataclass(frozen=True, slots=True)
class BatchStored:
    """A batch and its cursor were committed."""

    channel: str
    account: str
    received: Received


@dataclass(frozen=True, slots=True)
class Told:
    """The far side was told of stored messages and confirmed so many of them."""

    channel: str
    account: str
    told: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class PassEnded:
    """A pass of following came to its end: its counts, or why it failed, and the wait before the next."""

    channel: str
    account: str
    collected: Collected | None
    error: McuError | None
    wait_seconds: float


Progress = BatchStored | Told | PassEnded
ProgressHook = Callable[[Progress], object]
