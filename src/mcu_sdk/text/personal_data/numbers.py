"""Numbers of documents, cards and accounts: told by a word before, by check digits or by length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from mcu_sdk.text.personal_data.checksums import inn_holds, luhn_holds, snils_holds
from mcu_sdk.text.personal_data.kinds import PersonalDataKind, Span

__all__ = ["harmless_numbers", "long_numbers", "named_numbers", "numbers_by_form"]

_BETWEEN = (
    r"(?:[\s:;,.№#=()«»\"'/\u2010-\u2015-]|(?<![^\W\d_])(?:номер[а-я]{0,2}|n|мой|моя|мое|мои|его|ее|рф|россии|российской"
    r"|федерации|граждан[а-я]{2,3}|сери[яию]|и|данные|страхов[а-я]{2,4}|обязательного|медицинского|кпп|мир|банк[а-я]{0,3})(?![^\W_])){0,14}"
)
_NO_SUM = r"(?!\s?(?:руб|р\.|₽|тыс|млн))"


def _some_digits(least: int, most: int, gap: str = r"[\s.\u2010-\u2015-]{0,2}") -> str:
    return rf"(?<!\d)\d(?:{gap}\d){{{least - 1},{most - 1}}}(?!\d)"


_NAMED: tuple[tuple[PersonalDataKind, re.Pattern[str]], ...] = (
    (
        PersonalDataKind.SNILS,
        re.compile(rf"с(?<![^\W\d_]с)(?:нилс[а-я]{{0,2}}|траховой номер){_BETWEEN}({_some_digits(11, 11)})"),
    ),
    (
        PersonalDataKind.INN,
        re.compile(rf"инн(?<![^\W\d_]инн){_BETWEEN}({_some_digits(12, 12)}|{_some_digits(10, 10)})"),
    ),
    (
        PersonalDataKind.PASSPORT,
        re.compile(
            rf"(?:паспорт[а-я]{{0,4}}|сери[яию](?<![^\W\d_]сери.)){_BETWEEN}"
            rf"((?<!\d)(?:\d\d\s?\d\d{_BETWEEN}\d{{6}}|\d\d{_BETWEEN}\d{{7}}|\d{{6}})(?!\d))"
        ),
    ),
    (
        PersonalDataKind.CARD,
        re.compile(rf"карт[аыеу]{_BETWEEN}({_some_digits(16, 19, '[ -]?')})"),
    ),
    (
        PersonalDataKind.NUMBER,
        re.compile(
            rf"(?:лицев[а-я]{{2,3}}\s{{1,2}}счет[а-я]{{0,2}}|л/с(?<![^\W\d_]л/с)ч?|полис[а-я]{{0,2}}|омс(?<![^\W\d_]омс)){_BETWEEN}"
            rf"({_some_digits(5, 20, '[ -]?')}){_NO_SUM}"
        ),
    ),
)
_NO_GAPS = str.maketrans("", "", " \u00a0-")
_Holds = Callable[[str], bool]
_BY_FORM: tuple[tuple[PersonalDataKind, re.Pattern[str], _Holds | None], ...] = (
    (
        PersonalDataKind.CARD,
        re.compile(r"[2-6](?<!\d[2-6])\d{3}(?:[ \u00a0-]?\d{4}){3}(?:[ \u00a0-]?\d{1,3})?(?!\d)"),
        luhn_holds,
    ),
    (
        PersonalDataKind.SNILS,
        re.compile(r"\d(?<!\d\d)\d\d[ \u00a0-]?\d{3}[ \u00a0-]?\d{3}[ \u00a0-]{0,3}\d\d(?!\d)"),
        snils_holds,
    ),
    (
        PersonalDataKind.PASSPORT,
        re.compile(
            rf"\d(?<![\d.]\d)(?:\d{{3}}(?:\s|\s?(?:№|n|номер)\s?)|\d\s\d\d\s?(?:№|n|номер)?\s?)\d{{6}}(?!\d){_NO_SUM}"
        ),
        None,
    ),
    (PersonalDataKind.INN, re.compile(r"\d(?<!\d\d)\d{9}(?:\d\d)?(?!\d)"), inn_holds),
)
_LONG = re.compile(r"\d(?<!\d\d)(?:[ \u00a0-]?\d){9,}+(?!\s?(?:руб|₽))")
_LONGEST_LISTED = 3
_YEARS = range(1900, 2100)
_APPEAL = "(?:обращени|заявк|заявлени|сообщени|вх|исх|рег)"
_NO_MOBILE = r"(?![78]9\d{9}(?!\d))"
_HARMLESS = tuple(
    map(
        re.compile,
        (
            r"\d(?<!\d\d)(?<!\d[ .-]\d)\d?[.-]\d\d?[.-](?:19|20)\d\d(?!\d)",
            r"[12](?<!\d\d)(?<!\d[ .-]\d)(?:(?<=1)9|(?<=2)0)\d\d-\d\d-\d\d(?!\d)",
            r"\d(?<![\d-]\d)\d{0,2}(?:[ \u00a0]\d{3}){1,5}(?:,\d\d)?\s?(?:руб|р\.|₽|тыс|млн|коп)",
            rf"{_APPEAL}[а-я.]{{0,3}}\s?(?:№|n|номер)[\s:]{{0,3}}{_NO_MOBILE}\d[\d/-]{{0,40}}",
        ),
    )
)


def named_numbers(text: str) -> Iterator[Span]:
    """Yield numbers of a lowered text that the word before them names, whatever their check digits say."""
    for kind, rule in _NAMED:
        for found in rule.finditer(text):
            yield kind, found.start(1), found.end(1)


def numbers_by_form(text: str) -> Iterator[Span]:
    """Yield numbers that their check digits prove, and passports by their four and six digits."""
    for kind, rule, holds in _BY_FORM:
        found = rule.search(text)
        while found:
            if holds is None or holds(found[0].translate(_NO_GAPS)):
                yield kind, *found.span()
                found = rule.search(text, found.end())
            else:  # what overlaps a refused candidate is still to be looked at
                found = rule.search(text, found.start() + 1)


def long_numbers(text: str) -> Iterator[Span]:
    """Yield what else has ten digits and more: accounts, documents unknown. Lists and years are none."""
    for found in _LONG.finditer(text):
        if not _is_list(re.split(r"\D", found[0])):
            yield PersonalDataKind.NUMBER, *found.span()


def _is_list(groups: list[str]) -> bool:
    if max(map(len, groups)) <= _LONGEST_LISTED:
        values = list(map(int, groups))
        return all(one < other for one, other in pairwise(values))
    return all(len(group) == 4 and int(group) in _YEARS for group in groups)


def harmless_numbers(text: str) -> Iterator[Span]:
    """Yield where dates, sums of money and numbers of appeals stand."""
    for rule in _HARMLESS:
        for found in rule.finditer(text):
            yield None, *found.span()
