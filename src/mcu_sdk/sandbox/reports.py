"""What the portal takes as a status report or an answer, and in which words it refuses one."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime

from pydantic import JsonValue, TypeAdapter, ValidationError

from mcu_sdk.sandbox.answers import JsonObject

__all__ = ["read_report", "refusals_of"]

_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)
_ANSWER_TYPES = ("SOLVED", "NOT_SOLVED", "FORWARDED", "REJECTED", "POSTPONED")
_TIMES = ("regNumberSetAt", "outgoingNumberSetAt", "postponedDate")


def read_report(content: bytes) -> JsonObject | None:
    """Return the JSON object in *content*, None if it is something else."""
    try:
        return _OBJECT.validate_json(content)
    except ValidationError:
        return None


def refusals_of(report: JsonObject, message_id: int, stored_file_ids: Container[str]) -> tuple[str, ...]:
    """Return what is wrong with *report*, in Russian; nothing when it is taken.

    Taking to work needs the executor and the head, an answer needs its text. A null counts as a
    field left out.
    """
    if report.get("id") not in (None, message_id):
        return ("id в теле не совпадает с адресом",)
    wrong = [*_wrong_fields(report, stored_file_ids)]
    if report.get("answer") is True:
        if not _is_text(report.get("answerText")):
            wrong.append("answerText: у ответа должен быть текст")
    else:
        wrong += [
            f"{field}: нужны фамилия и имя"
            for field in ("executorInfo", "managerInfo")
            if not _is_person(report.get(field))
        ]
    return tuple(wrong)


def _wrong_fields(report: JsonObject, stored_file_ids: Container[str]) -> Iterator[str]:
    if not _is_text(report.get("status")):
        yield "status: не указан"
    if not isinstance(report.get("answer"), bool | None):
        yield "answer: нужно true или false"
    if report.get("appealAnswerType") not in (None, *_ANSWER_TYPES):
        yield f"appealAnswerType: одно из {', '.join(_ANSWER_TYPES)}"
    for field in _TIMES:
        if report.get(field) is not None and not _is_moment(report[field]):
            yield f"{field}: нужно время с часовым поясом"
    attached = report.get("attachmentIds")
    if attached is not None and not (
        isinstance(attached, list)
        and all(isinstance(id_, str) and id_ in stored_file_ids for id_ in attached)
    ):
        yield "attachmentIds: нет такого файла в хранилище"


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_person(value: JsonValue) -> bool:
    return isinstance(value, dict) and _is_text(value.get("surname")) and _is_text(value.get("name"))


def _is_moment(value: JsonValue) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False
