"""How a batch becomes rows, inside a transaction that somebody else holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.store import Store, comparable, marks, number
from mcu_sdk.model import Batch, Message, Reject
from mcu_sdk.model.record import record_error

__all__ = ["Received", "canonical_json", "store_batch", "store_messages"]

_MOST_VALUES = 500
_OF_THE_STORE = {"received_at", "updated_at"}
_NEW = (
    "INSERT INTO mcu_inbox (channel, account, external_id, version, received_at, digest, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_KNOWN = """
SELECT external_id, version, digest FROM mcu_inbox
WHERE channel = ? AND account = ? AND external_id IN ({}) ORDER BY version
"""
_WORK = """
INSERT INTO mcu_work (handler, sequence, state, tries)
SELECT handler, sequence, 'waiting', 0 FROM mcu_handler CROSS JOIN mcu_inbox
WHERE sequence > ? AND channel = ? AND account = ?
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


def store_batch(store: Store, batch: Batch, at: datetime) -> Received:
    """Store *batch* and its cursor. Called inside a transaction, alone for the account."""
    received = store_messages(store, (batch.channel, batch.account), batch.items, at)
    put_aside = sum(_store_reject(store, batch, reject, at) for reject in batch.rejects)
    if batch.cursor is not None:
        store.write(
            "INSERT INTO mcu_cursor VALUES (?, ?, ?)"
            " ON CONFLICT (channel, account) DO UPDATE SET cursor = excluded.cursor",
            (batch.channel, batch.account, batch.cursor),
        )
    return received + Received(0, 0, 0, put_aside)


def store_messages(
    store: Store, account: tuple[str, str], messages: Sequence[Message], at: datetime
) -> Received:
    """Store the contents that are not there yet, for every handler too. Called as `store_batch` is."""
    latest = _latest(store, account, [_writable_id(message.external_id) for message in messages])
    rows: list[tuple[str | int | bytes, ...]] = []
    told: list[tuple[EntryKind, str, bytes]] = []
    new = 0
    for message in messages:
        content = message.model_dump(mode="json", exclude_defaults=True, exclude=_OF_THE_STORE)
        body = canonical_json(content)
        digest = hashlib.sha256(body.encode()).digest()
        version, known_digest = latest.get(message.external_id, (0, b""))
        if digest == known_digest:
            continue
        latest[message.external_id] = (version + 1, digest)
        rows.append((*message.key, version + 1, comparable(at), digest, body))
        told.append((EntryKind.CHANGED if version else EntryKind.RECEIVED, message.external_id, digest))
        new += not version
    if rows:
        last = number(store, "SELECT coalesce(max(sequence), 0) FROM mcu_inbox")
        store.write_many(_NEW, rows)
        store.write(_WORK, (last, *account))
        Journal(store).add_all(account, told, at)
    return Received(new, len(messages) - new, len(rows) - new, 0)


def _latest(store: Store, account: tuple[str, str], ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """Return the last version of each known id, and the digest of its content."""
    found: dict[str, tuple[int, bytes]] = {}
    for start in range(0, len(ids), _MOST_VALUES):
        part = ids[start : start + _MOST_VALUES]
        for external_id, version, digest in store.rows(_KNOWN.format(marks(part)), (*account, *part)):
            assert isinstance(digest, bytes)  # noqa: S101  # told to the type checker
            found[str(external_id)] = (int(str(version)), digest)
    return found


def _writable_id(external_id: str) -> str:
    """Return an id that every database can hold. Raises RecordError."""
    if "\0" in external_id or any("\ud800" <= letter <= "\udfff" for letter in external_id):
        raise record_error("Message.external_id", "a character that cannot be stored")
    return external_id


def _store_reject(store: Store, batch: Batch, reject: Reject, at: datetime) -> int:
    raw = canonical_json(reject.raw)
    _writable_id(reject.external_id or "")
    digest = hashlib.sha256(raw.encode())
    item = f"id:{reject.external_id}" if reject.external_id is not None else f"sha256:{digest.hexdigest()}"
    added = store.write(
        "INSERT INTO mcu_quarantine (channel, account, item, external_id, reason, received_at, raw)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (batch.channel, batch.account, item, reject.external_id, reject.reason, comparable(at), raw),
    )
    if added:
        told = (EntryKind.QUARANTINED, item, digest.digest())
        Journal(store).add_all((batch.channel, batch.account), [told], at)
    return added


def canonical_json(value: JsonValue, record: str = "Message") -> str:
    """Return *value* as JSON that is the same for the same content. Raises RecordError naming *record*."""
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        text.encode()
    except ValueError:  # half a character, or a number of thousands of digits
        pass
    else:
        return text
    raise record_error(record, "a text or a number that cannot be written as JSON")
