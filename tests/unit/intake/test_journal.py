"""The journal follows what is done, and shows every later change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mcu_sdk.intake import Inbox
from mcu_sdk.intake.journal import Flaw
from mcu_sdk.model import Batch, Reject

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
Batches = Callable[..., Batch]


@pytest.fixture
def filled(inbox: Inbox, batch: Batches) -> Inbox:
    inbox.receive(batch("1", "2", rejects=(Reject(reason="r", external_id="9", raw={"a": 1}),)), AT)
    inbox.receive(batch("2", text="Яма"), AT + timedelta(hours=1))
    inbox.receive(batch("2", "3", text="Яма"), AT + timedelta(hours=2))
    return inbox


def test_what_came_is_told_in_order_without_its_words(filled: Inbox) -> None:
    told = list(filled.journal.entries("portal", "town"))
    assert [(entry.number, entry.kind, entry.subject) for entry in told] == [
        (1, "received", "1"),
        (2, "received", "2"),
        (3, "quarantined", "id:9"),
        (4, "changed", "2"),
        (5, "received", "3"),
    ]
    assert [entry.at - AT for entry in told] == [timedelta(hours=hours) for hours in (0, 0, 0, 1, 2)]
    assert "Яма" not in f"{told}"
    assert filled.journal.verify() == ()
    assert filled.journal.head("portal", "town") == told[-1].chain


@pytest.mark.parametrize(
    ("change", "number", "reason"),
    [
        ("UPDATE mcu_journal SET subject = '7' WHERE number = 2", 2, "changed"),
        ("UPDATE mcu_journal SET at = '2026-01-11T09:05:00+00:00' WHERE number = 4", 4, "changed"),
        ("UPDATE mcu_journal SET digest = chain WHERE number = 1", 1, "changed"),
        ("UPDATE mcu_journal SET chain = digest WHERE number = 5", 5, "changed"),
        ("DELETE FROM mcu_journal WHERE number = 3", 3, "missing"),
        ("DELETE FROM mcu_journal WHERE number = 1", 1, "missing"),
        ("UPDATE mcu_journal SET number = 6 WHERE number = 5", 5, "missing"),
    ],
)
def test_every_change_shows_at_its_place(filled: Inbox, change: str, number: int, reason: str) -> None:
    assert filled._store.write(change) == 1
    assert filled.journal.verify() == (Flaw("portal", "town", number, reason),)


def test_a_batch_that_fails_is_not_told(inbox: Inbox, batch: Batches) -> None:
    whole = batch("1")
    odd = whole.items[0].model_copy(update={"external_id": "2", "text": "\ud83d"})
    with pytest.raises(Exception, match="Message"):
        inbox.receive(whole.model_copy(update={"items": (*whole.items, odd)}), AT)
    assert inbox.journal.accounts() == ()


def test_each_account_has_its_own_chain(filled: Inbox) -> None:
    other = Batch(channel="portal", account="village", rejects=(Reject(reason="r"),))
    filled.receive(other, AT)
    assert filled.journal.accounts() == (("portal", "town"), ("portal", "village"))
    assert [entry.number for entry in filled.journal.entries("portal", "village")] == [1]
