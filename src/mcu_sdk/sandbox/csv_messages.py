"""Messages out of a user's own CSV, as the portal would list them."""

from __future__ import annotations

import csv
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from mcu_sdk.errors import FileError
from mcu_sdk.sandbox.answers import JsonObject
from mcu_sdk.sandbox.filing import aware, message_json, person_json, times_json

__all__ = ["messages_from_csv"]

_COLUMNS = ("id", "text", "topic", "executor")
_SPREAD_SECONDS = 40 * 86_400
_FAST_TRACK_SHARE = 0.2
_LONGEST_ID_DIGITS = 18
_LONGEST_CELL_CHARACTERS = 32 * 1024 * 1024
_LIMIT_LOCK = threading.Lock()


def messages_from_csv(path: Path | str, now: datetime) -> tuple[JsonObject, ...]:
    """Return the rows of the CSV file *path* as messages, in its order.

    The columns `id` (a whole number above 0, each once), `text`, `topic` and `executor` are needed,
    others are passed over; UTF-8, with or without a mark, commas. A text is kept as it is, HTML too.
    The file has no times: each id gets its own, always the same, within the 40 days before *now*,
    and one message in five is on the fast track. Raises FileError, in which `row` counts as in a
    spreadsheet (the header is row 1) and a value is never shown, NaiveMomentError, and
    UsageError for a *now* outside 1902-2199.
    """
    now = aware(now)
    messages: dict[int, JsonObject] = {}
    for row_number, row in _rows(Path(path)):
        message_id = _id_of(row["id"])
        if message_id is None or message_id in messages:
            raise FileError(
                "sandbox.csv_id",
                f"row {row_number} of {path} has an id that is no whole number above 0 or was there before",
                "give every row an id of its own",
                file=str(path),
                row=row_number,
                field="id",
            )
        messages[message_id] = _message(message_id, row, now)
    return tuple(messages.values())


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    header, *table = _table(path) or [[]]
    positions = _positions(header, path)
    for row_number, cells in enumerate(table, start=2):
        if cells:
            yield row_number, _row(cells, positions, path, row_number)


def _table(path: Path) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, _long_cells():
            for cells in csv.reader(file, strict=True):
                rows.append(cells)  # noqa: PERF402  # how many there are tells where the reading broke off
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        row, reason, reason_ru = _mistake(error, len(rows) + 1)
    else:
        return rows
    raise FileError(
        "sandbox.csv",
        f"{path}, row {row or '-'}: {reason}",
        "check the file and its encoding",
        file=str(path),
        row=row,
        place=f", строка {row}" if row else "",
        reason=reason,
        reason_ru=reason_ru,
    )


@contextmanager
def _long_cells() -> Generator[None, None, None]:
    """Let the csv module read long cells; its limit belongs to the whole process, so it is put back."""
    with _LIMIT_LOCK:
        before = csv.field_size_limit(_LONGEST_CELL_CHARACTERS)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _mistake(error: Exception, row: int) -> tuple[int | None, str, str]:
    match error:
        case UnicodeDecodeError():
            return None, "the file is not UTF-8", "файл не в кодировке UTF-8"
        case OSError():
            return None, "the file cannot be opened", "файл не открывается"
        case _ if "limit" in str(error):
            reason = f"a cell is longer than {_LONGEST_CELL_CHARACTERS} characters"
            return row, reason, f"ячейка длиннее {_LONGEST_CELL_CHARACTERS} знаков"
        case _ if "end of data" in str(error):
            return row, "a quote is never closed", "кавычка не закрыта"
        case _:
            return row, f"not CSV: {error}", "запись не по правилам CSV"


def _positions(header: list[str], path: Path) -> dict[str, int]:
    for column in _COLUMNS:
        if column not in header:
            raise FileError(
                "sandbox.csv_column",
                f"{path} has no column {column!r}",
                f"the first row names the columns: {','.join(_COLUMNS)}",
                file=str(path),
                row=1,
                field=column,
            )
    return {column: header.index(column) for column in _COLUMNS}


def _row(cells: list[str], positions: dict[str, int], path: Path, row_number: int) -> dict[str, str]:
    for column, position in positions.items():
        if position >= len(cells):
            raise FileError(
                "sandbox.csv_row",
                f"row {row_number} of {path} ends before its {column!r}",
                "quote a text that holds commas or line ends",
                file=str(path),
                row=row_number,
                field=column,
            )
    return {column: cells[position] for column, position in positions.items()}


def _id_of(text: str) -> int | None:
    text = text.strip()
    usable = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID_DIGITS
    return (int(text) or None) if usable else None


def _message(message_id: int, row: dict[str, str], now: datetime) -> JsonObject:
    random = Random(message_id)  # noqa: S311  # repeatable by intent
    filed_at = now - timedelta(seconds=random.randrange(_SPREAD_SECONDS))
    fast_track = random.random() < _FAST_TRACK_SHARE
    fields: JsonObject = {
        "subsubjectName": row["topic"] or None,
        "opaName": row["executor"] or None,
        "applicant": person_json(message_id, "Условный"),
    }
    times = times_json(filed_at, now, fast_track=fast_track, in_utc=message_id % 2 == 0)
    return message_json(message_id, row["text"], fields | times)
