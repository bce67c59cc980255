"""The tables of a profile that tell where messages go: `[[body]]` and `[[route]]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from mcu_sdk.municipality.form import CivilDate, Form, Key, OneOrMore, Words, refused
from mcu_sdk.municipality.phrases import words_of
from mcu_sdk.sla.bilingual import Text

__all__ = ["BodyForm", "RouteForm"]

_CODE_LENGTHS = (8, 11)


def _said(values: list[str]) -> list[str]:
    if all(map(words_of, values)):
        return values
    raise refused(Text("нужно хотя бы одно слово из букв или цифр", "must have a word of letters or digits"))


def _territories(values: list[str]) -> list[str]:
    if any(value.isdecimal() and len(value) not in _CODE_LENGTHS for value in values):
        raise refused(
            Text(
                "код ОКТМО — 8 или 11 цифр в кавычках; иначе название населённого пункта",
                "an OKTMO code is 8 or 11 digits in quotes; else the name of a settlement",
            )
        )
    return _said(values)


class BodyForm(Form):
    """`[[body]]`"""

    key: Key
    title: Words
    aliases: Annotated[list[Words], AfterValidator(_said)] = []
    parent: str | None = None


class RouteForm(Form):
    """`[[route]]`"""

    topic: Annotated[OneOrMore, AfterValidator(_said)] = []
    territory: Annotated[OneOrMore, AfterValidator(_territories)] = []
    executor: str
    valid_from: CivilDate | None = None
    valid_to: CivilDate | None = None
