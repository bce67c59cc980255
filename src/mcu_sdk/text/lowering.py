"""Small letters, sign for sign, so that places in the lowered text are places in the text."""

from __future__ import annotations

__all__ = ["lowered"]


def lowered(text: str) -> str:
    """Return *text* in small letters with «е» for «ё», of the same length.

    >>> lowered("Приём, ЁЛКА")
    'прием, елка'
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return small.replace("ё", "е")
