"""A text in the two languages that explanations are written in."""

from __future__ import annotations

from typing import NamedTuple

from mcu_sdk.errors import Language


class Text(NamedTuple):
    """The same text in Russian and in English."""

    ru: str = ""
    en: str = ""

    def in_language(self, language: Language) -> str:
        """Return the text in *language*."""
        return self.ru if language == "ru" else self.en


NO_TEXT = Text()


def both(text: str | Text) -> Text:
    """Return *text* in two languages; a plain one is the same in both."""
    return text if isinstance(text, Text) else Text(text, text)
