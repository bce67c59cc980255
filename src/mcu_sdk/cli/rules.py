"""`mcu rules`: what the book says, how well that is known, and whether a file of one's own is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcu_sdk.cli.options import JsonOption, LanguageOption
from mcu_sdk.cli.screen import Screen
from mcu_sdk.errors import Language
from mcu_sdk.sla import Rule, Span, load_rules
from mcu_sdk.sla.explain import act_name
from mcu_sdk.sla.rule_reading import read_rule_file
from mcu_sdk.sla.words import EVENTS, EVIDENCE, ROLLS, counted, evidence_of, on_date

__all__ = ["rules_verbs"]

rules_verbs = typer.Typer(
    help="Правила сроков: что говорят акты и насколько это известно.", no_args_is_help=True
)


@rules_verbs.command("list")
def list_verb(*, as_json: JsonOption = False, lang: LanguageOption = "ru") -> None:
    """Перечислить правила: срок, акт, достоверность."""
    screen = Screen(lang)
    rules = tuple(load_rules())
    if as_json:
        screen.json([_facts(rule, lang) for rule in rules])
        return
    headings = (
        ("Правило", "Название", "Срок", "Акт", "Достоверность")
        if lang == "ru"
        else ("Rule", "Title", "Term", "Act", "Evidence")
    )
    screen.table(
        headings,
        [
            (
                rule.id,
                rule.title.in_language(lang),
                counted(rule.amount, rule.unit, lang),
                act_name(rule, lang),
                "; ".join(evidence_of(rule, lang)),
            )
            for rule in rules
        ],
    )


@rules_verbs.command("show")
def show_verb(
    rule: Annotated[str, typer.Argument(help="Правило, например 59fz.examination.")],
    *,
    as_json: JsonOption = False,
    lang: LanguageOption = "ru",
) -> None:
    """Показать одно правило целиком: примечания, действие, основания."""
    screen = Screen(lang)
    book = load_rules()
    records = [one for one in book if one.id == book.rule(rule).id]
    if as_json:
        screen.json([_facts(one, lang) for one in records])
        return
    for one in records:
        screen.text("\n".join(f"{name}: {value}" for name, value in _lines(one, lang) if value))


@rules_verbs.command("check")
def check_verb(
    file: Annotated[Path, typer.Argument(help="Файл правил муниципалитета (TOML).")],
    *,
    lang: LanguageOption = "ru",
) -> None:
    """Проверить файл правил: «ok» или место ошибки."""
    known = {rule.id: rule for rule in load_rules()}
    found = read_rule_file(file, known)
    Screen(lang).say(f"ok: правил {len(found)}", f"ok: {len(found)} rules")


def _lines(rule: Rule, lang: Language) -> list[tuple[str, str]]:
    russian = lang == "ru"
    names = _NAMES_RU if russian else _NAMES_EN
    event = EVENTS[rule.start_event].in_language(lang) if rule.start_event in EVENTS else rule.start_event
    extension = counted(rule.extension.most, rule.extension.unit, lang) if rule.extension else ""
    roll = ROLLS[rule.roll].in_language(lang)
    if rule.roll_evidence:
        roll += f" ({EVIDENCE[rule.roll_evidence].in_language(lang)})"
    values = (
        rule.id,
        rule.title.in_language(lang),
        act_name(rule, lang),
        event,
        counted(rule.amount, rule.unit, lang),
        rule.counted_on or ("" if rule.counts_days else "—"),
        roll if rule.counts_days else "",
        extension,
        _span(rule.internal_before, lang),
        ", ".join(_warning(level, lang) for level in rule.warn),
        _validity(rule),
        "; ".join(evidence_of(rule, lang)),
        rule.source,
        rule.note.in_language(lang),
        rule.version,
    )
    return list(zip(names, values, strict=True))


_NAMES_RU = (
    "Правило",
    "Название",
    "Акт",
    "Начало",
    "Срок",
    "Календарь",
    "Перенос",
    "Продление, не больше",
    "Внутренний срок, раньше на",
    "Предупреждения",
    "Действует",
    "Достоверность",
    "Источник",
    "Примечание",
    "Версия",
)
_NAMES_EN = (
    "Rule",
    "Title",
    "Act",
    "Start",
    "Term",
    "Calendar",
    "Roll",
    "Extension, at most",
    "Internal date, earlier by",
    "Warnings",
    "Valid",
    "Evidence",
    "Source",
    "Note",
    "Version",
)


def _span(span: Span | None, lang: Language) -> str:
    return counted(span.amount, span.unit, lang) if span else ""


def _warning(level: float | Span, lang: Language) -> str:
    if isinstance(level, Span):
        return ("за " if lang == "ru" else "") + _span(level, lang) + ("" if lang == "ru" else " before")
    return f"{level:.0%}" + (" срока" if lang == "ru" else " of the term")


def _validity(rule: Rule) -> str:
    ends = [on_date(day) if day else "…" for day in (rule.valid_from, rule.valid_to)]
    return " — ".join(ends) if rule.valid_from or rule.valid_to else ""


def _facts(rule: Rule, lang: Language) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title.in_language(lang),
        "act": act_name(rule, lang),
        "start_event": rule.start_event,
        "amount": rule.amount,
        "unit": rule.unit,
        "counted_on": rule.counted_on or None,
        "roll": rule.roll,
        "roll_evidence": rule.roll_evidence,
        "evidence": rule.evidence,
        "verified": rule.verified,
        "read_in": rule.read_in,
        "source": rule.source or None,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "note": rule.note.in_language(lang) or None,
    }
