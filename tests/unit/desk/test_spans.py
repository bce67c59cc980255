"""Lengths of time as the desk says them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mcu_sdk.desk import span_text


@pytest.mark.parametrize(
    ("span", "russian", "english"),
    [
        (timedelta(seconds=59), "0 мин", "0 min"),
        (timedelta(hours=5, minutes=20), "5 ч 20 мин", "5 h 20 min"),
        (timedelta(hours=-5, minutes=-20), "−5 ч 20 мин", "−5 h 20 min"),
        (timedelta(days=2, hours=3, minutes=59), "2 сут 3 ч", "2 d 3 h"),
        (None, "—", "—"),
    ],
)
def test_the_two_largest_parts(span: timedelta | None, russian: str, english: str) -> None:
    assert span_text(span, "ru") == russian
    assert span_text(span, "en") == english


def test_working_time_has_no_parts_of_24_hours() -> None:
    assert span_text(-timedelta(days=2, hours=3), "ru", working=True) == "−51 ч 0 мин"
