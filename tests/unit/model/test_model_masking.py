"""Personal data: never in what a log shows, never in a masked copy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mcu_sdk.errors import RecordError
from mcu_sdk.model import (
    Answer,
    Attachment,
    Author,
    Batch,
    HistoryEntry,
    Message,
    Organisation,
    Outgoing,
    Person,
    Place,
    Reject,
    Topic,
)
from mcu_sdk.model.record import Record

Filling = Callable[[type[Record]], dict[str, Any]]

SHOWN = {
    Answer: {"kind", "outcome", "at", "outgoing_number"},
    Attachment: {"external_id", "content_type", "size_bytes"},
    Author: {"collective", "kind"},
    Batch: {"channel", "account", "cursor"},
    HistoryEntry: {"at", "status", "status_raw"},
    Message: {"channel", "account", "external_id", "number", "kind", "regime", "status", "status_raw"},
    Organisation: {"external_id", "name"},
    Outgoing: {"key", "channel", "external_id", "kind"},
    Person: set[str](),
    Place: {"oktmo"},
    Reject: {"external_id", "reason"},
    Topic: {"group", "topic", "subtopic"},
}
KEPT_BY_MASKING = (
    {"channel", "account", "external_id", "number", "registration_number", "parent_id", "duplicate_of"}
    | {"kind_raw", "regime_raw", "status_raw", "outcome_raw", "sentiment", "profile", "priority"}
    | {f"topic.Topic.{name}" for name in Topic.model_fields}
    | {f"place.Place.{name}" for name in ("region", "oktmo", "settlement", "street")}
    | {
        f"{whose}.Organisation.{name}"
        for whose in ("organisation", "routed_from", "routed_to")
        for name in ("external_id", "name")
    }
    | {"answer.Answer.outcome_raw", "answer.Answer.outgoing_number", "history.HistoryEntry.status_raw"}
)


def canaries_in(text: str) -> set[str]:
    """The fields whose canaries are found in *text*."""
    return set(re.findall(r"([\w.]+)@canary", text))


@pytest.mark.parametrize("model", SHOWN)
def test_repr_shows_the_named_fields_and_nothing_else(model: type[Record], full_fields: Filling) -> None:
    """`repr`, `str` and formatting show a short list of harmless fields, no matter what is stored."""
    record = model.model_validate(full_fields(model))
    for text in (repr(record), str(record), f"{record}", f"{[record]}"):
        assert {name.partition(".")[2] for name in canaries_in(text)} <= SHOWN[model]
    assert {name for name, _ in record.__repr_args__()} <= SHOWN[model]


def test_records_inside_other_values_are_as_silent(full_fields: Filling) -> None:
    """A list or a batch of messages in a log shows no more than the messages themselves."""
    message = Message.model_validate(full_fields(Message))
    shown = canaries_in(repr([message, {"m": message}, message.author, message.executor]))
    assert shown <= {f"Message.{name}" for name in SHOWN[Message]}


@pytest.mark.parametrize("model", SHOWN)
def test_errors_name_the_field_and_never_a_value(model: type[Record], full_fields: Filling) -> None:
    """A wrong value in any field raises RecordError that names the field and holds no content."""
    fields = full_fields(model)
    wrong = object()
    for name in fields:
        with pytest.raises(RecordError) as caught:
            model.model_validate(fields | {name: wrong})
        error = caught.value
        inner = {kind.__name__ for kind in SHOWN}
        assert str(error.values["where"]).startswith((f"{model.__name__}.{name}", *inner - {model.__name__}))
        told = f"{error!r} {error} {error.localized('ru')} {vars(error)}"
        assert not canaries_in(told)
        assert error.__cause__ is None
        assert error.__context__ is None


def test_a_wrong_value_deep_inside_is_not_told() -> None:
    """The path leads to the field inside the author; the phone number itself is nowhere."""
    with pytest.raises(RecordError) as caught:
        Message.model_validate(
            {"channel": "p", "account": "a", "external_id": "1", "author": {"phone": ["+79101234567"]}}
        )
    assert "Author.phone" in str(caught.value)
    assert "+7910" not in f"{caught.value!r} {caught.value} {vars(caught.value)}"


def test_a_masked_message_has_no_personal_data(full_fields: Filling) -> None:
    """Of a message with every field filled only the harmless fields are left, in the dump as in `repr`."""
    message = Message.model_validate(full_fields(Message))
    masked = message.masked()
    left = {name.removeprefix("Message.") for name in canaries_in(masked.model_dump_json())}
    assert left == KEPT_BY_MASKING
    assert masked.raw == {}
    assert masked.text == masked.rating_comment == "[почта]"
    assert masked.answer is not None
    assert masked.answer.text == "[почта]"
    assert (masked.place.latitude_degrees, masked.place.longitude_degrees) == (None, None)


def test_every_free_text_is_masked_by_kind() -> None:
    """What a person wrote into any text of a message goes, whatever its kind; the street stays."""
    told = "Я на А123ВС40, ул. Ленина, д. 5, кв. 12, СНИЛС 112-233-445 95"
    message = Message(
        channel="p",
        account="a",
        external_id="1",
        text=told,
        status_text=told,
        rating_comment=told,
        tags=(told,),
        answer=Answer(text=told),
    )
    masked = message.masked()
    assert masked.answer is not None
    texts = (masked.text, masked.status_text, masked.rating_comment, *masked.tags, masked.answer.text)
    assert texts == ("Я на [номер машины], ул. Ленина, [адрес], СНИЛС [СНИЛС]",) * 5


def test_masking_leaves_the_original_whole(full_fields: Filling) -> None:
    """`masked()` gives a copy; the stored message keeps what the law makes us keep."""
    message = Message.model_validate(full_fields(Message))
    before = message.model_dump_json()
    message.masked()
    assert message.model_dump_json() == before


def test_masking_twice_is_masking_once(full_fields: Filling) -> None:
    """A masked copy may be masked again."""
    masked = Message.model_validate(full_fields(Message)).masked()
    assert masked.masked() == masked


def test_a_bare_message_can_be_masked() -> None:
    """A message with nothing but its identity has nothing to mask and does not fail."""
    message = Message(channel="p", account="a", external_id="1")
    assert message.masked() == message
