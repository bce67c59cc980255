"""What is known of the portal's interface, and how well."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

__all__ = ["Operation", "describe_interface", "interface_version"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the interface. `verified` is true only for what the operator has confirmed."""

    name: str
    method: str
    path: str
    evidence: Literal["observed", "inferred", "operator"]
    note: str
    source: str
    observed_on: date
    verified: bool


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("mcu_sdk.channels.portal").joinpath("interface.toml").read_text("utf-8"))


def interface_version() -> str:
    """Return our number of this edition of the interface; it grows when a field's meaning changes."""
    return str(_table()["interface"]["version"])


@cache
def describe_interface() -> tuple[Operation, ...]:
    """Return every operation with its evidence, in the order of a working session."""
    known = _table()["interface"]
    return tuple(
        Operation(**row, source=known["source"], observed_on=known["observed_on"], verified=known["verified"])
        for row in _table()["operation"]
    )
