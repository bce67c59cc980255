"""The rules for answers of a municipality's file."""

from __future__ import annotations

from collections.abc import Mapping

from mcu_sdk.errors import UsageError
from mcu_sdk.municipality.mistakes import Mistakes
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.text import AnswerRules

__all__ = ["read_answer_rules"]


def read_answer_rules(table: Mapping[str, object], mistakes: Mistakes) -> AnswerRules:
    """Return the shipped rules with those of `[answers]` over them; each key that is wrong is noted."""
    good: dict[str, object] = {}
    for key, value in table.items():
        try:
            AnswerRules.parse({key: value})
        except UsageError as error:
            place = f"answers.{error.values['key']}"
            mistakes.add(place, Text(str(error.values["reason_ru"]), str(error.values["reason"])))
        else:
            good[key] = value
    return AnswerRules.parse(good)
