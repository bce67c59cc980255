"""`mcu profile`: an example to begin with; every mistake of a municipality's file, or what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from mcu_sdk.cli.options import JsonOption, LanguageOption, NowOption, moment_now
from mcu_sdk.cli.profile_facts import profile_facts
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import ProfileError
from mcu_sdk.municipality import Municipality

__all__ = ["profile_verbs"]

_MISTAKEN = 2

profile_verbs = typer.Typer(help="Файл муниципалитета.", no_args_is_help=True)


@profile_verbs.command("example")
def example_verb() -> None:
    """Вывести пример: файл района, указанный на учебный портал."""
    typer.echo(files("mcu_sdk.sandbox").joinpath("meshchovsk.toml").read_text("utf-8"), nl=False)


@profile_verbs.command("check")
def check_verb(
    profile: Annotated[Path, typer.Argument(help="Файл муниципалитета (TOML).", show_default=False)],
    *,
    as_json: JsonOption = False,
    now: NowOption = None,
    lang: LanguageOption = "ru",
) -> None:
    """Проверить файл: все ошибки сразу или что из него следует."""
    screen = Screen(lang)
    try:
        town = Municipality.load(profile)
    except ProfileError as error:
        _show_mistakes(screen, profile, error, as_json=as_json)
        raise typer.Exit(_MISTAKEN) from None
    moment = moment_now(now, town.zone)
    facts = profile_facts(town, moment, lang)
    if as_json:
        screen.json(facts)
    else:
        _Page(screen, facts).show(moment)


def _show_mistakes(screen: Screen, profile: Path, error: ProfileError, *, as_json: bool) -> None:
    found = [(mistake.place, mistake.in_language(screen.language)) for mistake in error.mistakes]
    if as_json:
        mistakes = [{"place": place, "reason": reason} for place, reason in found]
        screen.json({"ok": False, "file": profile.name, "mistakes": mistakes})
        return
    screen.say(f"Ошибок в файле {profile.name}: {len(found)}.", f"Mistakes in {profile.name}: {len(found)}.")
    screen.table(("Место", "Что не так") if screen.language == "ru" else ("Place", "What is wrong"), found)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the file comes to, table by table."""

    screen: Screen
    facts: dict[str, Any]

    def show(self, moment: datetime) -> None:
        facts, when = self.facts, self.screen.moment(moment)
        self.screen.say(
            f"{facts['name']}: ОКТМО {facts['oktmo']}, время {facts['zone']}. Ошибок нет.",
            f"{facts['name']}: OKTMO {facts['oktmo']}, time zone {facts['zone']}. No mistakes.",
        )
        self._table(
            f"Календари на {when}",
            f"Calendars, {when}",
            ("Календарь", "Часы сегодня"),
            ("Calendar", "Hours today"),
            "calendars",
        )
        self._table(
            "Учётные записи",
            "Accounts",
            ("Имя", "Канал", "Адрес", "Отправка", "Секреты (не прочитаны)"),
            ("Name", "Channel", "Address", "Writes", "Secrets (not read)"),
            "accounts",
        )
        self._rules()
        self._table(
            f"Люди на {when}",
            f"People, {when}",
            ("Должность", "Каналы", "Кто действует"),
            ("Post", "Channels", "Who acts"),
            "roster",
        )
        self._table(
            "Маршруты",
            "Routes",
            ("Строка", "Темы", "Территории", "Исполнитель", "Действует"),
            ("Row", "Topics", "Territories", "Executor", "Valid"),
            "routes",
        )
        self._table("Замечания", "Remarks", ("Место", "Что"), ("Place", "What"), "remarks")

    def _rules(self) -> None:
        russian = self.screen.language == "ru"
        self.screen.heading("Правила по каналам и режимам", "Rules by channel and regime")
        headings = ("Каналы", "Режимы", "Строка политики", "Условие", "Правило", "Чей срок решает")
        headings_en = ("Channels", "Regimes", "Policy row", "Condition", "Rule", "Whose date decides")
        rows: list[tuple[str, ...]] = []
        for entry in self.facts["rules"]:
            default = entry["default_regime"]
            marked = [f"{one} (по умолчанию)" if russian else f"{one} (default)" for one in (default,) if one]
            regimes = [*marked, *(one for one in entry["regimes"] if one != default)]
            place = (_cell(entry["channels"]), _cell(regimes))
            rows.extend((*place, *_rule(row, russian=russian)) for row in entry["rows"])
            if not entry["complete"]:
                rows.append((*place, "—", "остальные" if russian else "the rest", "—", "—"))
        self.screen.table(headings if russian else headings_en, rows)

    def _table(
        self, russian: str, english: str, headings: Sequence[str], headings_en: Sequence[str], name: str
    ) -> None:
        rows: list[dict[str, Any]] = self.facts[name]
        if rows:
            self.screen.heading(russian, english)
            chosen = headings if self.screen.language == "ru" else headings_en
            self.screen.table(chosen, [[_cell(value) for value in row.values()] for row in rows])


def _rule(row: dict[str, Any], *, russian: bool) -> tuple[str, ...]:
    condition = " ".join(f"{fact}={'|'.join(map(_word, words))}" for fact, words in row["when"].items())
    rules = ", ".join(
        rule if clock == "final" else f"{clock}: {rule}" for clock, rule in row["rules"].items()
    )
    whose = {"own": ("наш", "ours"), "external": ("дата системы", "the far system's")}[row["authority"]]
    return str(row["row"]), condition or "—", rules, whose[not russian]


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value))) or "—"
    if isinstance(value, bool):
        return "+" if value else "—"
    return "—" if value is None else str(value)
