"""`mcu store`: whether the store is whole, and a copy of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import InboxOption, LanguageOption, refuse_missing
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Inbox, heartbeats

__all__ = ["store_verbs"]

store_verbs = typer.Typer(help="Хранилище сообщений: проверка и копия.", no_args_is_help=True)


@store_verbs.command("check")
def check_verb(inbox: InboxOption = Path("inbox.sqlite3"), lang: LanguageOption = "ru") -> None:
    """Проверить базу и журнал; код завершения 1, если что-то не так."""
    screen = Screen(lang)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        found = opened.store.check()
        flaws = opened.journal.verify()
        count, unread = opened.count(), len(opened.quarantined())
        lives = heartbeats(opened.store)
    screen.say(f"Сообщений: {count}, отложено: {unread}.", f"Messages: {count}, put aside: {unread}.")
    for life in lives:
        when = screen.moment(life.succeeded_at) if life.succeeded_at else "—"
        failure = f" ({life.failure})" if life.failure else ""
        screen.say(
            f"{life.name}: последний удачный сбор {when}{failure}",
            f"{life.name}: last success {when}{failure}",
        )
    for what in found:
        screen.say(f"База: {what}", f"Database: {what}")
    for flaw in flaws:
        place = f"{flaw.channel} {flaw.account} {flaw.number}"
        screen.say(f"Журнал: {place} ({flaw.reason})", f"Journal: {place} ({flaw.reason})")
    if found or flaws:
        raise typer.Exit(1)
    screen.say("База и журнал целы.", "The database and the journal are whole.")


@store_verbs.command("backup")
def backup_verb(
    file: Annotated[Path, typer.Argument(help="Файл, которого ещё нет.")],
    inbox: InboxOption = Path("inbox.sqlite3"),
    lang: LanguageOption = "ru",
) -> None:
    """Сделать копию хранилища, не останавливая работу."""
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        opened.store.backup(file)
    Screen(lang).say(f"Копия: {file}", f"Copy: {file}")
