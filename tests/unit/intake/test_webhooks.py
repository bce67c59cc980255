"""Webhooks into the inbox: once, in one transaction, and answered after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mcu_sdk.errors import McuError, NaiveMomentError, StoreError
from mcu_sdk.intake import Inbox, Received, WebhookReply, receive_webhook
from mcu_sdk.model import Batch
from mcu_sdk.wire import Secret, SignedWebhooks, TokenWebhooks

AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
SCHEME = SignedWebhooks((Secret("whsec_" + "c2VjcmV0" * 4),))
TOKEN = TokenWebhooks("X-Token", (Secret("0123456789abcdef"),))
Batches = Callable[..., Batch]


def called(inbox: Inbox, webhook_id: str, batch: Batch, now: datetime = AT) -> WebhookReply:
    """One signed call with *batch*."""
    body = batch.model_dump_json().encode()
    headers = SCHEME.sign(webhook_id, body, now)
    return receive_webhook(inbox, headers, body, scheme=SCHEME, read=Batch.model_validate_json, now=now)


def test_a_call_is_stored_once_also_by_other_openings_of_the_store(place: str, batch: Batches) -> None:
    """The repetition is answered 200, and changes nothing even with another content."""
    with Inbox.open(place) as first:
        stored = called(first, "a", batch("1", text="one", cursor="5"))
    with Inbox.open(place) as later:
        repeated = called(later, "a", batch("1", "2", text="two", cursor="6"))
        assert (stored.status, stored.reason, stored.received) == (200, "stored", Received(1, 0, 0, 0))
        assert (repeated.status, repeated.reason, repeated.received) == (200, "repeated", None)
        assert [message.text for message in later.messages()] == ["one"]
        assert later.cursor("portal", "town") == "5"


def test_of_many_at_once_one_is_stored(place: str, batch: Batches) -> None:
    """Each with a connection of its own."""

    def one(_: int) -> str:
        with Inbox.open(place) as inbox:
            return called(inbox, "a", batch("1")).reason

    with Inbox.open(place), ThreadPoolExecutor(4) as pool:
        reasons = sorted(pool.map(one, range(8)))
    assert reasons == ["repeated"] * 7 + ["stored"]


def test_an_id_is_of_its_account(inbox: Inbox, batch: Batches) -> None:
    """Another account may use the same one."""
    other = Batch(channel="portal", account="village")
    assert [called(inbox, "a", one).reason for one in (batch("1"), other, other)] == [
        "stored",
        "stored",
        "repeated",
    ]


@pytest.mark.parametrize(("days", "reason"), [(7, "repeated"), (7.0001, "stored")])
def test_an_id_is_forgotten_after_seven_days(inbox: Inbox, batch: Batches, days: float, reason: str) -> None:
    """In any zone; the messages are known still."""
    called(inbox, "a", batch("1"), AT.astimezone(timezone(timedelta(hours=10))))
    later = called(inbox, "a", batch("1"), AT + timedelta(days=days))
    assert later.reason == reason
    assert inbox.count() == 1


def test_the_id_of_a_call_that_was_not_stored_is_free(inbox: Inbox, batch: Batches) -> None:
    """Half a character only shows when it is written: 400, and the next call with the id is stored."""
    body = batch("1").model_dump_json().encode()

    def half(_: bytes) -> Batch:
        return batch("1", raw={"text": "\ud800"})

    headers = SCHEME.sign("a", body, AT)
    refused = receive_webhook(inbox, headers, body, scheme=SCHEME, read=half, now=AT)
    assert (refused.status, refused.reason) == (400, "body")
    assert isinstance(refused.error, McuError)
    assert inbox.count() == 0
    assert called(inbox, "a", batch("1")).reason == "stored"


def test_a_store_that_fails_asks_for_a_repetition(place: str, batch: Batches) -> None:
    """503 with the store's error; the repetition is stored."""
    broken = Inbox.open(place)
    broken.close()
    reply = called(broken, "a", batch("1"))
    assert (reply.status, reply.reason, reply.received) == (503, "store", None)
    assert isinstance(reply.error, StoreError)
    with Inbox.open(place) as inbox:
        assert called(inbox, "a", batch("1")).reason == "stored"


def test_a_secret_header_is_known_by_its_body(inbox: Inbox, batch: Batches) -> None:
    """A late repetition of an old content does not undo the new one."""
    bodies = [batch("1", text=text).model_dump_json().encode() for text in ("old", "new", "old")]
    headers = [("X-Token", "0123456789abcdef")]
    reasons = [
        receive_webhook(inbox, headers, body, scheme=TOKEN, read=Batch.model_validate_json, now=AT).reason
        for body in bodies
    ]
    assert reasons == ["stored", "stored", "repeated"]
    assert [message.text for message in inbox.messages()] == ["new"]


def test_a_time_without_a_zone_is_our_mistake(inbox: Inbox, batch: Batches) -> None:
    """With either scheme."""
    with pytest.raises(NaiveMomentError):
        called(inbox, "a", batch("1"), AT.replace(tzinfo=None))
    with pytest.raises(NaiveMomentError):
        receive_webhook(
            inbox, [], b"", scheme=TOKEN, read=Batch.model_validate_json, now=AT.replace(tzinfo=None)
        )
