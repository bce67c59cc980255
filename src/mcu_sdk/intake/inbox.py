"""The inbox: every message that came, once, with every content it came with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from mcu_sdk.errors import NaiveMomentError
from mcu_sdk.intake.journal import Journal
from mcu_sdk.intake.purging import purge
from mcu_sdk.intake.quarantine import Quarantined, quarantined
from mcu_sdk.intake.receiving import Received, store_batch
from mcu_sdk.intake.store import Store, alone_of, comparable, number, open_store
from mcu_sdk.model import Batch, Message
from mcu_sdk.wire import WebhookCall

__all__ = ["Inbox", "message_of"]

_CHUNK_ROWS = 500
_IDS_KEPT = timedelta(days=7)  # longer than a stranger's copy lives, 600 s, and senders repeat for days
_COUNT = """
SELECT count(*) FROM mcu_inbox AS latest WHERE body <> '' AND NOT EXISTS
    (SELECT 1 FROM mcu_inbox AS later WHERE later.channel = latest.channel
     AND later.account = latest.account AND later.external_id = latest.external_id
     AND later.version > latest.version)
"""
_CURRENT = """
SELECT first.sequence, latest.body, first.received_at, latest.received_at
FROM mcu_inbox AS first JOIN mcu_inbox AS latest USING (channel, account, external_id)
WHERE first.version = 1 AND first.sequence > ? AND latest.version =
    (SELECT max(version) FROM mcu_inbox AS other WHERE other.channel = first.channel
     AND other.account = first.account AND other.external_id = first.external_id)
AND latest.body <> ''
ORDER BY first.sequence LIMIT ?
"""
_SAYING = _CURRENT.replace("AND latest.body <> ''", "AND latest.body LIKE ? ESCAPE '!'")
_WILD = re.compile("[!%_]")


class Inbox:
    """The messages of one municipality in one store. Safe to share between threads.

    >>> with Inbox.open(":memory:") as inbox:
    ...     inbox.count()
    0
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.journal = Journal(store)
        """What came and went, for a check."""

    @classmethod
    def open(cls, where: str | Path) -> Self:
        """Open the inbox at a path, making the file when there is none, or at a `postgresql://` address.

        Raises StoreError, and MissingExtra for PostgreSQL without the extra `postgres`.
        """
        return cls(open_store(where))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The store below, say for rows that are to be committed together with ours."""
        return self._store

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def receive(self, batch: Batch, received_at: datetime) -> Received:
        """Store *batch* and its cursor in one transaction and return what was new.

        A message is known by `(channel, account, external_id)`. A known one with the same content
        changes nothing; a changed content becomes its next version.
        """
        _check_zone(received_at)
        with self._store.transaction(alone_of(batch.channel, batch.account)):
            return store_batch(self._store, batch, received_at)

    def receive_once(self, call: WebhookCall[Batch], received_at: datetime) -> Received | None:
        """Store the batch of a verified call and the call's id in one transaction.

        Returns None, and changes nothing, for an id of the account taken in the last seven days. Later
        a stranger's copy of a signed call has long been refused by its time, 600 s after the first
        arrival at the latest, and of the sender's own repetition the messages are known, as in `receive`.
        """
        _check_zone(received_at)
        batch = call.content
        with self._store.transaction(alone_of(batch.channel, batch.account)):
            if not self._note(batch, call.webhook_id, received_at):
                return None
            return store_batch(self._store, batch, received_at)

    def cursor(self, channel: str, account: str) -> str | None:
        """Return where the source of this account goes on, None before its first cursor."""
        rows = self._store.rows(
            "SELECT cursor FROM mcu_cursor WHERE channel = ? AND account = ?", (channel, account)
        )
        return str(rows[0][0]) if rows else None

    def messages(self) -> Iterator[Message]:
        """Yield the current content of every message, in the order of first arrival."""
        return self._current(_CURRENT)

    def known_by_number(self) -> Iterator[Message]:
        """Yield the messages known from files alone, in the order of first arrival."""
        return (message for message in self._saying('"by_number": true') if message.by_number)

    def called(self, name: str) -> tuple[Message, ...]:
        """Return the messages of that number, registration number or far id, the first to arrive first."""
        spelled = json.dumps(name, ensure_ascii=False)
        return tuple(
            message
            for message in self._saying(spelled)
            if name in (message.number, message.registration_number, message.external_id)
        )

    def _saying(self, words: str) -> Iterator[Message]:
        """Yield the messages whose stored content holds *words*, wherever that is."""
        pattern = "%" + _WILD.sub(r"!\g<0>", words) + "%"
        return self._current(_SAYING, pattern)

    def _current(self, query: str, *values: str) -> Iterator[Message]:
        after = 0
        while rows := self._store.rows(query, (after, *values, _CHUNK_ROWS)):
            for _, body, received_at, updated_at in rows:
                yield message_of(str(body), str(received_at), str(updated_at))
            after = int(str(rows[-1][0]))

    def get(self, channel: str, account: str, external_id: str) -> Message | None:
        """Return the current content of one message, None when it never came."""
        rows = self._store.rows(
            "SELECT body, received_at FROM mcu_inbox WHERE channel = ? AND account = ? AND external_id = ?"
            " ORDER BY version DESC",
            (channel, account, external_id),
        )
        if not rows or not rows[0][0]:
            return None
        return message_of(str(rows[0][0]), str(rows[-1][1]), str(rows[0][1]))

    def knows(self, channel: str, account: str, external_id: str) -> bool:
        """Tell whether that message ever came, purged or not."""
        return bool(
            self._store.rows(
                "SELECT 1 FROM mcu_inbox WHERE channel = ? AND account = ? AND external_id = ? LIMIT 1",
                (channel, account, external_id),
            )
        )

    def count(self) -> int:
        """Return how many different messages are stored and not purged."""
        return number(self._store, _COUNT)

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Return what could not be read and is not purged, oldest first."""
        return quarantined(self._store)

    def purge(self, *, before: datetime, at: datetime) -> int:
        """Empty the contents that first came before that moment, unread ones too; return how many.

        Their ids and digests stay, so that they are known when they come again. *at* is the journal's.
        On PostgreSQL the words are gone from the disk after the server's own vacuum.
        """
        _check_zone(before)
        _check_zone(at)
        return purge(self._store, before, at)

    def _note(self, batch: Batch, webhook_id: str, at: datetime) -> bool:
        """Write the id down and forget old ones; return whether it was new."""
        account = (batch.channel, batch.account)
        self._store.write(
            "DELETE FROM mcu_webhook WHERE channel = ? AND account = ? AND taken_at < ?",
            (*account, comparable(at - _IDS_KEPT)),
        )
        return bool(
            self._store.write(
                "INSERT INTO mcu_webhook (channel, account, webhook_id, taken_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (*account, webhook_id, comparable(at)),
            )
        )


def _check_zone(received_at: datetime) -> None:
    if received_at.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the arrival time has no zone", "use an aware datetime")


def message_of(body: str, received_at: str, updated_at: str) -> Message:
    """Return the message of a stored content, and when it and this content first came."""
    message = Message.model_validate_json(body)
    received = datetime.fromisoformat(received_at)
    updated = received if updated_at == received_at else datetime.fromisoformat(updated_at)
    return message.model_copy(update={"received_at": received, "updated_at": updated})
