"""E-mail addresses, Latin and Cyrillic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcu_sdk.text.personal_data.kinds import PersonalDataKind, Span

__all__ = ["mails"]

_LONGEST_NAME = 64
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789._%+-")
_HOST = re.compile(r"@[a-zа-я0-9-]{1,63}(?:\.[a-zа-я0-9-]{1,63})++")


def mails(text: str) -> Iterator[Span]:
    """Yield the addresses in a lowered text. Each sign is looked at a bounded number of times."""
    for host in _HOST.finditer(text):
        start = host.start()
        furthest = max(0, start - _LONGEST_NAME)
        while start > furthest and text[start - 1] in _NAME:
            start -= 1
        if start < host.start():
            yield PersonalDataKind.EMAIL, start, host.end()
