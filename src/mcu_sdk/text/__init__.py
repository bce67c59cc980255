"""Pure work on texts: cleaning, masking personal data, checking an answer before it is sent."""

from __future__ import annotations

from mcu_sdk.text.answer_check import Finding, check_answer
from mcu_sdk.text.answer_rules import AnswerCheck, AnswerLimits, AnswerRules
from mcu_sdk.text.clean import clean_text
from mcu_sdk.text.mask import mask_text
from mcu_sdk.text.personal_data import PersonalData, PersonalDataKind, find_personal_data

__all__ = [
    "AnswerCheck",
    "AnswerLimits",
    "AnswerRules",
    "Finding",
    "PersonalData",
    "PersonalDataKind",
    "check_answer",
    "clean_text",
    "find_personal_data",
    "mask_text",
]
