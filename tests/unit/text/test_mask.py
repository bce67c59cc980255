"""Masking: contact details and document numbers leave a text, ordinary words and numbers do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.text import mask_text


@pytest.mark.parametrize(
    "phone",
    [
        "+79101234567",
        "89101234567",
        "+7 (910) 123-45-67",
        "8(910)123 45 67",
        "8-910-123-45-67",
        "8–910–123–45–67",
        "8\u00a0910\u00a0123\u00a045\u00a067",
        "8.910.123.45.67",
        "8 (48446) 9-14-56",
        "8 (4842) 56-12-34",
        "(910) 123-45-67",
    ],
)
def test_phone_numbers_are_masked(phone: str) -> None:
    """Mobile numbers and those of a district town, however they are written, leave no digit behind."""
    assert mask_text(f"Звоните {phone}, жду") == "Звоните [телефон], жду"


@pytest.mark.parametrize("address", ["a.b@mail.ru", "ivanov_i+1@sub.mail-1.example.com", "почта@пример.рф"])
def test_mail_addresses_are_masked(address: str) -> None:
    """Latin and Cyrillic addresses are masked whole."""
    assert mask_text(f"Пишите: {address}.") == "Пишите: [почта]."


@pytest.mark.parametrize(
    "number",
    [
        "112-233-445 95",
        "4012345678",
        "40 12 345678",
        "500100732259",
        "2200 1234 5678 9012",
        "40817810099910004312",
        "1234567890123456789012345",
    ],
)
def test_document_numbers_are_masked(number: str) -> None:
    """СНИЛС, ИНН, passports, cards and bank accounts are masked whole."""
    masked = mask_text(f"Номер {number}, прошу")
    assert not any(sign.isdigit() for sign in masked)


@pytest.mark.parametrize(
    "text",
    [
        "дом 12, кв. 5",
        "12.05.2026 в 14:30",
        "59-ФЗ от 02.05.2006",
        "1 000 000 рублей",
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    """Houses, dates, sums and lists keep their numbers."""
    assert mask_text(text) == text


@given(st.text(alphabet=st.sampled_from("0123456789+78 ()-.@aя\n[]")))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    """What is masked once may be masked again, as in a copy of a copy."""
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize("unit", ["a@", "a.", "8 (", "1 ", "8", "a@a.", "(910) ", "8(910)12 "])
def test_masking_takes_linear_time(unit: str) -> None:
    """Twenty times the text is not 400 times the work."""
    short, long = (seconds_to_mask(unit * count) for count in (2_000, 40_000))
    assert long < 100 * short + 0.5


def seconds_to_mask(text: str) -> float:
    """The processor time of this thread for one masking, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.thread_time()
        mask_text(text)
        best = min(best, time.thread_time() - began)
    return best
