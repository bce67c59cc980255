"""The worklist as a workbook (extra `xlsx`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mcu_sdk.desk.columns import COLUMNS
from mcu_sdk.desk.items import WorkItem
from mcu_sdk.desk.words import TITLE
from mcu_sdk.errors import Language
from mcu_sdk.sheets.writing import Sheet, workbook_bytes

__all__ = ["worklist_workbook"]


def worklist_workbook(items: Sequence[WorkItem], now: datetime, language: Language = "ru") -> bytes:
    """Return the list as an XLSX file: real dates on the clock of the municipality, no formula, no link.

    Personal data is masked. Lengths of time are texts: a workbook has none below zero.
    """
    headings = [(column.heading(language), column.width) for column in COLUMNS]
    rows = ([column.value(item, now, language) for column in COLUMNS] for item in items)
    return workbook_bytes([Sheet(TITLE[language], headings, rows)])
