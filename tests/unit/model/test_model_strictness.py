"""What a model refuses, what it keeps although it does not know it, and that nothing changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from mcu_sdk.errors import RecordError, UsageError
from mcu_sdk.model import Author, Batch, Kind, Message, Outcome, Person, Place, Regime, Reject, Status
from mcu_sdk.model.record import Record

IDENTITY: dict[str, Any] = {"channel": "p", "account": "a", "external_id": "1"}


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 1, 12),  # noqa: DTZ001  # the naive one is what is refused
        "2026-01-01T12:00:00",
        "2026-01-01",
        "1767225600",
        1767225600,
        1767225600000,
        0.0,
        True,
        date(2026, 1, 1),
        "",
        "скоро",
        {"at": 1},
    ],
)
def test_only_aware_moments_are_taken(value: object) -> None:
    """A naive time or a bare number is refused, never guessed into some zone or unit."""
    with pytest.raises(RecordError, match=r"Message\.received_at"):
        Message.model_validate(IDENTITY | {"received_at": value})


@pytest.mark.parametrize(
    "text", ["2026-01-01T12:00:00+03:00", "2026-01-01T12:00:00+0300", "2026-01-01T09:00:00Z"]
)
def test_texts_with_an_offset_are_moments(text: str) -> None:
    """ISO 8601 with an offset is taken and stays the same instant."""
    message = Message.model_validate(IDENTITY | {"received_at": text})
    assert message.received_at == datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_a_moment_keeps_its_offset() -> None:
    """A moment is stored as it was told, in the zone it was told in."""
    moscow = timezone(timedelta(hours=3))
    message = Message.model_validate(IDENTITY | {"created_at": datetime(2026, 1, 1, 12, tzinfo=moscow)})
    again = Message.model_validate_json(message.model_dump_json())
    assert isinstance(again.created_at, datetime)
    assert again.created_at.utcoffset() == timedelta(hours=3)


def test_a_date_without_a_time_stays_a_date() -> None:
    """A register says the date alone; nothing makes a midnight of it, through JSON neither."""
    message = Message.model_validate(IDENTITY | {"registered_at": "2026-01-12", "due_at": date(2026, 2, 11)})
    again = Message.model_validate_json(message.model_dump_json())
    assert (again.registered_at, again.due_at) == (date(2026, 1, 12), date(2026, 2, 11))
    assert not isinstance(again.registered_at, datetime)
    with pytest.raises(RecordError):
        Message.model_validate(IDENTITY | {"registered_at": "20260112"})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "north"])
def test_a_place_is_a_place_on_earth(value: object) -> None:
    """A coordinate that is no finite number is refused."""
    with pytest.raises(RecordError, match=r"Place\.latitude_degrees"):
        Place.model_validate({"latitude_degrees": value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("rating", 0), ("rating", 6), ("reopened_count", -1), ("external_id", 5), ("tags", "x")],
)
def test_values_out_of_range_are_refused(field: str, value: object) -> None:
    """Ratings are 1 to 5, counts are not negative, an id is a text."""
    with pytest.raises(RecordError, match=rf"Message\.{field}"):
        Message.model_validate(IDENTITY | {field: value})


@pytest.mark.parametrize("field", ["channel", "account", "external_id"])
def test_a_message_has_an_identity(field: str) -> None:
    """Without channel, account or id there is no message."""
    with pytest.raises(RecordError, match=rf"Message\.{field}"):
        Message.model_validate({name: value for name, value in IDENTITY.items() if name != field})


def test_several_wrong_fields_are_counted() -> None:
    """The first is named, the number of all is told."""
    with pytest.raises(RecordError, match="2 fields"):
        Message.model_validate(IDENTITY | {"rating": 9, "reopened_count": -1})


def test_an_unknown_field_goes_to_raw() -> None:
    """A field of a newer version is kept in `raw`, beside what was there."""
    message = Message.model_validate(IDENTITY | {"mood": "злой", "raw": {"id": 1}})
    assert message.raw == {"id": 1, "mood": "злой"}


@pytest.mark.parametrize("raw", [None, "text", [1]])
def test_a_raw_that_is_no_table_is_refused(raw: object) -> None:
    """An unknown field beside a broken `raw` is our error, not Python's."""
    with pytest.raises(RecordError, match=r"Message\.raw"):
        Message.model_validate(IDENTITY | {"mood": "злой", "raw": raw})


@pytest.mark.parametrize("model", [Author, Place, Person, Reject])
def test_other_records_take_only_their_fields(model: type[Record]) -> None:
    """Everywhere but in a message an unknown field is a slip of the caller and is told."""
    with pytest.raises(RecordError, match="surnmae"):
        model.model_validate({"surnmae": "x"} | ({"reason": "r"} if model is Reject else {}))


@pytest.mark.parametrize(
    ("field", "unknown"),
    [
        ("kind", Kind.UNKNOWN),
        ("regime", Regime.UNKNOWN),
        ("status", Status.UNKNOWN),
        ("outcome", Outcome.UNKNOWN),
    ],
)
def test_an_unknown_word_is_kept_and_shown(field: str, unknown: str) -> None:
    """A word of a newer version becomes UNKNOWN, its own form stays beside it and is counted."""
    message = Message.model_validate(IDENTITY | {field: "эскалировано"})
    assert getattr(message, field) is unknown
    assert getattr(message, f"{field}_raw") == "эскалировано"
    assert message.unknown_words() == (f"{field}=эскалировано",)
    assert Message.model_validate_json(message.model_dump_json()) == message


def test_a_raw_word_that_is_given_wins() -> None:
    """A channel that tells both keeps its own raw form."""
    message = Message.model_validate(IDENTITY | {"status": "unknown", "status_raw": "Новый статус"})
    assert message.unknown_words() == ("status=Новый статус",)


def test_known_words_are_not_counted() -> None:
    """A message of known words has nothing to report, and no raw forms of them."""
    message = Message.model_validate(IDENTITY | {"status": "answered", "outcome": "solved"})
    assert message.unknown_words() == ()
    assert message.status_raw is None


def test_a_word_is_a_text() -> None:
    """A number is not an unknown word but a wrong value."""
    with pytest.raises(RecordError, match=r"Message\.status"):
        Message.model_validate(IDENTITY | {"status": 4})


def test_a_record_cannot_be_changed() -> None:
    """Setting and deleting a field raise our error, which says how to make a changed copy."""
    message = Message.model_validate(IDENTITY)
    with pytest.raises(RecordError, match="model_copy"):
        message.text = "другое"  # type: ignore[misc]  # that is the point
    with pytest.raises(UsageError, match="model_copy"):
        del message.text
    assert message.model_copy(update={"text": "другое"}).text == "другое"
    assert message.text == ""


def test_messages_of_one_identity_hash_alike() -> None:
    """The identity is channel, account and id: a new version lands in the same bucket, and is not equal."""
    one, other = (Message.model_validate(IDENTITY | {"text": text}) for text in "аб")
    assert hash(one) == hash(other)
    assert one != other
    assert one.key == ("p", "a", "1")


def test_a_batch_is_of_one_account() -> None:
    """An item of another channel or account cannot slip into a batch: its cursor would cover it."""
    with pytest.raises(RecordError, match="another channel or account"):
        Batch(channel="p", account="b", items=(Message.model_validate(IDENTITY),))


def test_a_batch_names_the_ids_of_all_it_brought() -> None:
    """Ids of unreadable items are there where known, so that they leave the queue too."""
    batch = Batch(
        channel="p",
        account="a",
        items=(Message.model_validate(IDENTITY),),
        rejects=(Reject(reason="r", external_id="2"), Reject(reason="r")),
    )
    assert batch.external_ids == ("1", "2")
