"""The rows of the outbox: what they say, how they are read, and how one changes its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from mcu_sdk.errors import UsageError
from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.store import Row, Store, Value
from mcu_sdk.model import Outgoing

__all__ = ["OutboxEntry", "OutboxState", "change", "entry_of", "rows_where", "unknown_key"]

_COLUMNS = (
    "sequence, key, channel, account, external_id, state, tries, put_at, put_by, approved_at, approved_by,"
    " settled_at, reason, request_id, leased_by, digest, body"
)


class OutboxState(StrEnum):
    """Where a step stands. The last three do not change any more."""

    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One step of the outbox as it stands.

    `tries` counts the attempts that were this step's own; `reason` says why it is not sent. `settled_at` is
    when it was sent or failed; of a step that is being sent or in doubt, when it was taken up.
    """

    key: str
    channel: str
    account: str
    external_id: str
    state: OutboxState
    tries: int
    put_at: datetime
    put_by: str = field(repr=False)
    approved_at: datetime | None = field(repr=False)
    approved_by: str | None = field(repr=False)
    settled_at: datetime | None = field(repr=False)
    reason: str | None
    request_id: str | None
    outgoing: Outgoing = field(repr=False)
    sequence: int = field(repr=False)
    leased_by: str | None = field(repr=False)
    digest: bytes = field(repr=False)


def rows_where(store: Store, condition: str, values: Sequence[Value] = ()) -> list[OutboxEntry]:
    """Return the entries that fit *condition*, which ends in what else the query needs."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM mcu_outbox WHERE {condition}", values)  # noqa: S608  # constants of ours
    return [entry_of(row) for row in rows]


def entry_of(row: Row) -> OutboxEntry:
    """Return the entry of one row."""
    sequence, key, channel, account, external_id, state, tries, put_at, put_by, *later = row
    approved_at, approved_by, settled_at, reason, request_id, leased_by, digest, body = later
    assert isinstance(digest, bytes)  # noqa: S101  # told to the type checker
    return OutboxEntry(
        key=str(key),
        channel=str(channel),
        account=str(account),
        external_id=str(external_id),
        state=OutboxState(str(state)),
        tries=int(str(tries)),
        put_at=datetime.fromisoformat(str(put_at)),
        put_by=str(put_by),
        approved_at=_moment(approved_at),
        approved_by=_text(approved_by),
        settled_at=_moment(settled_at),
        reason=_text(reason),
        request_id=_text(request_id),
        outgoing=Outgoing.model_validate_json(str(body)),
        sequence=int(str(sequence)),
        leased_by=_text(leased_by),
        digest=digest,
    )


def change(store: Store, entry: OutboxEntry, kind: EntryKind, at: datetime, **columns: Value) -> None:
    """Change columns of *entry* and tell the journal, inside a transaction alone for its account."""
    names = ", ".join(f"{name} = ?" for name in columns)
    store.write(f"UPDATE mcu_outbox SET {names} WHERE key = ?", (*columns.values(), entry.key))  # noqa: S608  # columns
    Journal(store).add(kind, (entry.channel, entry.account, entry.key), entry.digest, at.astimezone(UTC))


def unknown_key(key: str) -> UsageError:
    """Return the error for a key that the outbox does not hold."""
    return UsageError("outbox.no_key", f"the outbox holds no step {key!r}", "check the key", key=key)


def _moment(value: Value) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
