"""Where a place lies: OKTMO codes within one another, names of settlements without their kind."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from mcu_sdk.model import Place
from mcu_sdk.municipality.phrases import words_of

__all__ = ["covers", "lies_in"]

_DISTRICT_DIGITS = 5
_GROUP = "000"


def lies_in(place: Place, territory: str) -> bool:
    """Tell whether *place* lies in *territory*, an OKTMO code or the name of a settlement.

    A code covers what lies within: 8 digits their settlements of 11, a district's `…000` its
    settlements of 8. A name is compared without case, «ё» and the kind of the settlement.

    >>> lies_in(Place(oktmo="29627101001"), "29627101"), lies_in(Place(oktmo="29627102"), "29627101")
    (True, False)
    >>> lies_in(Place(settlement="с Серпейск"), "серпейск")
    True
    """
    if territory.isdecimal():
        return place.oktmo is not None and _covers_code(territory, place.oktmo)
    return place.settlement is not None and _name(place.settlement) == _name(territory)


def covers(territory: str, other: str) -> bool:
    """Tell whether every place in *other* lies in *territory* too, as far as codes and names tell."""
    if territory.isdecimal() and other.isdecimal():
        return _covers_code(territory, other)
    return _name(territory) == _name(other)


def _covers_code(outer: str, inner: str) -> bool:
    return inner.strip().startswith(_significant(outer))


def _significant(code: str) -> str:
    """Return *code* without the groups of zeroes that stand for all that lies within."""
    while len(code) > _DISTRICT_DIGITS and code.endswith(_GROUP):
        code = code[: -len(_GROUP)]
    return code


def _name(text: str) -> tuple[str, ...]:
    """Return the words of a settlement's name without its kind."""
    words = words_of(text)
    short, full = _kinds()
    for kind in (*full, *short):
        if words[: len(kind)] == kind and len(words) > len(kind):
            return words[len(kind) :]
    for kind in short:
        if words[-len(kind) :] == kind and len(words) > len(kind):
            return words[: -len(kind)]
    return words


@cache
def _kinds() -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return the short and the full kinds as words, the longest first."""
    table = tomllib.loads(files("mcu_sdk.municipality").joinpath("places.toml").read_text("utf-8"))
    short, full = (sorted(map(words_of, table[name]), key=len, reverse=True) for name in ("short", "full"))
    return tuple(short), tuple(full)
