"""A rule on a calendar, ready for whole columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mcu_sdk.sla.batch.column import CIVIL_DATES, INSTANTS, Errors, answers, checked, settle
from mcu_sdk.sla.batch.pieces import fill
from mcu_sdk.sla.batch.rule_tables import rule_tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mcu_sdk.sla.calendar import Calendar
    from mcu_sdk.sla.rule import Rule


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule counted on a calendar, for columns that come in pieces. Immutable, picklable.

    Equal ones share their tables, which are made on first use: some milliseconds, and less than a
    megabyte for eight years. Raises `CalendarNotChosen` as `Rule.bind` does.
    """

    rule: Rule
    calendar: Calendar

    def __post_init__(self) -> None:
        self.rule.bind(self.calendar)

    def due(
        self,
        starts: NDArray[np.int64] | NDArray[np.datetime64],
        *,
        errors: Errors = "raise",
        out: NDArray[np.int64] | None = None,
    ) -> NDArray[np.int64]:
        """Return the last permitted second for each of *starts*, as `due` of this package does."""
        column = checked(starts, "starts", INSTANTS, CIVIL_DATES)
        target = answers(out, INSTANTS, column)
        dated = starts.dtype == CIVIL_DATES
        ways = rule_tables(self.rule, self.calendar).ways(dated=dated)
        settle(fill((column,), target, ways), column, errors, "D" if dated else "s")
        return target
