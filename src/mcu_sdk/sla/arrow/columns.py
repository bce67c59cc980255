"""Arrow columns as numbers and back: aligned chunks, units, nulls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, cast, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mcu_sdk.errors import NaiveMomentError, SlaError
from mcu_sdk.sla.batch.column import (
    NO_ANSWER,
    Errors,
    Flags,
    Int64,
    Rows,
    unequal_lengths,
    without_answer,
)
from mcu_sdk.sla.batch.pieces import Ways
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.nearest import check_word

Numbers: TypeAlias = NDArray[np.signedinteger]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    # What an Arrow column holds is known when it comes, not before.
    Chunk: TypeAlias = pa.Array[Any]
    Column: TypeAlias = pa.Array[Any] | pa.ChunkedArray[Any]
    Answer: TypeAlias = Callable[[tuple[Numbers, ...], Int64], Rows]

Kind: TypeAlias = Literal["moments", "dates", "durations", "counts"]

PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_WORDS: dict[Kind, Text] = {
    "moments": Text("timestamp с поясом", "timestamp with a zone"),
    "dates": Text("date32", "date32"),
    "durations": Text("duration", "duration"),
    "counts": Text("int64", "int64"),
}


class Batch(Protocol):
    """Columns of one length; the stubs do not say of what."""

    @property
    def columns(self) -> list[Chunk]:
        """The columns."""
        ...


class Unit(NamedTuple):
    """What the numbers of a column are, and how many of them make a second, a date or a piece."""

    kind: Kind
    each: int = 1


def unit_of(column: object, name: str, *kinds: Kind) -> Unit:
    """Return what *column* holds, one of *kinds*.

    Raises `NaiveMomentError` for timestamps without a zone, `SlaError` for other columns.
    """
    found = type(column).__name__
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        column_type = cast("Column", column).type  # type: ignore[redundant-cast]  # pyright needs it
        found = str(column_type)
        unit, zone = _described(column_type)
        if unit is not None and unit.kind in kinds:
            if unit.kind == "moments" and zone is None:
                raise NaiveMomentError(
                    "sla.column_without_zone",
                    f"the timestamps of {name} have no zone",
                    "say which one: pyarrow.compute.assume_timezone(column, 'Europe/Moscow')",
                    name=name,
                )
            return unit
    words = [_WORDS[kind] for kind in kinds]
    wanted = Text(
        f"массив Arrow типа {' или '.join(word.ru for word in words)}",
        f"an Arrow array of {' or '.join(word.en for word in words)}",
    )
    raise refused(name, found, wanted)


def refused(name: str, found: object, wanted: Text) -> SlaError:
    """Return the error for a value, or a column of a type, that is not what is *wanted*."""
    told = found if isinstance(found, str) else type(found).__name__
    return SlaError(
        "sla.arrow_column",
        f"{name} must be {wanted.en}; given: {told}",
        "give it in that type; a column can be cast",
        name=name,
        wanted=wanted.ru,
        found=told,
    )


def _described(column_type: pa.DataType) -> tuple[Unit | None, str | None]:
    if pa.types.is_timestamp(column_type):
        return Unit("moments", PER_SECOND[column_type.unit]), column_type.tz
    if pa.types.is_duration(column_type):
        return Unit("durations", PER_SECOND[column_type.unit]), None
    if pa.types.is_date32(column_type):
        return Unit("dates"), None
    return (Unit("counts") if pa.types.is_int64(column_type) else None), None


def answered(
    columns: tuple[Column, ...], unit: Unit, answer: Answer, answer_type: pa.DataType, errors: Errors
) -> Column:
    """Return a column of answers, null where an input is null.

    *answer* fills in those of one chunk, in units of the answer, and returns the rows that have none;
    *unit* is the first column's. Raises `CalendarHorizonError` for such rows unless *errors* is `mask`.
    """
    found: list[Chunk] = []
    unanswered, begin = 0, 0
    first: tuple[int, np.datetime64] = 0, np.datetime64("NaT")
    for chunks in _aligned(columns):
        valid = _valid(chunks)
        out = np.zeros(len(chunks[0]), np.int64) if valid is not None else np.empty(len(chunks[0]), np.int64)
        if valid is None or valid.any():
            inputs = tuple(_numbers(chunk) for chunk in chunks)
            if valid is not None:
                # What stands behind a null may be anything: a date of long ago would make the calendar grow.
                some = int(np.argmax(valid))
                inputs = tuple(np.where(valid, numbers, numbers[some]) for numbers in inputs)
            missing = answer(inputs, out)
            missing = missing if valid is None else missing[valid[missing]]
            if missing.size:
                row = int(missing.min())
                if not unanswered:
                    first = begin + row, _start(int(inputs[0][row]), unit)
                unanswered += missing.size
                valid = np.ones(len(out), np.bool_) if valid is None else valid
                valid[missing] = False
        found.append(_wrapped(answer_type, out, valid))
        begin += len(out)
    check_word("errors", errors, get_args(Errors))
    if unanswered and errors != "mask":
        raise without_answer(unanswered, begin, *first)
    return found[0] if isinstance(columns[0], pa.Array) else chunked(found, answer_type)


def _start(number: int, unit: Unit) -> np.datetime64:
    return np.datetime64(number, "D") if unit.kind == "dates" else np.datetime64(number // unit.each, "s")


def _aligned(columns: tuple[Column, ...]) -> Iterator[tuple[Chunk, ...]]:
    """Yield the columns' chunks, cut where any of them begins a new one; nothing is copied."""
    if len({len(column) for column in columns}) > 1:
        raise unequal_lengths([len(column) for column in columns])
    if isinstance(columns[0], pa.Array):
        yield tuple(column if isinstance(column, pa.Array) else column.combine_chunks() for column in columns)
        return
    table = pa.Table.from_arrays(list(columns), [str(number) for number in range(len(columns))])
    for batch in cast("list[Batch]", table.to_batches()):
        yield tuple(batch.columns)


def chunked(chunks: list[Chunk], answer_type: pa.DataType) -> Column:
    """Return the chunks as one column of a type."""
    # The stubs name every type there is, but not the one they have in common.
    make = cast("Callable[[list[Chunk], pa.DataType], Column]", pa.chunked_array)
    return make(chunks, answer_type)


def _valid(chunks: tuple[Chunk, ...]) -> Flags | None:
    """Return which rows are null in none of the chunks; None if all are."""
    valid: Flags | None = None
    for chunk in chunks:
        if chunk.null_count:
            here = chunk.is_valid().to_numpy(zero_copy_only=False)
            valid = here.copy() if valid is None else valid & here
    return valid


def _numbers(chunk: Chunk) -> Numbers:
    """Return the numbers behind *chunk* where they lie, those behind nulls too."""
    dtype: np.dtype[np.signedinteger] = np.dtype(np.int32 if pa.types.is_date32(chunk.type) else np.int64)
    data = chunk.buffers()[1]
    if not len(chunk) or data is None:
        return np.empty(0, dtype)
    return np.frombuffer(memoryview(data), dtype, len(chunk), chunk.offset * dtype.itemsize)


def _wrapped(answer_type: pa.DataType, values: Int64, valid: Flags | None) -> Chunk:
    numbers = values.astype(np.int32) if pa.types.is_date32(answer_type) else values
    bitmap = None if valid is None else pa.array(valid).buffers()[1]
    return pa.Array.from_buffers(answer_type, len(values), [bitmap, pa.py_buffer(numbers.data)])


def in_units(ways: Ways, units: tuple[Unit, ...], each: int) -> Ways:
    """Return *ways* for columns in their own units, that give *each* numbers a second."""
    if each == 1 and all(unit.each == 1 and unit.kind != "dates" for unit in units):
        return ways
    direct = ways.read

    def read(*arguments: Numbers) -> Rows | None:
        *chunks, target, work = arguments
        odd = direct(*_whole(chunks, units), target, work) if direct else None
        if each != 1:
            np.multiply(target, each, out=target)
        return odd

    def search(*rows: Numbers) -> Int64:
        found = ways.search(*_whole(rows, units))
        return np.where(found == NO_ANSWER, found, found * each)

    return Ways(read if direct else None, search)


def _whole(values: Sequence[Numbers], units: tuple[Unit, ...]) -> Iterator[Numbers]:
    """Yield the columns in whole seconds or dates, and what follows them as it is."""
    yield from map(whole, values, units)
    yield from values[len(units) :]


def whole(numbers: Numbers, unit: Unit) -> Int64:
    """Return whole seconds, rounded down, or dates as int64."""
    return np.floor_divide(numbers, unit.each) if unit.each != 1 else numbers.astype(np.int64, copy=False)
