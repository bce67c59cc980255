"""Whether a text complains of a body: the guard of the law on appeals, with its words as data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from mcu_sdk.errors import Language
from mcu_sdk.municipality.phrases import mentions
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.words import EVIDENCE, UNVERIFIED, VERIFIED, on_date

__all__ = ["ComplaintRule", "complaint_rule", "complaint_words"]


@dataclass(frozen=True, slots=True)
class ComplaintRule:
    """The norm that keeps a complaint from the body complained of, and how well it is known."""

    words: tuple[str, ...]
    act: Text
    known: Text
    version: str

    def cite(self, language: Language) -> str:
        """Return the act with its article, the evidence, and whether it was checked."""
        return f"{self.act.in_language(language)} ({self.known.in_language(language)})"


@cache
def complaint_rule() -> ComplaintRule:
    """Return the rule that ships as `complaints.toml`; read once."""
    table = tomllib.loads(files("mcu_sdk.municipality").joinpath("complaints.toml").read_text("utf-8"))
    checked = VERIFIED if table["verified"] else UNVERIFIED
    evidence = EVIDENCE[table["evidence"]]
    return ComplaintRule(
        tuple(table["words"]),
        _cited(table["act"]),
        Text(*(f"{known}; {sure}" for known, sure in zip(evidence, checked, strict=True))),
        table["version"],
    )


def _cited(act: dict[str, Any]) -> Text:
    adopted: date = act["date"]
    name, article = Text(**act["name"]), Text(**act["article"])
    return Text(
        f"{name.ru} от {on_date(adopted)} № {act['number']}, {article.ru}",
        f"{name.en} of {on_date(adopted)} No. {act['number']}, {article.en}",
    )


def complaint_words(words: Sequence[str], names: Iterable[str]) -> tuple[str, str] | None:
    """Return the word of complaint and the name that *words* of a text hold, None unless it holds both.

    The words come back as the rule and the profile write them, never as the text does.

    >>> from mcu_sdk.municipality.phrases import words_of
    >>> complaint_words(words_of("Обжалую бездействие водоканала"), ["МУП", "Водоканал"])
    ('обжалую', 'Водоканал')
    """
    named = next((name for name in names if mentions(words, name)), None)
    if named is None:
        return None
    word = next((word for word in complaint_rule().words if mentions(words, word)), None)
    return None if word is None else (word, named)
