"""`mcu extend`: put down that a term is extended, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import DEFAULT_PROFILE, InboxOption, LanguageOption, NowOption, ProfileOption
from mcu_sdk.cli.show import NumberArgument
from mcu_sdk.cli.steps import ByOption, ExecutorOption, ManagerOption, at_the_desk, show_drafted
from mcu_sdk.errors import UsageError

__all__ = ["extend_verb"]


def extend_verb(
    number: NumberArgument,
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    by: ByOption,
    until: Annotated[str, typer.Option(help="Новый срок, включительно: 2026-02-10.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Почему: это увидит заявитель.", show_default=False)],
    inbox: InboxOption = Path("inbox.sqlite3"),
    executor: ExecutorOption = None,
    manager: ManagerOption = None,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Продлить срок: черновик в исходящие. Считается с отправки, до конца прежнего срока."""
    try:
        last = date.fromisoformat(until)
    except ValueError:
        last = None
    if last is None:
        raise UsageError("usage.until", "--until is not a date", "write it as 2026-02-10", text=until)
    with at_the_desk(profile, inbox, number, now, (executor, manager)) as place:
        drafted = place.desk.extend(number, last, reason, by=by, now=place.now, signers=place.signers)
    show_drafted(drafted, lang)
