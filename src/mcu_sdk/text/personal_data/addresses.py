"""The part of an address below the street, where it leads to a person's door.

A house by itself is not personal data: messages are about the hole at house 5 of a street. A flat is,
with the house before it; so is a house after words such as «проживаю» or «мой адрес».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mcu_sdk.text.personal_data.kinds import PersonalDataKind, Span

__all__ = ["addresses", "own_houses"]

_WORD = r"(?<![^\W\d_])"  # nothing of a word before; digits may be: «5кв12»
_WORD_END = r"(?![^\W_])"
_SEPARATOR = r"[\s,.;]{0,4}"
_YEAR = r"(?:19|20)\d\d(?!\d)"

_HOUSE_WORD = rf"{_WORD}(?:дом(?:а|у|е|ом)?|д)[\s.,№:]{{0,3}}"
_HOUSE_NUMBER = (
    r"\d{1,4}(?!\d)(?:\s?[/\\-]\s?\d{1,4}(?!\d))?"
    rf"(?:(?:[\"«-]?[а-я][\"»]?| [абвгджз]){_WORD_END})?(?:[/\\]\d{{1,3}}(?!\d))?"
)
_BARE_HOUSE = rf"(?<!\d)(?<!\d[.,])(?!{_YEAR})"
_ENTRANCE = "(?:под[ъь]езд[а-я]?|этаж[а-я]?)"
_PART_WORD = f"(?:корп(?:ус[а-я]?)?|к|строение|стр|литера?|лит|блок|секция|под|п|эт|{_ENTRANCE})"
_PARTS = (
    rf"(?:{_SEPARATOR}(?:{_PART_WORD}[\s.№]{{0,3}}\d{{1,3}}(?!\d)[а-я]?{_WORD_END}"
    rf"|(?:корп(?:ус)?|литера?|лит)[\s.]{{0,3}}[а-я]{_WORD_END}"
    rf"|\d{{1,2}}(?!\d)(?:-?[йм])?\s?{_ENTRANCE}{_WORD_END})){{0,3}}"
)

_DEGREES = r"[.,]?\d{0,2}\s{0,2}(?:-\s?\d{1,2}\s{0,2})?(?:градус|гра?д?(?![а-я])|[°º˚•]|[сc]\s?[°º˚•]|тепла)"
_UNIT = (
    rf"(?:{_DEGREES}|\s?-?\s?[хм]?\s?-?\s?комн|\s{{0,2}}(?:лет|год|раз|мес|недел|сут|час|мин|дн[яе]|день"
    r"|м(?![а-я])|м2|метр|%|процент|руб|тыс|человек|чел|этаж|дет|реб|собак|кошк|кв))"
)
_FLAT_NUMBER = rf"(?<!\d)(?!{_YEAR})\d{{1,4}}(?!\d)(?:[а-я]{_WORD_END})?"
_FLAT = (
    rf"{_WORD}(?:кв(?:арт|-ра)?[\s.,:;№-]{{0,4}}{_FLAT_NUMBER}{_WORD_END}(?!{_DEGREES}|%|\s?м(?![а-я]))"
    rf"|квартир(?:а|е|ы|у|ой)[\s.,:;№]{{0,4}}{_FLAT_NUMBER}{_WORD_END}(?!{_UNIT}))"
)
_FLAT_AFTER = rf"{_FLAT_NUMBER}\s?кв(?:артира)?(?![а-я])(?!\.?\s?[кс]?м(?![а-я]))"
_ROOM = rf"{_WORD}ком(?:н(?:ата)?)?[\s.№]{{1,3}}{_FLAT_NUMBER}{_WORD_END}"
_IN_FLAT = (
    rf"{_WORD}(?:в|из|от|с|над|под)\s\d{{1,4}}(?:\s?-?\s?(?:й|я|ой|ей|ю))?\s?"
    r"(?:квартир[еуы]|кв(?![а-я]|\.?\s?[мк\d]))(?![а-я])"
)
_NTH_FLAT = r"(?<![\d.,-])\d{1,4}\s?-\s?(?:й|я|ой|ей|ю|ую)\s?квартир[аеуы](?![а-я])"
_TAIL = re.compile(
    rf"(?:{_HOUSE_WORD}|{_BARE_HOUSE}){_HOUSE_NUMBER}{_PARTS}{_SEPARATOR}(?:{_FLAT}|{_FLAT_AFTER}|{_ROOM})"
    rf"|{_FLAT}|{_IN_FLAT}|{_NTH_FLAT}"
)
_DOOR = re.compile("кв|ком")
_BEFORE_DOOR, _AFTER_DOOR = 90, 60
_VOLTAGE = re.compile(r"\dк?\s?кВ\s")

_OWN = re.compile(
    rf"{_WORD}(?P<words>прожива(?:ю|ем|ющ(?:ий|ая|его|ей|ему|ую|им))|живу|живем|прописана?"
    r"|(?:мой|наш|домашний) адрес|адрес (?:проживания|регистрации|прописки|заявителя)"
    r"|зарегистрирована? по адресу|по месту (?:жительства|прописки)|место жительства"
    rf"|мо(?:й|его|ему|ем)(?=\sдом)){_WORD_END}[^\d\[\]!?]{{0,100}}+(?=\d)"
)
_OWN_WINDOW = 120
_OWN_MOST_NUMBERS = 5
_SHORTENED = "(?:ул|г|гор|д|дер|пер|пр|просп|пос|п|с|рп|обл|р-н|мкр|наб|пл|ш|им|б-р|к|корп|стр)"
_WINDOW_END = re.compile(rf"[\[\]!?;]|{_WORD}(?!{_SHORTENED}\.)[а-я-]{{1,30}}+\.\s|\n\s*\n")
_HOUSE = re.compile(rf"(?P<word>{_HOUSE_WORD})?(?<!\d)(?P<number>{_HOUSE_NUMBER}){_PARTS}{_WORD_END}")
_NOT_A_HOUSE = re.compile(
    rf"{_UNIT}|[.:]\d|\s?-?(?:й|я|го|м|ом|ой|ей|х)(?![а-я])"
    r"|[^\S\n](?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|г(?![а-я])|под[ъь]езд|квартир)"
)
_STREET = re.compile(
    rf"{_WORD}(?:ул(?:иц[аеуы])?|пер(?:еул[а-я]{{1,3}})?|просп[а-я]{{0,4}}|пр(?:-?к?т)?|проезд[а-я]?|б-р"
    r"|бульвар[а-я]?|мкр|наб|ш|шоссе|тракт|пл|площад[ьи]|квартал[а-я]?|пос[а-я]{0,4}|дер[а-я]{0,4}|сел[оеа]|[дпс])"
    r"[\s.][^\d\n\[\]]{2,60}$"
)
_LONGEST_STREET, _LONGEST_NAME, _SHORTEST_NAME = 70, 30, 3


def addresses(text: str, written: str) -> Iterator[Span]:
    """Yield the tails of addresses in a lowered text; *written* is the same text as it was typed."""
    for start, end in _near_doors(text):
        for found in _TAIL.finditer(text, start, end):
            if not _VOLTAGE.search(written, *found.span()):
                yield PersonalDataKind.ADDRESS, *found.span()


def _near_doors(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text in which a flat may be named, those that touch joined."""
    start = end = 0
    for door in _DOOR.finditer(text):
        if door.start() - _BEFORE_DOOR > end:
            if end:
                yield start, end
            start = door.start() - _BEFORE_DOOR
        end = door.end() + _AFTER_DOOR
    if end:
        yield max(start, 0), end


def own_houses(text: str, written: str) -> Iterator[Span]:
    """Yield the house after words by which a person names the own address."""
    at = 0
    while own := _OWN.search(text, at):
        start = own.end("words")
        stop = _WINDOW_END.search(text, start, start + _OWN_WINDOW)
        furthest = stop.start() if stop else start + _OWN_WINDOW
        at = start
        for found in islice(_HOUSE.finditer(text, start), _OWN_MOST_NUMBERS):
            if found.start("number") > furthest:
                break
            at = found.end()
            if _is_house(text, written, start, found):
                yield PersonalDataKind.ADDRESS, found.start("word" if found["word"] else "number"), at
                break
            line_end = text.find("\n", at, furthest)  # what follows a number of another sort is the same line
            furthest = line_end if line_end >= 0 else furthest


def _is_house(text: str, written: str, start: int, found: re.Match[str]) -> bool:
    if _NOT_A_HOUSE.match(text, found.end()):
        return False
    number = found.start("number")
    if found["word"] or _STREET.search(text, max(start, number - _LONGEST_STREET), number):
        return True
    words = written[max(start, number - _LONGEST_NAME) : number].rstrip(" \n.,№").split()
    name = words[-1].rpartition(".")[2] if words else ""
    return len(name) >= _SHORTEST_NAME and name[0].isupper() and name.replace("-", "").isalpha()
