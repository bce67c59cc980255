"""Whether this machine and this profile are fit to work, and what to ask of whom."""

from __future__ import annotations

from mcu_sdk.doctor.examination import examine
from mcu_sdk.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
