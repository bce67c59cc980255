"""What a run of delivering or of reconciling came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mcu_sdk.errors import McuError
from mcu_sdk.intake.attempts import End, Verdict
from mcu_sdk.model import Presence

__all__ = ["Delivered", "DeliveryTally", "Reconciled"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Counts of one run: steps sent, refused for good, in doubt, and returned to wait.

    `not_sent` counts what a dry run would have sent. `stopped` says that the kill switch is on;
    `troubles` names the trouble of each account, as `channel/account`, whose turn ended early.
    """

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    returned: int = 0
    not_sent: int = 0
    stopped: bool = False
    troubles: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Counts of one run: found on the far side, surely not there, and still in doubt."""

    sent: int = 0
    absent: int = 0
    in_doubt: int = 0
    troubles: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(slots=True)
class DeliveryTally:
    """The same counts while they grow."""

    left: int | None = None
    ends: Counter[str] = field(default_factory=Counter[str])
    troubles: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, account: tuple[str, str], verdict: Verdict, end: End | None) -> bool:
        """Count the end of an attempt; return whether the account's turn goes on."""
        self.ends[end or "settled elsewhere"] += 1
        if self.left is not None:
            self.left -= 1
        if verdict.of_account:
            self.troubles["/".join(account)] = verdict.reason or ""
        return not verdict.of_account

    def trouble(self, account: tuple[str, str], error: McuError) -> None:
        """Note why nothing more can be asked of an account."""
        self.troubles["/".join(account)] = error.code
        self.ends[Presence.CANNOT_TELL] += 1

    def delivered(self, *, stopped: bool) -> Delivered:
        """Return the counts of delivering, fixed."""
        return Delivered(
            sent=self.ends[End.SENT],
            failed=self.ends[End.FAILED],
            unknown=self.ends[End.UNKNOWN],
            returned=self.ends[End.RETURNED],
            not_sent=self.ends[End.NOT_SENT],
            stopped=stopped,
            troubles=self.troubles,
        )

    def reconciled(self) -> Reconciled:
        """Return the counts of reconciling, fixed."""
        return Reconciled(
            sent=self.ends[Presence.THERE],
            absent=self.ends[Presence.ABSENT],
            in_doubt=self.ends[Presence.CANNOT_TELL],
            troubles=self.troubles,
        )
