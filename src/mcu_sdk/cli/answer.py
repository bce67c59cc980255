"""`mcu answer`: put down an answer, once the guard has read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.check_answer import read_answer, show_findings
from mcu_sdk.cli.options import DEFAULT_PROFILE, InboxOption, LanguageOption, NowOption, ProfileOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.cli.show import NumberArgument
from mcu_sdk.cli.steps import (
    AgainOption,
    ByOption,
    ExecutorOption,
    ManagerOption,
    at_the_desk,
    show_drafted,
)
from mcu_sdk.desk import AnswerBlocked
from mcu_sdk.errors import UsageError
from mcu_sdk.model import Outcome

__all__ = ["answer_verb"]


def answer_verb(
    number: NumberArgument,
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    by: ByOption,
    text: Annotated[str | None, typer.Option(help="Текст ответа.", show_default=False)] = None,
    file: Annotated[
        str | None, typer.Option(help="Файл с текстом ответа, «-» — стандартный ввод.", show_default=False)
    ] = None,
    outcome: Annotated[
        Outcome | None, typer.Option(help="Чем кончилось: solved, explained, …", show_default=False)
    ] = None,
    outgoing_number: Annotated[str | None, typer.Option(help="Исходящий номер.", show_default=False)] = None,
    inbox: InboxOption = Path("inbox.sqlite3"),
    executor: ExecutorOption = None,
    manager: ManagerOption = None,
    again: AgainOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Ответить: текст проверяется, и черновик ложится в исходящие."""
    said = _text(text, file)
    with at_the_desk(profile, inbox, number, now, (executor, manager)) as place:
        try:
            drafted = place.desk.answer(
                number,
                said,
                by=by,
                now=place.now,
                outcome=outcome,
                signers=place.signers,
                outgoing_number=outgoing_number,
                outgoing_at=place.now if outgoing_number else None,
                again=again,
            )
        except AnswerBlocked as blocked:
            show_findings(Screen(lang), said, blocked.findings)
            raise
    show_findings(Screen(lang), said, drafted.findings)
    show_drafted(drafted, lang)


def _text(text: str | None, file: str | None) -> str:
    if file is None and text is not None:
        return text
    if file is not None and text is None:
        return read_answer(file)
    raise UsageError(
        "usage.answer_text", "the answer's text is given twice or not at all", "use --text or --file"
    )
