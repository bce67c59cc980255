"""`mcu disagreements`: where registers say one thing about a deadline and we another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
from mcu_sdk.desk import Disagreement, disagreements
from mcu_sdk.intake import Inbox
from mcu_sdk.municipality import Municipality

__all__ = ["disagreements_verb", "show_disagreements"]

_WHAT = {
    "late_word": ("просрочено", "late"),
    "planned_date": ("срок", "due"),
}


def disagreements_verb(
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    inbox: InboxOption = Path("inbox.sqlite3"),
    explain: Annotated[bool, typer.Option("--explain", help="Показать, почему мы считаем так.")] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Показать, где реестр и наш расчёт расходятся: слово «Просрочено» и плановая дата."""
    screen = Screen(lang)
    town = Municipality.load(profile)
    moment = moment_now(now, town.zone)
    refuse_missing(inbox)
    with Inbox.open(inbox) as opened:
        found = list(disagreements(opened, town, moment))
    if as_json:
        screen.json([_facts(screen, each) for each in found])
        return
    show_disagreements(screen, found, Counter(each.what for each in found))
    if explain:
        for each in found:
            screen.heading(_number(each), _number(each))
            screen.text(each.explain(lang))


def show_disagreements(screen: Screen, first: Sequence[Disagreement], counts: Mapping[str, int]) -> None:
    """Print how many there are of each kind, and the first of them."""
    count = sum(counts.values())
    late, planned = counts.get("late_word", 0), counts.get("planned_date", 0)
    screen.say(
        f"Расхождений с нашим расчётом: {count} (слово «просрочено»: {late}, плановая дата: {planned}).",
        f"Disagreements with our count: {count} (the word on lateness: {late}, the planned date: {planned}).",
    )
    if not count:
        return
    headings = (
        ("Номер", "О чём", "В реестре", "У нас")
        if screen.language == "ru"
        else ("Number", "About", "In the register", "Ours")
    )
    screen.table(headings, [_row(screen, each) for each in first])
    if count > len(first):
        screen.say(f"… и ещё {count - len(first)}", f"… and {count - len(first)} more")


def _row(screen: Screen, each: Disagreement) -> tuple[str, str, str, str]:
    what = _WHAT[each.what][screen.language == "en"]
    return _number(each), what, _shown(screen, each.far), _shown(screen, each.ours)


def _shown(screen: Screen, value: bool | datetime) -> str:
    if isinstance(value, datetime):
        return screen.moment(value)
    words = ("да", "нет") if screen.language == "ru" else ("yes", "no")
    return words[0] if value else words[1]


def _number(each: Disagreement) -> str:
    return each.message.number or each.message.external_id


def _facts(screen: Screen, each: Disagreement) -> dict[str, object]:
    return {
        "channel": each.message.channel,
        "account": each.message.account,
        "external_id": each.message.external_id,
        "number": each.message.number,
        "what": each.what,
        "far": _plain(each.far),
        "ours": _plain(each.ours),
        "explanation": each.explain(screen.language),
    }


def _plain(value: bool | datetime) -> bool | str:
    return value.isoformat() if isinstance(value, datetime) else value
