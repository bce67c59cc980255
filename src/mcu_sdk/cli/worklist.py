"""`mcu worklist`: what burns first, who must act, why that date; on the screen, as JSON, XLSX or a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import (
    DEFAULT_PROFILE,
    InboxOption,
    JsonOption,
    LanguageOption,
    NowOption,
    ProfileOption,
    moment_now,
    refuse_missing,
)
from mcu_sdk.cli.screen import Screen
from mcu_sdk.desk import Standing, WorkItem, about, facts, span_text, who_acts, worklist, worklist_page
from mcu_sdk.desk.columns import name_of
from mcu_sdk.desk.words import STANDINGS
from mcu_sdk.desk.worklist import OPEN_STANDINGS
from mcu_sdk.errors import MissingExtra, UsageError
from mcu_sdk.intake import Inbox
from mcu_sdk.municipality import Municipality
from mcu_sdk.transport import PartFile

__all__ = ["show_worklist", "worklist_verb"]


def worklist_verb(
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    state: Annotated[
        list[Standing] | None, typer.Option(help="Только в этом состоянии; можно несколько раз.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Сколько строк показать.", min=1)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Показать, почему такой срок.")] = False,
    as_json: JsonOption = False,
    xlsx: Annotated[Path | None, typer.Option(help="Записать в таблицу (XLSX).", show_default=False)] = None,
    html: Annotated[
        Path | None, typer.Option(help="Записать страницей для чтения и печати.", show_default=False)
    ] = None,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Показать открытые сообщения: сначала те, чей срок раньше."""
    screen = Screen(lang)
    if state and Standing.DONE in state:
        raise UsageError(
            "usage.not_on_the_list",
            "the worklist holds open messages only, and none of them is done",
            "leave out --state done",
        )
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        items = _asked_for(opened, town, moment, state or OPEN_STANDINGS, limit)
        unread = len(opened.quarantined())
    if xlsx is not None:
        from mcu_sdk.desk.workbook import worklist_workbook  # noqa: PLC0415  (the extra xlsx, where it is asked for)

        _write(screen, xlsx, worklist_workbook(items, moment, lang))
    if html is not None:
        _write(screen, html, worklist_page(items, town, moment, lang).encode())
    if as_json:
        screen.json([facts(item, moment, lang) for item in items])
    if as_json or xlsx is not None or html is not None:
        return
    show_worklist(screen, items, moment)
    if unread:
        screen.say(f"Отложено нечитаемых: {unread}.", f"Put aside unread: {unread}.")
    if explain:
        for item in items:
            screen.heading(name_of(item), name_of(item))
            screen.text(item.explain(lang))


def _asked_for(
    inbox: Inbox, town: Municipality, now: datetime, standings: Collection[Standing], limit: int | None
) -> list[WorkItem]:
    if limit is not None:
        with suppress(MissingExtra):
            from mcu_sdk.desk import bulk  # noqa: PLC0415  (the extra batch, where it is there)

            return bulk.worklist(inbox, town, now, limit=limit, standings=standings)
    return [item for item in worklist(inbox, town, now) if item.standing in standings][:limit]


def show_worklist(screen: Screen, items: Sequence[WorkItem], now: datetime) -> None:
    """Print the list, or that it is empty; late rows stand out on a terminal."""
    if not items:
        screen.say("Таких сообщений нет.", "There are no such messages.")
        return
    headings = (
        ("Срок", "Осталось", "Номер", "О чём", "Кто отвечает")
        if screen.language == "ru"
        else ("Due", "Left", "Number", "About", "Responsible")
    )
    rows = [
        (
            screen.moment(item.due) if item.due else "—",
            _left(screen, item, now),
            name_of(item),
            about(item),
            who_acts(item),
        )
        for item in items
    ]
    screen.table(headings, rows, [item.late for item in items])


def _left(screen: Screen, item: WorkItem, now: datetime) -> str:
    remaining = item.remaining(now)
    if remaining is None:
        return item.problem.code if item.problem else STANDINGS[item.standing][screen.language]
    if not item.late:
        return span_text(remaining, screen.language)
    return ("просрочено на " if screen.language == "ru" else "late by ") + span_text(
        -remaining, screen.language
    )


def _write(screen: Screen, path: Path, content: bytes) -> None:
    with PartFile(path) as part:
        part.write(content)
        part.finish()
    screen.say(f"Записано: {path}", f"Written: {path}")
