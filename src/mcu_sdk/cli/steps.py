"""What the verbs take, answer, extend and forward share: options, the desk, and what they print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import moment_now, refuse_missing
from mcu_sdk.cli.screen import Screen
from mcu_sdk.desk import Desk, Drafted, Signers, person_named, signers_of
from mcu_sdk.desk.words import KINDS, STATES
from mcu_sdk.errors import Language
from mcu_sdk.intake import Inbox, OutboxState
from mcu_sdk.municipality import Municipality

__all__ = [
    "AgainOption",
    "ByOption",
    "ExecutorOption",
    "ManagerOption",
    "Place",
    "at_the_desk",
    "show_drafted",
]

ByOption = Annotated[str, typer.Option("--by", help="Кто это делает.", show_default=False)]
ExecutorOption = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="Исполнитель: ключ сотрудника или «Фамилия Имя Отчество». Иначе тот, кто сейчас отвечает.",
        show_default=False,
    ),
]
ManagerOption = Annotated[
    str | None,
    typer.Option(
        "--manager",
        help="Руководитель: ключ сотрудника или «Фамилия Имя Отчество». Иначе руководитель МЦУ.",
        show_default=False,
    ),
]
AgainOption = Annotated[bool, typer.Option("--again", help="Ещё раз, хотя такой шаг уже был.")]


@dataclass(frozen=True, slots=True)
class Place:
    """The desk, the moment and who signs."""

    desk: Desk
    now: datetime
    signers: Signers


@contextmanager
def at_the_desk(
    profile: Path, inbox: Path, number: str, now: str | None, people: tuple[str | None, str | None]
) -> Iterator[Place]:
    """Open the desk for one message; *people* are the options for the executor and the manager."""
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        desk = Desk(town, opened)
        item = desk.item(number, moment)
        executor, manager = (person_named(town, name) if name else None for name in people)
        usual = signers_of(town, item, moment)
        yield Place(desk, moment, Signers(executor or usual.executor, manager or usual.manager))


def show_drafted(drafted: Drafted, lang: Language) -> None:
    """Print what lies in the outbox now and what comes next."""
    screen, entry = Screen(lang), drafted.entry
    kind, state = KINDS[entry.outgoing.kind], STATES[entry.state]
    screen.say(
        f"В исходящих: {kind['ru']} ({state['ru']}), ключ {entry.key}",
        f"In the outbox: {kind['en']} ({state['en']}), key {entry.key}",
    )
    if entry.state is OutboxState.HELD:
        screen.say(
            "Дальше: mcu outbox approve, вторым человеком.", "Next: mcu outbox approve, by a second person."
        )
    elif entry.state is OutboxState.WAITING:
        screen.say("Дальше: mcu deliver.", "Next: mcu deliver.")
