"""Messages with something in every field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from mcu_sdk.model import Batch
from mcu_sdk.model.record import Record

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)


def filled(model: type[Record], path: str = "") -> dict[str, Any]:
    """A value for every field of *model*; texts are addresses that name their field."""
    values = {
        name: _value_for(field.annotation, f"{path}{model.__name__}.{name}")
        for name, field in model.model_fields.items()
    }
    if model is Batch:  # its items are of its own account
        values["items"] = tuple(
            item | {"channel": values["channel"], "account": values["account"]} for item in values["items"]
        )
    return values


def _value_for(annotation: Any, path: str) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType, Annotated):
        return _value_for(arguments[0], path)
    if origin is tuple:
        return (_value_for(arguments[0], path),)
    if origin is dict:
        return {"deep": [{"er": f"{path}@canary.ru"}]}
    if isinstance(annotation, type):
        if issubclass(annotation, Record):
            return filled(annotation, f"{path}.")
        if issubclass(annotation, Enum):
            return next(iter(annotation))
        plain: dict[type, Any] = {bool: True, int: 3, float: 54.25, datetime: MOMENT}
        return plain.get(annotation, f"{path}@canary.ru")
    return f"{path}@canary.ru"


@pytest.fixture
def full_fields() -> Callable[[type[Record]], dict[str, Any]]:
    """Give the values of a record in which every field is set."""
    return filled
