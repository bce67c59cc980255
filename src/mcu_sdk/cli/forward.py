"""`mcu forward`: put down that a message goes to another body, and tell the resident so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import DEFAULT_PROFILE, InboxOption, LanguageOption, NowOption, ProfileOption
from mcu_sdk.cli.show import NumberArgument
from mcu_sdk.cli.steps import (
    AgainOption,
    ByOption,
    ExecutorOption,
    ManagerOption,
    at_the_desk,
    show_drafted,
)

__all__ = ["forward_verb"]


def forward_verb(
    number: NumberArgument,
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    by: ByOption,
    to: Annotated[str, typer.Option(help="Кому: ключ органа из файла муниципалитета.", show_default=False)],
    note: Annotated[str, typer.Option(help="Уведомление заявителю.", show_default=False)],
    complained_of: Annotated[
        list[str] | None,
        typer.Option(help="На кого жалуются: туда не направить. Можно несколько раз.", show_default=False),
    ] = None,
    inbox: InboxOption = Path("inbox.sqlite3"),
    executor: ExecutorOption = None,
    manager: ManagerOption = None,
    again: AgainOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Переслать по компетенции: черновик в исходящие."""
    with at_the_desk(profile, inbox, number, now, (executor, manager)) as place:
        drafted = place.desk.forward(
            number,
            to,
            note,
            by=by,
            now=place.now,
            complained_of=complained_of or (),
            signers=place.signers,
            again=again,
        )
    show_drafted(drafted, lang)
