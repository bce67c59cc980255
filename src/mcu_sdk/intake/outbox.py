"""The outbox: what we want to say, stored with its key before anything is sent."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from mcu_sdk.errors import NaiveMomentError, UsageError
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.receiving import canonical_json
from mcu_sdk.intake.store import Row, Store, alone_of, comparable, open_store
from mcu_sdk.model import Outgoing

__all__ = ["Outbox", "OutgoingState", "Queued", "Stop"]

_COLUMNS = "key, state, tries, put_at, put_by, approved_by, settled_at, reason, leased_by, body"
_ONE = f"SELECT {_COLUMNS} FROM mcu_outbox WHERE key = ?"  # noqa: S608  # a constant
_ALL = f"SELECT {_COLUMNS} FROM mcu_outbox ORDER BY sequence"  # noqa: S608  # same
_NEXT = """
SELECT key FROM mcu_outbox AS next
WHERE channel = ? AND account = ? AND state = 'waiting' AND (leased_until IS NULL OR leased_until <= ?)
AND NOT EXISTS (
    SELECT 1 FROM mcu_outbox AS earlier
    WHERE earlier.channel = next.channel AND earlier.account = next.account
    AND earlier.external_id = next.external_id AND earlier.sequence < next.sequence
    AND earlier.state IN ('held', 'waiting', 'sending', 'unknown')
) ORDER BY sequence LIMIT 1
"""
_STOP = "outgoing"


class OutgoingState(StrEnum):
    """Where an answer stands."""

    HELD = "held"
    """It waits for the approval of a second person."""
    WAITING = "waiting"
    SENDING = "sending"
    """A worker has it in hand, or crashed with it in hand."""
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may have been said: `reconcile()` or a person finds out; it is not said again blindly."""
    CANCELLED = "cancelled"


_JOURNALED = {
    OutgoingState.HELD: EntryKind.PUT,
    OutgoingState.WAITING: EntryKind.PUT,
    OutgoingState.SENDING: EntryKind.SENDING,
    OutgoingState.SENT: EntryKind.SENT,
    OutgoingState.FAILED: EntryKind.FAILED,
    OutgoingState.UNKNOWN: EntryKind.UNKNOWN,
    OutgoingState.CANCELLED: EntryKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer in the outbox; `reason` is why the last attempt did not succeed."""

    outgoing: Outgoing
    state: OutgoingState
    tries: int
    put_at: datetime
    put_by: str = field(repr=False)
    approved_by: str | None = field(repr=False)
    settled_at: datetime | None
    reason: str | None
    lease: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing is sent since `at`."""

    at: datetime
    by: str
    reason: str


class Outbox:
    """What one municipality wants to say. Safe to share between threads; several may deliver at once.

    With *two_persons* nothing is sent before another person than who put it approved it.

    >>> with Outbox.open(":memory:") as outbox:
    ...     outbox.entries()
    ()
    """

    def __init__(self, store: Store, *, two_persons: bool = False) -> None:
        self.store = store
        """The store below."""
        self._two_persons = two_persons
        self._journal = Journal(store)

    @classmethod
    def open(cls, where: str | Path, *, two_persons: bool = False) -> Self:
        """Open the outbox at a path or a `postgresql://` address, the inbox's own. Raises StoreError."""
        return cls(open_store(where), two_persons=two_persons)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def put(self, outgoing: Outgoing, *, by: str, now: datetime) -> Queued:
        """Store *outgoing* to be sent and return how it stands. Nothing is sent here.

        The same key with the same content changes nothing. Raises UsageError for a key that stands
        for another content.
        """
        _check_zone(now)
        body = canonical_json(outgoing.model_dump(mode="json", exclude_defaults=True))
        digest = hashlib.sha256(body.encode()).digest()
        state = OutgoingState.HELD if self._two_persons else OutgoingState.WAITING
        with self.store.transaction(alone_of(outgoing.channel, outgoing.account)):
            added = self.store.write(
                "INSERT INTO mcu_outbox"
                " (key, channel, account, external_id, state, tries, put_at, put_by, digest, body)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*_place(outgoing), outgoing.external_id, state.value, now.isoformat(), by, digest, body),
            )
            if added:
                self._tell(EntryKind.PUT, outgoing, digest, now)
        hit("outbox.after_put")
        queued = self.get(outgoing.key)
        if queued.outgoing != outgoing:
            raise UsageError(
                "outbox.key_reused",
                "this key stands for another answer already",
                "choose a new key for a new answer",
                key=outgoing.key,
            )
        return queued

    def get(self, key: str) -> Queued:
        """Return the answer of this key. Raises UsageError when there is none."""
        rows = self.store.rows(_ONE, (key,))
        if not rows:
            raise UsageError("outbox.unknown_key", "there is no answer of this key", "check the key", key=key)
        return _queued(rows[0])

    def entries(self, *states: OutgoingState) -> tuple[Queued, ...]:
        """Return the answers in these states, or all, oldest first."""
        found = map(_queued, self.store.rows(_ALL))
        return tuple(queued for queued in found if not states or queued.state in states)

    def approve(self, key: str, *, by: str, now: datetime) -> Queued:
        """Let a held answer go. Raises UsageError for who put it, and for one that is not held."""
        queued = self._in_state(key, OutgoingState.HELD)
        if queued.put_by == by:
            raise UsageError(
                "outbox.same_person",
                "an answer is approved by another person than put it",
                "ask a colleague",
                key=key,
            )
        self._move(queued, OutgoingState.WAITING, EntryKind.APPROVED, now, approved_by=by)
        return self.get(key)

    def cancel(self, key: str, *, now: datetime) -> Queued:
        """Take back an answer that is held or waits. Raises UsageError for one that is further."""
        queued = self._in_state(key, OutgoingState.HELD, OutgoingState.WAITING)
        self._move(queued, OutgoingState.CANCELLED, EntryKind.CANCELLED, now, settled=True)
        return self.get(key)

    def settle(self, key: str, *, sent: bool, now: datetime) -> Queued:
        """Say what a person found out of an unknown answer: it was *sent*, or it waits to be sent again."""
        queued = self._in_state(key, OutgoingState.UNKNOWN)
        state = OutgoingState.SENT if sent else OutgoingState.WAITING
        self._move(queued, state, EntryKind.SETTLED, now, settled=sent)
        return self.get(key)

    def stop(self, *, by: str, reason: str, now: datetime) -> None:
        """Have nothing more sent, by nobody, until `resume`."""
        _check_zone(now)
        self.store.write(
            "INSERT INTO mcu_stop VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (_STOP, now.isoformat(), by, reason),
        )

    def resume(self) -> None:
        """Let answers be sent again."""
        self.store.write("DELETE FROM mcu_stop WHERE name = ?", (_STOP,))

    @property
    def stopped(self) -> Stop | None:
        """Since when, by whom and why nothing is sent; None when it is."""
        rows = self.store.rows("SELECT stopped_at, stopped_by, reason FROM mcu_stop WHERE name = ?", (_STOP,))
        if not rows:
            return None
        at, by, reason = rows[0]
        return Stop(datetime.fromisoformat(str(at)), str(by), str(reason))

    def claim(self, channel: str, account: str, now: datetime, lease: timedelta) -> Queued | None:
        """Take the next answer of an account to be sent; None when there is none or sending is stopped.

        What was taken and not settled within *lease* becomes unknown: whoever took it is gone.
        """
        _check_zone(now)
        with self.store.transaction(alone_of(channel, account)):
            self.give_up_lost(channel, account, now)
            if self.stopped is not None:
                return None
            rows = self.store.rows(_NEXT, (channel, account, comparable(now)))
            if not rows:
                return None
            queued = self.get(str(rows[0][0]))
            self._move(queued, OutgoingState.SENDING, EntryKind.SENDING, now, until=now + lease)
        return self.get(queued.outgoing.key)

    def settle_claimed(
        self,
        queued: Queued,
        state: OutgoingState,
        now: datetime,
        *,
        reason: str | None = None,
    ) -> None:
        """Note what became of a claimed answer, also when it was given up as lost meanwhile."""
        settled = state in (OutgoingState.SENT, OutgoingState.FAILED)
        self._move(queued, state, _JOURNALED[state], now, settled=settled, reason=reason)

    def give_up_lost(self, channel: str, account: str, now: datetime) -> None:
        """Make unknown what an account's vanished workers had in hand past its lease."""
        lost = self.store.rows(
            "SELECT key FROM mcu_outbox WHERE channel = ? AND account = ? AND state = 'sending'"
            " AND leased_until <= ?",
            (channel, account, comparable(now)),
        )
        for (key,) in lost:
            queued = self.get(str(key))
            self._move(queued, OutgoingState.UNKNOWN, EntryKind.UNKNOWN, now, reason="lost")

    def _in_state(self, key: str, *states: OutgoingState) -> Queued:
        queued = self.get(key)
        if queued.state not in states:
            raise UsageError(
                "outbox.state",
                f"the answer is {queued.state.value}, which does not go with this step",
                "look at the outbox",
                key=key,
                state=queued.state.value,
            )
        return queued

    def _move(
        self,
        queued: Queued,
        state: OutgoingState,
        kind: EntryKind,
        now: datetime,
        *,
        settled: bool = False,
        reason: str | None = None,
        approved_by: str | None = None,
        until: datetime | None = None,
    ) -> None:
        _check_zone(now)
        outgoing = queued.outgoing
        lease = secrets.token_hex(8) if state is OutgoingState.SENDING else queued.lease
        with self.store.transaction(alone_of(outgoing.channel, outgoing.account)):
            changed = self.store.write(
                "UPDATE mcu_outbox SET state = ?, reason = ?, approved_by = coalesce(?, approved_by),"
                " settled_at = ?, leased_until = ?, leased_by = ?, tries = tries + ?"
                " WHERE key = ? AND (state = ? OR state = 'unknown' AND leased_by = ?)",
                (
                    state.value,
                    reason,
                    approved_by,
                    now.isoformat() if settled else None,
                    None if until is None else comparable(until),
                    lease,
                    int(state is OutgoingState.SENDING),
                    outgoing.key,
                    queued.state.value,
                    queued.lease,
                ),
            )
            if changed:
                body = canonical_json(outgoing.model_dump(mode="json", exclude_defaults=True))
                self._tell(kind, outgoing, hashlib.sha256(body.encode()).digest(), now)

    def _tell(self, kind: EntryKind, outgoing: Outgoing, digest: bytes, now: datetime) -> None:
        self._journal.add(kind, (outgoing.channel, outgoing.account, f"key:{outgoing.key}"), digest, now)


def _place(outgoing: Outgoing) -> tuple[str, str, str]:
    return outgoing.key, outgoing.channel, outgoing.account


def _queued(row: Row) -> Queued:
    _, state, tries, put_at, put_by, approved_by, settled_at, reason, lease, body = row
    return Queued(
        outgoing=Outgoing.model_validate_json(str(body)),
        state=OutgoingState(str(state)),
        tries=int(str(tries)),
        put_at=datetime.fromisoformat(str(put_at)),
        put_by=str(put_by),
        approved_by=None if approved_by is None else str(approved_by),
        settled_at=None if settled_at is None else datetime.fromisoformat(str(settled_at)),
        reason=None if reason is None else str(reason),
        lease=None if lease is None else str(lease),
    )


def _check_zone(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise NaiveMomentError("time.naive", "the moment has no zone", "use an aware datetime")
