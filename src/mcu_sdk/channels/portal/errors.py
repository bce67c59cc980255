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
    """Return the `messages` of a refusal in one printable line, contact details masked; may be empty."""
    try:
        words = "; ".join(_REFUSAL.validate_json(response.body).messages)
    except ValidationError:
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return mask_text(printable)[:_MOST_CHARACTERS]
