"""`mcu show`: one message, its clocks, its steps, who must act and why."""

from __future__ import annotations

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
from mcu_sdk.desk import Desk, WorkItem, addressee, facts, notices, span_text, who_acts
from mcu_sdk.desk.columns import name_of, place_of, topic_of
from mcu_sdk.desk.words import KINDS, STANDINGS, STATES
from mcu_sdk.intake import Inbox
from mcu_sdk.municipality import Municipality
from mcu_sdk.sla.words import clock_name, state_of

__all__ = ["NumberArgument", "show_verb"]

NumberArgument = Annotated[str, typer.Argument(help="Номер сообщения.", show_default=False)]


def show_verb(
    number: NumberArgument,
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    as_json: JsonOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Показать одно сообщение: что с ним, какие сроки идут и почему."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        item = Desk(town, opened).item(number, moment)
    told = notices(item, town, moment)
    if as_json:
        notify = [{"id": one.id, "level": one.level, "role": one.rung.post.role} for one in told]
        screen.json(facts(item, moment, lang) | {"notify": notify})
        return
    _show_message(screen, item, moment)
    _show_clocks(screen, item, moment)
    _show_steps(screen, item)
    screen.heading("Кто действует", "Who acts")
    screen.text(town.roster.explain(item.message.channel, moment, lang))
    for one in told:
        screen.say(f"Сообщить: {addressee(one.rung)}", f"To be told: {addressee(one.rung)}")
    screen.heading("Куда направить", "Where to forward")
    route = town.routing.route(item.message, on=moment.astimezone(town.zone).date())
    screen.text(route.explain(lang))
    screen.heading("Почему такой срок", "Why that date")
    screen.text(item.explain(lang))


def _show_message(screen: Screen, item: WorkItem, now: datetime) -> None:
    message = item.message.masked()
    screen.heading(f"Сообщение {name_of(item)}", f"Message {name_of(item)}")
    for line in (topic_of(item), place_of(item), message.text):
        if line:
            screen.text(line)
    left, due = item.remaining(now), screen.moment(item.due) if item.due else "—"
    screen.say(
        f"Состояние: {STANDINGS[item.standing]['ru']}. Срок: {due}. Осталось: {span_text(left)}, "
        f"рабочего времени: {span_text(item.working_remaining(now), working=True)}.",
        f"State: {STANDINGS[item.standing]['en']}. Due: {due}. Left: {span_text(left, 'en')}, "
        f"working time: {span_text(item.working_remaining(now), 'en', working=True)}.",
    )
    screen.say(f"Отвечает: {who_acts(item)}", f"Responsible: {who_acts(item)}")


def _show_clocks(screen: Screen, item: WorkItem, now: datetime) -> None:
    if item.verdict is None:
        return
    lang = screen.language
    screen.heading("Сроки", "Clocks")
    headings = ("Срок", "Состояние", "До", "Осталось") if lang == "ru" else ("Clock", "State", "Due", "Left")
    rows = [
        (
            clock_name(clock.name, lang),
            state_of(clock, lang),
            screen.moment(clock.due) if clock.due else "—",
            span_text(clock.remaining(now) if clock.open else None, lang),
        )
        for clock in item.verdict.clocks
    ]
    screen.table(headings, rows, [clock.late for clock in item.verdict.clocks])


def _show_steps(screen: Screen, item: WorkItem) -> None:
    if not item.steps:
        return
    lang = screen.language
    screen.heading("Исходящие", "Outbox")
    headings = ("Ключ", "Что", "Состояние", "Почему") if lang == "ru" else ("Key", "What", "State", "Why")
    rows = [
        (step.key, KINDS[step.outgoing.kind][lang], STATES[step.state][lang], step.reason or "")
        for step in item.steps
    ]
    screen.table(headings, rows)
