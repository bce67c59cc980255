"""`mcu import`: a register file into the inbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.disagreements import show_disagreements
from mcu_sdk.cli.options import (
    DEFAULT_PROFILE,
    InboxOption,
    LanguageOption,
    NowOption,
    ProfileOption,
    clock,
    moment_now,
)
from mcu_sdk.cli.recognising import source_of
from mcu_sdk.cli.screen import Screen
from mcu_sdk.desk import Disagreement, disagreements
from mcu_sdk.intake import Collected, Inbox, collect
from mcu_sdk.model import Batch
from mcu_sdk.municipality import Municipality
from mcu_sdk.sheets import SheetReport, SheetSource

__all__ = ["import_verb"]

_SHOWN = 10


class _Judged:
    """A file as a source that holds its messages against our verdicts on the way."""

    def __init__(self, source: SheetSource, town: Municipality, now: datetime) -> None:
        self.channel = source.channel
        self.account = source.account
        self.queue = source.queue
        self.counts: Counter[str] = Counter()
        self.first: list[Disagreement] = []
        self._source = source
        self._town = town
        self._now = now

    def batches(self, cursor: str | None) -> Generator[Batch]:
        for batch in self._source.batches(cursor):
            for found in disagreements(batch.items, self._town, self._now):
                self.counts[found.what] += 1
                if len(self.first) < _SHOWN:
                    self.first.append(found)
            yield batch

    def acknowledge(self, external_ids: Sequence[str]) -> tuple[str, ...]:
        return self._source.acknowledge(external_ids)


def import_verb(
    file: Annotated[Path, typer.Argument(help="Файл .xlsx или CSV.", show_default=False)],
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    account: Annotated[
        str | None, typer.Option(help="Учётная запись, если её не узнать по заголовкам.", show_default=False)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Прочитать и рассказать, ничего не записывая.")
    ] = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Прочитать во входящие выгрузку портала или журнал обращений."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    source = source_of(town, file, account)
    judged = _Judged(source, town, moment)
    collected = None
    if dry_run:
        for _ in judged.batches(None):
            pass
    else:
        with Inbox.open(inbox) as opened:
            collected = collect(judged, opened, now=clock(now, town.zone))
    _show_what_was_read(screen, source)
    _show_stored(screen, collected)
    _show_troubles(screen, source.report)
    show_disagreements(screen, judged.first, judged.counts)


def _show_what_was_read(screen: Screen, source: SheetSource) -> None:
    report = source.report
    screen.say(
        f"{source.path.name}: {source.layout.title}, учётная запись {source.account}.",
        f"{source.path.name}: layout {source.layout.name}, account {source.account}.",
    )
    for header in report.headers:
        sheet = (f"Лист «{header.sheet}», з", f"Sheet “{header.sheet}”, h") if header.sheet else ("З", "H")
        screen.say(
            f"{sheet[0]}аголовок в строке {header.row}, известных столбцов: {header.found}.",
            f"{sheet[1]}eader in row {header.row}, known columns: {header.found}.",
        )
    screen.say(
        f"Строк: {report.rows}, сообщений: {report.messages}, отложено строк: {report.rejected_count}.",
        f"Rows: {report.rows}, messages: {report.messages}, rows put aside: {report.rejected_count}.",
    )


def _show_stored(screen: Screen, collected: Collected | None) -> None:
    if collected is None:
        screen.say("Ничего не записано (--dry-run).", "Nothing was written (--dry-run).")
        return
    known = collected.known - collected.changed
    screen.say(
        f"Во входящих новых: {collected.new}, изменившихся: {collected.changed}, прежних: {known}.",
        f"In the inbox: new {collected.new}, changed {collected.changed}, as before {known}.",
    )


def _show_troubles(screen: Screen, report: SheetReport) -> None:
    language = screen.language
    _show_first(
        screen,
        ("Отложенные строки", "Rows put aside"),
        [rejected.localized(language) for rejected in report.rejected[:_SHOWN]],
        report.rejected_count,
    )
    _show_first(
        screen,
        ("Непрочитанные ячейки", "Cells that could not be read"),
        [flaw.localized(language) for flaw in report.flaws[:_SHOWN]],
        report.flaw_count,
    )
    for heading, count in sorted(report.unknown_columns.items()):
        screen.say(
            f"Незнакомый столбец «{heading}», заполнено ячеек: {count}.",
            f"Unknown column “{heading}”, filled cells: {count}.",
        )
    for word, count in sorted(report.unknown_words.items()):
        screen.say(f"Незнакомое слово {word}: {count}.", f"Unknown word {word}: {count}.")


def _show_first(screen: Screen, title: tuple[str, str], lines: Sequence[str], count: int) -> None:
    if not count:
        return
    screen.say(f"{title[0]}: {count}.", f"{title[1]}: {count}.")
    for line in lines:
        screen.text(f"  {line}")
    if count > len(lines):
        screen.say(f"  … и ещё {count - len(lines)}", f"  … and {count - len(lines)} more")
