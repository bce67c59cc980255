"""`mcu purge`: empty what is kept longer than it may be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import InboxOption, LanguageOption, moment_now, refuse_missing
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Inbox
from mcu_sdk.intake.purging import purgeable

__all__ = ["purge_verb"]


def purge_verb(
    *,
    before: Annotated[str, typer.Option(help="Что пришло раньше этого дня (ГГГГ-ММ-ДД, UTC).")],
    yes: Annotated[bool, typer.Option("--yes", help="Удалить, а не только посчитать.")] = False,
    inbox: InboxOption = Path("inbox.sqlite3"),
    lang: LanguageOption = "ru",
) -> None:
    """Удалить тексты старых сообщений; номера остаются, чтобы узнать повтор."""
    screen = Screen(lang)
    moment = moment_now(before, UTC)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        if yes:
            count = opened.purge(before=moment, at=datetime.now(UTC))
            screen.say(f"Удалено: {count}.", f"Purged: {count}.")
            return
        count = purgeable(opened.store, moment)
    screen.say(f"Будет удалено: {count}. Удалить: --yes.", f"To be purged: {count}. Purge with --yes.")
