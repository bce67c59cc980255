"""Handlers: every stored content handed over once, by however many workers, through their crashes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.inbox import Inbox, message_of
from mcu_sdk.intake.store import Store, comparable, marks
from mcu_sdk.model import Message

__all__ = ["DeadLetter", "Handled", "dead_letters", "handle", "retry_dead_letters", "subscribe"]

_GROUP = 100
_WAITING = """
SELECT sequence FROM mcu_work
WHERE handler = ? AND state = 'waiting' AND (leased_until IS NULL OR leased_until <= ?) {}
ORDER BY sequence LIMIT ?
"""
_CONTENTS = """
SELECT content.sequence, content.body, first.received_at, content.received_at
FROM mcu_inbox AS content JOIN mcu_inbox AS first USING (channel, account, external_id)
WHERE first.version = 1 AND content.sequence IN ({}) ORDER BY content.sequence
"""


@dataclass(frozen=True, slots=True)
class Handled:
    """Counts of one run: done, failed and to be tried again, given up, and done by another meanwhile."""

    done: int = 0
    failed: int = 0
    dead: int = 0
    lost: int = 0

    def __add__(self, other: Handled) -> Handled:
        return Handled(
            self.done + other.done,
            self.failed + other.failed,
            self.dead + other.dead,
            self.lost + other.lost,
        )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A content that a handler failed on too often; `reason` is the type of the last error."""

    handler: str
    sequence: int
    channel: str
    account: str
    external_id: str
    reason: str


def subscribe(inbox: Inbox, handler: str) -> None:
    """Have every content, those stored already and those to come, wait for *handler*. Repeating is harmless.

    >>> with Inbox.open(":memory:") as inbox:
    ...     subscribe(inbox, "crm")
    ...     handle(inbox, "crm", print, now=lambda: datetime.now(UTC))
    Handled(done=0, failed=0, dead=0, lost=0)
    """
    store = inbox.store
    with store.transaction():
        store.keep_writers_out()
        if store.write("INSERT INTO mcu_handler VALUES (?) ON CONFLICT DO NOTHING", (handler,)):
            store.write(
                "INSERT INTO mcu_work (handler, sequence, state, tries)"
                " SELECT ?, sequence, 'waiting', 0 FROM mcu_inbox WHERE body <> '' ON CONFLICT DO NOTHING",
                (handler,),
            )


def handle(
    inbox: Inbox,
    handler: str,
    work: Callable[[Message], object],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    lease: timedelta = timedelta(seconds=30),
    tries: int = 5,
    limit: int | None = None,
    together: bool = False,
) -> Handled:
    """Hand the contents that wait for *handler* to *work*, oldest first, at most *limit*; return the counts.

    Several workers may do so at once. Each takes a group for the time of *lease*; when it crashes,
    another takes the group over after that time. So a content may be handed over **again** after a
    crash between the work and its being noted: `work` should know a message by its key.

    With *together*, work and note are one transaction: what `work` writes into the same database by
    `inbox.store` is kept exactly once. Let it be quick then, others wait for it.

    When `work` raises, the content is tried again after the time of *lease*; the *tries*-th failure
    makes it a dead letter. Raises StoreError when the store itself fails.
    """
    worker = _Worker(inbox.store, handler, work, now, lease, tries)
    total, left = Handled(), limit
    while left is None or left > 0:
        size = _GROUP if left is None else min(_GROUP, left)
        handled, taken = worker.together(size) if together else worker.leased(size)
        total += handled
        if not taken:
            break
        left = None if left is None else left - taken
    return total


class _WorkFailed(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Worker:
    store: Store
    handler: str
    work: Callable[[Message], object]
    now: Callable[[], datetime]
    lease: timedelta
    tries: int

    def together(self, size: int) -> tuple[Handled, int]:
        """Work on a group inside one transaction; when it fails, on each of it in one of its own."""
        with self.store.transaction():
            sequences = self._waiting(size)
        try:
            return Handled(done=self._done_together(sequences)), len(sequences)
        except _WorkFailed:
            total = Handled()
        for sequence in sequences:
            try:
                total += Handled(done=self._done_together([sequence]))
            except _WorkFailed as failure:
                with self.store.transaction():
                    self._take(sequence)
                    total += self._failed(sequence, failure.reason)
        return total, len(sequences)

    def _done_together(self, candidates: Sequence[int]) -> int:
        with self.store.transaction():
            sequences = self._waiting(_GROUP, candidates)
            hit("handle.after_claim")
            for _, message in self._contents(sequences):
                self._work_on(message)
            hit("handle.after_work")
            for sequence in sequences:
                self._close(sequence, "done")
        hit("handle.after_done")
        return len(sequences)

    def leased(self, size: int) -> tuple[Handled, int]:
        """Take a group for a time, work on each of it, and note each at once."""
        with self.store.transaction():
            sequences = self._waiting(size)
            leases = {sequence: self._take(sequence) for sequence in sequences}
        hit("handle.after_claim")
        total = Handled()
        for sequence, message in self._contents(sequences):
            if not self._still_ours(sequence, leases[sequence]):
                total += Handled(lost=1)
                continue
            try:
                self._work_on(message)
            except _WorkFailed as failure:
                total += self._failed(sequence, failure.reason)
                continue
            hit("handle.after_work")
            total += Handled(done=1) if self._close(sequence, "done", leases[sequence]) else Handled(lost=1)
            hit("handle.after_done")
        return total, len(sequences)

    def _waiting(self, size: int, candidates: Sequence[int] | None = None) -> list[int]:
        """Return what waits, of *candidates* only if they are given; taken for this transaction."""
        among = "" if candidates is None else f"AND sequence IN ({marks(candidates)})"
        query = _WAITING.format(among) + self.store.skip_locked
        rows = self.store.rows(query, (self.handler, comparable(self.now()), *(candidates or ()), size))
        return [int(str(row[0])) for row in rows]

    def _contents(self, sequences: Sequence[int]) -> list[tuple[int, Message]]:
        rows = self.store.rows(_CONTENTS.format(marks(sequences)), sequences)
        return [
            (int(str(sequence)), message_of(str(body), str(received_at), str(updated_at)))
            for sequence, body, received_at, updated_at in rows
        ]

    def _take(self, sequence: int) -> str:
        lease = secrets.token_hex(8)
        self.store.write(
            "UPDATE mcu_work SET leased_until = ?, leased_by = ?, tries = tries + 1"
            " WHERE handler = ? AND sequence = ?",
            (comparable(self.now() + self.lease), lease, self.handler, sequence),
        )
        return lease

    def _still_ours(self, sequence: int, lease: str) -> bool:
        """Take the lease anew for this one: a long group must not run out of its time at the end."""
        return bool(
            self.store.write(
                "UPDATE mcu_work SET leased_until = ? WHERE handler = ? AND sequence = ?"
                " AND state = 'waiting' AND leased_by = ?",
                (comparable(self.now() + self.lease), self.handler, sequence, lease),
            )
        )

    def _close(self, sequence: int, state: str, lease: str | None = None) -> bool:
        return bool(
            self.store.write(
                "UPDATE mcu_work SET state = ?, leased_until = NULL, leased_by = NULL"
                " WHERE handler = ? AND sequence = ? AND state = 'waiting'"
                " AND coalesce(leased_by, '') = coalesce(?, leased_by, '')",
                (state, self.handler, sequence, lease),
            )
        )

    def _work_on(self, message: Message) -> None:
        """Call the host's work; its error is known by its type alone: the words may be a resident's."""
        try:
            self.work(message)
        except Exception as error:  # whatever it raises, an error of the store by its own statements too
            reason = type(error).__name__
        else:
            return
        raise _WorkFailed(reason)

    def _failed(self, sequence: int, reason: str) -> Handled:
        self.store.write(
            "UPDATE mcu_work SET reason = ?, state = CASE WHEN tries >= ? THEN 'dead' ELSE state END"
            " WHERE handler = ? AND sequence = ?",
            (reason, self.tries, self.handler, sequence),
        )
        rows = self.store.rows(
            "SELECT state FROM mcu_work WHERE handler = ? AND sequence = ?", (self.handler, sequence)
        )
        return Handled(dead=1) if rows[0][0] == "dead" else Handled(failed=1)


def dead_letters(inbox: Inbox) -> tuple[DeadLetter, ...]:
    """Return what handlers gave up, oldest first."""
    rows = inbox.store.rows(
        "SELECT handler, sequence, channel, account, external_id, reason FROM mcu_work"
        " JOIN mcu_inbox USING (sequence) WHERE state = 'dead' ORDER BY sequence, handler"
    )
    return tuple(
        DeadLetter(
            str(handler), int(str(sequence)), str(channel), str(account), str(external_id), str(reason)
        )
        for handler, sequence, channel, account, external_id, reason in rows
    )


def retry_dead_letters(inbox: Inbox, handler: str) -> int:
    """Have what *handler* gave up wait for it again, with all its tries; return how many."""
    return inbox.store.write(
        "UPDATE mcu_work SET state = 'waiting', tries = 0, leased_until = NULL, leased_by = NULL"
        " WHERE handler = ? AND state = 'dead'",
        (handler,),
    )
