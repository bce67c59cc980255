"""The outbox: an answer is said once, or is known to be in doubt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from mcu_sdk.errors import UsageError
from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.outbox_rows import (
    OutboxEntry,
    OutboxState,
    change,
    rows_where,
    unknown_key,
)
from mcu_sdk.intake.receiving import canonical_json
from mcu_sdk.intake.store import Store, alone_of, comparable, open_store
from mcu_sdk.model import Outgoing
from mcu_sdk.text import mask_text

__all__ = ["Outbox", "Stop"]

_SWITCH = ("mcu", "outbox", "stop")
_ALL = "outbox"


@dataclass(frozen=True, slots=True)
class Stop:
    """Since when nothing is sent, by whom and why."""

    at: datetime
    by: str = field(repr=False)
    reason: str = field(repr=False)


class Outbox:
    """The steps of one municipality that are to be sent, in one store. Safe to share between threads.

    With *two_persons* a step is sent only after another person than the one who put it has approved
    it. On a store inside a host's transaction steps may be put and read, and are delivered elsewhere.

    >>> with Outbox.open(":memory:") as outbox:
    ...     outbox.entries()
    ()
    """

    def __init__(self, store: Store, *, two_persons: bool = False) -> None:
        self.store = store
        """The store below, say for rows that are to be committed together with ours."""
        self.two_persons = two_persons
        self.journal = Journal(store)
        """What came and went, for a check."""

    @classmethod
    def open(cls, where: str | Path, *, two_persons: bool = False) -> Self:
        """Open the outbox in the store at a path or a `postgresql://` address; it may be the inbox's.

        Raises StoreError, and MissingExtra for PostgreSQL without the extra `postgres`.
        """
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

    def put(self, outgoing: Outgoing, *, by: str, now: datetime) -> OutboxEntry:
        """Store a step to be sent and return its entry. Nothing is sent here.

        The same key with the same content changes nothing, whatever its `created_at` is; with another
        content it raises UsageError. *by* is the person or program that answers for it.
        """
        at, by = comparable(now), _person(by)
        body, digest = _content(outgoing)
        state = OutboxState.HELD if self.two_persons else OutboxState.WAITING
        place = (outgoing.channel, outgoing.account)
        with self.store.transaction(alone_of(*place)):
            added = self.store.write(
                "INSERT INTO mcu_outbox (key, channel, account, external_id, state, tries, put_at, put_by,"
                " digest, body) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (outgoing.key, *place, outgoing.external_id, state.value, at, by, digest, body),
            )
            entry = self._entry(outgoing.key)
            if entry.digest != digest:
                raise UsageError(
                    "outbox.other_content",
                    f"the key {outgoing.key!r} stands for another content",
                    "take a new key for a new step",
                    key=outgoing.key,
                )
            if added:
                self.journal.add(EntryKind.PUT, (*place, outgoing.key), digest, now.astimezone(UTC))
        hit("outbox.after_put")
        return entry

    def approve(self, key: str, *, by: str, now: datetime) -> OutboxEntry:
        """Let a step be sent. Raises UsageError for the person who put it, and unless it waits for that."""
        at, by = comparable(now), _person(by)
        with self._alone(key) as entry:
            unapproved = entry.state is OutboxState.WAITING and entry.approved_by is None
            if entry.state is not OutboxState.HELD and not unapproved:
                raise _not_now(entry)
            if by.casefold() == entry.put_by.casefold():
                raise UsageError(
                    "outbox.same_person",
                    f"the step {key!r} is to be approved by another person than put it",
                    "ask a second person",
                    key=key,
                )
            change(
                self.store,
                entry,
                EntryKind.APPROVED,
                now,
                state=OutboxState.WAITING.value,
                approved_at=at,
                approved_by=by,
            )
        return self.get(key)

    def cancel(self, key: str, *, by: str, now: datetime) -> OutboxEntry:
        """Give up a step that is held or waits. Raises UsageError once it may have been sent."""
        at, by = comparable(now), _person(by)
        with self._alone(key) as entry:
            if entry.state not in (OutboxState.HELD, OutboxState.WAITING):
                raise _not_now(entry)
            columns = {"state": OutboxState.CANCELLED.value, "settled_at": at, "settled_by": by}
            change(self.store, entry, EntryKind.CANCELLED, now, **columns)
        return self.get(key)

    def settle(self, key: str, *, sent: bool, by: str, now: datetime) -> OutboxEntry:
        """Say what a person saw on the far side of a step in doubt: it is there, or it waits again.

        What is there was sent when it was taken up, not when somebody looked. Raises UsageError unless
        the step is `unknown`.
        """
        by = _person(by)
        with self._alone(key) as entry:
            if entry.state is not OutboxState.UNKNOWN:
                raise _not_now(entry)
            state = OutboxState.SENT if sent else OutboxState.WAITING
            settled_at = comparable(entry.settled_at or now) if sent else None
            self.journal.add(
                EntryKind.SETTLED, (entry.channel, entry.account, key), entry.digest, now.astimezone(UTC)
            )
            kind = EntryKind.SENT if sent else EntryKind.RETURNED
            columns = {"state": state.value, "settled_at": settled_at, "settled_by": by}
            change(self.store, entry, kind, now, **columns)
        return self.get(key)

    def entries(self, state: OutboxState | str | None = None) -> tuple[OutboxEntry, ...]:
        """Return the steps in the order they were put, all or those of one state."""
        if state is None:
            return tuple(rows_where(self.store, "1 = 1 ORDER BY sequence"))
        return tuple(rows_where(self.store, "state = ? ORDER BY sequence", (str(state),)))

    def entries_on(self, channel: str, account: str, external_id: str) -> tuple[OutboxEntry, ...]:
        """Return the steps on one message in the order they were put."""
        fits = "channel = ? AND account = ? AND external_id = ? ORDER BY sequence"
        return tuple(rows_where(self.store, fits, (channel, account, external_id)))

    def get(self, key: str) -> OutboxEntry:
        """Return one step. Raises UsageError for an unknown key."""
        return self._entry(key)

    def stop(self, *, by: str, reason: str, now: datetime) -> None:
        """Let nothing more be sent from this store, by anyone, until `resume`.

        When this returns no further step is taken up; one that is just being sent comes to its end.
        """
        at, by, reason = comparable(now), _person(by), mask_text(reason)
        with self.store.transaction(alone_of(*_SWITCH[:2])):
            if self.store.write(
                "INSERT INTO mcu_stop VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (_ALL, at, by, reason)
            ):
                self._tell_switch(EntryKind.STOPPED, now, by, reason)
        for channel, account in self._open_accounts():
            with self.store.transaction(alone_of(channel, account)):
                pass  # whoever took up a step before us has done so; whoever comes after us sees the stop

    def resume(self, *, by: str, now: datetime) -> None:
        """Let steps be sent again."""
        comparable(now)
        by = _person(by)
        with self.store.transaction(alone_of(*_SWITCH[:2])):
            if self.store.write("DELETE FROM mcu_stop WHERE name = ?", (_ALL,)):
                self._tell_switch(EntryKind.RESUMED, now, by, "")

    @property
    def stopped(self) -> Stop | None:
        """Since when nothing is sent, None when steps may be sent."""
        rows = self.store.rows("SELECT stopped_at, stopped_by, reason FROM mcu_stop WHERE name = ?", (_ALL,))
        if not rows:
            return None
        at, by, reason = rows[0]
        return Stop(datetime.fromisoformat(str(at)), str(by), str(reason))

    def is_stopped(self) -> bool:
        """Return whether nothing is sent now."""
        return self.stopped is not None

    def _tell_switch(self, kind: EntryKind, now: datetime, by: str, reason: str) -> None:
        digest = hashlib.sha256(json.dumps([by, reason]).encode()).digest()
        self.journal.add(kind, _SWITCH, digest, now.astimezone(UTC))

    def _open_accounts(self) -> list[tuple[str, str]]:
        rows = self.store.rows(
            "SELECT DISTINCT channel, account FROM mcu_outbox"
            " WHERE state IN ('waiting', 'sending', 'unknown')"
        )
        return [(str(channel), str(account)) for channel, account in rows]

    def _entry(self, key: str) -> OutboxEntry:
        found = rows_where(self.store, "key = ?", (key,))
        if not found:
            raise unknown_key(key)
        return found[0]

    @contextmanager
    def _alone(self, key: str) -> Generator[OutboxEntry]:
        known = self._entry(key)
        with self.store.transaction(alone_of(known.channel, known.account)):
            yield self._entry(key)


def _content(outgoing: Outgoing) -> tuple[str, bytes]:
    """Return the step as it is stored, and the digest of what is said by it."""
    fields = outgoing.model_dump(mode="json", exclude_defaults=True)
    said = {name: value for name, value in fields.items() if name != "created_at"}
    digest = hashlib.sha256(canonical_json(said, "Outgoing").encode()).digest()
    return canonical_json(fields, "Outgoing"), digest


def _person(by: str) -> str:
    name = by.strip()
    if not name:
        raise UsageError("outbox.nobody", "it is not said who does it", "name the person or the program")
    return name


def _not_now(entry: OutboxEntry) -> UsageError:
    return UsageError(
        "outbox.state",
        f"the step {entry.key!r} is {entry.state.value}, which does not allow that",
        "look at the outbox",
        key=entry.key,
        state=entry.state.value,
    )
