"""What goes in and comes out: whole columns of instants and of civil dates, checked before any work."""

from __future__ import annotations

from operator import index
from typing import Literal, SupportsIndex, TypeAlias, TypeGuard, cast, get_args

import numpy as np
from numpy.typing import NDArray

from mcu_sdk.errors import CalendarHorizonError, SlaError
from mcu_sdk.sla.nearest import check_word

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
CIVIL_DATES = np.dtype("datetime64[D]")
_WORDS: dict[np.dtype[np.generic], str] = {
    INSTANTS: "int64 (epoch seconds)",
    CIVIL_DATES: "datetime64[D] (civil dates)",
}


def is_answer(values: Int64) -> Flags:
    """Tell which rows hold an answer rather than a reason why there is none."""
    known: Flags = values > EARLIER
    return known


def is_plain(values: object) -> TypeGuard[NDArray[np.generic]]:
    """Tell whether *values* is an array whose every row counts: a mask would be lost."""
    return isinstance(values, np.ndarray) and not isinstance(values, np.ma.MaskedArray)


def checked(values: object, name: str, *dtypes: np.dtype[np.generic]) -> Int64:
    """Return the array *values* of one of the *dtypes* as int64; dates become days since 1970.

    Raises `SlaError` for anything but a one-dimensional array of such a type.
    """
    found = type(values).__name__
    if is_plain(values):
        if values.ndim == 1 and values.dtype in dtypes:
            return values.view(np.int64)
        found = f"{values.ndim}-dimensional {values.dtype}"
    wanted = " or ".join(_WORDS[dtype] for dtype in dtypes)
    raise SlaError(
        "sla.column",
        f"{name} must be a one-dimensional NumPy array of {wanted}; given: {found}",
        "a datetime64 of seconds has no zone: give aware moments as epoch seconds",
        name=name,
        wanted=wanted,
        found=found,
    )


def number_or_column(values: object, name: str) -> int | Int64:
    """Return one number for all rows, or the int64 column *values*. Raises `SlaError` for anything else."""
    if isinstance(values, np.ndarray) or not isinstance(values, SupportsIndex):
        return checked(cast("object", values), name, INSTANTS)  # type: ignore[redundant-cast]  # not for pyright
    return one_number(values)


def one_number(value: SupportsIndex) -> int:
    """Return *value* as an integer no larger than any calendar needs."""
    return max(min(index(value), _LARGE), -_LARGE)


def answers(
    out: object, dtype: np.dtype[np.generic], *inputs: Int64 | int, beside: NDArray[np.integer] | None = None
) -> Int64:
    """Return where the answers go: *out* if it fits, else a new array; as int64 either way.

    *beside* is one more input, of another type. Raises `SlaError` where inputs and output differ in length
    or share memory.
    """
    columns = [one for one in inputs if not isinstance(one, int)]
    rows = len(columns[0])
    if any(len(one) != rows for one in columns):
        raise unequal_lengths([len(one) for one in columns])
    if out is None:
        return np.empty(rows, np.int64)
    target = checked(out, "out", dtype)
    others = columns if beside is None else [*columns, beside]
    shares = any(np.shares_memory(target, one) for one in others)
    if len(target) != rows or shares or not target.flags.writeable:
        raise SlaError(
            "sla.column_out",
            "out must be writable, as long as the input, and must not share its memory",
            "pass numpy.empty_like of the input, or leave out=None",
        )
    return target


def unequal_lengths(found: list[int]) -> SlaError:
    """Return the error for columns of one call that differ in length."""
    lengths = ", ".join(map(str, found))
    return SlaError(
        "sla.column_lengths",
        f"columns of one call must be equally long; given: {lengths}",
        "give one row of each for every answer",
        lengths=lengths,
    )


def settle(missing: Rows, starts: Int64, errors: Errors, unit: Literal["s", "D"] = "s") -> None:
    """Raise `CalendarHorizonError` for rows without an answer, unless *errors* is `mask`."""
    check_word("errors", errors, get_args(Errors))
    if missing.size and errors != "mask":
        row = int(missing.min())
        raise without_answer(missing.size, len(starts), row, np.datetime64(int(starts[row]), unit))


def without_answer(missing: int, rows: int, row: int, start: np.datetime64) -> CalendarHorizonError:
    """Return the error for rows without an answer; *row* is the first of them."""
    year = str(start.astype("datetime64[Y]"))
    return CalendarHorizonError(
        "sla.rows_without_answer",
        f"{missing} of {rows} rows start or end outside the years their calendar covers;"
        f" the first is row {row}, which starts in {year}",
        "answer the others with errors='mask', or allow an estimate with projected=True",
        missing=missing,
        rows=rows,
        row=row,
        year=year,
    )
