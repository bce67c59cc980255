"""Finding personal data: the detectors in their order, until nothing new is found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from operator import attrgetter, itemgetter

from mcu_sdk.text.lowering import lowered
from mcu_sdk.text.personal_data.addresses import addresses, own_houses
from mcu_sdk.text.personal_data.kinds import PersonalData, Span
from mcu_sdk.text.personal_data.mails import mails
from mcu_sdk.text.personal_data.numbers import harmless_numbers, long_numbers, named_numbers, numbers_by_form
from mcu_sdk.text.personal_data.phones import phones, toll_free
from mcu_sdk.text.personal_data.plates import plates

__all__ = ["find_personal_data"]

_TAKEN_OUT = "[]"
_ANYTHING = re.compile(r"[\d@]")
# Each gets the text lowered and as typed, without what those before it took.
_DETECTORS: tuple[Callable[[str, str], Iterable[Span]], ...] = (
    lambda text, _: mails(text),
    lambda text, _: named_numbers(text),
    lambda text, _: toll_free(text),
    lambda text, _: harmless_numbers(text),
    lambda text, _: phones(text),
    lambda text, _: numbers_by_form(text),
    plates,
    addresses,
    own_houses,
    lambda text, _: long_numbers(text),
)


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """Return where personal data stands in *text*, in order, no two finds overlapping.

    Phones, e-mail addresses, СНИЛС, ИНН, passports, bank cards, plates of vehicles, the part of an address
    that leads to a door, and other runs of ten digits and more. Check digits decide between kinds; a
    number whose check digits fail is found all the same if a word before it names it. A house is found
    with its flat, or after words such as «проживаю»; 8-800 numbers, dates, sums and numbers of
    appeals are not. Names of persons are not found. Linear in the length of the text.

    >>> text = "Мой СНИЛС 112-233-445 95, тел. 9-14-56"
    >>> [(found.kind.value, text[found.start : found.end]) for found in find_personal_data(text)]
    [('snils', '112-233-445 95'), ('phone', '9-14-56')]
    """
    if not _ANYTHING.search(text):
        return ()
    found: list[PersonalData] = []
    rest, begins = text, [(0, 0)]
    while new := _one_pass(rest):  # again, for what reads otherwise with the finds taken out
        found += [PersonalData(kind, *_in_whole(begins, start, end)) for kind, start, end in new if kind]
        found.sort(key=attrgetter("start"))
        rest, begins = _without(text, found)
    return tuple(found)


def _without(text: str, found: list[PersonalData]) -> tuple[str, list[tuple[int, int]]]:
    """Return *text* with brackets in place of the finds; where its stretches begin, in it and in *text*."""
    parts: list[str] = []
    begins = [(0, 0)]
    at = length = 0
    for one in found:
        parts += (text[at : one.start], _TAKEN_OUT)
        length += one.start - at + len(_TAKEN_OUT)
        at = one.end
        begins.append((length, at))
    return "".join(parts) + text[at:], begins


def _in_whole(begins: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    began, began_in_whole = begins[bisect_right(begins, start, key=itemgetter(0)) - 1]
    return start - began + began_in_whole, end - began + began_in_whole


def _one_pass(written: str) -> list[Span]:
    found: list[Span] = []
    small = lowered(written)
    for detector in _DETECTORS:
        spans = _apart(detector(small, written))
        small, written = _hidden(small, spans), _hidden(written, spans)
        found += [span for span in spans if span[0]]
    return sorted(found, key=_place)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* in order, the first of those that overlap."""
    apart: list[Span] = []
    for span in sorted(spans, key=_place):
        if not apart or span[1] >= apart[-1][2]:
            apart.append(span)
    return apart


def _place(span: Span) -> int:
    return span[1]


def _hidden(text: str, spans: list[Span]) -> str:
    """Return *text*, as long as it was, with empty brackets over each span, as masked text has them."""
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for _, start, end in spans:
        parts += (text[at:start], "[", "\0" * (end - start - 2), "]")
        at = end
    return "".join(parts) + text[at:]
