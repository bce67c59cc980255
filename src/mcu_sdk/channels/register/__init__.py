"""Appeals kept in the municipality's own journal: a document system's export, phone calls, reception."""

from __future__ import annotations

from mcu_sdk.channels.register.adding import Way, appeal_added
from mcu_sdk.channels.register.identity import CHANNEL
from mcu_sdk.channels.register.journal import RegisterJournal, journal_layout
from mcu_sdk.channels.register.recorder import RegisterRecorder

__all__ = ["CHANNEL", "RegisterJournal", "RegisterRecorder", "Way", "appeal_added", "journal_layout"]
