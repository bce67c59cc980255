"""A rule and a calendar of its own for every row: many municipalities in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mcu_sdk.errors import SlaError
from mcu_sdk.sla.batch.column import CIVIL_DATES, INSTANTS, Errors, Int64, Rows, answers, checked, settle
from mcu_sdk.sla.batch.prepared import Prepared, prepared
from mcu_sdk.sla.moment import DAY_SECONDS

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
    target = answers(out, INSTANTS, column)
    _check_codes(codes, len(column), len(terms))
    dated = starts.dtype == CIVIL_DATES
    settle(
        fill_grouped(column, codes, terms, target, dated=dated), column, errors, DAY_SECONDS if dated else 1
    )
    return target


def fill_grouped(
    starts: Int64,
    codes: NDArray[np.integer],
    terms: Sequence[tuple[Rule, Calendar]],
    out: Int64,
    *,
    dated: bool,
) -> Rows:
    """Write the answers into *out*; return the rows that have none."""
    distinct = {term: number for number, term in enumerate(dict.fromkeys(terms))}
    ready = [prepared(*term) for term in distinct]
    if len(ready) == 1:
        return ready[0].fill(starts, out, dated=dated)
    # Numbers of sixteen bits are sorted by radix.
    small = np.uint16 if len(ready) <= 2**16 else np.uint32
    groups = np.array([distinct[term] for term in terms], small)
    missing = [
        begin
        + _fill_block(
            starts[begin : begin + _BLOCK],
            groups[codes[begin : begin + _BLOCK]],
            ready,
            out[begin : begin + _BLOCK],
            dated,
        )
        for begin in range(0, len(out), _BLOCK)
    ]
    return np.concatenate([np.empty(0, np.intp), *missing])


def _fill_block(
    starts: Int64, groups: NDArray[np.unsignedinteger], ready: list[Prepared], out: Int64, dated: bool
) -> Rows:
    order = np.argsort(groups, kind="stable")
    sorted_starts = starts[order]
    found = np.empty_like(sorted_starts)
    missing, begin = [np.empty(0, np.intp)], 0
    for one, count in zip(ready, np.bincount(groups, minlength=len(ready)).tolist(), strict=True):
        group = slice(begin, begin + count)
        if count:
            rows = one.fill(sorted_starts[group], found[group], dated=dated)
            missing.append(order[begin + rows])
        begin += count
    out[order] = found
    return np.concatenate(missing)


def _check_codes(codes: object, rows: int, terms: int) -> None:
    if not isinstance(codes, np.ndarray) or codes.dtype.kind not in "iu" or codes.shape != (rows,):
        raise SlaError(
            "sla.codes",
            "codes must be a NumPy array of integers, as long as the starts",
            "numpy.unique(names, return_inverse=True) makes them from names",
        )
    unknown = np.flatnonzero((codes < 0) | (codes >= terms))
    if unknown.size:
        row = int(unknown[0])
        raise SlaError(
            "sla.code_unknown",
            f"row {row} has the code {codes[row]}, and there are terms for 0 to {terms - 1}",
            "give terms for every code",
            row=row,
            key=str(codes[row]),
        )
