"""`mcu collect`: bring what is new into the inbox."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.follow import follow_accounts
from mcu_sdk.cli.options import DEFAULT_PROFILE, InboxOption, LanguageOption, NowOption, ProfileOption, clock
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Collected, Inbox, collect
from mcu_sdk.municipality import Municipality

__all__ = ["collect_verb", "show_collected", "show_quarantined"]

_INTERRUPTED = 130
_SHOWN = 10


def collect_verb(
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    follow: Annotated[bool, typer.Option("--follow", help="Собирать снова и снова до остановки.")] = False,
    every: Annotated[float, typer.Option(help="Секунд между сборами при --follow.", min=1)] = 60.0,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Собрать новые сообщения портала во входящие."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    if follow:
        follow_accounts(screen, town, inbox, timedelta(seconds=every))
        return
    with town.portal() as portal, Inbox.open(inbox) as opened:
        try:
            show_collected(screen, collect(portal, opened, now=clock(now, town.zone)))
        except KeyboardInterrupt:
            screen.say(
                "Прервано: что собрано, то сохранено; остальное соберёт новый запуск этой команды.",
                "Stopped: what was collected is stored; run the command again for the rest.",
            )
            raise typer.Exit(_INTERRUPTED) from None
        show_quarantined(screen, opened, town.zone)


def show_collected(screen: Screen, collected: Collected) -> None:
    """Print the counts of a run, with everything that wants a look."""
    screen.say(
        f"Новых сообщений: {collected.new}, известных: {collected.known}, "
        f"отложено нечитаемых: {collected.quarantined}.",
        f"New messages: {collected.new}, known: {collected.known}, put aside: {collected.quarantined}.",
    )
    if collected.unconfirmed:
        screen.say(
            f"Портал не подтвердил приём: {collected.unconfirmed} (запись выключена или он отказал).",
            f"The portal did not confirm: {collected.unconfirmed} (writes are off, or it refused).",
        )
    for word, count in sorted(collected.unknown_words.items()):
        screen.say(f"Незнакомое слово {word}: {count}.", f"Unknown word {word}: {count}.")


def show_quarantined(screen: Screen, inbox: Inbox, zone: tzinfo) -> None:
    """Print what lies unread in the inbox, the newest ten."""
    items = inbox.quarantined()[::-1]
    for item in items[:_SHOWN]:
        name, when = item.external_id or "—", screen.moment(item.received_at.astimezone(zone))
        screen.say(f"Отложено {when}: {name} ({item.reason})", f"Put aside {when}: {name} ({item.reason})")
    if len(items) > _SHOWN:
        screen.say(f"… и ещё {len(items) - _SHOWN}", f"… and {len(items) - _SHOWN} more")
