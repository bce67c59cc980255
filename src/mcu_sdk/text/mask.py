"""Masking («маскирование») of personal data inside a free text."""

from __future__ import annotations

from mcu_sdk.text.personal_data import PersonalDataKind, find_personal_data

__all__ = ["mask_text"]

_LABELS = {
    PersonalDataKind.PHONE: "[телефон]",
    PersonalDataKind.EMAIL: "[почта]",
    PersonalDataKind.SNILS: "[СНИЛС]",
    PersonalDataKind.INN: "[ИНН]",
    PersonalDataKind.PASSPORT: "[паспорт]",
    PersonalDataKind.CARD: "[карта]",
    PersonalDataKind.PLATE: "[номер машины]",
    PersonalDataKind.ADDRESS: "[адрес]",
    PersonalDataKind.NUMBER: "[номер]",
}


def mask_text(text: str) -> str:
    """Return *text* with a label in place of each find of `find_personal_data`.

    Names of persons stay: finding them takes a language model. Masking twice changes nothing more.
    Linear in the length of the text.

    >>> mask_text("Звоните +7 (910) 123-45-67, почта a.b@mail.ru, ул. Ленина, д. 5, кв. 12")
    'Звоните [телефон], почта [почта], ул. Ленина, [адрес]'
    """
    parts: list[str] = []
    at = 0
    for found in find_personal_data(text):
        parts += (text[at : found.start], _LABELS[found.kind])
        at = found.end
    return "".join(parts) + text[at:]
