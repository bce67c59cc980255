"""Where the sentences of a Russian text begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentences"]

_STOP = re.compile(r"[.!?…]++[\"»)]{0,3}(?=\s)|\n[^\S\n]*+(?=\n)|(?<=[;:])[^\S\n]*+\n(?=[^\S\n]*+[A-ZА-ЯЁ])")
_SHORTENED = re.compile(
    "(?:ул|пер|пр|просп|пл|наб|бул|ш|гг?|гор|д|дер|с|пос|обл|р-н|мкр|кв|корп|стр|оф|каб|эт|рп|им|ст|ч|пп?|абз"
    "|ред|см|напр|т|тел|доб|исх|вх|рег|руб|коп|тыс|млн|млрд|км|м|кг|др|зам|нач|гл)"
)
_MAY_END = frozenset(["г", "гг", "руб", "коп", "тыс", "млн", "млрд", "км", "м", "др", "пр"])
_LONGEST_WORD = 12
_LAST_WORD = re.compile(r"(\d\s?)?([^\W\d_]+(?:-[^\W\d_]+)?)$")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence; stretches between them hold no letters.

    A full stop after a shortened word («ул.», «г.», an initial) ends none, except after a number
    («2026 г. Работы…»). A line end ends a sentence only before an empty line. Linear in the length.

    >>> text = "Ремонт на ул. Ленина окончен в 2026 г. Работы принял И. И. Иванов."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Ремонт на ул. Ленина окончен в 2026 г.', 'Работы принял И. И. Иванов.']
    """
    start = 0
    for stop in _STOP.finditer(text):
        if stop[0] != "." or _ends(text, stop.start(), stop.end()):
            yield from _without_edges(text, start, stop.end())
            start = stop.end()
    yield from _without_edges(text, start, len(text))


def _ends(text: str, stop: int, after: int) -> bool:
    following = text[after : after + _LONGEST_WORD].lstrip()[:1]
    if following.islower():
        return False
    last = _LAST_WORD.search(text[max(0, stop - _LONGEST_WORD) : stop])
    if last is None:
        return True
    number, word = last.groups()
    if len(word) == 1 and word.isupper():
        return False
    if not _SHORTENED.fullmatch(word.lower()):
        return True
    return word.lower() in _MAY_END and (number is not None or len(word) > 1)


def _without_edges(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inner = text[start:end]
    start, end = start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
    if start < end:
        yield start, end
