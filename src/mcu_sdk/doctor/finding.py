"""What a check found: how grave it is, what it means, whom to ask for what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

from mcu_sdk.errors import Language, McuError
from mcu_sdk.sla import Text

__all__ = ["Fact", "Finding", "Level", "finding", "words_of"]

Level: TypeAlias = Literal["good", "note", "warning", "trouble", "skipped"]
"""`trouble` stops the work or makes it wrong; `warning` will; `note` is to be known."""
Fact: TypeAlias = str | int | float | date | Text | None
"""A value that a text is filled with; a `Text` where it has a word of its own in each language."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. Holds no secret and no personal data.

    `code` is stable and dotted (`"zone_data.older"`), its first part is the check; `text` says what was
    found, `ask` what to do or whom to ask for it, empty where nothing is to be done; `facts` are the
    values behind the text.
    """

    code: str
    level: Level
    text: Text
    ask: Text
    facts: Mapping[str, Fact] = field(hash=False)

    @property
    def check(self) -> str:
        """The name of the check."""
        return self.code.partition(".")[0]

    def as_json(self, language: Language = "ru") -> dict[str, object]:
        """Return the finding for a program, its texts in *language*, dates in ISO 8601."""
        return {
            "check": self.check,
            "code": self.code,
            "level": self.level,
            "text": self.text.in_language(language),
            "ask": self.ask.in_language(language),
            "facts": {name: _plain(fact, language) for name, fact in self.facts.items()},
        }


def finding(code: str, **facts: Fact) -> Finding:
    """Return the finding of that code, its level and texts from `texts.toml`, filled with *facts*."""
    row = _texts()[code]
    return Finding(
        code,
        cast(Level, row["level"]),
        Text(_filled(row["ru"], facts, "ru"), _filled(row["en"], facts, "en")),
        Text(_filled(row.get("ask_ru", ""), facts, "ru"), _filled(row.get("ask_en", ""), facts, "en")),
        facts,
    )


def words_of(error: McuError) -> Text:
    """Return what *error* says in both languages, without a full stop."""
    return Text(error.localized("ru"), error.localized("en"))


def _filled(template: str, facts: Mapping[str, Fact], language: Language) -> str:
    words = {
        name: fact.in_language(language) if isinstance(fact, Text) else fact for name, fact in facts.items()
    }
    return template.format_map(words)


def _plain(fact: Fact, language: Language) -> str | int | float | None:
    if isinstance(fact, Text):
        return fact.in_language(language)
    return fact.isoformat() if isinstance(fact, date) else fact


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = tomllib.loads(
        files("mcu_sdk.doctor").joinpath("texts.toml").read_text("utf-8")
    )
    return texts
