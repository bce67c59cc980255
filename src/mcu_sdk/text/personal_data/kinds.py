"""What is found in a text: a kind and a place, never the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

__all__ = ["PersonalData", "PersonalDataKind", "Span"]


class PersonalDataKind(StrEnum):
    """The kinds of personal data that can be told by their form."""

    PHONE = "phone"
    EMAIL = "email"
    SNILS = "snils"
    INN = "inn"
    PASSPORT = "passport"
    CARD = "card"
    PLATE = "plate"
    ADDRESS = "address"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One find: `text[start:end]` of the text that was searched. The value itself is not kept."""

    kind: PersonalDataKind
    start: int
    end: int


Span: TypeAlias = tuple[PersonalDataKind | None, int, int]
"""What a detector yields: kind, start, end; without a kind a stretch that later detectors must not see."""
