"""Steps on appeals that came on paper, by telephone or at reception: there is no far system to tell."""

from __future__ import annotations

from mcu_sdk.channels.register.identity import CHANNEL
from mcu_sdk.errors import UsageError
from mcu_sdk.model import Outgoing, Presence, Receipt

__all__ = ["RegisterRecorder"]


class RegisterRecorder:
    """A Sender for one register: a step is done by a person, on paper, and delivering it records that.

    Put a step into the outbox once the letter is signed; `deliver()` marks it sent at that moment.
    """

    def __init__(self, account: str) -> None:
        self._account = account

    @property
    def channel(self) -> str:
        """`"register"`."""
        return CHANNEL

    @property
    def account(self) -> str:
        """Our name of the register."""
        return self._account

    def send(self, outgoing: Outgoing) -> Receipt:
        """Record the step; nothing leaves this machine. Raises UsageError for a step of another account."""
        if (outgoing.channel, outgoing.account) != (CHANNEL, self._account):
            raise UsageError(
                "register.other_account",
                f"the step {outgoing.key!r} is for another account",
                "record it in its own register",
                key=outgoing.key,
            )
        return Receipt(sent=True)

    def find(self, outgoing: Outgoing) -> Presence:
        """Return ABSENT: recording is one piece with the outbox, so a step in doubt was not recorded."""
        del outgoing
        return Presence.ABSENT
