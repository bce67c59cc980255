"""Phrases as people write them in a list, made into patterns that take linear time on any text."""

from __future__ import annotations

import re

__all__ = ["LONGEST_PHRASE", "phrase_pattern"]

LONGEST_PHRASE = 200
_GAP = r"[^.!?\n]{0,80}?"
_BETWEEN = r"[\s,]{1,3}"
_ANY_ENDING = r"[^\W\d_]{0,15}"
_GAPS = ("…", "...")


def phrase_pattern(phrase: str) -> re.Pattern[str] | None:
    """Return the pattern of a phrase for a lowered text, None for a phrase without a word at either end.

    Words stand in their order; `*` at the end of a word is any ending, `…` a gap of up to 80
    characters within the sentence.

    >>> pattern = phrase_pattern("спасибо за обращение … передан*")
    >>> bool(pattern.search("спасибо за обращение, оно передано в отдел"))
    True
    """
    words = phrase.lower().replace("ё", "е").split()
    gaps = [word in _GAPS for word in words]
    if not words or gaps[0] or gaps[-1] or not re.search(r"\w", words[0]) or len(phrase) > LONGEST_PHRASE:
        return None
    pieces = [r"(?<!\w)"]
    for place, (word, gap) in enumerate(zip(words, gaps, strict=True)):
        if gap:
            pieces.append(_GAP)
            continue
        if place and not gaps[place - 1]:
            pieces.append(_BETWEEN)
        pieces.append(re.escape(word.removesuffix("*")) + (_ANY_ENDING if word.endswith("*") else ""))
    return re.compile("".join(pieces) + r"(?!\w)")
