"""What to say of a word that is not among the known ones: the nearest of them, and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.bilingual import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> Text:
    """Return the known word that *word* may stand for, if one is near, and the known ones.

    >>> nearest("wites", ["url", "writes"]).en
    "did you mean 'writes'? known are url, writes"
    """
    from difflib import get_close_matches  # noqa: PLC0415  (slow to import, and only mistakes need it)

    names = list(known)
    listed = ", ".join(names) or "—"
    near = get_close_matches(word, names, n=1)
    return Text(
        (f"возможно, «{near[0]}»; " if near else "") + f"есть: {listed}",
        (f"did you mean {near[0]!r}? " if near else "") + f"known are {listed}",
    )


def check_word(argument: str, word: str, known: Iterable[str]) -> None:
    """Raise `SlaError` unless *word*, given for *argument*, is one of the *known* ones."""
    names = list(known)
    if word not in names:
        told = nearest(str(word), names)
        raise SlaError(
            "sla.word_unknown",
            f"{argument} cannot be {word!r}; {told.en}",
            argument=argument,
            word=word,
            known=told.ru,
        )


def unknown_key(key: str, known: Iterable[str]) -> Text:
    """Return what to say of a key that a table does not have."""
    told = nearest(key, known)
    return Text(f"такого ключа нет, {told.ru}", f"unknown key; {told.en}")
