"""Steps become drafts once, whatever is pressed twice; what cannot be sent is refused before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.senders import Sent

from mcu_sdk.desk.drafts import draft, put_once
from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Outbox, OutboxState, deliver
from mcu_sdk.model import Message, Organisation, OutgoingKind, Person

NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)
MESSAGE = Message(
    channel="portal",
    account="portal",
    external_id="1",
    number="N-1",
    registration_number="N-1",
    registered_at=NOW - timedelta(hours=1),
    organisation=Organisation(external_id="4000", name="Администрация"),
)


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    with Outbox.open(":memory:") as opened:
        yield opened


def put(outbox: Outbox, kind: OutgoingKind, *, again: bool = False, **fields: object) -> str:
    step = draft(MESSAGE, kind, NOW, **fields)
    return put_once(outbox, step, by="Специалист", now=NOW, again=again).key


def test_a_draft_says_which_message_is_meant() -> None:
    step = draft(MESSAGE, OutgoingKind.TAKE, NOW)
    assert (step.registration_number, step.registered_at, step.organisation) == (
        "N-1",
        NOW - timedelta(hours=1),
        MESSAGE.organisation,
    )
    bare = MESSAGE.model_copy(update={"registered_at": date(2026, 1, 12)})
    assert draft(bare, OutgoingKind.TAKE, NOW).registered_at is None


def test_the_same_step_is_put_once_whoever_signs(outbox: Outbox) -> None:
    key = put(outbox, OutgoingKind.TAKE, executor=Person(surname="Первый", name="Исполнитель"))
    assert put(outbox, OutgoingKind.TAKE, executor=Person(surname="Второй", name="Исполнитель")) == key
    deliver(outbox, [Sent()], now=lambda: NOW)
    assert put(outbox, OutgoingKind.TAKE) == key
    assert [entry.key for entry in outbox.entries_on(*MESSAGE.key)] == [key] == ["portal/portal/1/1"]
    assert put(outbox, OutgoingKind.TAKE, again=True) == "portal/portal/1/2"


@pytest.mark.parametrize("second", [OutgoingKind.ANSWER, OutgoingKind.FORWARD])
def test_a_message_is_answered_once_unless_it_is_meant_again(outbox: Outbox, second: OutgoingKind) -> None:
    first = put(outbox, OutgoingKind.ANSWER, text="Сделано.")
    with pytest.raises(UsageError) as open_step:
        put(outbox, second, text="Другое.")
    assert open_step.value.code == "desk.step_open"
    deliver(outbox, [Sent()], now=lambda: NOW)
    assert put(outbox, OutgoingKind.ANSWER, text="Сделано.") == first
    with pytest.raises(UsageError) as ended:
        put(outbox, second, text="Другое.")
    assert ended.value.code == "desk.ended"
    assert put(outbox, second, text="Другое.", again=True) != first
    assert len(outbox.entries(OutboxState.WAITING)) == 1


def test_a_step_that_was_given_up_may_be_put_anew(outbox: Outbox) -> None:
    first = put(outbox, OutgoingKind.ANSWER, text="Сделано.")
    outbox.cancel(first, by="Специалист", now=NOW)
    second = put(outbox, OutgoingKind.ANSWER, text="Сделано.")
    assert second != first
    assert outbox.get(second).state is OutboxState.WAITING


def test_an_extension_may_follow_another(outbox: Outbox) -> None:
    first = put(outbox, OutgoingKind.EXTEND, text="Ждём акт.", postponed_until=NOW + timedelta(days=5))
    deliver(outbox, [Sent()], now=lambda: NOW)
    second = put(outbox, OutgoingKind.EXTEND, text="Ждём акт.", postponed_until=NOW + timedelta(days=9))
    assert second != first


def test_nothing_is_sent_on_a_message_known_from_a_file_alone() -> None:
    with pytest.raises(UsageError) as caught:
        draft(MESSAGE.model_copy(update={"by_number": True}), OutgoingKind.TAKE, NOW)
    assert caught.value.code == "desk.known_by_number"
    assert "N-1" in caught.value.localized("ru")
