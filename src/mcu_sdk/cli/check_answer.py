"""`mcu check-answer`: what is wrong with an answer, and where in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import JsonOption, LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import FileError
from mcu_sdk.municipality import Municipality
from mcu_sdk.text import AnswerRules, Finding, check_answer

__all__ = ["check_answer_verb", "read_answer", "show_findings"]

_LEVELS = {"block": ("нельзя", "blocks"), "warn": ("проверьте", "warning")}
_AROUND = 30
_LONGEST_MARK = 80


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
    text = read_answer(file)
    found = check_answer(text, public=public, channel=channel, rules=rules)
    if as_json:
        screen.json([_facts(one, text, screen) for one in found])
    else:
        show_findings(screen, text, found)
        if not found:
            screen.say("Замечаний нет.", "Nothing found.")
    if any(one.level == "block" for one in found):
        raise typer.Exit(1)


def read_answer(file: str) -> str:
    """Return the text of a file in UTF-8, of the standard input for `-`. Raises FileError."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        reason, reason_ru = "it is not UTF-8", "он не в кодировке UTF-8"
    except (OSError, ValueError):  # ValueError: a NUL in the path
        reason, reason_ru = "it cannot be opened", "он не открывается"
    raise FileError(
        "file.not_read",
        f"{file} was not read: {reason}",
        "check the path and the encoding",
        file=file,
        reason=reason,
        reason_ru=reason_ru,
    )


def show_findings(screen: Screen, text: str, found: Sequence[Finding]) -> None:
    """Print each finding with its line and column, and the place itself marked."""
    for one in found:
        _show(screen, one, text)


def _place(one: Finding, text: str) -> tuple[int, int]:
    return text.count("\n", 0, one.start) + 1, one.start - text.rfind("\n", 0, one.start)


def _show(screen: Screen, one: Finding, text: str) -> None:
    line, column = _place(one, text)
    screen.say(
        f"{line}:{column} {_LEVELS[one.level][0]}: {one.explain('ru')} [{one.check}]",
        f"{line}:{column} {_LEVELS[one.level][1]}: {one.explain('en')} [{one.check}]",
    )
    line_start, line_end = one.start - column + 1, text.find("\n", one.start)
    line_end = len(text) if line_end < 0 else line_end
    end = min(one.end, line_end, one.start + _LONGEST_MARK)
    start = max(line_start, one.start - _AROUND)
    shown = text[start : min(line_end, end + _AROUND)].replace("\t", " ")
    if shown.strip():
        screen.text(f"    {shown}")
        screen.text(f"    {' ' * (one.start - start)}{'^' * max(1, end - one.start)}")


def _facts(one: Finding, text: str, screen: Screen) -> dict[str, object]:
    line, column = _place(one, text)
    return {
        "check": one.check,
        "level": one.level,
        "line": line,
        "column": column,
        "start": one.start,
        "end": one.end,
        "explanation": one.explain(screen.language),
    }
