"""The worklist as one self-contained page: no script, no address outside, prints on A4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files

from mcu_sdk.desk.columns import COLUMNS, Column, about, place_of, text_of
from mcu_sdk.desk.items import Standing, WorkItem
from mcu_sdk.desk.words import STANDINGS, TITLE
from mcu_sdk.errors import Language
from mcu_sdk.municipality import Municipality

__all__ = ["worklist_page"]

_SHOWN = ("standing", "due", "remaining", "working_remaining", "number", "acting", "their_due", "steps")
_CLASSES = {"standing": "state", "due": "due", "their_due": "due", "remaining": "left", "number": "number"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def worklist_page(
    items: Sequence[WorkItem], town: Municipality, now: datetime, language: Language = "ru"
) -> str:
    """Return the list as an HTML document that works from a file and without a network.

    Personal data is masked and every text is escaped. States are filtered without a script, by keyboard
    as well; the reasons unfold, and print unfolded.
    """
    counts = Counter(item.standing for item in items)
    shown = [standing for standing in Standing if counts[standing]]
    at = now.astimezone(town.zone)
    words = _WORDS[language]
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{TITLE[language]}: {escape(town.name)}</title>",
            f"<style>\n{_style()}{_filters(shown)}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#list">{words["skip"]}</a>',
            f"<h1>{TITLE[language]}: {escape(town.name)}</h1>",
            f'<p class="when">{words["at"]} {at:%d.%m.%Y %H:%M}, {words["messages"]}: {len(items)}</p>',
            *_choices(shown, counts, len(items), language),
            '<div class="scroll" tabindex="0" id="list">',
            f"<table><caption>{words['caption']}</caption>",
            *_head(language),
            "<tbody>",
            *(_row(item, now, language) for item in items),
            "</tbody></table></div>",
            "</body></html>",
            "",
        )
    )


_WORDS: dict[Language, dict[str, str]] = {
    "ru": {
        "skip": "Сразу к списку",
        "at": "На",
        "messages": "сообщений",
        "caption": "Сначала то, чей срок раньше. Личные данные скрыты.",
        "choose": "Показать",
        "all": "все",
        "message": "Сообщение",
        "why": "Почему такой срок",
    },
    "en": {
        "skip": "Skip to the list",
        "at": "As of",
        "messages": "messages",
        "caption": "The earliest due first. Personal data is masked.",
        "choose": "Show",
        "all": "all",
        "message": "Message",
        "why": "Why that date",
    },
}


@cache
def _style() -> str:
    return files("mcu_sdk.desk").joinpath("page.css").read_text("utf-8")


def _filters(shown: Sequence[Standing]) -> str:
    rules = (f"body:has(#only-{one}:checked) tbody tr:not(.{one}) {{ display: none; }}" for one in shown)
    return "\n".join((*rules, ""))


def _choices(
    shown: Sequence[Standing], counts: Counter[Standing], total: int, language: Language
) -> Iterator[str]:
    words = _WORDS[language]
    yield f"<fieldset><legend>{words['choose']}</legend>"
    yield _choice("all", words["all"], total, checked=True)
    for standing in shown:
        yield _choice(standing.value, STANDINGS[standing][language], counts[standing])
    yield "</fieldset>"


def _choice(name: str, title: str, count: int, *, checked: bool = False) -> str:
    mark = " checked" if checked else ""
    radio = f'<input type="radio" name="standing" id="only-{name}"{mark}>'
    return f'<label>{radio} {title} <span class="count">{count}</span></label>'


def _head(language: Language) -> Iterator[str]:
    yield "<thead><tr>"
    for column in _columns():
        yield f'<th scope="col">{escape(column.heading(language))}</th>'
        if column.name == "number":
            yield f'<th scope="col">{_WORDS[language]["message"]}</th>'
    yield "</tr></thead>"


def _row(item: WorkItem, now: datetime, language: Language) -> str:
    cells: list[str] = []
    for column in _columns():
        value = column.value(item, now, language)
        text = f"{value:%d.%m.%Y %H:%M}" if isinstance(value, datetime) else value or "—"
        tag = 'th scope="row"' if column.name == "number" else "td"
        kind = _CLASSES.get(column.name, "")
        cells.append(f'<{tag} class="{kind}">{escape(text)}</{tag[:2]}>')
        if column.name == "number":
            cells.append(_message(item, language))
    return f'<tr class="{item.standing.value}">{"".join(cells)}</tr>'


def _message(item: WorkItem, language: Language) -> str:
    place, text = place_of(item), text_of(item)
    where = f'<div class="soft">{escape(place)}</div>' if place else ""
    why = f"<details><summary>{_WORDS[language]['why']}</summary><pre>{escape(item.explain(language))}</pre>"
    what = f"<strong>{escape(about(item))}</strong>{where}<div>{escape(text)}</div>"
    return f'<td class="text">{what}{why}</details></td>'


def _columns() -> Iterator[Column]:
    return (column for column in COLUMNS if column.name in _SHOWN)
