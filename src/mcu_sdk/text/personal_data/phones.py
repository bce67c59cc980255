"""Phone numbers: mobile, with an area code, and local ones that a word or their form gives away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcu_sdk.text.personal_data.kinds import PersonalDataKind, Span

__all__ = ["phones", "toll_free"]

_DASHES = r"\u2010-\u2015\u2212-"
_GAP = rf"[\s().{_DASHES}]"
_SHORT_GAP = rf"[ .{_DASHES}]{{0,2}}"
_LINE_GAP = rf"[^\S\n]|[().{_DASHES}]"
# Every rule takes its first sign before it looks back: so the search leaps over all other signs.
_LEAD = rf"[78+](?<!\d[78])(?<!\+[78+])(?:(?<!\+)|(?<=\+){_GAP}{{0,2}}7){_GAP}{{0,3}}"
_LOCAL = rf"(?<!\d)\d(?:[ {_DASHES}]?\d){{4,6}}(?!\d)(?!\s?(?:руб|р\.|тыс|₽))"
_PARTED = rf"\d{{1,3}}[{_DASHES}]\d\d[{_DASHES}]\d\d(?!\d)"
_WITH_AREA = (
    rf"(?:\d{{3}}{_GAP}{{0,3}}\d{{3}}|\d{{4}}{_GAP}{{0,3}}\d{{2}}|\d{{5}}{_GAP}{{0,3}}\d)"
    rf"{_GAP}{{0,3}}\d{{2}}{_GAP}{{0,3}}\d{{2}}(?!\d)"
)
_RULES = tuple(
    map(
        re.compile,
        (
            rf"{_LEAD}(?:9(?:(?:{_LINE_GAP}){{0,3}}\d){{9}}(?!\d)|{_WITH_AREA})",
            rf"\((?<!\+\(){_WITH_AREA}",
            r"\+\d{1,3}(?:[ ()-]{0,3}\d){8,12}(?!\d)",
            rf"[9(](?<![\d+][9(])(?:(?<=9)|(?<=\()9)\d\d\)?{_SHORT_GAP}\d{{3}}(?:{_SHORT_GAP}\d\d){{2}}(?!\d)",
            rf"[348](?<![\d+][348])\d{{3,4}}[ {_DASHES}]{_PARTED}",
            rf"\d(?<![\d/:{_DASHES}]\d)\d\d[{_DASHES}]\d\d[{_DASHES}]\d\d(?![\d/:{_DASHES}])",
            rf"т(?<![^\W\d_]т)ел(?:ефон[а-я]{{0,3}})?(?:[\s.:;,№(-]|\bномер[а-я]{{0,2}}\b){{1,6}}({_LOCAL})",
            rf"ф(?<![^\W\d_]ф)акс[а-я]{{0,2}}[\s.:;,№(-]{{1,6}}({_LOCAL})",
            rf"т(?<![^\W\d_]т)\.[ :]{{0,2}}({_PARTED})",
        ),
    )
)
_NEXT = re.compile(rf"(?:[ ,;/)]|\bи\b|\bили\b){{1,5}}({_PARTED})")
_TOLL_FREE = re.compile(rf"{_LEAD}80[04](?:{_GAP}{{0,3}}\d){{7}}(?!\d)")


def phones(text: str) -> Iterator[Span]:
    """Yield the phone numbers in a lowered text, and those that stand in one list with them."""
    at = 0
    pending = [rule.search(text) for rule in _RULES]
    while any(pending):
        found = min(filter(None, pending), key=_number_start)
        start, at = _number_start(found), found.end()
        yield PersonalDataKind.PHONE, start, at
        while another := _NEXT.match(text, at):
            yield PersonalDataKind.PHONE, another.start(1), another.end(1)
            at = another.end()
        pending = [
            rule.search(text, at) if was and _number_start(was) < at else was
            for rule, was in zip(_RULES, pending, strict=True)
        ]


def _number_start(found: re.Match[str]) -> int:
    return found.start(found.lastindex or 0)


def toll_free(text: str) -> Iterator[Span]:
    """Yield where numbers stand that only organisations have: 8-800, 8-804."""
    for found in _TOLL_FREE.finditer(text):
        yield None, *found.span()
