"""Names in texts: compared without case and «ё», found through the endings of Russian words."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["folded", "mentions", "words_of"]

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile("[аеиоуыэюяйь]+$")
_LONGEST_ENDING = 3
_SHORTEST_STEM = 4


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of *text* in lower case, «ё» as «е», without signs.

    >>> words_of("ООО «Учёт-Сервис»")
    ('ооо', 'учет', 'сервис')
    """
    return tuple(_WORD.findall(text.casefold().replace("ё", "е")))


def folded(text: str) -> str:
    """Return *text* as it is compared: its words in lower case, one space between them.

    >>> folded("  ЖКХ и  благоустройство. ") == folded("жкх и благоустройство")
    True
    """
    return " ".join(words_of(text))


def mentions(words: Sequence[str], phrase: str) -> bool:
    """Tell whether *words* hold the words of *phrase* side by side, in any grammatical case.

    A word of four letters or more may change its ending by up to three letters; a shorter one and an
    abbreviation must stand as it is. Rather too much than too little is found.

    >>> mentions(words_of("Жалоба на администрацию района!"), "Администрация района")
    True
    """
    wanted = words_of(phrase)
    last = len(words) - len(wanted)
    return bool(wanted) and any(
        all(map(_is_form_of, words[start : start + len(wanted)], wanted)) for start in range(last + 1)
    )


def _is_form_of(word: str, wanted: str) -> bool:
    if word == wanted:
        return True
    stem = _ENDING.sub("", wanted)
    return len(stem) >= _SHORTEST_STEM and word.startswith(stem) and len(word) - len(stem) <= _LONGEST_ENDING
