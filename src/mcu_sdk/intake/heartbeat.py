"""Signs of life of those who collect, kept beside what they collect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mcu_sdk.intake.store import Store

__all__ = ["Heartbeat", "beat", "heartbeats"]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When `name`, a channel and account, last ended a pass, last ended one well, and why it fails since."""

    name: str
    at: datetime
    succeeded_at: datetime | None
    failure: str | None


def beat(store: Store, name: str, at: datetime, failure: str | None = None) -> None:
    """Note that a pass ended *at*, with the code of its failure if it failed."""
    succeeded_at = at.isoformat() if failure is None else None
    store.write(
        "INSERT INTO mcu_heartbeat VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at,"
        " succeeded_at = coalesce(excluded.succeeded_at, mcu_heartbeat.succeeded_at),"
        " reason = excluded.reason",
        (name, at.isoformat(), succeeded_at, failure),
    )


def heartbeats(store: Store) -> tuple[Heartbeat, ...]:
    """Return the last sign of life of each, by name."""
    return tuple(
        Heartbeat(
            str(name),
            datetime.fromisoformat(str(at)),
            None if succeeded_at is None else datetime.fromisoformat(str(succeeded_at)),
            None if reason is None else str(reason),
        )
        for name, at, succeeded_at, reason in store.rows(
            "SELECT name, at, succeeded_at, reason FROM mcu_heartbeat ORDER BY name"
        )
    )
