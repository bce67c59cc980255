"""Steps on paper: delivering records them, once, and only in their own register."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mcu_sdk.channels.register import RegisterRecorder
from mcu_sdk.errors import UsageError
from mcu_sdk.intake import Delivered, Outbox, OutboxState, deliver
from mcu_sdk.model import Outgoing, OutgoingKind, Presence

NOW = datetime(2026, 1, 12, 5, 5, tzinfo=UTC)


def step(account: str = "journal") -> Outgoing:
    return Outgoing(
        key="k",
        channel="register",
        account=account,
        external_id="1",
        kind=OutgoingKind.ANSWER,
        text="Дан ответ письмом.",
        created_at=NOW,
    )


def test_delivering_records_the_step_at_that_moment() -> None:
    with Outbox.open(":memory:") as outbox:
        outbox.put(step(), by="Специалист", now=NOW)
        assert deliver(outbox, [RegisterRecorder("journal")], now=lambda: NOW) == Delivered(sent=1)
        assert deliver(outbox, [RegisterRecorder("journal")], now=lambda: NOW) == Delivered()
        entry = outbox.get("k")
    assert (entry.state, entry.settled_at) == (OutboxState.SENT, NOW)


def test_a_step_in_doubt_was_not_recorded() -> None:
    assert RegisterRecorder("journal").find(step()) is Presence.ABSENT


def test_a_step_of_another_register_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        RegisterRecorder("journal").send(step("reception"))
    assert caught.value.code == "register.other_account"
