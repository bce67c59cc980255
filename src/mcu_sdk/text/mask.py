"""Masking («маскирование») of contact details and document numbers inside a free text."""

from __future__ import annotations

import re

__all__ = ["mask_text"]

_EMAIL = re.compile(
    r"[A-Za-zА-Яа-яЁё0-9._%+-]{1,64}@[A-Za-zА-Яа-яЁё0-9-]{1,63}(?:\.[A-Za-zА-Яа-яЁё0-9-]{1,63})+"
)
_GAP = r"[\s().\u2010-\u2015\u2212-]"
_PHONE = re.compile(
    rf"(?<![\d+])(?:(?:\+7|[78]){_GAP}{{0,3}}|\()"
    rf"(?:\d{{3}}{_GAP}{{0,3}}\d{{3}}|\d{{4}}{_GAP}{{0,3}}\d{{2}}|\d{{5}}{_GAP}{{0,3}}\d)"
    rf"{_GAP}?\d{{2}}{_GAP}?\d{{2}}(?!\d)"
)
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ \u00a0-]?\d){9,}")


def mask_text(text: str) -> str:
    """Return *text* with e-mail addresses, phone numbers and runs of 10 digits and more replaced.

    A run may hold single spaces or hyphens: it covers СНИЛС, ИНН, passports, bank cards and accounts.
    Phone numbers may have an area code of three to five digits. Names of
    persons stay: finding them takes a language model. Linear in the length of the text.

    >>> mask_text("Звоните +7 (910) 123-45-67, почта a.b@mail.ru")
    'Звоните [телефон], почта [почта]'
    """
    text = _EMAIL.sub("[почта]", text)
    text = _PHONE.sub("[телефон]", text)
    return _LONG_NUMBER.sub("[номер]", text)
