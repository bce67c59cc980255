"""The columns of a worklist, the same in every form it is written in; personal data is masked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from mcu_sdk.desk.items import WorkItem
from mcu_sdk.desk.spans import span_text
from mcu_sdk.desk.words import KINDS, STANDINGS, STATES
from mcu_sdk.errors import Language
from mcu_sdk.municipality import Rung

__all__ = [
    "COLUMNS",
    "Column",
    "Value",
    "about",
    "addressee",
    "facts",
    "name_of",
    "place_of",
    "text_of",
    "topic_of",
    "who_acts",
]

Value: TypeAlias = str | datetime | None
_ABOUT_LENGTH = 48
_TEXT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its headings, its width in characters and what it says of one item."""

    name: str
    russian: str
    english: str
    width: int
    value: Callable[[WorkItem, datetime, Language], Value]

    def heading(self, language: Language) -> str:
        """Return the heading in *language*."""
        return self.russian if language == "ru" else self.english


def facts(item: WorkItem, now: datetime, language: Language = "ru") -> dict[str, object]:
    """Return an item as JSON takes it: moments in ISO 8601, spans in whole seconds, masked."""
    message = item.message.masked()
    acting = item.acting
    return {
        "channel": message.channel,
        "account": message.account,
        "external_id": message.external_id,
        "number": message.number,
        "registration_number": message.registration_number,
        "regime": message.regime.value,
        "topic": message.topic.topic,
        "text": message.text,
        "standing": item.standing.value,
        "due": _iso(item.due),
        "late": item.late,
        "remaining_seconds": _seconds(item.remaining(now)),
        "working_remaining_seconds": _seconds(item.working_remaining(now)),
        "our_due": _iso(item.our_due),
        "their_due": _iso(item.their_due),
        "internal_due": _iso(item.internal_due),
        "responsible": acting.post.role if acting else None,
        "employee": acting.employee.key if acting and acting.employee else None,
        "steps": [
            {"key": step.key, "kind": step.outgoing.kind.value, "state": step.state.value}
            for step in item.steps
        ],
        "problem": item.problem.code if item.problem else None,
        "explanation": item.explain(language),
    }


def about(item: WorkItem) -> str:
    """Return in a few words what the message is about: its topic, else the beginning of its masked text."""
    topic = item.message.topic
    words = topic.fact or topic.topic or topic.group or item.message.masked().text.partition("\n")[0]
    return _cut(words, _ABOUT_LENGTH)


def who_acts(item: WorkItem) -> str:
    """Return the post that must act, with the key of the employee where the roster names one."""
    return addressee(item.acting) if item.acting else "—"


def addressee(rung: Rung) -> str:
    """Return a rung as people call it: the post, and the key of the employee where the roster names one."""
    return f"{rung.post.title} ({rung.employee.key})" if rung.employee else rung.post.title


def name_of(item: WorkItem) -> str:
    """Return what a message is called: its number, else the far system's id."""
    return item.message.number or item.message.external_id


def topic_of(item: WorkItem) -> str:
    """Return the topic from the widest word to the narrowest."""
    topic = item.message.topic
    return " / ".join(dict.fromkeys(word for word in (topic.group, topic.topic, topic.fact) if word))


def place_of(item: WorkItem) -> str:
    """Return where it is, down to the street."""
    place = item.message.place
    return ", ".join(word for word in (place.settlement, place.street) if word)


def text_of(item: WorkItem) -> str:
    """Return the beginning of the masked text."""
    return _cut(item.message.masked().text, _TEXT_LENGTH)


def _steps(item: WorkItem, language: Language) -> str:
    return "; ".join(
        f"{KINDS[step.outgoing.kind][language]}: {STATES[step.state][language]}" for step in item.steps
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


COLUMNS: tuple[Column, ...] = (
    Column("standing", "Состояние", "State", 16, lambda item, _now, lang: STANDINGS[item.standing][lang]),
    Column("due", "Срок", "Due", 16, lambda item, _now, _lang: item.due),
    Column("remaining", "Осталось", "Left", 14, lambda item, now, lang: span_text(item.remaining(now), lang)),
    Column(
        "working_remaining",
        "Рабочего времени",
        "Working time left",
        14,
        lambda item, now, lang: span_text(item.working_remaining(now), lang, working=True),
    ),
    Column(
        "number",
        "Номер",
        "Number",
        16,
        lambda item, _now, _lang: name_of(item),
    ),
    Column("regime", "Режим", "Regime", 10, lambda item, _now, _lang: item.message.regime.value),
    Column("topic", "Тема", "Topic", 30, lambda item, _now, _lang: topic_of(item)),
    Column("place", "Где", "Where", 22, lambda item, _now, _lang: place_of(item)),
    Column("text", "Текст", "Text", 50, lambda item, _now, _lang: text_of(item)),
    Column("acting", "Кто отвечает", "Responsible", 28, lambda item, _now, _lang: who_acts(item)),
    Column("our_due", "Наш срок", "Our date", 16, lambda item, _now, _lang: item.our_due),
    Column("their_due", "Срок системы", "Far system's date", 16, lambda item, _now, _lang: item.their_due),
    Column("steps", "Исходящие", "Outbox", 24, lambda item, _now, lang: _steps(item, lang)),
    Column("why", "Почему такой срок", "Why", 60, lambda item, _now, lang: item.explain(lang)),
)
"""In the order they are written."""
