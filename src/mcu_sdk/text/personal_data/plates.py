"""Registration plates of vehicles, in Cyrillic letters or the Latin ones that look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcu_sdk.text.personal_data.kinds import PersonalDataKind, Span

__all__ = ["plates"]

_LETTER = "[авекмнорстухabekmhopctyx]"
_GAP = "[^\\S\\n]?"
_REGION = rf"{_GAP}(?:[1-9]\d{{2}}|\d{{2}})(?!\d)(?:{_GAP}(?:rus|рус))?(?![^\W\d_])"
_PLATE = re.compile(
    rf"{_LETTER}(?<![^\W\d_]{_LETTER})(?:(?P<gap>{_GAP})\d{{3}}{_GAP}(?P<letters>{_LETTER}{{2}})"
    rf"(?P<region>{_REGION}|(?![^\W_]))|{_LETTER}{_GAP}\d{{3,4}}{_REGION})"
)
_MOTORCYCLE = re.compile(rf"\d(?<![^\W_]\d)\d{{3}}{_GAP}{_LETTER}{{2}}{_REGION}")
_NAMED = re.compile(r"(?:номер|гос|г/?н|рег|маши|авто|такси|прицеп|мото|ваз|газ|маз|уаз|№)[^\d\[\]\n]{0,20}$")
_UNITS = frozenset(["км", "см", "мм"])
_LOOK_BACK = 40


def plates(text: str, written: str) -> Iterator[Span]:
    """Yield the plates in a lowered text; *written* is the same text as it was typed."""
    for found in _PLATE.finditer(text):
        if _sure(found, written[found.start()]) or _is_named(text, found.start()):
            yield PersonalDataKind.PLATE, *found.span()
    for found in _MOTORCYCLE.finditer(text):
        if _is_named(text, found.start()):
            yield PersonalDataKind.PLATE, *found.span()


def _is_named(text: str, start: int) -> bool:
    return _NAMED.search(text, max(0, start - _LOOK_BACK), start) is not None


def _sure(found: re.Match[str], first: str) -> bool:
    """Tell whether this can only be a plate: «с 100 см 20» and «к 200 км 45» are none."""
    if found["letters"] is None or found["letters"] in _UNITS:
        return False
    large, compact, region = first.isupper(), not found["gap"], bool(found["region"])
    return large + compact + region >= 2
