"""A message is found by what people call it, in either database, whatever its text says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mcu_sdk.intake import Inbox
from mcu_sdk.model import Batch, Message

NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def message(external_id: str, **fields: object) -> Message:
    return Message.model_validate({"channel": "p", "account": "a", "external_id": external_id} | fields)


@pytest.fixture
def inbox(place: str) -> Inbox:
    inbox = Inbox.open(place)
    items = (
        message("1", number="О-1/26", registration_number="Р-1"),
        message("2", number="100%_!", text='"by_number": true, номер "О-1/26"'),
        message("3", number="О-1/26", by_number=True),
        message("4", number='"4"\\', text="О-1/26"),
    )
    inbox.receive(Batch(channel="p", account="a", items=items), NOW)
    changed = message("1", number="О-2/26", registration_number="Р-1")
    inbox.receive(Batch(channel="p", account="a", items=(changed,)), NOW)
    return inbox


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("О-2/26", ["1"]),
        ("О-1/26", ["3"]),
        ("Р-1", ["1"]),
        ("4", ["4"]),
        ("100%_!", ["2"]),
        ("100__!", []),
        ("%", []),
        ('"4"\\', ["4"]),
        ("", []),
    ],
)
def test_by_number_registration_number_or_far_id(inbox: Inbox, name: str, found: list[str]) -> None:
    with inbox:
        assert [message.external_id for message in inbox.called(name)] == found


def test_what_is_known_from_files_alone(inbox: Inbox) -> None:
    with inbox:
        assert [message.external_id for message in inbox.known_by_number()] == ["3"]
