"""A small layout and the ways to write a table for it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from mcu_sdk.sheets import Layout, Table, read_table

MOSCOW = ZoneInfo("Europe/Moscow")
LAYOUT = """
name = "test"
version = "1"
title = "проба"
source = "none"
evidence = "own"
yes = ["да"]
no = ["нет"]

[field.number]
kind = "number"
headings = ["Номер", "№"]
required = true

[field.when]
kind = "date_or_moment"
headings = ["Дата приёма"]
required = true

[field.day]
kind = "date"
headings = ["День"]

[field.moment]
kind = "moment"
headings = ["Время"]

[field.late]
kind = "yes_no"
headings = ["Просрочено"]

[field.rating]
kind = "rating"
headings = ["Оценка"]

[field.who]
kind = "person"
headings = ["ФИО"]

[field.status]
kind = "words"
headings = ["Статус"]
means = ["done", "open"]

[field.status.words]
"Завершён" = "done"

[field.note]
headings = ["Примечание"]
"""


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ";"
) -> Path:
    """Write a CSV."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def write_xlsx(
    path: Path, rows: Sequence[Sequence[object]], sheet: str = "Лист1", *, from_1904: bool = False
) -> Path:
    """Write a workbook of one sheet; dates get a format of dates, moments one with a time."""
    with xlsxwriter.Workbook(path, {"date_1904": from_1904, "strings_to_formulas": False}) as book:
        formats = {
            date: book.add_format({"num_format": "dd.mm.yyyy"}),
            datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }
        target = book.add_worksheet(sheet)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    target.write_datetime(row, column, cell, formats[type(cell)])
                elif cell is not None:
                    target.write(row, column, cell)
    return path


def opened(path: Path, layout: Layout) -> Table:
    """Open a table in the zone of Moscow."""
    return read_table(path, layout, zone=MOSCOW)


def wall(text: str) -> datetime:
    """The time of a cell, as Excel keeps it: without a zone."""
    return datetime.fromisoformat(text)
