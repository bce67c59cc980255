"""Phrases of a list: endings, gaps, and what is refused."""

from __future__ import annotations

import pytest

from mcu_sdk.text.lowering import lowered
from mcu_sdk.text.phrases import LONGEST_PHRASE, phrase_pattern


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        ("взят* на контроль", "Вопрос взят на контроль.", True),
        ("взят* на контроль", "вопросы взяты  на\nконтроль", True),
        ("взят* на контроль", "взят наш контроль", False),
        ("взят на контроль", "взяты на контроль", False),
        ("взят на контрол", "взят на контроль", False),
        ("Учтём ваше мнение", "мы учтем ваше мнение", True),
        ("спасибо … передан*", "Спасибо за всё, письмо передано в отдел", True),
        ("спасибо ... передан*", "Спасибо за всё. Письмо передано", False),
        ("спасибо … передан*", f"спасибо {'а ' * 60}передано", False),
        ("контроль", "автоконтроль", False),
        ("п. (1) вот", "см. п. (1) вот", True),
        ("а.б", "аяб", False),
    ],
)
def test_words_in_their_order(phrase: str, text: str, fits: bool) -> None:
    """A star is any ending, a gap stays within the sentence and 80 characters, signs are themselves."""
    pattern = phrase_pattern(phrase)
    assert pattern is not None
    assert bool(pattern.search(lowered(text))) is fits


@pytest.mark.parametrize(
    "phrase", ["", " ", "…", "… передано", "передано …", "!!!", "а" * (LONGEST_PHRASE + 1)]
)
def test_phrases_that_say_nothing_are_refused(phrase: str) -> None:
    """A phrase begins and ends with a word and is not longer than a sentence."""
    assert phrase_pattern(phrase) is None
