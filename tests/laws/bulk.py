"""One question put to whole columns, in NumPy and in Arrow; the laws and the contest compare the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from mcu_sdk.sla import Calendar, Rule, arrow, batch
from mcu_sdk.sla.calendar import AtClose

REFUSED = batch.NO_ANSWER
# Fractions of a second are cut off, so these change nothing.
Unit: TypeAlias = Literal["s", "us"]
UNITS: dict[Unit, tuple[int, int]] = {"s": (1, 0), "us": (10**6, 999_999)}


def numbers(column: Any) -> list[int]:
    """The numbers of an Arrow column in seconds or days; REFUSED for a null."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("s", column.type.tz))
    whole = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    answers: list[int] = whole.cast(pa.int64()).fill_null(REFUSED).to_pylist()
    return answers


def moments(epochs: Sequence[int], unit: Unit = "s", zone: str = "Asia/Tokyo") -> Any:
    """Instants as Arrow timestamps."""
    each, more = UNITS[unit]
    return pa.array(np.array(epochs, np.int64) * each + more, pa.timestamp(unit, zone))


def in_bulk(
    question: str, calendar: Calendar, option: Rule | AtClose | None, columns: Sequence[Sequence[int]]
) -> dict[str, list[int]]:
    """Return the answers by library; rows beyond the horizon are REFUSED."""
    first, *rest = (np.array(column, np.int64) for column in columns)
    given = {unit: moments(columns[0], unit) for unit in UNITS}
    if question == "worked":
        return {"NumPy": batch.worked(first, rest[0], calendar, errors="mask").tolist()} | {
            unit: numbers(arrow.worked(column, moments(columns[1], unit), calendar, errors="mask"))
            for unit, column in given.items()
        }
    if question == "add_working_days":
        days = first.view("datetime64[D]")
        dates = pa.array(first.astype(np.int32), pa.date32())
        found = arrow.add_working_days(dates, pa.array(rest[0]), calendar, errors="mask")
        one = batch.add_working_days(days, rest[0], calendar, errors="mask")
        return {"NumPy": one.view(np.int64).tolist(), "Arrow": numbers(found)}
    if isinstance(option, Rule):
        return {"NumPy": batch.due(first, option, calendar, errors="mask").tolist()} | {
            unit: numbers(arrow.due(column, option, calendar, errors="mask"))
            for unit, column in given.items()
        }
    at_close: AtClose = option or "close"
    amounts = pa.array(rest[0], pa.duration("s"))
    return {"NumPy": batch.add(first, rest[0], calendar, at_close, errors="mask").tolist()} | {
        unit: numbers(arrow.add(column, amounts, calendar, at_close, errors="mask"))
        for unit, column in given.items()
    }
