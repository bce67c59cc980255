"""The portal's feedback platform (ПОС), the receiving side that an organisation answers from.

The interface is *observed* in public code, not published by the operator: see `Portal.describe()`.
"""

from __future__ import annotations

from mcu_sdk.channels.portal.async_client import AsyncPortal
from mcu_sdk.channels.portal.client import Portal
from mcu_sdk.channels.portal.interface import Operation
from mcu_sdk.channels.portal.models import (
    AnswerType,
    Applicant,
    DownloadedFile,
    PortalMessage,
    StatusReport,
    StoredFile,
    WriteReceipt,
)
from mcu_sdk.channels.portal.settings import PortalSettings
from mcu_sdk.channels.portal.sheets import PortalExport, export_layout

__all__ = [
    "AnswerType",
    "Applicant",
    "AsyncPortal",
    "DownloadedFile",
    "Operation",
    "Portal",
    "PortalExport",
    "PortalMessage",
    "PortalSettings",
    "StatusReport",
    "StoredFile",
    "WriteReceipt",
    "export_layout",
]
