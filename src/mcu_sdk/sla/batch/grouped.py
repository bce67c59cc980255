"""A rule and a calendar of its own for every row: many municipalities in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.batch.column import (
    CIVIL_DATES,
    INSTANTS,
    Errors,
    Int64,
    Rows,
    answers,
    checked,
    is_plain,
    settle,
)
from mcu_sdk.sla.batch.pieces import fill
from mcu_sdk.sla.batch.rule_tables import rule_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.rule import Rule

# Rows that are sorted by their group at a time: the memory this takes does not grow with the table.
_BLOCK = 1 << 20


def due_grouped(
    starts: NDArray[np.int64] | NDArray[np.datetime64],
    codes: NDArray[np.integer],
    terms: Sequence[tuple[Rule, Calendar]],
    *,
    errors: Errors = "raise",
    out: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the last permitted second for each start, by `terms[code]` of its row.

    Dictionary encoding gives such *codes*: `numpy.unique(names, return_inverse=True)`, or the indices
    of a categorical column. Equal terms share one set of tables. Rows are brought together by group
    with a radix sort, so the cost is linear in the rows, whatever the number of groups. Raises as
    `due`, and `SlaError` for a code without terms.
    """
    column = checked(starts, "starts", INSTANTS, CIVIL_DATES)
    _check_codes(codes, len(column), len(terms))
    target = answers(out, INSTANTS, column, beside=codes)
    dated = starts.dtype == CIVIL_DATES
    missing = Groups(terms).fill(column, codes, target, dated=dated)
    settle(missing, column, errors, "D" if dated else "s")
    return target


class Groups:
    """Terms with the tables of each, those of equal ones once."""

    def __init__(self, terms: Sequence[tuple[Rule, Calendar]]) -> None:
        distinct = {term: number for number, term in enumerate(dict.fromkeys(terms))}
        self._ready = [rule_tables(*term) for term in distinct]
        # Numbers of sixteen bits are sorted by radix.
        small = np.uint16 if len(distinct) <= 2**16 else np.uint32
        self._numbers = np.array([distinct[term] for term in terms], small)

    def fill(self, starts: Int64, codes: NDArray[np.integer], out: Int64, *, dated: bool) -> Rows:
        """Write the answers into *out*; return the rows that have none."""
        if len(self._ready) == 1:
            return fill((starts,), out, self._ready[0].ways(dated=dated))
        missing = [np.empty(0, np.intp)]
        for begin in range(0, len(out), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            rows = self._fill_block(starts[block], self._numbers[codes[block]], out[block], dated)
            missing.append(begin + rows)
        return np.concatenate(missing)

    def _fill_block(
        self, starts: Int64, groups: NDArray[np.unsignedinteger], out: Int64, dated: bool
    ) -> Rows:
        order = np.argsort(groups, kind="stable")
        sorted_starts = starts[order]
        found = np.empty_like(sorted_starts)
        missing, begin = [np.empty(0, np.intp)], 0
        counts = np.bincount(groups, minlength=len(self._ready)).tolist()
        for one, count in zip(self._ready, counts, strict=True):
            group = slice(begin, begin + count)
            if count:
                rows = fill((sorted_starts[group],), found[group], one.ways(dated=dated))
                missing.append(order[begin + rows])
            begin += count
        out[order] = found
        return np.concatenate(missing)


def _check_codes(codes: object, rows: int, terms: int) -> None:
    array = cast("NDArray[np.integer]", codes) if is_plain(codes) else np.empty(0)
    if not is_plain(codes) or array.dtype.kind not in "iu" or array.shape != (rows,):
        raise SlaError(
            "sla.codes",
            "codes must be a NumPy array of integers, as long as the starts",
            "numpy.unique(names, return_inverse=True) makes them from names",
        )
    unknown = np.flatnonzero((array < 0) | (array >= terms))
    if unknown.size:
        raise unknown_key(int(unknown[0]), array[unknown[0]])


def unknown_key(row: int, key: object) -> SlaError:
    """Return the error for a row whose key or code has no terms."""
    return SlaError(
        "sla.key_unknown",
        f"row {row} has the key {str(key)!r}, and no terms are given for it",
        "give a rule and a calendar for every key",
        row=row,
        key=str(key),
    )
