"""`mcu quarantine`: what could not be read, and reading it anew."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer

from mcu_sdk.channels.portal.canonical import CHANNEL, read_again
from mcu_sdk.cli.options import InboxOption, LanguageOption, refuse_missing
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Inbox, retry_quarantined

__all__ = ["quarantine_verbs"]

quarantine_verbs = typer.Typer(help="Отложенные нечитаемые сообщения.", no_args_is_help=True)
_READERS = {CHANNEL: read_again}


@quarantine_verbs.command("list")
def list_verb(inbox: InboxOption = Path("inbox.sqlite3"), lang: LanguageOption = "ru") -> None:
    """Перечислить отложенное: когда пришло, откуда, почему не прочитано."""
    screen = Screen(lang)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        items = opened.quarantined()
    headings = (
        ("Пришло", "Канал", "Учётная запись", "Номер", "Причина")
        if lang == "ru"
        else ("Came", "Channel", "Account", "Id", "Reason")
    )
    screen.table(
        headings,
        [
            (item.received_at.isoformat(), item.channel, item.account, item.external_id or "—", item.reason)
            for item in items
        ],
    )


@quarantine_verbs.command("retry")
def retry_verb(inbox: InboxOption = Path("inbox.sqlite3"), lang: LanguageOption = "ru") -> None:
    """Прочитать отложенное заново; что читается, переходит во входящие."""
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        accounts = {(item.channel, item.account) for item in opened.quarantined()}
        moved = sum(
            retry_quarantined(
                opened,
                partial(_READERS[channel], account=account),
                channel=channel,
                account=account,
            )
            for channel, account in sorted(accounts)
            if channel in _READERS
        )
        left = len(opened.quarantined())
    Screen(lang).say(f"Прочитано: {moved}, осталось: {left}.", f"Read: {moved}, left: {left}.")
