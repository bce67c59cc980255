"""A far system that takes whatever it is sent."""

from __future__ import annotations

from mcu_sdk.model import Outgoing, Presence, Receipt


class Sent:
    """Says of every step that it was sent, and cannot look any up."""

    channel = account = "portal"

    def send(self, outgoing: Outgoing) -> Receipt:
        """Take it."""
        del outgoing
        return Receipt(sent=True)

    def find(self, outgoing: Outgoing) -> Presence:
        """Say that it cannot be told."""
        del outgoing
        return Presence.CANNOT_TELL
