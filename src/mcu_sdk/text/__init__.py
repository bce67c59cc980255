"""Pure work on texts: cleaning what editors and networks left in them, masking personal data."""

from __future__ import annotations

from mcu_sdk.text.clean import clean_text
from mcu_sdk.text.mask import mask_text

__all__ = ["clean_text", "mask_text"]
