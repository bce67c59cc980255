"""Pure work on texts: cleaning what editors and networks left in them, masking personal data."""

from __future__ import annotations

from mcu_sdk.text.clean import clean_text
from mcu_sdk.text.mask import mask_text
from mcu_sdk.text.personal_data import PersonalData, PersonalDataKind, find_personal_data

__all__ = ["PersonalData", "PersonalDataKind", "clean_text", "find_personal_data", "mask_text"]
