"""The desk: messages joined with their deadlines, what burns first."""

from __future__ import annotations

from mcu_sdk.desk.worklist import WorkItem, worklist

__all__ = ["WorkItem", "worklist"]
