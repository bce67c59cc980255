"""Tables of files: workbooks and CSV, read by layouts that are data, with bounds on what a file may cost."""

from __future__ import annotations

from mcu_sdk.sheets.flaw import CellFlaw
from mcu_sdk.sheets.header import Header
from mcu_sdk.sheets.layout import Field, Layout
from mcu_sdk.sheets.layout_reading import extend_layout, load_layout
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.source import RejectedRow, RowRejected, SheetReport, SheetSource
from mcu_sdk.sheets.table import Row, Table, read_table
from mcu_sdk.sheets.values import person_of

__all__ = [
    "CellFlaw",
    "Field",
    "Header",
    "Layout",
    "RejectedRow",
    "Row",
    "RowRejected",
    "SheetLimits",
    "SheetReport",
    "SheetSource",
    "Table",
    "extend_layout",
    "load_layout",
    "person_of",
    "read_table",
]
