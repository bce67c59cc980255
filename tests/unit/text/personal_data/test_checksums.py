"""Check digits: numbers published as examples hold, every slip of one digit is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mcu_sdk.text.personal_data.checksums import inn_holds, luhn_holds, snils_holds


@pytest.mark.parametrize(
    ("holds", "number"),
    [
        (snils_holds, "11223344595"),
        (snils_holds, "08765401900"),  # the weighed sum is 201, its rest of 101 is 100: written 00
        (inn_holds, "7707083893"),
        (inn_holds, "500100732259"),
        (luhn_holds, "4111111111111111"),
        (luhn_holds, "5500000000000004"),
    ],
)
def test_one_wrong_digit_is_seen(holds: Callable[[str], bool], number: str) -> None:
    """The number holds, and nearly none that differs from it in one digit does."""
    assert holds(number)
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place in range(len(number))
        for digit in "0123456789"
        if digit != number[place]
    ]
    assert sum(map(holds, slips)) <= len(slips) // 20


@pytest.mark.parametrize(("holds", "size"), [(snils_holds, 10), (inn_holds, 11), (inn_holds, 9)])
def test_other_lengths_do_not_hold(holds: Callable[[str], bool], size: int) -> None:
    """A number of another length is none."""
    assert not holds("0" * size)
