"""One attempt to send: taking a step up, and what its end means. The store's part of delivering."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mcu_sdk.errors import (
    ApiError,
    CapabilityMissing,
    Conflict,
    Denied,
    Invalid,
    McuError,
    NotFound,
    TransportError,
    Unreadable,
    UsageError,
)
from mcu_sdk.intake.journal import EntryKind
from mcu_sdk.intake.outbox import Outbox
from mcu_sdk.intake.outbox_rows import OutboxEntry, OutboxState, change, rows_where
from mcu_sdk.intake.store import alone_of, comparable
from mcu_sdk.model import Presence, Receipt
from mcu_sdk.text import mask_text

__all__ = ["Attempts", "End", "Verdict", "in_doubt", "verdict_of"]

_MOST_TRIES = 5
_MOST_CHARACTERS = 300
_OF_THE_CALLER = frozenset({"usage.client_closed", "usage.client_forked"})
_FORBIDDEN = 403
_WAITING = """
channel = ? AND account = ? AND state = 'waiting' AND sequence > ?
AND NOT EXISTS (SELECT 1 FROM mcu_outbox AS earlier
    WHERE earlier.channel = mcu_outbox.channel AND earlier.account = mcu_outbox.account
    AND earlier.external_id = mcu_outbox.external_id AND earlier.sequence < mcu_outbox.sequence
    AND earlier.state IN ('held', 'waiting', 'sending', 'unknown'))
"""
_APPROVED = " AND approved_by IS NOT NULL"
_ENDED_LEASE = "channel = ? AND account = ? AND state = 'sending' AND leased_until <= ? ORDER BY sequence"


class End(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # a dry run
    RETURNED = "returned"  # surely not delivered
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the end of an attempt means for its step, and for its account.

    `of_account` says that the trouble would meet every other step too; `counts` that the attempt is
    one of the step's five.
    """

    end: End
    reason: str | None = None
    request_id: str | None = None
    of_account: bool = False
    counts: bool = True


def verdict_of(outcome: Receipt | McuError) -> Verdict:
    """Return what a receipt or an error of `send` means."""
    if isinstance(outcome, Receipt):
        return Verdict(
            End.SENT if outcome.sent else End.NOT_SENT, request_id=outcome.request_id, counts=outcome.sent
        )
    reason = mask_text(outcome.message)[:_MOST_CHARACTERS]
    request_id = outcome.request_id if isinstance(outcome, TransportError | ApiError) else None
    if isinstance(outcome, UsageError) and outcome.code in _OF_THE_CALLER:
        return Verdict(End.RETURNED, reason, of_account=True, counts=False)
    if isinstance(outcome, Invalid | NotFound | Conflict | UsageError):
        return Verdict(End.FAILED, reason, request_id)
    if isinstance(outcome, ApiError) and not isinstance(outcome, Unreadable):
        # 403 may be about this message alone; were it never counted, one could block its account for ever
        counts = isinstance(outcome, Denied) and outcome.status == _FORBIDDEN
        return Verdict(End.RETURNED, reason, request_id, of_account=True, counts=counts)
    if isinstance(outcome, TransportError) and outcome.delivered == "no":
        return Verdict(End.RETURNED, reason, request_id, of_account=True, counts=False)
    return Verdict(End.UNKNOWN, reason, request_id)


class Attempts:
    """The attempts of one worker on one account."""

    def __init__(self, outbox: Outbox, channel: str, account: str, worker: str, lease: timedelta) -> None:
        if not outbox.store.commits:
            raise CapabilityMissing(
                "outbox.hosted",
                "nothing is delivered from inside a host's transaction",
                "open the outbox by its own connection",
            )
        self._store = outbox.store
        self._outbox = outbox
        self._place = (channel, account)
        self._worker = worker
        self._lease = lease
        self._after = 0

    def claim(self, now: datetime) -> OutboxEntry | None:
        """Take up the next step that may be sent, committed before this returns; None when there is none.

        A step that somebody took up and whose lease has ended becomes `unknown`. Each step is given
        out once in the life of this object.
        """
        with self._store.transaction(alone_of(*self._place)):
            self._end_leases(now)
            if self._outbox.stopped is not None:
                return None
            approved = _APPROVED if self._outbox.two_persons else ""
            values = (*self._place, self._after)
            found = rows_where(self._store, f"{_WAITING}{approved} ORDER BY sequence LIMIT 1", values)
            if not found:
                return None
            (entry,) = found
            token = f"{self._worker} {secrets.token_hex(8)}"
            change(
                self._store,
                entry,
                EntryKind.SENDING,
                now,
                state=OutboxState.SENDING.value,
                leased_by=token,
                leased_until=comparable(now + self._lease),
                settled_at=comparable(now),
            )
            self._after = entry.sequence
            return rows_where(self._store, "key = ?", (entry.key,))[0]

    def settle(self, claimed: OutboxEntry, verdict: Verdict, now: datetime) -> End | None:
        """Note the end of the attempt and return how it counts; None when another has settled the step.

        That it was sent is noted even when the lease ended meanwhile.
        """
        with self._store.transaction(alone_of(*self._place)):
            entry = self._outbox.get(claimed.key)
            open_states = {OutboxState.SENDING, OutboxState.UNKNOWN}
            if verdict.end is End.SENT:
                open_states.add(OutboxState.WAITING)
            if entry.leased_by != claimed.leased_by or entry.state not in open_states:
                return None
            tries = entry.tries + verdict.counts
            end = verdict.end
            if end is End.RETURNED and tries >= _MOST_TRIES:
                end = End.FAILED
            state, kind = _STATES[end]
            change(
                self._store,
                entry,
                kind,
                now,
                state=state.value,
                tries=tries,
                reason=verdict.reason,
                request_id=verdict.request_id,
                settled_at=_settled_at(end, claimed, now),
            )
            return end

    def unknown(self, now: datetime) -> tuple[OutboxEntry, ...]:
        """Return the steps in doubt of this account, those whose lease has just ended among them."""
        with self._store.transaction(alone_of(*self._place)):
            self._end_leases(now)
            condition = "channel = ? AND account = ? AND state = 'unknown' ORDER BY sequence"
            return tuple(rows_where(self._store, condition, self._place))

    def found(self, doubted: OutboxEntry, presence: Presence, now: datetime) -> bool:
        """Note what the far side has; return whether the step was still in that doubt."""
        with self._store.transaction(alone_of(*self._place)):
            entry = self._outbox.get(doubted.key)
            if entry.state is not OutboxState.UNKNOWN or entry.leased_by != doubted.leased_by:
                return False
            if presence is Presence.THERE:
                at = comparable(entry.settled_at or now)
                change(self._store, entry, EntryKind.SENT, now, state=OutboxState.SENT.value, settled_at=at)
            elif presence is Presence.ABSENT:
                waiting = OutboxState.WAITING.value
                change(self._store, entry, EntryKind.RETURNED, now, state=waiting, settled_at=None)
            return True

    def _end_leases(self, now: datetime) -> None:
        for entry in rows_where(self._store, _ENDED_LEASE, (*self._place, comparable(now))):
            in_doubt(self._outbox, entry, now)


def in_doubt(outbox: Outbox, entry: OutboxEntry, now: datetime) -> None:
    """Note that nobody knows what became of *entry*: whoever took it up did not come back."""
    change(
        outbox.store,
        entry,
        EntryKind.UNKNOWN,
        now,
        state=OutboxState.UNKNOWN.value,
        tries=entry.tries + 1,
        reason="whoever was sending it did not come back",
    )


def _settled_at(end: End, claimed: OutboxEntry, now: datetime) -> str | None:
    """Return when the step was settled; of one in doubt when it was taken up, for then it may have gone."""
    if end is End.UNKNOWN:
        return comparable(claimed.settled_at or now)
    return comparable(now) if end in (End.SENT, End.FAILED) else None


_STATES = {
    End.SENT: (OutboxState.SENT, EntryKind.SENT),
    End.NOT_SENT: (OutboxState.WAITING, EntryKind.RETURNED),
    End.RETURNED: (OutboxState.WAITING, EntryKind.RETURNED),
    End.FAILED: (OutboxState.FAILED, EntryKind.FAILED),
    End.UNKNOWN: (OutboxState.UNKNOWN, EntryKind.UNKNOWN),
}
