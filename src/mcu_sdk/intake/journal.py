"""The journal: what came and went, entry bound to entry, so that a later change of any of them shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mcu_sdk.intake.store import Row, Store

__all__ = ["Entry", "EntryKind", "Flaw", "Journal"]

_BEGINNING = "0" * 64
_CHUNK_ROWS = 1000
_COLUMNS = "number, at, kind, subject, digest, chain"


class EntryKind(StrEnum):
    """What happened. An unknown word of a later version is kept as it is."""

    RECEIVED = "received"
    CHANGED = "changed"
    QUARANTINED = "quarantined"
    PURGED = "purged"
    PUT = "put"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    SETTLED = "settled"
    RETURNED = "returned"
    STOPPED = "stopped"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `subject` is a message's id or an outgoing key, `digest` the SHA-256 of the content.

    It holds no text of a resident, so that it outlives the message when that is purged.
    """

    channel: str
    account: str
    number: int
    at: datetime
    kind: str
    subject: str
    digest: str
    chain: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first entry of an account that does not follow from the one before it."""

    channel: str
    account: str
    number: int
    reason: str


class Journal:
    """The journal of one store. Each account has a chain of its own, so that none waits for another.

    A chain cannot show that its last entries are gone: keep `head()` elsewhere now and then.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, kind: EntryKind, key: tuple[str, str, str], digest: bytes, at: datetime) -> None:
        """Append one entry on *key*: channel, account, subject. Called as `add_all` is."""
        self.add_all(key[:2], [(kind, key[2], digest)], at)

    def add_all(
        self, account: tuple[str, str], told: Sequence[tuple[EntryKind, str, bytes]], at: datetime
    ) -> None:
        """Append entries of kind, subject and digest.

        Called inside the transaction, alone for the account, that does what they tell.
        """
        rows = self._store.rows(
            "SELECT number, chain FROM mcu_journal WHERE channel = ? AND account = ?"
            " ORDER BY number DESC LIMIT 1",
            account,
        )
        last, chain = (int(str(rows[0][0])), str(rows[0][1])) if rows else (0, _BEGINNING)
        moment = at.isoformat()
        added: list[Row] = []
        for number, (kind, subject, digest) in enumerate(told, last + 1):
            entry = (number, moment, kind.value, subject, digest.hex())
            chain = _chained(chain, (*account, *entry))
            added.append((*account, *entry, chain))
        self._store.write_many(
            "INSERT INTO mcu_journal (channel, account, number, at, kind, subject, digest, chain)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            added,
        )

    def entries(self, channel: str, account: str) -> Iterator[Entry]:
        """Yield the entries of an account, oldest first."""
        for row in self._rows(channel, account):
            number, at, kind, subject, digest, chain = row
            yield Entry(
                channel,
                account,
                int(str(number)),
                datetime.fromisoformat(str(at)),
                str(kind),
                str(subject),
                str(digest),
                str(chain),
            )

    def accounts(self) -> tuple[tuple[str, str], ...]:
        """Return the channel and name of every account that has entries."""
        rows = self._store.rows("SELECT DISTINCT channel, account FROM mcu_journal ORDER BY channel, account")
        return tuple((str(channel), str(account)) for channel, account in rows)

    def head(self, channel: str, account: str) -> str:
        """Return the chain value of the last entry, 64 hexadecimal digits; zeros when there is none."""
        rows = self._store.rows(
            "SELECT chain FROM mcu_journal WHERE channel = ? AND account = ? ORDER BY number DESC LIMIT 1",
            (channel, account),
        )
        return str(rows[0][0]) if rows else _BEGINNING

    def verify(self) -> tuple[Flaw, ...]:
        """Return for each account the first entry that was changed, left out or put in; nothing is good."""
        return tuple(
            flaw
            for channel, account in self.accounts()
            if (flaw := self._first_flaw(channel, account)) is not None
        )

    def _first_flaw(self, channel: str, account: str) -> Flaw | None:
        before, expected = _BEGINNING, 1
        for row in self._rows(channel, account):
            number = int(str(row[0]))
            if number != expected:
                return Flaw(channel, account, expected, "missing")
            if _chained(before, (channel, account, *row[:-1])) != row[-1]:
                return Flaw(channel, account, number, "changed")
            before, expected = str(row[-1]), expected + 1
        return None

    def _rows(self, channel: str, account: str) -> Iterator[Row]:
        after = 0
        while rows := self._store.rows(
            f"SELECT {_COLUMNS} FROM mcu_journal WHERE channel = ? AND account = ? AND number > ?"  # noqa: S608  # a constant
            " ORDER BY number LIMIT ?",
            (channel, account, after, _CHUNK_ROWS),
        ):
            yield from rows
            after = int(str(rows[-1][0]))


def _chained(before: str, told: Row) -> str:
    line = json.dumps([before, *told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
