"""Keys of rows as numbers: names, plain or dictionary-encoded, and nulls in either place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import pyarrow as pa

from mcu_sdk.sla.arrow.columns import chunked, refused
from mcu_sdk.sla.batch.grouped import unknown_key
from mcu_sdk.sla.bilingual import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcu_sdk.sla.arrow.columns import Chunk, Column

_WANTED = Text("массив Arrow с именами", "an Arrow array of names")


class Names(Protocol):
    """The names of a dictionary."""

    def to_pylist(self) -> list[str | None]:
        """Return them as a list."""
        ...


class EncodedType(Protocol):
    """The type of a dictionary-encoded array."""

    @property
    def value_type(self) -> pa.DataType:
        """The type of the names."""
        ...


class Encoded(Protocol):
    """A dictionary-encoded array; the stubs know it only by the types of its parts."""

    @property
    def indices(self) -> Chunk:
        """The place of each row among the names."""
        ...

    @property
    def dictionary(self) -> Names:
        """The names."""
        ...


class Encodable(Protocol):
    """A column that can be dictionary-encoded."""

    def dictionary_encode(self) -> Column:
        """Return it encoded."""
        ...


def codes_of(keys: object, numbers: Mapping[str, int]) -> Column:
    """Return the number of each row's key as int64, chunked as *keys* are; null where the key is null.

    Raises `SlaError` for a key without a number and for columns that hold no names.
    """
    if not isinstance(keys, (pa.Array, pa.ChunkedArray)):
        raise refused("keys", keys, _WANTED)
    column = cast("Column", keys)  # type: ignore[redundant-cast]  # pyright needs it
    try:
        if not pa.types.is_dictionary(column.type):
            column = cast("Encodable", column).dictionary_encode()
        nested = pa.types.is_nested(cast("EncodedType", column.type).value_type)
    except pa.ArrowNotImplementedError:
        nested = True
    if nested:
        raise refused("keys", str(column.type), _WANTED)
    if isinstance(column, pa.Array):
        return _codes(column, numbers, 0)
    chunks: list[Chunk] = []
    begin = 0
    for chunk in column.chunks:
        chunks.append(_codes(chunk, numbers, begin))
        begin += len(chunk)
    return chunked(chunks, pa.int64())


def _codes(chunk: Chunk, numbers: Mapping[str, int], begin: int) -> Chunk:
    encoded = cast("Encoded", chunk)
    names = encoded.dictionary.to_pylist()
    null, unknown = len(numbers), len(numbers) + 1
    known = [null if name is None else numbers.get(name, unknown) for name in names]
    # A row without a key points past the names.
    codes = np.array([*known, null])[encoded.indices.cast(pa.int64()).fill_null(len(names)).to_numpy()]
    strange = np.flatnonzero(codes == unknown)
    if strange.size:
        row = int(strange[0])
        raise unknown_key(begin + row, chunk[row].as_py())
    return pa.array(codes, pa.int64(), mask=codes == null)
