"""A table as a source of messages, for `collect()`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from mcu_sdk.errors import Language, RecordError
from mcu_sdk.model import Batch, Message, Reject
from mcu_sdk.sheets.flaw import CellFlaw
from mcu_sdk.sheets.header import Header
from mcu_sdk.sheets.layout import Layout
from mcu_sdk.sheets.limits import SheetLimits
from mcu_sdk.sheets.table import Row, Table, read_table

__all__ = ["RejectedRow", "RowRejected", "SheetReport", "SheetSource"]

_BATCH_ROWS = 500
_MOST_KEPT = 1000


class RowRejected(Exception):
    """A row that no message can be made of. The reason, in both languages, never holds a value."""

    def __init__(self, reason: str, reason_ru: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_ru = reason_ru


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was put aside: its place and why."""

    file: str
    sheet: str | None
    row: int
    reason: str
    reason_ru: str

    def localized(self, language: Language = "ru") -> str:
        """Return place and reason in one line of Russian or English."""
        row, reason = ("строка", self.reason_ru) if language == "ru" else ("row", self.reason)
        return " · ".join(part for part in (self.file, self.sheet, f"{row} {self.row}", reason) if part)


@dataclass(slots=True)
class SheetReport:
    """What reading a file came to, as far as it was read.

    `flaws` and `rejected` hold the first thousand; `flaw_count` and `rejected_count` all of them.
    """

    headers: tuple[Header, ...] = ()
    rows: int = 0
    messages: int = 0
    flaw_count: int = 0
    rejected_count: int = 0
    flaws: list[CellFlaw] = field(default_factory=list[CellFlaw])
    rejected: list[RejectedRow] = field(default_factory=list[RejectedRow])
    unknown_columns: Mapping[str, int] = field(default_factory=dict[str, int])
    unknown_words: Counter[str] = field(default_factory=Counter[str])


class SheetSource:
    """A file whose rows are messages of one account; a Source. A channel says how a row is read.

    It is no queue, keeps no place to go on from, and has nobody to tell. `report` tells of the last
    reading.
    """

    channel: str
    queue: bool = False

    def __init__(
        self, path: str | Path, account: str, zone: tzinfo, layout: Layout, limits: SheetLimits | None = None
    ) -> None:
        self.path = Path(path)
        self.account = account
        self.zone = zone
        self.layout = layout
        self.report = SheetReport()
        self._limits = limits

    def table(self) -> Table:
        """Return the table of the file, its header found. Raises FileError, MissingExtra."""
        return read_table(self.path, self.layout, zone=self.zone, limits=self._limits)

    def batches(self, cursor: str | None) -> Generator[Batch]:
        """Yield the rows as messages, 500 at a time; what can be none becomes a reject.

        Raises FileError before the first of them: a file that breaks off is not read halfway.
        """
        table = self.table()
        table.check()
        self.report = SheetReport(headers=table.headers, unknown_columns=table.unknown_columns)
        met: dict[str, _Met] = {}
        rows = table.rows()
        while part := list(islice(rows, _BATCH_ROWS)):
            read = [self._read(row, met) for row in part]
            yield Batch(
                channel=self.channel,
                account=self.account,
                items=tuple(item for item in read if isinstance(item, Message)),
                rejects=tuple(item for item in read if isinstance(item, Reject)),
            )

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        """Return nothing: a file is told nothing."""
        return ()

    def message_of(self, row: Row) -> Message:
        """Return the message of a whole row. Raises RowRejected, RecordError."""
        raise NotImplementedError

    def _read(self, row: Row, met: dict[str, _Met]) -> Message | Reject:
        report = self.report
        report.rows += 1
        report.flaw_count += len(row.flaws)
        report.flaws += row.flaws[: _MOST_KEPT - len(report.flaws)]
        try:
            message = self._message(row)
            _refuse_other_content(message, row, met)
        except RowRejected as rejected:
            return self._reject(row, rejected)
        report.messages += 1
        report.unknown_words.update(row.unknown_words())
        return message

    def _message(self, row: Row) -> Message:
        if not row.whole:
            wanted = [flaw for flaw in row.flaws if self.layout.fields[flaw.field].required]
            raise RowRejected(
                "; ".join(flaw.in_row("en") for flaw in wanted),
                "; ".join(flaw.in_row("ru") for flaw in wanted),
            )
        try:
            return self.message_of(row)
        except RecordError as error:
            reason, reason_ru = str(error), error.localized("ru")
        raise RowRejected(reason, reason_ru)

    def _reject(self, row: Row, why: RowRejected) -> Reject:
        rejected = RejectedRow(row.file, row.sheet, row.number, why.reason, why.reason_ru)
        self.report.rejected_count += 1
        if len(self.report.rejected) < _MOST_KEPT:
            self.report.rejected.append(rejected)
        return Reject(reason=rejected.localized("en"), raw=dict(row.cells))


_Met: TypeAlias = tuple[str | None, int, int]


def _refuse_other_content(message: Message, row: Row, met: dict[str, _Met]) -> None:
    """Refuse a second row of the same message that says something else: which one is right, who knows."""
    content = hash(frozenset(row.cells.items()))
    sheet, number, first = met.setdefault(message.external_id, (row.sheet, row.number, content))
    if first != content:
        place = f"{sheet} · " if sheet else ""
        raise RowRejected(
            f"the same number as in {place}row {number}, with another content",
            f"тот же номер, что и в {place}строке {number}, а содержание другое",
        )
