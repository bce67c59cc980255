"""The inbox: every message that came, once, with every content it came with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import JsonValue

from mcu_sdk.errors import NaiveMomentError
from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.store import Store, alone_of, number, open_store
from mcu_sdk.model import Batch, Message, Reject
from mcu_sdk.model.record import record_error
from mcu_sdk.wire import WebhookCall

__all__ = ["Inbox", "Quarantined", "Received"]

_CHUNK_ROWS = 500
_IDS_KEPT = timedelta(days=7)  # longer than a stranger's copy lives, 600 s, and senders repeat for days
_CURRENT = """
SELECT first.sequence, latest.body, first.received_at
FROM mcu_inbox AS first JOIN mcu_inbox AS latest USING (channel, account, external_id)
WHERE first.version = 1 AND first.sequence > ? AND latest.version =
    (SELECT max(version) FROM mcu_inbox AS other WHERE other.channel = first.channel
     AND other.account = first.account AND other.external_id = first.external_id)
ORDER BY first.sequence LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Received:
    """What one batch brought. `known` counts the `changed` ones too."""

    new: int
    known: int
    changed: int
    quarantined: int

    def __add__(self, other: Received) -> Received:
        return Received(
            self.new + other.new,
            self.known + other.known,
            self.changed + other.changed,
            self.quarantined + other.quarantined,
        )


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be read, as it is kept. `raw` is what came and may hold personal data."""

    channel: str
    account: str
    external_id: str | None
    reason: str
    received_at: datetime
    raw: JsonValue = field(repr=False)


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
            return self._store_batch(batch, received_at)

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
            return self._store_batch(batch, received_at)

    def cursor(self, channel: str, account: str) -> str | None:
        """Return where the source of this account goes on, None before its first cursor."""
        rows = self._store.rows(
            "SELECT cursor FROM mcu_cursor WHERE channel = ? AND account = ?", (channel, account)
        )
        return str(rows[0][0]) if rows else None

    def messages(self) -> Iterator[Message]:
        """Yield the current content of every message, in the order of first arrival."""
        after = 0
        while rows := self._store.rows(_CURRENT, (after, _CHUNK_ROWS)):
            for _, body, received_at in rows:
                yield _message(str(body), str(received_at))
            after = int(str(rows[-1][0]))

    def get(self, channel: str, account: str, external_id: str) -> Message | None:
        """Return the current content of one message, None when it never came."""
        rows = self._store.rows(
            "SELECT body, received_at FROM mcu_inbox WHERE channel = ? AND account = ? AND external_id = ?"
            " ORDER BY version DESC",
            (channel, account, external_id),
        )
        return _message(str(rows[0][0]), str(rows[-1][1])) if rows else None

    def count(self) -> int:
        """Return how many different messages are stored."""
        return number(self._store, "SELECT count(*) FROM mcu_inbox WHERE version = 1")

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Return what could not be read, oldest first."""
        rows = self._store.rows(
            "SELECT channel, account, external_id, reason, received_at, raw FROM mcu_quarantine"
            " ORDER BY sequence"
        )
        return tuple(
            Quarantined(
                str(channel),
                str(account),
                None if external_id is None else str(external_id),
                str(reason),
                datetime.fromisoformat(str(received_at)),
                json.loads(str(raw)),
            )
            for channel, account, external_id, reason, received_at, raw in rows
        )

    def _note(self, batch: Batch, webhook_id: str, at: datetime) -> bool:
        """Write the id down and forget old ones; return whether it was new."""
        account = (batch.channel, batch.account)
        self._store.write(
            "DELETE FROM mcu_webhook WHERE channel = ? AND account = ? AND taken_at < ?",
            (*account, _comparable(at - _IDS_KEPT)),
        )
        return bool(
            self._store.write(
                "INSERT INTO mcu_webhook (channel, account, webhook_id, taken_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (*account, webhook_id, _comparable(at)),
            )
        )

    def _store_batch(self, batch: Batch, at: datetime) -> Received:
        new = known = changed = quarantined = 0
        for message in batch.items:
            version = self._store_message(message, at)
            new += version == 1
            known += version != 1
            changed += version is not None and version > 1
        for reject in batch.rejects:
            quarantined += self._store_reject(batch, reject, at)
        if batch.cursor is not None:
            self._store.write(
                "INSERT INTO mcu_cursor VALUES (?, ?, ?)"
                " ON CONFLICT (channel, account) DO UPDATE SET cursor = excluded.cursor",
                (batch.channel, batch.account, batch.cursor),
            )
        return Received(new, known, changed, quarantined)

    def _store_message(self, message: Message, at: datetime) -> int | None:
        """Store a content that is not there yet and return its version, None for one that is."""
        stored = message.model_copy(update={"received_at": None})
        body = _canonical_json(stored.model_dump(mode="json", exclude_defaults=True))
        digest = hashlib.sha256(body.encode()).digest()
        rows = self._store.rows(
            "SELECT version, digest FROM mcu_inbox WHERE channel = ? AND account = ? AND external_id = ?"
            " ORDER BY version DESC LIMIT 1",
            message.key,
        )
        if rows and rows[0][1] == digest:
            return None
        version = int(str(rows[0][0])) + 1 if rows else 1
        self._store.write(
            "INSERT INTO mcu_inbox (channel, account, external_id, version, received_at, digest, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*message.key, version, at.isoformat(), digest, body),
        )
        kind = EntryKind.RECEIVED if version == 1 else EntryKind.CHANGED
        self.journal.add(kind, message.key, digest, at)
        return version

    def _store_reject(self, batch: Batch, reject: Reject, at: datetime) -> int:
        raw = _canonical_json(reject.raw)
        item = f"id:{reject.external_id}" if reject.external_id is not None else _digest_of(raw)
        added = self._store.write(
            "INSERT INTO mcu_quarantine (channel, account, item, external_id, reason, received_at, raw)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (batch.channel, batch.account, item, reject.external_id, reject.reason, at.isoformat(), raw),
        )
        if added:
            digest = hashlib.sha256(raw.encode()).digest()
            self.journal.add(EntryKind.QUARANTINED, (batch.channel, batch.account, item), digest, at)
        return added


def _check_zone(received_at: datetime) -> None:
    if received_at.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the arrival time has no zone", "use an aware datetime")


def _comparable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _message(body: str, received_at: str) -> Message:
    message = Message.model_validate_json(body)
    return message.model_copy(update={"received_at": datetime.fromisoformat(received_at)})


def _canonical_json(value: JsonValue) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        text.encode()
    except ValueError:  # half a character, or a number of thousands of digits
        pass
    else:
        return text
    raise record_error("Message", "a text or a number that cannot be written as JSON")


def _digest_of(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
