"""Purged contents are gone from the file and still known; the unread are read anew with their time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from mcu_sdk.intake import Handled, Inbox, Received, failpoints, handle, retry_quarantined, subscribe
from mcu_sdk.model import Batch, Message, Reject

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
LATER = AT + timedelta(days=2)
KEY = ("portal", "town", "1")
Batches = Callable[..., Batch]


def test_purged_contents_stay_known_and_are_passed_over(inbox: Inbox, batch: Batches) -> None:
    old = batch("1", text="Старое", rejects=(Reject(reason="r", external_id="9", raw={"a": 1}),))
    subscribe(inbox, "crm")
    inbox.receive(old, AT)
    inbox.receive(batch("2"), LATER)
    assert inbox.purge(before=LATER, at=LATER) == 2
    assert inbox.purge(before=LATER, at=LATER) == 0
    assert (inbox.get(*KEY), inbox.quarantined(), inbox.count()) == (None, (), 1)
    assert [message.external_id for message in inbox.messages()] == ["2"]
    assert inbox.receive(old, LATER) == Received(0, 1, 0, 0)
    assert inbox.get(*KEY) is None
    kinds = [(entry.kind, entry.subject) for entry in inbox.journal.entries("portal", "town")]
    assert kinds[-2:] == [("purged", "1"), ("purged", "id:9")]
    assert inbox.journal.verify() == ()
    assert handle(inbox, "crm", lambda message: None, now=lambda: LATER) == Handled(1)


def test_a_new_content_of_a_purged_message_is_its_next_version(inbox: Inbox, batch: Batches) -> None:
    inbox.receive(batch("1"), AT)
    inbox.purge(before=LATER, at=LATER)
    assert inbox.receive(batch("1", text="Новое"), LATER).changed == 1
    message = inbox.get(*KEY)
    assert message is not None
    assert (message.text, message.received_at) == ("Новое", AT)


@pytest.mark.parametrize("seed", range(5))
def test_purged_words_are_not_in_the_file(town: Path, batch: Batches, seed: int) -> None:
    reject = Reject(reason="r", raw={"text": "канарейка"})
    drawn = random.Random(seed)
    with Inbox.open(town) as inbox:
        for number in range(200):
            inbox.receive(batch(str(number), text="канарейка " * drawn.randrange(1, 500)), AT)
        inbox.receive(batch("last", rejects=(reject,)), AT)
        assert "канарейка".encode() in town.read_bytes()
        inbox.purge(before=LATER, at=LATER)
        assert inbox.store.rows("PRAGMA freelist_count") == [(0,)]  # the file was written anew
    assert "канарейка".encode() not in town.read_bytes()


def test_what_can_be_read_by_now_moves_to_the_inbox_with_its_time(inbox: Inbox, batch: Batches) -> None:
    rejects = (
        Reject(reason="old", external_id="1", raw={"id": "1"}),
        Reject(reason="old", raw=["nothing"]),
    )
    inbox.receive(batch(rejects=rejects), AT)

    def read(raw: JsonValue) -> Message | Reject:
        if isinstance(raw, dict):
            return Message(channel="portal", account="town", external_id=str(raw["id"]))
        return Reject(reason="still")

    assert retry_quarantined(inbox, read) == 1
    assert [item.raw for item in inbox.quarantined()] == [["nothing"]]
    message = inbox.get(*KEY)
    assert message is not None
    assert message.received_at == AT
    assert inbox.journal.verify() == ()


@pytest.mark.parametrize("step", ["purge.before_commit", "quarantine.before_commit"])
def test_a_break_before_the_commit_leaves_all_as_it_was(inbox: Inbox, batch: Batches, step: str) -> None:
    inbox.receive(batch("1", rejects=(Reject(reason="r", external_id="9", raw={"id": "9"}),)), AT)

    def stop() -> None:
        raise KeyboardInterrupt

    def read(raw: JsonValue) -> Message:
        return Message(channel="portal", account="town", external_id="9")

    failpoints.arm(step, stop)
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012  # the step is in one of the two
            retry_quarantined(inbox, read)
            inbox.purge(before=LATER, at=LATER)
    finally:
        failpoints.arm(step, None)
    assert inbox.get(*KEY) is not None
    assert len(inbox.quarantined()) == (1 if step.startswith("quarantine") else 0)
    assert "purged" not in [entry.kind for entry in inbox.journal.entries("portal", "town")]


@pytest.mark.parametrize("step", ["purge.after_commit", "quarantine.after_commit"])
def test_a_break_after_the_commit_leaves_it_done(inbox: Inbox, batch: Batches, step: str) -> None:
    inbox.receive(batch("1", rejects=(Reject(reason="r", external_id="9", raw={"id": "9"}),)), AT)

    def stop() -> None:
        raise KeyboardInterrupt

    def read(raw: JsonValue) -> Message:
        return Message(channel="portal", account="town", external_id="9")

    def run() -> None:
        if step.startswith("purge"):
            inbox.purge(before=LATER, at=LATER)
        else:
            retry_quarantined(inbox, read)

    failpoints.arm(step, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            run()
    finally:
        failpoints.arm(step, None)
    run()
    kinds = [str(entry.kind) for entry in inbox.journal.entries("portal", "town")]
    if step.startswith("purge"):
        assert (inbox.count(), inbox.quarantined(), kinds.count("purged")) == (0, (), 2)
    else:
        assert (inbox.count(), inbox.quarantined(), kinds.count("received")) == (2, (), 2)
    assert inbox.journal.verify() == ()
