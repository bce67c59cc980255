"""Check digits of Russian document numbers and of bank cards."""

from __future__ import annotations

__all__ = ["inn_holds", "luhn_holds", "snils_holds"]

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_DOUBLED = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)).ljust(256, b"\0")


def snils_holds(digits: str) -> bool:
    """Tell whether 11 digits are a СНИЛС by their last two.

    >>> snils_holds("11223344595"), snils_holds("11223344594")
    (True, False)
    """
    weighed = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return len(digits) == 11 and weighed % 101 % 100 == int(digits[9:])


def inn_holds(digits: str) -> bool:
    """Tell whether 10 or 12 digits are an ИНН by their last digit or two.

    >>> inn_holds("7707083893"), inn_holds("500100732259"), inn_holds("7707083894")
    (True, True, False)
    """
    if len(digits) == 10:
        return _inn_digit(digits, _INN_10) == int(digits[9])
    return (
        len(digits) == 12
        and _inn_digit(digits, _INN_11) == int(digits[10])
        and _inn_digit(digits, _INN_12) == int(digits[11])
    )


def _inn_digit(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


def luhn_holds(digits: str) -> bool:
    """Tell whether *digits* end in the check digit of a bank card.

    >>> luhn_holds("4111111111111111"), luhn_holds("4111111111111112")
    (True, False)
    """
    values = bytes(map(int, digits))
    return (sum(values[::-2]) + sum(values[-2::-2].translate(_DOUBLED))) % 10 == 0
