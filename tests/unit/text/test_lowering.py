"""Lowering keeps places."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mcu_sdk.text.lowering import lowered


@given(st.text())
@example("İЁ")
def test_every_sign_keeps_its_place(text: str) -> None:
    """A lowered text is as long as it was, and so is each of its signs."""
    small = lowered(text)
    assert len(small) == len(text)
    assert all(low in (sign, *sign.lower(), "е") for low, sign in zip(small, text, strict=True))
