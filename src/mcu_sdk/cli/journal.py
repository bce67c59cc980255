"""`mcu journal`: whether what came and went is told unchanged."""

from __future__ import annotations

from pathlib import Path

import typer

from mcu_sdk.cli.options import InboxOption, LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Inbox

__all__ = ["journal_verbs"]

_INBOX = Path("inbox.sqlite3")

journal_verbs = typer.Typer(help="Журнал: цел ли он.", no_args_is_help=True)


@journal_verbs.command("verify")
def verify_verb(inbox: InboxOption = _INBOX, lang: LanguageOption = "ru") -> None:
    """Проверить, что ни одна запись журнала не изменена и не пропала."""
    screen = Screen(lang)
    with Inbox.open(inbox) as opened:
        flaws = opened.journal.verify()
    for flaw in flaws:
        place = f"{flaw.channel}/{flaw.account}, {flaw.number}"
        russian = "пропала" if flaw.reason == "missing" else "изменена"
        screen.say(f"Запись {russian}: {place}", f"Entry {flaw.reason}: {place}")
    if flaws:
        raise typer.Exit(1)
    screen.say("Журнал цел.", "The journal is whole.")


@journal_verbs.command("head")
def head_verb(inbox: InboxOption = _INBOX, lang: LanguageOption = "ru") -> None:
    """Показать последнее звено журнала каждой учётной записи, чтобы хранить его отдельно."""
    screen = Screen(lang)
    with Inbox.open(inbox) as opened:
        journal = opened.journal
        rows = [(channel, account, journal.head(channel, account)) for channel, account in journal.accounts()]
    russian = screen.language == "ru"
    screen.table(("Канал", "Учётная запись", "Звено") if russian else ("Channel", "Account", "Chain"), rows)
