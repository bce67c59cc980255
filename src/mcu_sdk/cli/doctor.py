"""`mcu doctor`: whether this machine and this profile are fit to work, and what to ask of whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import JsonOption, LanguageOption, NowOption, moment_now
from mcu_sdk.cli.screen import Screen
from mcu_sdk.doctor import Finding, examine

__all__ = ["doctor_verb"]

_LEVELS = {
    "good": ("хорошо", "good"),
    "note": ("к сведению", "note"),
    "warning": ("внимание", "warning"),
    "trouble": ("неисправно", "trouble"),
    "skipped": ("пропущено", "skipped"),
}


def doctor_verb(
    *,
    profile: Annotated[
        Path | None, typer.Option(help="Файл муниципалитета (TOML).", show_default=False)
    ] = None,
    inbox: Annotated[
        Path | None, typer.Option(help="Файл с собранными сообщениями.", show_default=False)
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Не обращаться к системам.")] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Проверить этот компьютер, профиль и хранилище; код завершения 1, если что-то неисправно."""
    fixed = None if now is None else moment_now(now, UTC)
    found = examine(profile=profile, inbox=inbox, offline=offline, now=lambda: fixed or datetime.now(UTC))
    screen = Screen(lang)
    if as_json:
        screen.json([item.as_json(lang) for item in found])
    else:
        _show(screen, found)
    if any(item.level == "trouble" for item in found):
        raise typer.Exit(1)


def _show(screen: Screen, found: tuple[Finding, ...]) -> None:
    russian = screen.language == "ru"
    headings = ("Состояние", "Что найдено", "Что сделать") if russian else ("State", "Found", "To do")
    rows = [
        (
            _LEVELS[item.level][0 if russian else 1],
            item.text.in_language(screen.language),
            item.ask.in_language(screen.language),
        )
        for item in found
    ]
    screen.table(headings, rows, [item.level == "trouble" for item in found])
    troubles = sum(item.level == "trouble" for item in found)
    warnings = sum(item.level == "warning" for item in found)
    screen.say(
        f"Неисправностей: {troubles}, предупреждений: {warnings}.",
        f"Troubles: {troubles}, warnings: {warnings}.",
    )
