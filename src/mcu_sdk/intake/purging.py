"""Retention: contents that are old enough become empty, what makes them known again stays."""

from __future__ import annotations

import hashlib
from datetime import datetime

from mcu_sdk.intake.failpoints import hit
from mcu_sdk.intake.journal import EntryKind, Journal
from mcu_sdk.intake.store import Store, alone_of, comparable, marks, number

__all__ = ["purge", "purgeable"]

_CHUNK_ROWS = 500
_OLD = """
FROM mcu_inbox AS first JOIN mcu_inbox AS latest USING (channel, account, external_id)
WHERE first.version = 1 AND first.received_at < ? AND latest.version =
    (SELECT max(version) FROM mcu_inbox AS other WHERE other.channel = first.channel
     AND other.account = first.account AND other.external_id = first.external_id)
AND latest.body <> ''"""
_OLD_UNREAD = "FROM mcu_quarantine WHERE received_at < ? AND raw <> ''"


def purgeable(store: Store, before: datetime) -> int:
    """Return how many contents came first before that moment and are still kept."""
    moment = comparable(before)
    return sum(number(store, f"SELECT count(*) {old}", (moment,)) for old in (_OLD, _OLD_UNREAD))  # constants


def purge(store: Store, before: datetime, at: datetime) -> int:
    """Empty what came first before that moment, account by account; return how many there were."""
    moment = comparable(before)
    accounts = store.rows(
        f"SELECT channel, account {_OLD} UNION SELECT channel, account {_OLD_UNREAD}",  # constants
        (moment, moment),
    )
    purged = 0
    for channel, account in accounts:
        of = (str(channel), str(account))
        with store.transaction(alone_of(*of)):
            told = [*_purge_messages(store, *of, moment), *_purge_unread(store, *of, moment)]
            Journal(store).add_all(of, told, at)
            hit("purge.before_commit")
        hit("purge.after_commit")
        purged += len(told)
    if purged:
        store.wipe()
    return purged


def _purge_messages(
    store: Store, channel: str, account: str, moment: str
) -> list[tuple[EntryKind, str, bytes]]:
    rows = store.rows(
        f"SELECT external_id, latest.digest {_OLD} AND channel = ? AND account = ?"  # constants
        " ORDER BY external_id",
        (moment, channel, account),
    )
    for start in range(0, len(rows), _CHUNK_ROWS):
        ids = [row[0] for row in rows[start : start + _CHUNK_ROWS]]
        which = f"channel = ? AND account = ? AND external_id IN ({marks(ids)})"
        store.write(
            "UPDATE mcu_work SET state = 'purged', leased_until = NULL, leased_by = NULL"  # noqa: S608  # only `?`
            " WHERE state IN ('waiting', 'dead') AND sequence IN"
            f" (SELECT sequence FROM mcu_inbox WHERE {which})",
            (channel, account, *ids),
        )
        store.write(f"UPDATE mcu_inbox SET body = '' WHERE {which}", (channel, account, *ids))  # noqa: S608  # only `?`
    return [
        (EntryKind.PURGED, str(name), bytes(digest)) for name, digest in rows if isinstance(digest, bytes)
    ]


def _purge_unread(
    store: Store, channel: str, account: str, moment: str
) -> list[tuple[EntryKind, str, bytes]]:
    which = (moment, channel, account)
    rows = store.rows(
        f"SELECT item, raw {_OLD_UNREAD} AND channel = ? AND account = ? ORDER BY sequence",  # constants
        which,
    )
    store.write(
        "UPDATE mcu_quarantine SET raw = ''"
        " WHERE received_at < ? AND raw <> '' AND channel = ? AND account = ?",
        which,
    )
    return [(EntryKind.PURGED, str(item), hashlib.sha256(str(raw).encode()).digest()) for item, raw in rows]
