"""What goes in and comes out: whole columns of instants and of civil dates, checked before any work."""

from __future__ import annotations

from operator import index
from typing import Literal, SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mcu_sdk.errors import CalendarHorizonError, SlaError

Int64: TypeAlias = NDArray[np.int64]
Dates: TypeAlias = NDArray[np.datetime64]
Rows: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]
Errors: TypeAlias = Literal["raise", "mask"]

NO_ANSWER = np.iinfo(np.int64).min
"""What `errors="mask"` leaves in a row without an answer; as a `datetime64` it reads NaT."""

# No calendar has so many seconds or dates, and twice as many still fit.
_LARGE = 2**40

# Reasons why there is no answer yet: it lies past the last date known, or before the first.
LATER, EARLIER = NO_ANSWER + 1, NO_ANSWER + 2

INSTANTS = np.dtype(np.int64)
COUNTS = INSTANTS
CIVIL_DATES = np.dtype("datetime64[D]")
_WORDS = {INSTANTS: "int64 (epoch seconds)", CIVIL_DATES: "datetime64[D] (civil dates)"}


def is_answer(values: Int64) -> Flags:
    """Tell which rows hold an answer rather than a reason why there is none."""
    known: Flags = values > EARLIER
    return known


def checked(values: object, name: str, *dtypes: np.dtype[np.generic]) -> Int64:
    """Return the array *values* of one of the *dtypes* as int64; dates become days since 1970.

    Raises `SlaError` for anything but a one-dimensional array of such a type.
    """
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype in dtypes:
        return values.view(np.int64)
    found = f"{values.ndim}-dimensional {values.dtype}" if isinstance(values, np.ndarray) else type(values)
    wanted = " or ".join(_WORDS[dtype] for dtype in dtypes)
    raise SlaError(
        "sla.column",
        f"{name} must be a one-dimensional NumPy array of {wanted}; given: {found}",
        "a datetime64 of seconds has no zone: give aware moments as epoch seconds",
        name=name,
        wanted=wanted,
        found=str(found),
    )


def number_or_column(values: object, name: str) -> int | Int64:
    """Return one number for all rows, or the int64 column *values*. Raises `SlaError` for anything else."""
    if isinstance(values, SupportsIndex) and not isinstance(values, np.ndarray):
        return max(min(index(values), _LARGE), -_LARGE)
    return checked(values, name, COUNTS)


def answers(out: object, dtype: np.dtype[np.generic], *inputs: Int64 | int) -> Int64:
    """Return where the answers go: *out* if it fits, else a new array; as int64 either way.

    Raises `SlaError` where inputs and output differ in length or share memory.
    """
    columns = [one for one in inputs if not isinstance(one, int)]
    rows = len(columns[0])
    if any(len(one) != rows for one in columns):
        lengths = ", ".join(str(len(one)) for one in columns)
        raise SlaError(
            "sla.column_lengths",
            f"columns of one call must be equally long; given: {lengths}",
            "give one row of each for every answer",
            lengths=lengths,
        )
    if out is None:
        return np.empty(rows, np.int64)
    target = checked(out, "out", dtype)
    shares = any(np.may_share_memory(target, one) for one in columns)
    if len(target) != rows or shares or not target.flags.writeable:
        raise SlaError(
            "sla.column_out",
            "out must be writable, as long as the input, and must not share its memory",
            "pass numpy.empty_like of the input, or leave out=None",
        )
    return target


def settle(missing: Rows, starts: Int64, errors: Errors, seconds_each: int = 1) -> None:
    """Raise `CalendarHorizonError` for rows without an answer, unless *errors* is `mask`."""
    if not missing.size or errors == "mask":
        return
    row = int(missing.min())
    year = str(np.datetime64(int(starts[row]) * seconds_each, "s").astype("datetime64[Y]"))
    raise CalendarHorizonError(
        "sla.rows_without_answer",
        f"{missing.size} of {len(starts)} rows start or end outside the years their calendar covers;"
        f" the first is row {row}, which starts in {year}",
        "answer the others with errors='mask', or allow an estimate with projected=True",
        missing=missing.size,
        rows=len(starts),
        row=row,
        year=year,
    )
