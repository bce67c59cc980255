"""Residents' messages of a municipality: read once, given a lawful deadline, answered in time.

The names below are loaded on first use, so that `import mcu_sdk` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcu_sdk._version import __version__

if TYPE_CHECKING:
    from mcu_sdk.channels.portal import AsyncPortal, Portal, PortalSettings
    from mcu_sdk.desk import Desk, WorkItem, worklist
    from mcu_sdk.errors import McuError
    from mcu_sdk.intake import Collected, Inbox, collect, collect_async
    from mcu_sdk.model import Message
    from mcu_sdk.municipality import Municipality
    from mcu_sdk.sla import Calendar, Deadline, Policy, Rule, evaluate, load_rules

__all__ = [
    "AsyncPortal",
    "Calendar",
    "Collected",
    "Deadline",
    "Desk",
    "Inbox",
    "McuError",
    "Message",
    "Municipality",
    "Policy",
    "Portal",
    "PortalSettings",
    "Rule",
    "WorkItem",
    "__version__",
    "collect",
    "collect_async",
    "evaluate",
    "load_rules",
    "worklist",
]

_HOMES = {
    "AsyncPortal": "mcu_sdk.channels.portal",
    "Calendar": "mcu_sdk.sla",
    "Collected": "mcu_sdk.intake",
    "Deadline": "mcu_sdk.sla",
    "Desk": "mcu_sdk.desk",
    "Inbox": "mcu_sdk.intake",
    "McuError": "mcu_sdk.errors",
    "Message": "mcu_sdk.model",
    "Municipality": "mcu_sdk.municipality",
    "Policy": "mcu_sdk.sla",
    "Portal": "mcu_sdk.channels.portal",
    "PortalSettings": "mcu_sdk.channels.portal",
    "Rule": "mcu_sdk.sla",
    "WorkItem": "mcu_sdk.desk",
    "collect": "mcu_sdk.intake",
    "collect_async": "mcu_sdk.intake",
    "evaluate": "mcu_sdk.sla",
    "load_rules": "mcu_sdk.sla",
    "worklist": "mcu_sdk.desk",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # only a first use pays for it

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
