"""A call is a value: the request together with the function that reads the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mcu_sdk.wire.request import Request
from mcu_sdk.wire.response import Response

__all__ = ["Call"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """One step of a conversation. `read` returns the typed answer or raises ApiError."""

    request: Request
    read: Callable[[Response], T_co]
