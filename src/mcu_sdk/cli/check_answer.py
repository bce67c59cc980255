"""`mcu check-answer`: what is wrong with an answer, and where in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.findings import finding_facts, show_findings
from mcu_sdk.cli.options import JsonOption, LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import FileError
from mcu_sdk.municipality import Municipality
from mcu_sdk.text import AnswerRules, check_answer

__all__ = ["check_answer_verb"]


def check_answer_verb(
    file: Annotated[str, typer.Argument(help="Файл с ответом (UTF-8), «-» — стандартный ввод.")],
    *,
    public: Annotated[
        bool, typer.Option("--public/--personal", help="Ответ увидят все или только заявитель.")
    ] = True,
    channel: Annotated[
        str | None, typer.Option(help="Канал, от него зависит длина: portal, telegram, …", show_default=False)
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="Файл муниципалитета со своими правилами.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = "ru",
) -> None:
    """Проверить ответ перед отправкой; код завершения 1, если отправлять нельзя."""
    screen = Screen(lang)
    rules = AnswerRules.parse({}) if profile is None else Municipality.load(profile).answer_rules
    text = _read(file)
    found = check_answer(text, public=public, channel=channel, rules=rules)
    if as_json:
        screen.json([finding_facts(screen, text, one) for one in found])
    else:
        show_findings(screen, text, found)
        if not found:
            screen.say("Замечаний нет.", "Nothing found.")
    if any(one.level == "block" for one in found):
        raise typer.Exit(1)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, ValueError):  # ValueError: not UTF-8, or a NUL in the path
        pass
    raise FileError(
        "file.not_read", f"{file} cannot be read as UTF-8 text", "check the path and the encoding", file=file
    )
