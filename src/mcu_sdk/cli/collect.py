"""`mcu collect`: bring what is new into the inbox."""

from __future__ import annotations

from pathlib import Path

from mcu_sdk.cli.options import InboxOption, LanguageOption, ProfileOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.intake import Collected, Inbox, collect
from mcu_sdk.municipality import Municipality

__all__ = ["collect_verb", "show_collected"]


def collect_verb(
    profile: ProfileOption, inbox: InboxOption = Path("inbox.sqlite3"), lang: LanguageOption = "ru"
) -> None:
    """Собрать новые сообщения портала во входящие."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    with town.portal() as portal, Inbox.open(inbox) as opened:
        show_collected(screen, collect(portal, opened))


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
