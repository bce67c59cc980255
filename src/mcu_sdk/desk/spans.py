"""Lengths of time as people say them."""

from __future__ import annotations

from datetime import timedelta

from mcu_sdk.errors import Language

__all__ = ["span_text"]

_UNITS: dict[Language, tuple[str, str, str]] = {"ru": ("сут", "ч", "мин"), "en": ("d", "h", "min")}
_WHOLE_MINUTES = 24 * 60


def span_text(span: timedelta | None, language: Language = "ru", *, working: bool = False) -> str:
    """Return *span* in its two largest parts of 24 hours, hours and minutes, with a minus once negative.

    Working time is in hours and minutes alone: 24 of its hours are no date on a calendar. None is "—".

    >>> span_text(timedelta(hours=50), "ru"), span_text(-timedelta(minutes=90), "en")
    ('2 сут 2 ч', '−1 h 30 min')
    >>> span_text(timedelta(hours=50), "ru", working=True)
    '50 ч 0 мин'
    """
    if span is None:
        return "—"
    whole_word, hour_word, minute_word = _UNITS[language]
    whole, minutes = 0, int(abs(span).total_seconds()) // 60
    if not working:
        whole, minutes = divmod(minutes, _WHOLE_MINUTES)
    hours, minutes = divmod(minutes, 60)
    sign = "−" if span < timedelta() else ""
    if whole:
        return f"{sign}{whole} {whole_word} {hours} {hour_word}"
    return sign + (f"{hours} {hour_word} {minutes} {minute_word}" if hours else f"{minutes} {minute_word}")
