"""Where sentences end, and where a full stop ends none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.text.sentences import sentences


@pytest.mark.parametrize(
    "parts",
    [
        ["Яма засыпана.", "Акт подписан!", "Вопросы есть?"],
        ["Ремонт на ул. Ленина, д. 5, и на пер. Мирном окончен."],
        ["Работы окончены в 2026 г.", "Приняла их комиссия."],
        ["Потрачено 500 тыс. руб.", "Остаток вернули."],
        ["Принял И. И. Иванов."],
        ["См. ст. 12 закона и т. д.\nДалее"],
        ["Закрыто (совсем).", "Далее"],
        ["Сделано: то-то.", "Другое"],
        ["Без точки", "После пустой строки"],
        ["Сделали:", "Ямы засыпаны"],
        ["Ждём…", "Дождались"],
    ],
)
def test_sentences_of_letters(parts: list[str]) -> None:
    """Shortened words, initials and numbers before a stop; empty lines."""
    glue = "\n\n" if parts[0] == "Без точки" else "\n" if parts[0].endswith(":") else " "
    text = glue.join(parts)
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet=st.sampled_from("аБ1. \n!?…»)г;:ул"), max_size=60))
def test_nothing_but_space_is_lost(text: str) -> None:
    """Sentences stand in order, hold all that is not space, and have no space at their edges."""
    at = 0
    for start, end in sentences(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
