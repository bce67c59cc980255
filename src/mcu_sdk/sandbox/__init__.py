"""The channels' far side for work without a network: for tests, examples, demonstrations.

It is written from the description of the observed interface, not from our clients, and never
imports them: a shared misreading cannot cancel out.
"""

from __future__ import annotations

from mcu_sdk.sandbox.answers import JsonObject
from mcu_sdk.sandbox.csv_messages import messages_from_csv
from mcu_sdk.sandbox.fault_kinds import FAULT_KINDS, FaultKind
from mcu_sdk.sandbox.faults import Fault, FaultScript
from mcu_sdk.sandbox.files import SandboxFile
from mcu_sdk.sandbox.messages import seeded_messages
from mcu_sdk.sandbox.portal import LogEntry, PortalSandbox
from mcu_sdk.sandbox.sample import portal_export
from mcu_sdk.sandbox.server import SandboxServer

__all__ = [
    "FAULT_KINDS",
    "Fault",
    "FaultKind",
    "FaultScript",
    "JsonObject",
    "LogEntry",
    "PortalSandbox",
    "SandboxFile",
    "SandboxServer",
    "messages_from_csv",
    "portal_export",
    "seeded_messages",
]
