"""`mcu take`: put down that a message is taken to work."""

from __future__ import annotations

from pathlib import Path

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

__all__ = ["take_verb"]


def take_verb(
    number: NumberArgument,
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    by: ByOption,
    inbox: InboxOption = Path("inbox.sqlite3"),
    executor: ExecutorOption = None,
    manager: ManagerOption = None,
    again: AgainOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Взять сообщение в работу: черновик в исходящие."""
    with at_the_desk(profile, inbox, number, now, (executor, manager)) as place:
        drafted = place.desk.take(number, by=by, now=place.now, signers=place.signers, again=again)
    show_drafted(drafted, lang)
