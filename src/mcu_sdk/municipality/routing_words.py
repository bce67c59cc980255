"""Why a message goes there, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mcu_sdk.errors import Language
from mcu_sdk.municipality.complaints import complaint_rule
from mcu_sdk.municipality.routing import PassedOver, Route
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.words import on_date

__all__ = ["explained", "valid_between"]

_LINES = {
    "row": Text("Строка маршрутов {row}: {conditions}.", "Row {row} of the routes: {conditions}."),
    "valid": Text(
        "Строка действует {dates}, проверено на {on}.", "The row is valid {dates}, looked at on {on}."
    ),
    "topic": Text("тема «{topic}»", "topic {topic!r}"),
    "territory": Text("территория «{territory}»", "territory {territory!r}"),
    "no_condition": Text("без условий, для всех остальных", "no conditions, for all the rest"),
    "named": Text(
        "{body} — не сюда: жалуются на этот орган; {act}.", "Not to {body}: it is complained of; {act}."
    ),
    "text": Text(
        "{body} — не сюда: в тексте есть «{word}» и «{alias}», похоже на жалобу; {act}.",
        "Not to {body}: the text has {word!r} and {alias!r}, it looks like a complaint; {act}.",
    ),
    "to": Text("Направить: {body}.", "Send to: {body}."),
    "no_row": Text(
        "Ни одна строка маршрутов не подходит на {on}: исполнителя должен выбрать человек.",
        "No row of the routes fits on {on}: a person must choose the executor.",
    ),
    "nobody_above": Text(
        "Выше никого нет: исполнителя должен выбрать человек.",
        "Nobody is above: a person must choose the executor.",
    ),
    "always": Text("всегда", "always"),
    "from": Text("с {first}", "from {first}"),
    "to_date": Text("по {last}", "through {last}"),
}


def explained(route: Route, language: Language) -> str:
    """Return the lines of `Route.explain`."""
    return "\n".join(_lines(route, language))


def valid_between(first: date | None, last: date | None, language: Language) -> str:
    """Return a validity with both ends included, as people say it."""
    parts = [_say("from", language, first=on_date(first))] if first else []
    parts += [_say("to_date", language, last=on_date(last))] if last else []
    return " ".join(parts) or _say("always", language)


def _lines(route: Route, language: Language) -> Iterator[str]:
    if route.row is None:
        yield _say("no_row", language, on=on_date(route.on))
        return
    fitted = {name: word for name, word in route.fit._asdict().items() if word}
    conditions = ", ".join(_say(name, language, **{name: word}) for name, word in fitted.items())
    yield _say("row", language, row=route.row, conditions=conditions or _say("no_condition", language))
    dates = valid_between(route.valid_from, route.valid_to, language)
    yield _say("valid", language, dates=dates, on=on_date(route.on))
    yield from (_passed_over(one, language) for one in route.passed_over)
    if route.executor is None:
        yield _say("nobody_above", language)
    else:
        yield _say("to", language, body=str(route.executor))


def _passed_over(one: PassedOver, language: Language) -> str:
    act = complaint_rule().cite(language)
    return _say(one.reason, language, body=str(one.body), act=act, word=one.word, alias=one.alias)


def _say(line: str, language: Language, **facts: object) -> str:
    return _LINES[line].in_language(language).format_map(facts)
