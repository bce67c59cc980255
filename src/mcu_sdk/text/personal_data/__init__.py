"""Personal data inside a free text: what stands where."""

from __future__ import annotations

from mcu_sdk.text.personal_data.find import find_personal_data
from mcu_sdk.text.personal_data.kinds import PersonalData, PersonalDataKind

__all__ = ["PersonalData", "PersonalDataKind", "find_personal_data"]
