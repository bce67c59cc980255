"""`mcu worklist`: what burns first, who must act, why that date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import (
    InboxOption,
    JsonOption,
    LanguageOption,
    NowOption,
    ProfileOption,
    moment_now,
    refuse_missing,
)
from mcu_sdk.cli.screen import Screen
from mcu_sdk.desk import WorkItem, worklist
from mcu_sdk.intake import Inbox
from mcu_sdk.municipality import Municipality

__all__ = ["show_worklist", "worklist_verb"]

_TOPIC_WIDTH = 48


def worklist_verb(
    *,
    profile: ProfileOption,
    inbox: InboxOption = Path("inbox.sqlite3"),
    limit: Annotated[int | None, typer.Option(help="Сколько строк показать.", min=1)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Показать, почему такой срок.")] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Показать открытые сообщения: сначала те, чей срок раньше."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        items = worklist(opened, town, moment)[:limit]
        unread = len(opened.quarantined())
    if as_json:
        screen.json([_facts(screen, item, moment) for item in items])
        return
    show_worklist(screen, items, moment)
    if unread:
        screen.say(f"Отложено нечитаемых: {unread}.", f"Put aside unread: {unread}.")
    if explain:
        for item in items:
            screen.heading(str(item.message.number), str(item.message.number))
            screen.text(item.explain(lang))


def show_worklist(screen: Screen, items: Sequence[WorkItem], now: datetime) -> None:
    """Print the list; late rows stand out on a terminal."""
    headings = (
        ("Срок", "Осталось", "Номер", "О чём", "Кто отвечает")
        if screen.language == "ru"
        else ("Due", "Left", "Number", "About", "Responsible")
    )
    rows = [
        (
            screen.moment(item.due) if item.due else "—",
            _left(screen, item, now),
            item.message.number or item.message.external_id,
            _about(item),
            item.responsible.title if item.responsible else "—",
        )
        for item in items
    ]
    screen.table(headings, rows, [item.late for item in items])


def _left(screen: Screen, item: WorkItem, now: datetime) -> str:
    remaining = item.remaining(now)
    if remaining is None:
        return item.problem.code if item.problem else "—"
    if not item.late:
        return screen.span(remaining)
    return ("просрочено на " if screen.language == "ru" else "late by ") + screen.span(remaining)


def _about(item: WorkItem) -> str:
    topic = item.message.topic
    about = topic.fact or topic.topic or topic.group or item.message.masked().text.partition("\n")[0]
    return about if len(about) <= _TOPIC_WIDTH else about[: _TOPIC_WIDTH - 1] + "…"


def _facts(screen: Screen, item: WorkItem, now: datetime) -> dict[str, object]:
    message = item.message.masked()
    remaining = item.remaining(now)
    return {
        "channel": message.channel,
        "account": message.account,
        "external_id": message.external_id,
        "number": message.number,
        "topic": message.topic.topic,
        "text": message.text,
        "due": item.due.isoformat() if item.due else None,
        "late": item.late,
        "remaining_seconds": None if remaining is None else int(remaining.total_seconds()),
        "responsible": item.responsible.role if item.responsible else None,
        "explanation": item.explain(screen.language),
    }
