"""A page of a list: what it holds, what could not be read, and the call for the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import JsonValue

from mcu_sdk.wire.call import Call

__all__ = ["Page", "UnreadItem"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class UnreadItem:
    """An item that does not have the expected form. `reason` names the field, never its value."""

    reason: str
    raw: JsonValue = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """Items in the far side's order; `following` is None on the last page."""

    items: tuple[T_co, ...]
    unread: tuple[UnreadItem, ...] = ()
    following: Call[Page[T_co]] | None = field(default=None, repr=False)
    total: int | None = None
