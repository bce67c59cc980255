"""The portal's own words of a refusal."""

from __future__ import annotations

from pydantic import BaseModel, TypeAdapter, ValidationError

from mcu_sdk.text import mask_text
from mcu_sdk.wire import Response

__all__ = ["words_of"]

_MOST_CHARACTERS = 300


class _Refusal(BaseModel):
    messages: list[str]


_REFUSAL = TypeAdapter(_Refusal)


def words_of(response: Response) -> str:
    """Return the `messages` of a refusal, contact details masked; empty when there are none."""
    try:
        words = "; ".join(_REFUSAL.validate_json(response.body).messages)
    except ValidationError:
        return ""
    return mask_text(words)[:_MOST_CHARACTERS]
