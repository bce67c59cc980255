"""The desk: messages joined with their deadlines, what burns first, where registers say otherwise."""

from __future__ import annotations

from mcu_sdk.desk.disagreements import Disagreement, DisagreementKind, disagreements
from mcu_sdk.desk.worklist import WorkItem, worklist

__all__ = ["Disagreement", "DisagreementKind", "WorkItem", "disagreements", "worklist"]
