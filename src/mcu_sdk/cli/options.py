"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from mcu_sdk.errors import UsageError

__all__ = [
    "DEFAULT_PROFILE",
    "InboxOption",
    "JsonOption",
    "LanguageOption",
    "NowOption",
    "ProfileOption",
    "clock",
    "moment_now",
    "refuse_missing",
]

ProfileOption = Annotated[Path, typer.Option("--profile", help="Файл муниципалитета (TOML).")]
DEFAULT_PROFILE = Path("town.toml")
"""Where a verb looks for the profile when none is named."""
InboxOption = Annotated[Path, typer.Option("--inbox", help="Файл с собранными сообщениями.")]
LanguageOption = Annotated[Literal["ru", "en"], typer.Option("--lang", help="Язык вывода.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Вывод для программ.")]
NowOption = Annotated[
    str | None,
    typer.Option("--now", help="Считать, что сейчас это время (ISO 8601).", show_default=False),
]

_YEARS = range(1902, 2200)


def moment_now(text: str | None, zone: tzinfo) -> datetime:
    """Return the moment that `--now` names, in *zone* if it names none; the machine's clock without it.

    Raises UsageError for a text that is no moment and for a year outside 1902-2199.
    """
    if text is None:
        return datetime.now(UTC).astimezone(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None:
        raise UsageError(
            "usage.now", "--now is not a date and time", "write it as 2026-01-12T08:05", text=text
        )
    if moment.year not in _YEARS:
        raise UsageError("usage.now_far", "--now is too far away", "take a year of 1902-2199", text=text)
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)


def clock(text: str | None, zone: tzinfo) -> Callable[[], datetime]:
    """Return the clock of a run: standing at the moment that `--now` names, else the machine's."""
    return (lambda: datetime.now(UTC)) if text is None else partial(moment_now, text, zone)


def refuse_missing(inbox: Path) -> None:
    """Refuse to open a file that is not there: opening would make an empty one."""
    try:
        missing = not inbox.exists()
    except OSError:
        missing = False  # the inbox itself says what is wrong with the path
    if missing:
        raise UsageError("usage.no_inbox", f"there is no {inbox}", "check --inbox", path=str(inbox))
