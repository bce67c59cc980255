"""Checking an answer to a resident before it is sent."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from mcu_sdk.errors import Language
from mcu_sdk.text.answer_rules import AnswerCheck, AnswerRules, Level, Wording
from mcu_sdk.text.lowering import lowered
from mcu_sdk.text.personal_data import PersonalData, PersonalDataKind, find_personal_data
from mcu_sdk.text.sentences import sentences

__all__ = ["Finding", "check_answer"]

_KIND_NAMES = {
    PersonalDataKind.PHONE: Wording("телефон", "a phone number"),
    PersonalDataKind.EMAIL: Wording("электронная почта", "an e-mail address"),
    PersonalDataKind.SNILS: Wording("СНИЛС", "a СНИЛС"),
    PersonalDataKind.INN: Wording("ИНН", "an ИНН"),
    PersonalDataKind.PASSPORT: Wording("паспорт", "a passport"),
    PersonalDataKind.CARD: Wording("банковская карта", "a bank card"),
    PersonalDataKind.PLATE: Wording("номер машины", "a registration plate"),
    PersonalDataKind.ADDRESS: Wording("дом и квартира", "a house and flat"),
    PersonalDataKind.NUMBER: Wording("длинный номер", "a long number"),
}
_MOBILE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in `text[start:end]`; the words themselves are not kept, they may be personal."""

    check: str
    level: Level
    start: int
    end: int
    wording: Wording = field(repr=False)

    def excerpt(self, text: str) -> str:
        """Return the words found, of the *text* that was checked."""
        return text[self.start : self.end]

    def explain(self, language: Language = "ru") -> str:
        """Return in Russian or English what is wrong, without the words found."""
        return self.wording.in_language(language)


def check_answer(
    text: str, *, public: bool, channel: str | None = None, rules: AnswerRules | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with an answer, in the order of the text; nothing if it may go.

    *public* answers are read by all, others by the applicant alone. *channel* (`"portal"`, `"telegram"`, …)
    picks the limits of length. *rules* are those of a municipality, else the shipped ones. Findings of
    different checks may overlap. Only what patterns can see is found: whether the answer is true or
    to the point is for its author. Linear in the length of the text.

    >>> text = "Ремонт будет выполнен в ближайшее время."
    >>> for finding in check_answer(text, public=False):
    ...     print(finding.level, finding.check, finding.excerpt(text))
    warn too_short Ремонт будет выполнен в ближайшее время.
    warn no_measure Ремонт будет выполнен в ближайшее время.
    warn promise_without_date будет выполнен
    warn promise_without_date в ближайшее время
    """
    rules = rules or AnswerRules.parse({})
    answer = _Answer(text, rules, channel)
    found: list[Finding] = []
    for check in rules.checks:
        if check.level == "off" or (check.public_only and not public):
            continue
        new = [
            Finding(check.id, check.level, start, end, wording)
            for start, end, wording in answer.places(check)
        ]
        if new and check.alone:
            return tuple(new)
        found += new
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


class _Answer:
    """One text under the checks of one set of rules."""

    def __init__(self, text: str, rules: AnswerRules, channel: str | None) -> None:
        self._text = text
        self._small = lowered(text)
        self._rules = rules
        self._limits = rules.limits_of(channel)

    def places(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        match check.kind:
            case "pattern":
                return self._matches(check)
            case "pattern_without":
                return self._matches_without(check)
            case "missing":
                return self._missing(check)
            case "length":
                return self._length(check)
            case "personal_data":
                return self._personal(check)

    def _matches(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        text = self._text if check.as_typed else self._small
        for pattern in check.patterns:
            for found in pattern.expression.finditer(text):
                yield *found.span(), pattern.wording or check.wording

    def _matches_without(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        matches = sorted(self._matches(check), key=lambda one: one[:2])
        if not matches:
            return
        places = list(sentences(self._text))
        begins = [start for start, _ in places]
        excused: dict[int, bool] = {}
        for start, end, wording in matches:
            number = max(0, bisect_right(begins, start) - 1)
            if number not in excused:
                sentence = self._small[slice(*places[number])]
                excused[number] = any(one.expression.search(sentence) for one in check.without)
            if not excused[number]:
                yield start, end, wording

    def _missing(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        if next(self._matches(check), None) is None:
            yield *self._whole(), check.wording

    def _length(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        start, end = self._whole()
        facts = {
            "characters": end - start,
            "least": self._limits.least_characters,
            "most": self._limits.most_characters,
        }
        wording = Wording(*(one.format_map(facts) for one in check.wording))
        if check.bound == "least_characters" and facts["characters"] < facts["least"]:
            yield start, end, wording
        if check.bound == "most_characters" and facts["characters"] > facts["most"]:
            yield start + facts["most"], end, wording

    def _personal(self, check: AnswerCheck) -> Iterator[tuple[int, int, Wording]]:
        for found in find_personal_data(self._text):
            if found.kind in check.personal and not self._is_own(found):
                wording = Wording(
                    *(
                        one.format(what=what)
                        for one, what in zip(check.wording, _KIND_NAMES[found.kind], strict=True)
                    )
                )
                yield found.start, found.end, wording

    def _is_own(self, found: PersonalData) -> bool:
        value = self._text[found.start : found.end]
        if found.kind is PersonalDataKind.EMAIL:
            return value.lower() in self._rules.own_contacts
        digits = re.sub(r"\D", "", value)[-_MOBILE_DIGITS:]
        return found.kind is PersonalDataKind.PHONE and any(
            own.endswith(digits) for own in self._rules.own_contacts
        )

    def _whole(self) -> tuple[int, int]:
        words = self._text.strip()
        start = len(self._text) - len(self._text.lstrip())
        return (start, start + len(words)) if words else (0, len(self._text))
