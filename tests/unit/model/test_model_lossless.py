"""Dumps and pickles bring back exactly what was put in."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.model import (
    Answer,
    Author,
    Batch,
    HistoryEntry,
    Kind,
    Message,
    Outcome,
    Outgoing,
    Person,
    Place,
    Reject,
    Status,
)
from mcu_sdk.model.record import Record

texts = st.text(max_size=20)
maybe = st.none() | texts
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
persons = st.builds(Person, surname=maybe, phone=maybe)
messages = st.builds(
    Message,
    channel=texts,
    account=texts,
    external_id=texts,
    kind=st.sampled_from(Kind),
    status=st.sampled_from(Status),
    status_raw=maybe,
    outcome=st.none() | st.sampled_from(Outcome),
    created_at=st.none() | moments,
    due_at=st.none() | moments,
    text=texts,
    tags=st.lists(texts, max_size=3).map(tuple),
    place=st.builds(
        Place, house=maybe, latitude_degrees=st.none() | st.floats(allow_nan=False, allow_infinity=False)
    ),
    author=st.builds(Author, surname=maybe, collective=st.booleans(), co_authors=st.tuples(persons)),
    answer=st.none() | st.builds(Answer, text=texts, at=st.none() | moments, author=st.none() | persons),
    history=st.lists(st.builds(HistoryEntry, at=moments, note=maybe), max_size=2).map(tuple),
    rating=st.none() | st.integers(1, 5),
    raw=st.dictionaries(texts, json_values, max_size=3),
)


@given(messages)
def test_a_message_survives_json(message: Message) -> None:
    """What goes through a queue, a cache or the inbox comes back equal, exact in every moment."""
    again = Message.model_validate_json(message.model_dump_json())
    assert again == message
    assert again.model_dump_json() == message.model_dump_json()


@given(messages)
def test_a_message_survives_short_json(message: Message) -> None:
    """The inbox leaves out what is at its default, and loses nothing by it."""
    short = json.loads(message.model_dump_json(exclude_defaults=True))
    assert Message.model_validate(short) == message


@given(messages)
def test_a_message_survives_pickle_and_copies(message: Message) -> None:
    """A message crosses process borders whole and deep copies are equal, with the same identity."""
    for again in (pickle.loads(pickle.dumps(message)), copy.deepcopy(message)):
        assert again == message
        assert hash(again) == hash(message)


@given(st.lists(messages, max_size=2), st.lists(json_values, max_size=2), maybe)
def test_a_batch_survives_json(items: list[Message], raws: list[Any], cursor: str | None) -> None:
    """A whole page, the unreadable items with their raw form included, survives JSON."""
    rejects = tuple(Reject(reason="broken", raw=raw) for raw in raws)
    ours = tuple(item.model_copy(update={"channel": "p", "account": "a"}) for item in items)
    batch = Batch(channel="p", account="a", items=ours, rejects=rejects, cursor=cursor)
    assert Batch.model_validate_json(batch.model_dump_json()) == batch


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_know_is_not_lost(number: str) -> None:
    """Some services write NaN: it is kept in `raw` as it came, not turned into null."""
    message = Message(channel="p", account="a", external_id="1", raw={"x": float(number)})
    assert repr(Message.model_validate_json(message.model_dump_json()).raw) == repr({"x": float(number)})


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_stays_the_same_instant(fold: int) -> None:
    """In the night when the clocks go back, the first and the second half past two are told apart."""
    at = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))
    message = Message(channel="p", account="a", external_id="1", created_at=at)
    again = Message.model_validate_json(message.model_dump_json())
    assert isinstance(again.created_at, datetime)
    assert again.created_at.astimezone(UTC) == at.astimezone(UTC)


@pytest.mark.parametrize("model", [Message, Outgoing])
def test_every_field_survives(
    model: type[Record], full_fields: Callable[[type[Record]], dict[str, Any]]
) -> None:
    """With something in every single field, JSON and pickle lose none of them."""
    record = model.model_validate(full_fields(model))
    assert model.model_validate_json(record.model_dump_json()) == record
    assert pickle.loads(pickle.dumps(record)) == record
    assert record.model_fields_set == set(model.model_fields)
