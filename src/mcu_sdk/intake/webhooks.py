"""Calls of far systems to us, answered after they are stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from mcu_sdk.errors import McuError, RecordError, StoreError
from mcu_sdk.intake.inbox import Inbox
from mcu_sdk.intake.receiving import Received
from mcu_sdk.model import Batch
from mcu_sdk.wire import WebhookRefusal, WebhookScheme, read_webhook
from mcu_sdk.wire.webhook import Headers

__all__ = ["WebhookReply", "receive_webhook"]


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What to answer: `status` with an empty body. The rest is for our own log.

    `reason` is one word: stored, repeated, headers, time, signature, token, size, body or store.
    `received` is what a stored call brought, `error` why it could not be stored.
    """

    status: HTTPStatus
    reason: str
    received: Received | None = None
    error: McuError | None = None


def receive_webhook(
    inbox: Inbox,
    headers: Headers,
    body: bytes,
    *,
    scheme: WebhookScheme,
    read: Callable[[bytes], Batch],
    now: datetime,
) -> WebhookReply:
    """Verify a call, store its batch once, and return what to answer.

    200 comes after the commit, 503 when the store failed: then the sender repeats. A repeated id is
    answered 200 and changes nothing, in every process on this store. With a hosted store, answer when
    the host has committed. For *headers*, *read* and *now* see `read_webhook`; raises NaiveMomentError.

    >>> from datetime import UTC
    >>> from mcu_sdk.wire import Secret, TokenWebhooks
    >>> scheme = TokenWebhooks("X-Token", (Secret("0123456789abcdef"),))
    >>> with Inbox.open(":memory:") as inbox:
    ...     reply = receive_webhook(
    ...         inbox, [], b"", scheme=scheme, read=Batch.model_validate_json, now=datetime.now(UTC)
    ...     )
    >>> reply.status.value, reply.reason
    (401, 'headers')
    """
    call = read_webhook(headers, body, scheme, read, now)
    if isinstance(call, WebhookRefusal):
        return WebhookReply(call.status, call.reason)
    try:
        received = inbox.receive_once(call, now)
    except StoreError as error:
        return WebhookReply(HTTPStatus.SERVICE_UNAVAILABLE, "store", error=error)
    except RecordError as error:  # half a character, which only shows when it is written
        return WebhookReply(HTTPStatus.BAD_REQUEST, "body", error=error)
    return WebhookReply(HTTPStatus.OK, "repeated" if received is None else "stored", received)
