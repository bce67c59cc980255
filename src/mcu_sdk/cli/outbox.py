"""`mcu outbox`: what is to be sent, a second person's approval, the switch, and what is in doubt."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import InboxOption, LanguageOption, NowOption, moment_now
from mcu_sdk.cli.screen import Screen
from mcu_sdk.desk.words import STATES
from mcu_sdk.intake import Outbox, OutboxState

__all__ = ["outbox_verbs"]

_INBOX = Path("inbox.sqlite3")
ByOption = Annotated[str, typer.Option("--by", help="Кто это делает.", show_default=False)]
KeyArgument = Annotated[str, typer.Argument(help="Ключ записи.", show_default=False)]

outbox_verbs = typer.Typer(help="Исходящие: что отправить и что под вопросом.", no_args_is_help=True)


@outbox_verbs.command("list")
def list_verb(
    state: Annotated[OutboxState | None, typer.Option(help="Только в этом состоянии.")] = None,
    inbox: InboxOption = _INBOX,
    lang: LanguageOption = "ru",
) -> None:
    """Показать исходящие без их текста."""
    screen = Screen(lang)
    with Outbox.open(inbox) as outbox:
        entries, stop = outbox.entries(state), outbox.stopped
    russian = screen.language == "ru"
    rows = [
        (
            entry.key,
            entry.external_id,
            STATES[entry.state][lang],
            str(entry.tries),
            entry.reason or "",
        )
        for entry in entries
    ]
    headings = ("Ключ", "Сообщение", "Состояние", "Попыток", "Почему")
    screen.table(headings if russian else ("Key", "Message", "State", "Tries", "Why"), rows)
    if stop is not None:
        screen.say(f"Отправка остановлена: {stop.reason}", f"Sending is stopped: {stop.reason}")


@outbox_verbs.command("approve")
def approve_verb(
    *,
    key: KeyArgument,
    by: ByOption,
    inbox: InboxOption = _INBOX,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Одобрить отправку: вторым человеком, не тем, кто внёс запись."""
    with Outbox.open(inbox) as outbox:
        outbox.approve(key, by=by, now=moment_now(now, UTC))
    Screen(lang).say("Одобрено.", "Approved.")


@outbox_verbs.command("cancel")
def cancel_verb(
    *,
    key: KeyArgument,
    by: ByOption,
    inbox: InboxOption = _INBOX,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Отменить то, что ещё не отправлено."""
    with Outbox.open(inbox) as outbox:
        outbox.cancel(key, by=by, now=moment_now(now, UTC))
    Screen(lang).say("Отменено.", "Cancelled.")


@outbox_verbs.command("stop")
def stop_verb(
    by: ByOption,
    reason: Annotated[str, typer.Option(help="Почему.", show_default=False)],
    inbox: InboxOption = _INBOX,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Остановить всякую отправку."""
    with Outbox.open(inbox) as outbox:
        outbox.stop(by=by, reason=reason, now=moment_now(now, UTC))
    Screen(lang).say("Отправка остановлена.", "Sending is stopped.")


@outbox_verbs.command("resume")
def resume_verb(
    by: ByOption, inbox: InboxOption = _INBOX, now: NowOption = None, lang: LanguageOption = "ru"
) -> None:
    """Снова разрешить отправку."""
    with Outbox.open(inbox) as outbox:
        outbox.resume(by=by, now=moment_now(now, UTC))
    Screen(lang).say("Отправка разрешена.", "Sending is allowed.")


@outbox_verbs.command("settle")
def settle_verb(
    key: KeyArgument,
    *,
    sent: Annotated[
        bool, typer.Option("--sent/--not-sent", help="Есть ли это на портале.", show_default=False)
    ],
    by: ByOption,
    inbox: InboxOption = _INBOX,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Сказать, что видно на портале о записи под вопросом."""
    with Outbox.open(inbox) as outbox:
        entry = outbox.settle(key, sent=sent, by=by, now=moment_now(now, UTC))
    Screen(lang).say(f"Теперь: {STATES[entry.state]['ru']}.", f"Now: {entry.state.value}.")
