"""The desk's words for people, in Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mcu_sdk.desk.items import Standing
from mcu_sdk.errors import Language
from mcu_sdk.intake import OutboxState
from mcu_sdk.model import OutgoingKind

__all__ = ["KINDS", "STANDINGS", "STATES", "TITLE"]

Words: TypeAlias = Mapping[Language, str]

STANDINGS: Mapping[Standing, Words] = {
    Standing.LATE: {"ru": "просрочено", "en": "late"},
    Standing.DUE_TODAY: {"ru": "срок сегодня", "en": "due today"},
    Standing.DUE_SOON: {"ru": "срок в три рабочих дня", "en": "due within three working days"},
    Standing.WAITING_FOR_OTHERS: {"ru": "ждём других", "en": "waiting for others"},
    Standing.WAITING_FOR_US: {"ru": "ждут нас", "en": "waiting for us"},
    Standing.DONE: {"ru": "завершено", "en": "done"},
}
KINDS: Mapping[OutgoingKind, Words] = {
    OutgoingKind.TAKE: {"ru": "взять в работу", "en": "take"},
    OutgoingKind.ANSWER: {"ru": "ответ", "en": "answer"},
    OutgoingKind.EXTEND: {"ru": "продление", "en": "extension"},
    OutgoingKind.FORWARD: {"ru": "пересылка", "en": "forwarding"},
    OutgoingKind.UNKNOWN: {"ru": "иной шаг", "en": "another step"},
}
STATES: Mapping[OutboxState, Words] = {
    OutboxState.HELD: {"ru": "ждёт одобрения", "en": "held"},
    OutboxState.WAITING: {"ru": "ждёт отправки", "en": "waiting"},
    OutboxState.SENDING: {"ru": "отправляется", "en": "sending"},
    OutboxState.UNKNOWN: {"ru": "под вопросом", "en": "unknown"},
    OutboxState.SENT: {"ru": "отправлено", "en": "sent"},
    OutboxState.FAILED: {"ru": "отказано", "en": "failed"},
    OutboxState.CANCELLED: {"ru": "отменено", "en": "cancelled"},
}
TITLE: Words = {"ru": "Что горит", "en": "What burns"}
